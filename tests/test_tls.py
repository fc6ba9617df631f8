"""https: what is served with a certificate, and what is said of files that are no pair."""

import json
import socket
import ssl
import subprocess
import sys
from contextlib import suppress
from http.client import HTTPSConnection
from time import perf_counter

import pytest
import trustme

from fauxreel import Emulator, __version__
from fauxreel.cli import main
from fauxreel.settings import SettingError, resolve
from fauxreel.tls import verify_files

HEALTH = {"status": "ok", "version": __version__}
# Typically some milliseconds; more would be a wait.
MOST_SECONDS = 2


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def pair(authority, tmp_path_factory):
    """The files of a certificate for this machine, and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    issued = authority.issue_cert("localhost", "127.0.0.1", "::1")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    return certificate, key


@pytest.fixture
def trust(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def health(url, trust):
    address = url.removeprefix("https://")
    connection = HTTPSConnection(address, timeout=10, context=trust)
    try:
        connection.request("GET", "/_fauxreel/health")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_an_emulator_with_a_certificate_serves_https(pair, trust):
    certificate, key = pair
    with Emulator(certfile=certificate, keyfile=key) as emulator:
        answer = health(emulator.root_url, trust)

    assert answer == HEALTH
    assert emulator.root_url.startswith("https://127.0.0.1:")
    assert emulator.base_url == f"{emulator.root_url}/v1"


def test_one_file_may_hold_certificate_and_key(pair, trust, tmp_path):
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join(file.read_bytes() for file in pair))
    with Emulator(certfile=both) as emulator:
        assert health(emulator.root_url, trust) == HEALTH


def test_links_in_answers_are_https(pair, trust):
    certificate, key = pair
    settings = {"profile": "/v1=documented", "queue_seconds": 0, "processing_seconds": 0}
    with Emulator(certfile=certificate, keyfile=key, **settings) as emulator:
        host = emulator.root_url.removeprefix("https://")
        connection = HTTPSConnection(host, timeout=10, context=trust)
        headers = {"Authorization": "Bearer sk-1", "Content-Type": "application/json"}
        connection.request("POST", "/v1/videos", '{"prompt": "a cat"}', headers)
        video = json.loads(connection.getresponse().read())
        connection.request("GET", f"/v1/videos/{video['id']}", headers=headers)
        url = json.loads(connection.getresponse().read())["url"]
        connection.close()

    assert url.startswith(f"{emulator.root_url}/v1/videos/{video['id']}/content?")


def test_an_idle_connection_does_not_hold_up_the_end(pair, trust):
    emulator = Emulator(certfile=pair[0], keyfile=pair[1]).start()
    host = emulator.root_url.removeprefix("https://")
    connection = HTTPSConnection(host, timeout=10, context=trust)
    connection.request("GET", "/_fauxreel/health")
    connection.getresponse().read()
    started = perf_counter()
    emulator.stop()
    seconds = perf_counter() - started
    connection.close()

    assert seconds < MOST_SECONDS


def test_serve_says_https_and_is_not_upset_by_http(pair, trust):
    command = ("serve", "--port", "0", "--certfile", pair[0], "--keyfile", pair[1])
    with subprocess.Popen(
        [sys.executable, "-m", "fauxreel", *command, "--log-level", "debug"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        word, url = process.stdout.readline().split()
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with suppress(ConnectionResetError):
                while plain.recv(1024):
                    pass
        answer = health(url, trust)
        process.terminate()
        out, err = process.communicate(timeout=10)

    assert (word, url.startswith("https://127.0.0.1:"), answer) == ("ready", True, HEALTH)
    assert (process.returncode, out) == (0, "")
    assert [line for line in err.splitlines() if not line.endswith("ms")] == []


def refusal(**files):
    with pytest.raises(SettingError) as caught:
        verify_files(resolve(files).settings)
    message = str(caught.value)
    assert message.isprintable()
    return message


def test_without_files_there_is_nothing_to_check():
    verify_files(resolve().settings)


def test_a_file_that_is_not_there_is_named(pair, tmp_path):
    certificate, key = pair
    gone = tmp_path / "gone.pem"

    assert refusal(certfile=gone, keyfile=key) == (
        f"--certfile {gone}: cannot be read: No such file or directory"
    )
    assert refusal(certfile=certificate, keyfile=gone) == (
        f"--keyfile {gone}: cannot be read: No such file or directory"
    )
    assert refusal(certfile=tmp_path) == f"--certfile {tmp_path}: cannot be read: Is a directory"


def test_a_file_that_is_something_else_is_named(pair):
    certificate, key = pair

    assert refusal(certfile=key, keyfile=key) == (
        f"--certfile {key}: holds no certificate in PEM form."
    )
    assert refusal(certfile=certificate) == (
        f"--certfile {certificate}: holds no key; name the file of it with --keyfile."
    )
    assert refusal(certfile=certificate, keyfile=certificate) == (
        f"--keyfile {certificate}: holds no private key in PEM form."
    )


def test_a_key_of_another_certificate_is_named(pair, authority, tmp_path):
    other = tmp_path / "other.pem"
    authority.issue_cert("localhost").private_key_pem.write_to_path(other)

    assert refusal(certfile=pair[0], keyfile=other) == (
        f"--keyfile {other}: is not the key of the certificate in {pair[0]}."
    )


def test_a_key_with_a_passphrase_is_named_and_nobody_is_asked_for_it(pair, tmp_path):
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(pair[1].read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )

    assert refusal(certfile=pair[0], keyfile=locked) == (
        f"--keyfile {locked}: the key has a passphrase; "
        "`openssl pkey -in FILE -out PLAIN` takes it off."
    )


def test_a_damaged_file_is_named(pair, tmp_path):
    damaged = tmp_path / "damaged.pem"
    lines = pair[1].read_text().splitlines(keepends=True)
    damaged.write_text("".join([lines[0], "AAAA\n", lines[-1]]))

    assert refusal(certfile=pair[0], keyfile=damaged).startswith(
        f"--keyfile {damaged}: certificate or key is damaged: "
    )


def test_wrong_files_are_one_line_and_status_2(capsys, tmp_path):
    status = main(["serve", "--port", "0", "--certfile", str(tmp_path / "gone.pem")])
    out, err = capsys.readouterr()

    assert (status, out) == (2, "")
    assert err == (
        f"fauxreel: --certfile {tmp_path}/gone.pem: cannot be read: No such file or directory\n"
    )
