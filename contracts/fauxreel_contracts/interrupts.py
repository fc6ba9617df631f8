"""Ctrl-C and SIGTERM, put off for as long as losing an answer would lose a video that was paid."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def put_off() -> Generator[None, None, None]:
    """Raises KeyboardInterrupt at the end of the block only; the second one comes at once.

    Signals that do not raise it, and those of other threads, are left alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = False

    def later(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what signals call
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    raising = [one for one in _ENDING if signal.getsignal(one) is signal.default_int_handler]
    for one in raising:
        signal.signal(one, later)
    try:
        yield
    finally:
        for one in raising:
            signal.signal(one, signal.default_int_handler)
        if came:
            raise KeyboardInterrupt
