"""The length of a fragmented mp4: the sum of its samples, since its header says nothing.

Encoders that write as they go put each second or so into a box `moof` of its own.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

Boxes = Callable[[bytes], Iterator[tuple[str, bytes]]]

# Flags of `tfhd` and `trun`: which fields are there.
_BASE_OFFSET, _DESCRIPTION, _DEFAULT_DURATION = 0x1, 0x2, 0x8
_DATA_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_DURATION, _SIZE, _FLAGS, _COMPOSITION = 0x100, 0x200, 0x400, 0x800


def fragmented_length(data: bytes, boxes: Boxes) -> float:
    """Seconds of the longest track, by its fragments; 0 if there are none.

    Args:
        boxes: Reads the boxes of an mp4, or of a box.
    """
    moov = next(body for kind, body in boxes(data) if kind == "moov")
    scales = _scales(moov, boxes)
    defaults = _defaults(moov, boxes)
    ticks: Counter[int] = Counter()
    for kind, moof in boxes(data):
        if kind == "moof":
            for name, track in boxes(moof):
                if name == "traf":
                    _count(track, boxes, defaults, ticks)
    return max((ticks[each] / scales[each] for each in ticks if scales.get(each)), default=0.0)


def _scales(moov: bytes, boxes: Boxes) -> Mapping[int, int]:
    """Ticks a second, by track."""
    scales: dict[int, int] = {}
    for kind, body in boxes(moov):
        if kind == "trak":
            track = dict(boxes(body))
            header, media = track.get("tkhd", b""), dict(boxes(track.get("mdia", b"")))
            scale = media.get("mdhd", b"")
            scales[_number(header, 20 if header[:1] == b"\1" else 12)] = _number(
                scale, 20 if scale[:1] == b"\1" else 12
            )
    return scales


def _defaults(moov: bytes, boxes: Boxes) -> Mapping[int, int]:
    """The length of a sample that says none, by track."""
    extends = dict(boxes(moov)).get("mvex", b"")
    found = (body for kind, body in boxes(extends) if kind == "trex")
    return {_number(body, 4): _number(body, 12) for body in found}


def _count(track: bytes, boxes: Boxes, defaults: Mapping[int, int], ticks: Counter[int]) -> None:
    """Adds the samples of a track's fragment."""
    head = dict(boxes(track)).get("tfhd", b"")
    track_id, flags = _number(head, 4), _number(head, 0) & 0xFFFFFF
    default = defaults.get(track_id, 0)
    if flags & _DEFAULT_DURATION:
        at = 8 + 8 * bool(flags & _BASE_OFFSET) + 4 * bool(flags & _DESCRIPTION)
        default = _number(head, at)
    for kind, run in boxes(track):
        if kind == "trun":
            ticks[track_id] += _ticks(run, default)


def _ticks(run: bytes, default: int) -> int:
    flags, samples = _number(run, 0) & 0xFFFFFF, _number(run, 4)
    if not flags & _DURATION:
        return samples * default
    at = 8 + 4 * bool(flags & _DATA_OFFSET) + 4 * bool(flags & _FIRST_FLAGS)
    step = 4 * sum(bool(flags & each) for each in (_DURATION, _SIZE, _FLAGS, _COMPOSITION))
    return sum(_number(run, at + step * sample) for sample in range(samples))


def _number(data: bytes, at: int) -> int:
    """Four bytes; 0 beyond the end."""
    return struct.unpack(">I", data[at : at + 4])[0] if at + 4 <= len(data) else 0
