"""Files that rules may serve as videos: which, from where, and when they are gone."""

import pytest

from fauxreel.settings import SettingError, resolve
from fauxreel.space import Space


@pytest.fixture(scope="module")
def one(running):
    """An emulator without rules of its own."""
    with running(clock="manual") as emulator:
        yield emulator


@pytest.fixture
def files(tmp_path):
    """A folder of files, and things outside of it."""
    folder = tmp_path / "files"
    (folder / "inner").mkdir(parents=True)
    (folder / "broken.mp4").write_bytes(b"no mp4 at all")
    (folder / "inner" / "own.mp4").write_bytes(b"own")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "escape").symlink_to(tmp_path / "secret")
    (folder / "inside").symlink_to(folder / "broken.mp4")
    (folder / "loop").symlink_to(folder / "loop")
    return folder


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.mp4", b"no mp4 at all"),
        ("inner/own.mp4", b"own"),
        ("inside", b"no mp4 at all"),
        ("inner/../broken.mp4", b"no mp4 at all"),
    ],
)
def test_a_request_may_have_a_file_of_the_folder_served(open_emulators, files, name, data):
    em = open_emulators(files_dir=files)
    created = em.ask("POST", "/v1/videos", {"prompt": "a"}, rule=f"serve={name}")
    reply = em.ask("GET", f"/v1/videos/{created.json['id']}/content")

    assert (reply.status, reply.headers["content-type"], reply.body) == (200, "video/mp4", data)


@pytest.mark.parametrize(
    "name", ["../secret", "escape", "/etc/passwd", "inner/../../secret", "..", "{files}/broken.mp4"]
)
@pytest.mark.parametrize("way", ["header", "prompt"])
def test_a_request_may_not_leave_the_folder(open_emulators, files, name, way):
    em = open_emulators(files_dir=files)
    rule = f"serve={name.format(files=files)}"
    prompt = f"a [[fauxreel {rule}]]" if way == "prompt" else "a"
    reply = em.ask("POST", "/v1/videos", {"prompt": prompt}, rule=rule if way == "header" else None)

    assert reply.status == 400
    assert reply.json["error"]["message"].endswith(
        "is not a path within the folder of --files-dir."
    )
    assert str(files.parent) not in reply.json["error"]["message"].replace(
        rule.partition("=")[2], ""
    )


@pytest.mark.parametrize("name", ["none.mp4", "inner", "loop", "x" * 3000, "broken.mp4/x", "a\0b"])
def test_a_file_that_is_not_there_is_a_clear_error(open_emulators, files, name):
    em = open_emulators(files_dir=files)
    reply = em.ask("POST", "/v1/videos", {"prompt": f"a [[fauxreel serve={name}]]"})

    assert reply.status == 400
    assert reply.json["error"]["message"].endswith(": there is no such file.")


def test_without_a_folder_a_request_may_have_no_file_served(one):
    reply = one.ask("POST", "/v1/videos", {"prompt": "a"}, rule="serve=broken.mp4")

    assert reply.json["error"]["message"] == (
        "X-Fauxreel.serve -> 'broken.mp4': name a folder with --files-dir; "
        "only rules of the configuration and of Python may name any path."
    )


def test_a_rule_of_the_settings_may_name_any_path(open_emulators, files):
    em = open_emulators(rules=[{"serve": str(files.parent / "secret")}])

    assert em.ask("GET", f"/v1/videos/{em.video()}/content").body == b"secret"


def test_a_rule_of_the_settings_names_a_file_that_is_not_there():
    settings = resolve({"rules": "serve=none.mp4"}).settings
    with pytest.raises(SettingError) as caught:
        Space(settings, None)

    assert str(caught.value) == "rules.serve -> 'none.mp4': there is no such file."


FILES = ["/v1/videos/{}/content", "/openai/v1/videos/{}/content", "/litellm/v1/videos/{}/content"]


@pytest.mark.parametrize("path", FILES)
def test_a_file_removed_later_is_a_500_and_one_line_in_the_log(
    open_emulators, tmp_path, caplog, capfd, path
):
    (tmp_path / "own.mp4").write_bytes(b"own")
    em = open_emulators(rules=[{"serve": str(tmp_path / "own.mp4")}])
    video_id = em.video()
    (tmp_path / "own.mp4").unlink()
    reply = em.ask("GET", path.format(video_id))
    em.settle()

    lines = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert (reply.status, "error" in reply.json) == (500, True)
    assert len(lines) == 1
    assert "No such file or directory" in lines[0]
    assert "Traceback" not in caplog.text + "".join(capfd.readouterr())
    assert str(tmp_path) not in reply.body.decode()
