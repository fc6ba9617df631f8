"""Requests that provoke the errors of Azure and of the LiteLLM proxy."""

from fauxreel.resources import shipped

MP4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()


def form(*parts):
    """A form of texts, and of files with their types."""
    body = b""
    for name, value, *kind in parts:
        body += f'--between\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if kind:
            body += f'; filename="a.bin"\r\nContent-Type: {kind[0]}'.encode()
        body += b"\r\n\r\n" + (value if kind else value.encode()) + b"\r\n"
    return body + b"--between--\r\n"


def bad_characters():
    video, name = ("video", MP4, "video/mp4"), ("name", "x")
    for parts in (
        [name, name],
        [("name", ""), video],
        [("name", "\0"), video],
        [("name", "x" * 81), video],
        [name],
        [name, ("video", "x")],
        [name, video, ("fps", "1")],
        [name, ("video", MP4[:500], "video/mp4")],
        [name, ("video", MP4, "image/png")],
    ):
        yield form(*parts)
    yield b"x"
    yield "a cat", {"Content_Type": "text/plain"}


def posts(path, bodies):
    for each in bodies:
        body, headers = each if isinstance(each, tuple) else (each, {})
        yield "POST", path, body, headers


def asked(send, emulator, method, path, body=None, headers=None):
    given = {"Content_Type": "multipart/form-data; boundary=between"}
    headers = (given if isinstance(body, bytes) else {}) | (headers or {})
    if isinstance(body, str):
        headers = {"Content_Type": "application/json"} | headers
    return send(emulator, method, path, body, **headers)
