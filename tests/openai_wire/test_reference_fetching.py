"""Remote `image_url`s under --fetch-image-urls, from a small server of the test's own."""

import io
import json
import socket
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from PIL import Image

from fauxreel import Emulator
from openai_requests import error

URL = "input_reference.image_url"


def image(size=(720, 1280)):
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "png")
    return file.getvalue()


PAGES = {
    "/cat.png": (200, {"Content-Type": "image/png"}, image()),
    "/cat.png?size=1": (200, {"Content-Type": "Image/PNG; a=b"}, image()),
    "/small.png": (200, {"Content-Type": "image/png"}, image((64, 64))),
    "/untyped.png": (200, {}, image()),
    "/octets.png": (200, {"Content-Type": "application/octet-stream"}, image()),
    "/page.html": (200, {"Content-Type": "text/html"}, b"<html>"),
    "/page.png": (200, {"Content-Type": "image/png"}, b"<html>"),
    "/cut.png": (200, {"Content-Type": "image/png"}, image()[:-200]),
    "/short.png": (200, {"Content-Type": "image/png", "Content-Length": "99999"}, image()[:-200]),
    "/empty.png": (204, {"Content-Type": "image/png"}, b""),
    "/large.png": (200, {"Content-Type": "image/png"}, image() + bytes(20 * 2**20)),
    "/moved": (302, {"Location": "/cat.png"}, b""),
    "/round": (302, {"Location": "/round"}, b""),
    "/to-ftp": (302, {"Location": "ftp://127.0.0.1/cat.png"}, b""),
    "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/closed": (403, {}, b"no"),
    "/broken": (500, {}, b"no"),
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/garbage":
            self.wfile.write(b"220 smtp.example.com ESMTP\r\n")
        elif self.path == "/chunks":
            head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            self.wfile.write(head + b"not a length\r\n")
        elif self.path != "/silent":
            self.answer(*PAGES.get(self.path, (404, {}, b"no")))

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        # A client that hangs up early is no news.
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def emulator(clock):
    with Emulator(clock=clock, seed=7, fetch_image_urls=True) as emulator:
        yield emulator


@pytest.fixture
def create(send):
    def create(url):
        body = json.dumps({"prompt": "a cat", "input_reference": {"image_url": url}})
        return send("POST", "/v1/videos", body, content_type="application/json")

    return create


def unreachable(reason):
    return error(f"Error while downloading the file of '{URL}': {reason}.", URL, "invalid_value")


def unsupported(content_type):
    message = (
        f"Invalid file '{URL}': unsupported mimetype ('{content_type}'). Supported file "
        "formats are 'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
    )
    return error(message, URL, "unsupported_file_mimetype")


UNDECODABLE = error(
    f"Invalid file '{URL}': the file could not be decoded. It may be corrupted or truncated.",
    URL,
    "invalid_file",
)


@pytest.mark.parametrize("path", ["/cat.png", "/cat.png?size=1", "/moved"])
def test_a_remote_image_of_the_right_size_is_taken(create, site, path):
    reply = create(site + path)
    assert (reply.status, reply.json.get("status")) == (200, "queued")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/small.png", error("Inpaint image must match the requested width and height")),
        ("/untyped.png", unsupported("text/plain")),
        ("/octets.png", unsupported("application/octet-stream")),
        ("/page.html", unsupported("text/html")),
        ("/page.png", unsupported("text/plain")),
        ("/cut.png", UNDECODABLE),
        ("/short.png", UNDECODABLE),
        ("/empty.png", unsupported("application/octet-stream")),
        ("/large.png", unreachable("it has more than 20971520 bytes")),
        ("/nowhere.png", unreachable("Not Found")),
        ("/closed", unreachable("Forbidden")),
        ("/broken", unreachable("Internal Server Error")),
        (
            "/round",
            unreachable(
                "The HTTP server returned a redirect error that would lead to an infinite loop. "
                "The last 30x error message was: Found"
            ),
        ),
        ("/to-ftp", unreachable("Found")),
        (
            "/to-file",
            unreachable("Found - Redirection to url 'file:///etc/passwd' is not allowed"),
        ),
        ("/silent", unreachable("Remote end closed connection without response")),
        ("/garbage", unreachable("220 smtp.example.com ESMTP")),
        ("/chunks", unreachable("IncompleteRead(0 bytes read)")),
    ],
)
def test_what_is_no_usable_image_is_refused_and_stores_nothing(send, create, site, path, expected):
    reply = create(site + path)
    assert (reply.status, reply.json) == (400, expected)
    assert send("GET", "/v1/videos").json["data"] == []


def test_a_refused_connection_is_named(create):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    reply = create(f"http://127.0.0.1:{port}/cat.png")
    reason = reply.json["error"]["message"]
    assert reply.status == 400
    assert reason.startswith(f"Error while downloading the file of '{URL}': ")
    assert "refused" in reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:http/", "nonnumeric port: 'http'"),
        ("http://user:word@127.0.0.1/", "nonnumeric port: 'word@127.0.0.1'"),
        ("http://[", "Invalid IPv6 URL"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(create, url, reason):
    reply = create(url)
    assert (reply.status, reply.json) == (400, unreachable(reason))


def test_what_looks_like_no_address_is_refused_before_anything_is_fetched(create):
    reply = create("ftp://127.0.0.1/cat.png")
    message = f"Invalid '{URL}'. Expected a valid URL, but got a value with an invalid format."
    assert (reply.status, reply.json) == (400, error(message, URL, "invalid_value"))
