"""The answer to a request for a file: whole, in part, or not changed."""

from fauxreel.headers import Headers
from fauxreel.media.library import Asset
from fauxreel.wire.http import Answer, Exchange
from fauxreel.wire.ranges import UNSATISFIABLE, asked_span, cut, matches


def download(exchange: Exchange, asset: Asset) -> Answer:
    """The file, or the part of it that the request asks for."""
    asked = dict(exchange.scope["headers"])
    etag = asset.etag.encode("ascii")
    content_type = asset.content_type.encode("ascii")
    headers: Headers = [(b"accept-ranges", b"bytes"), (b"etag", etag)]
    if b"if-none-match" in asked and matches(asked[b"if-none-match"], etag):
        return Answer(304, (), content_type, headers)
    # Range is defined for GET alone; HEAD tells the length of the whole (RFC 9110, 14.2).
    span = asked_span(asked, asset.length, etag) if exchange.method == "GET" else None
    if span is None:
        return Answer(200, asset.segments, content_type, headers)
    if span is UNSATISFIABLE:
        headers.append((b"content-range", b"bytes */%d" % asset.length))
        return Answer(416, (), content_type, headers)
    headers.append(
        (b"content-range", b"bytes %d-%d/%d" % (span.start, span.stop - 1, asset.length))
    )
    return Answer(206, cut(asset.segments, span), content_type, headers)
