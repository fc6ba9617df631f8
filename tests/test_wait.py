"""`fauxreel wait`: when it returns, and what it says when it gives up."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme

from fauxreel import Emulator
from fauxreel.cli import main
from fauxreel.wait import NotReady, target, wait


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class World:
    """A clock that only pausing moves, and what happens during the pauses."""

    def __init__(self, *events):
        self.now = 0
        self.events = list(events)

    def now_ns(self):
        return self.now

    def pause(self, seconds):
        self.now += round(seconds * 1e9)
        if self.events:
            self.events.pop(0)()

    def wait(self, url, timeout):
        wait(target(url), timeout, now_ns=self.now_ns, pause=self.pause)


@pytest.fixture
def serving():
    """Answers every request on a free port with a status and a body; its URL."""
    servers = []

    def serving(status, body):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "path", ["", "/", "/v1", "/v1/", "/openai/v1", "/litellm", "/litellm/v1", "/ns/a", "/ns/a/v1/"]
)
def test_it_returns_at_once_where_an_emulator_answers(capsys, path):
    with Emulator() as emulator:
        status = main(["wait", emulator.root_url + path, "--timeout", "0"])

    assert (status, *capsys.readouterr()) == (0, "", "")


def test_an_emulator_is_found_by_each_name_of_this_machine(capsys):
    with Emulator() as emulator:
        port = emulator.root_url.rpartition(":")[2]
        statuses = [main(["wait", f"http://{host}:{port}"]) for host in ("localhost", "127.0.0.1")]

    assert statuses == [0, 0]


def test_it_returns_when_the_emulator_has_started():
    emulator = Emulator(port=free_port())
    world = World(lambda: None, emulator.start)
    try:
        world.wait(f"http://127.0.0.1:{emulator.settings.port}/v1", 30)
    finally:
        emulator.stop()

    assert world.now == 100_000_000


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with Emulator() as emulator:
        assert main(["wait", emulator.root_url, "--timeout", "0"]) == 0


def test_at_the_timeout_it_says_where_nothing_was_and_status_is_1(capsys):
    url = f"http://127.0.0.1:{free_port()}"
    status = main(["wait", url, "--timeout", "0.1"])

    assert (status, *capsys.readouterr()) == (
        1,
        "",
        f"fauxreel: no emulator was ready at {url} within 0.1 s: connection refused.\n",
    )


def test_it_asks_again_until_the_timeout():
    world = World()
    with pytest.raises(NotReady):
        world.wait(f"http://127.0.0.1:{free_port()}", 3)

    assert world.now == 3_000_000_000


def refusal(url, **options):
    with pytest.raises(NotReady) as caught:
        wait(target(url, **options), 0)
    return str(caught.value).partition(" within 0 s: ")[2]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"{}"),
        (200, b"hello"),
        (200, b"[]"),
        (200, b'{"status": "no"}'),
        (503, b'{"error": "busy"}'),
        (503, b'{"error": {"message": 1}}'),
    ],
)
def test_another_server_is_not_taken_for_an_emulator(serving, status, body):
    assert refusal(serving(status, body)) == f"what answers there is no emulator (status {status})."


@contextmanager
def answering(answer):
    """Answers the first connection with bytes; None takes it and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run():
            client, _ = server.accept()
            with client:
                client.recv(1024)
                if answer is not None:
                    client.sendall(answer)
                else:
                    client.recv(1024)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("scheme", "answer", "said"),
    [
        ("http", b"SSH-2.0\r\n", "what answers there speaks no HTTP, or https."),
        ("http", None, "no answer came."),
        ("https", b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers there speaks no TLS."),
    ],
)
def test_what_is_no_server_of_ours_is_named(scheme, answer, said):
    with answering(answer) as address:
        assert refusal(f"{scheme}://{address}") == said


def test_a_name_that_cannot_be_one_is_named():
    assert refusal(f"http://{'a' * 70}:4010") == "no host has such a name."


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def secure(authority, tmp_path_factory):
    """An emulator that serves https, and the file of the certificate that vouches for it."""
    folder = tmp_path_factory.mktemp("tls")
    ca, both = folder / "ca.pem", folder / "both.pem"
    authority.cert_pem.write_to_path(ca)
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        both
    )
    with Emulator(certfile=both) as emulator:
        yield emulator.base_url, str(ca)


def test_a_certificate_is_accepted_if_it_is_named_or_all_are(secure):
    url, ca = secure

    assert main(["wait", url, "--cafile", ca]) == 0
    assert main(["wait", url, "--insecure"]) == 0


def test_a_certificate_that_nobody_vouches_for_is_said_at_once(capsys, secure):
    url, _ = secure
    status = main(["wait", url])
    out, err = capsys.readouterr()

    assert (status, out) == (1, "")
    assert err.startswith(f"fauxreel: the certificate of {url} is not accepted: ")
    assert err.endswith("; --cafile names one that is, --insecure accepts all.\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:4010",
        "127.0.0.1:4010/v1",
        "ftp://localhost",
        "http://",
        "http://:4010",
        "http://localhost:x",
        "http://localhost:65536",
        "http://[::1",
        "http://localhost/?a=1",
        "http://localhost/#a",
        "http://me:pw@localhost",
        "http://local host",
        "http://localhost/\n",
        "http://hôst",
    ],
)
def test_a_url_that_is_none_is_one_line_and_status_2(capsys, url):
    status = main(["wait", url])
    out, err = capsys.readouterr()

    assert (status, out) == (2, "")
    assert err.startswith("fauxreel: ")
    assert err.endswith(
        " is no URL of an emulator. Valid: http://HOST:PORT or https://HOST:PORT, with or without "
        "/v1.\n"
    )
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "the following arguments are required: URL. `fauxreel wait --help` lists what there "),
        (("http://h", "--timeout", "soon"), "--timeout: 'soon' is not valid. Valid: a number of 0"),
        (("http://h", "--timeout", "-1"), "--timeout: '-1' is not valid. Valid: a number of 0 or"),
        (("http://h", "--timeout", "inf"), "--timeout: 'inf' is not valid."),
        (("https://h", "--cafile", "no.pem"), "--cafile no.pem: cannot be read: No such file or"),
        (("https://h", "--cafile", __file__), f"--cafile {__file__}: holds no certificate in PEM"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(capsys, arguments, line):
    status = main(["wait", *arguments])
    out, err = capsys.readouterr()

    assert (status, out) == (2, "")
    assert err.startswith(f"fauxreel: {line}")
    assert err.count("\n") == 1
