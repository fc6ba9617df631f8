"""Answers on their way: large ones in pieces, and none of them copied."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.connection import EXTENSION, Connection
from fauxreel.contents import PIECE_BYTES
from fauxreel.spool import Spool
from fauxreel.wire.http import Answer, send_answer

# Machines stall; a slow example is no finding.
laws = settings(deadline=None)

CLIP = bytes(range(256)) * (3 * PIECE_BYTES // 256) + b"rest"


def spooled(data: bytes) -> Any:
    spool = Spool(0).add(data)
    spool.write()
    return spool.whole()


class Transport:
    """One of asyncio's, which copies what it cannot send at once."""


class TCPTransport(Transport):
    """One that does not."""

    __module__ = "uvloop.loop"


def over(transport: Any, *, copies: bool = False) -> dict[str, Any]:
    return {"extensions": {EXTENSION: Connection(transport, copies=copies)}}


def sent(answer: Answer, method: str = "GET", extensions: Any = None) -> list[Any]:
    """The bodies of all messages after the first."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(
        send_answer(answer, [], {"type": "http", "method": method, **(extensions or {})}, send)
    )
    assert [one.get("more_body", False) for one in messages[1:]] == [
        *[True] * (len(messages) - 2),
        False,
    ]
    return [message["body"] for message in messages[1:]]


def test_a_large_body_goes_out_in_pieces_of_the_shared_bytes() -> None:
    pieces = sent(Answer(200, (CLIP, b"tail")))
    assert [len(piece) for piece in pieces] == [*[PIECE_BYTES] * 3, 4, 4, 0]
    assert all(piece.obj is CLIP for piece in pieces[:4])
    assert b"".join(pieces) == CLIP + b"tail"


def test_a_large_body_goes_out_at_once_where_none_of_it_is_copied() -> None:
    assert sent(Answer(200, (CLIP, b"tail")), extensions=over(TCPTransport())) == [CLIP, b"tail"]


@pytest.mark.parametrize(
    "extensions", [over(Transport()), over(TCPTransport(), copies=True)], ids=["asyncio", "h11"]
)
def test_a_large_body_goes_out_in_pieces_where_the_rest_is_copied(extensions: Any) -> None:
    assert len(sent(Answer(200, (CLIP,)), extensions=extensions)) == 5


def test_a_file_on_disk_goes_out_in_pieces_over_any_connection() -> None:
    pieces = sent(Answer(200, (spooled(CLIP),)), extensions=over(TCPTransport()))
    assert [len(piece) for piece in pieces] == [*[PIECE_BYTES] * 3, 4, 0]


def test_a_range_goes_out_in_pieces_of_the_shared_bytes() -> None:
    pieces = sent(Answer(206, (memoryview(CLIP)[5 : 2 * PIECE_BYTES],)))
    assert [len(piece) for piece in pieces] == [PIECE_BYTES, PIECE_BYTES - 5, 0]
    assert pieces[0].obj is CLIP
    assert b"".join(pieces) == CLIP[5 : 2 * PIECE_BYTES]


def test_a_file_on_disk_goes_out_in_pieces() -> None:
    pieces = sent(Answer(200, (spooled(CLIP),)))
    assert [len(piece) for piece in pieces] == [*[PIECE_BYTES] * 3, 4, 0]
    assert b"".join(pieces) == CLIP


@pytest.mark.parametrize("parts", [(b"a cat",), (b"a ", memoryview(b"cat")), (spooled(b"a cat"),)])
def test_a_small_body_goes_out_as_it_is(parts: tuple[Any, ...]) -> None:
    pieces = sent(Answer(200, parts))
    assert (len(pieces), b"".join(pieces)) == (len(parts), b"a cat")


def test_no_body_goes_out_to_a_head() -> None:
    assert sent(Answer(200, (CLIP, b"tail")), "HEAD") == [b""]


@laws
@given(
    st.lists(st.binary(max_size=5), max_size=4),
    st.integers(0, 22),
    st.integers(0, 22),
    st.booleans(),
)
def test_what_is_between_two_places_is_that_of_the_whole(
    parts: list[bytes], start: int, stop: int, on_disk: bool
) -> None:
    answer = Answer(200, tuple(map(spooled, parts)) if on_disk else tuple(map(memoryview, parts)))
    assert answer.between(start, stop) == b"".join(parts)[start:stop]
    assert answer.whole() == b"".join(parts)
