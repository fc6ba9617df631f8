"""The reader of downloads: files that other programs made, and files that are broken."""

import subprocess
from io import BytesIO

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from fauxreel import Emulator
from fauxreel_contracts.forms import png
from fauxreel_contracts.media import Movie, Picture, Unreadable, movie, picture


@pytest.fixture(scope="module")
def mp4():
    with Emulator(clock="auto") as emulator:
        client = emulator.client
        video = client.videos.create_and_poll(prompt="A boat", size="1280x720", seconds="4")
        return client.videos.download_content(video.id).read()


def test_an_mp4_tells_its_size_length_and_codecs(mp4):
    found = movie(mp4)

    assert (found.width, found.height, found.codecs) == (1280, 720, ("avc1", "mp4a"))
    assert found.seconds == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "boxes none; it begins with b''"),
        (b'{"error": null}', "a box"),
        (b"\x00\x00\x00\x08ftyp", "boxes ftyp"),
        (b"\x00\x00\x00\x01ftyp\x00\x00\x00\x00\x00\x00\x00\x10", "boxes ftyp"),
        (b"\x00\x00\x00\x00ftyp", "boxes ftyp"),
    ],
)
def test_what_is_no_mp4_is_unreadable(data, message):
    with pytest.raises(Unreadable, match=message):
        movie(data)


def test_half_an_mp4_is_unreadable(mp4):
    with pytest.raises(Unreadable, match="of them there"):
        movie(mp4[: len(mp4) // 2])


def box(kind, *inside):
    data = b"".join(inside)
    return (len(data) + 8).to_bytes(4, "big") + kind + data


def test_a_long_length_is_read_too():
    header = b"\x01" + b"\0" * 19 + (600).to_bytes(4, "big") + (3000).to_bytes(8, "big")
    data = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", header)) + box(b"mdat")

    assert movie(data) == Movie("isom", 5.0, 0, 0, ())


def test_a_header_that_is_too_short_tells_no_length():
    data = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"\0")) + box(b"mdat")

    assert movie(data).seconds == 0.0


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("webp", {}),
        ("webp", {"lossless": True}),
        ("jpeg", {}),
        ("jpeg", {"progressive": True}),
        ("png", {}),
    ],
)
def test_a_picture_tells_its_kind_and_size(kind, options):
    file = BytesIO()
    Image.new("RGB", (300, 200), "navy").save(file, kind, **options)

    assert picture(file.getvalue()) == Picture(f"image/{kind}", 300, 200)


def test_a_webp_with_more_in_it_tells_its_size():
    file = BytesIO()
    Image.new("RGBA", (300, 200), (1, 2, 3, 4)).save(
        file, "webp", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"
    )

    assert picture(file.getvalue()) == Picture("image/webp", 300, 200)


@pytest.mark.parametrize(
    "data", [b"", b"mp4", b"\xff\xd8\xff", b"\xff\xd8\0\0", b"RIFF....WEBPVP8 "]
)
def test_what_is_no_picture_is_unreadable(data):
    with pytest.raises(Unreadable):
        picture(data)


def test_the_pictures_that_are_sent_are_pictures():
    image = Image.open(BytesIO(png(7, 5)))

    assert (image.format, image.size) == ("PNG", (7, 5))
    assert image.getpixel((3, 3)) == (0x40, 0x80, 0xC0)


@pytest.mark.parametrize(
    "flags", ["frag_keyframe+empty_moov", "frag_every_frame+empty_moov+default_base_moof"]
)
def test_a_fragmented_mp4_tells_its_length_too(mp4, flags, tmp_path):
    whole, parts = tmp_path / "whole.mp4", tmp_path / "parts.mp4"
    whole.write_bytes(mp4)
    command = [
        get_ffmpeg_exe(),
        "-v",
        "error",
        "-i",
        whole,
        "-c",
        "copy",
        "-movflags",
        flags,
        parts,
    ]
    subprocess.run(command, check=True)

    found = movie(parts.read_bytes())

    assert (found.width, found.height, found.codecs) == (1280, 720, ("avc1", "mp4a"))
    assert found.seconds == pytest.approx(4, abs=0.2)


def test_an_mp4_whose_header_breaks_off_is_unreadable():
    track = box(b"trak", box(b"tkhd", b"\0"))
    data = box(b"ftyp", b"isom") + box(b"moov", track) + box(b"mdat")

    with pytest.raises(Unreadable, match="a header that breaks off"):
        movie(data)
