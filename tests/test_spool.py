"""Bytes on disk behave as bytes in memory do."""

import os
import sys
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.contents import PIECE_BYTES, digest, pieces
from fauxreel.spool import SMALL_BYTES, Spool, Spooled

# Machines stall; a slow example is no finding.
laws = settings(deadline=None)


def spooled(data: bytes) -> Spooled:
    spool = Spool(0).add(data)
    spool.write()
    whole = spool.whole()
    assert isinstance(whole, Spooled)
    return whole


def test_little_stays_in_memory() -> None:
    spool = Spool(3).add(b"ab").add(b"c")
    assert (spool.full, len(spool), spool.whole()) == (False, 3, b"abc")


def test_what_is_written_comes_before_what_is_added() -> None:
    spool = Spool(3).add(b"abcd")
    assert spool.full
    spool.write()
    spool.add(b"ef")
    assert (spool.full, len(spool)) == (False, 6)
    whole = spool.whole()
    assert isinstance(whole, Spooled)
    assert (len(whole), whole[:]) == (6, b"abcdef")


@laws
@given(st.binary(max_size=40), st.integers(-50, 50), st.integers(-50, 50))
def test_slices_are_those_of_bytes(data: bytes, start: int, stop: int) -> None:
    assert spooled(data)[start:stop] == data[start:stop]


@laws
@given(st.text("ab", max_size=30), st.text("ab", min_size=1, max_size=3), st.integers(0, 30))
def test_places_are_those_in_bytes(text: str, wanted: str, start: int) -> None:
    data = text.encode()
    found = spooled(data).find(wanted.encode(), start, 25)
    assert found == data.find(wanted.encode(), start, 25)


@pytest.mark.parametrize("at", range(PIECE_BYTES - 4, PIECE_BYTES + 2))
def test_what_lies_across_two_pieces_is_found(at: int) -> None:
    data = bytes(at) + b"abc" + bytes(PIECE_BYTES)
    assert spooled(data).find(b"abc", 0, len(data)) == at
    assert spooled(data).find(b"abd", 0, len(data)) == -1


def test_a_large_part_stays_in_the_file() -> None:
    data = os.urandom(3 * SMALL_BYTES)
    part = spooled(data).part(5, 5 + 2 * SMALL_BYTES)
    assert isinstance(part, Spooled)
    assert part[:] == data[5 : 5 + 2 * SMALL_BYTES]
    inner = part.part(1, SMALL_BYTES + 2)
    assert isinstance(inner, Spooled)
    assert inner[:3] == data[6:9]
    assert part.part(1, SMALL_BYTES + 1) == data[6 : SMALL_BYTES + 6]


def test_pieces_and_digest_are_those_of_the_whole() -> None:
    data = os.urandom(2 * PIECE_BYTES + 1)
    assert [len(piece) for piece in pieces(spooled(data))] == [PIECE_BYTES, PIECE_BYTES, 1]
    assert b"".join(pieces(spooled(data))) == data
    assert digest(spooled(data), 8) == digest(data, 8)
    assert list(pieces(b"")) == []


class Counted(BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


def test_a_digest_is_made_once() -> None:
    file = Counted()
    spool = Spool(0, lambda: file).add(b"abc")
    spool.write()
    whole = spool.whole()
    assert isinstance(whole, Spooled)
    assert whole.digest(8) == whole.digest(8) == digest(b"abc", 8)
    assert file.reads == 1


class Disk(BytesIO):
    """A disk with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self.room:
            super().write(data[: self.room - self.tell()])
            raise OSError(28, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 2, 3, 4, 5])
def test_without_room_on_the_disk_all_stays_in_memory(
    room: int, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(2, lambda: Disk(room)).add(b"abc")
    spool.write()
    spool.add(b"def")
    if spool.full:
        spool.write()
    spool.add(b"gh")
    assert (spool.full, len(spool), spool.whole()) == (False, 8, b"abcdefgh")
    assert [record.getMessage() for record in caplog.records] == [
        "a large body is kept in memory: no temporary file: [Errno 28] No space left on device"
    ]


def test_without_a_folder_all_stays_in_memory() -> None:
    def nowhere() -> Any:
        raise FileNotFoundError(2, "No usable temporary directory found")

    spool = Spool(0, nowhere).add(b"abc")
    spool.write()
    assert spool.whole() == b"abc"


def test_the_file_goes_with_the_last_who_reads_it() -> None:
    file = BytesIO()
    spool = Spool(0, lambda: file).add(bytes(2 * SMALL_BYTES))
    spool.write()
    part = spool.whole()
    assert isinstance(part, Spooled)
    kept = part.part(0, 2 * SMALL_BYTES)
    del spool, part
    assert not file.closed
    del kept
    assert file.closed


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open has a name there")
def test_the_file_has_no_name_that_could_stay_behind(tmp_path: Path) -> None:
    make = partial(TemporaryFile, dir=tmp_path)
    spool = Spool(0, make).add(b"abc")
    spool.write()
    assert (list(tmp_path.iterdir()), spool.whole()[:]) == ([], b"abc")
