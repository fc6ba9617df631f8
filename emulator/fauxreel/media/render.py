"""Makes one item: follows the steps of its recipe. Blocks; the library calls it in a thread."""

import hashlib
import io

from fauxreel.domain.video import Variant
from fauxreel.media import ffmpeg, webp
from fauxreel.media.recipe import Item, steps


def render(wanted: Item, source: bytes | None) -> bytes:
    """The bytes of an item.

    Args:
        source: The bytes of `wanted.source`, None for a clip.
    """
    files = {} if source is None else {"source.mp4": source}
    made = b""
    for step in steps(wanted):
        made = ffmpeg.run(step.arguments, inputs=files, output=step.output, making=wanted.stem)
        files[step.output] = made
    if wanted.variant is Variant.THUMBNAIL:
        return webp.extended(made, wanted.width, wanted.height)
    return made


def fingerprint(wanted: Item, source_digest: str) -> str:
    """Names what `render` makes: another recipe or another source gives another name."""
    return digest(f"{steps(wanted)}{source_digest}".encode())[:16]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def as_jpeg(webp_body: bytes) -> bytes:
    """A shared thumbnail (without its RIFF header) as a JPEG file, with no metadata."""
    from PIL import Image

    picture = io.BytesIO()
    with Image.open(io.BytesIO(webp.header(len(webp_body)) + webp_body)) as image:
        image.convert("RGB").save(picture, "jpeg", quality=88)
    return picture.getvalue()
