import pytest

from fauxreel.domain.size import parse_size


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ("720x1280", (720, 1280)),
        ("1920x1080", (1920, 1080)),
        ("16x16", (16, 16)),
        ("4096x4096", (4096, 4096)),
        ("721x17", (721, 17)),
    ],
)
def test_a_size_is_read(size: str, pixels: tuple[int, int]) -> None:
    assert parse_size(size) == pixels


@pytest.mark.parametrize(
    "size",
    [
        "",
        "720",
        "720x",
        "x720",
        "720X1280",
        "720×1280",
        "720*1280",
        "720x1280x2",
        " 720x1280",
        "720x1280\n",
        "-720x1280",
        "0720x1280",
        "720.0x1280",
        "15x720",
        "720x15",
        "4097x720",
        "720x4097",
        "99999x720",
        "٧٢٠x١٢٨٠",
        "auto",
    ],
)
def test_what_is_no_size_of_a_video_is_refused(size: str) -> None:
    assert parse_size(size) is None
