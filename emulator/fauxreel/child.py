"""A command as a child: it gets the signals that we get, and nothing of it stays behind.

At a terminal the child shares our process group, so that Ctrl-C, Ctrl-Z and what it reads work
as without us. Elsewhere it has a group of its own: a signal reaches all of it, whatever it
started, and what it leaves behind can be ended.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress

from fauxreel.clock import real_ns

NOT_EXECUTABLE = 126
NOT_FOUND = 127
KILLED = 128

_PASSED_ON = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
# What may take its time after the command has ended, and how often we look whether it has.
_GRACE_SECONDS = 1.0
_LOOK_SECONDS = 0.02
_pause = threading.Event().wait
_Pipe = tuple[socket.socket, socket.socket]


class CannotRun(Exception):
    """A command that cannot be started: why, in one line, and the status a shell would give."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run_child(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs the command with our streams; returns its status, 128 and the signal if one ended it.

    Raises:
        CannotRun: There is no such command, or it is no program.
    """
    group = not _at_a_terminal()
    with _caught() as signals:
        try:
            process = subprocess.Popen(command, env=environ, process_group=0 if group else None)
        except OSError as error:
            raise _cannot_run(command[0], environ, error) from None
        pass_on = _signal_group if group else _signal_one
        with _passing(signals, lambda number: pass_on(process.pid, number)):
            status = process.wait()
        if group:
            _end_group(process.pid)
    return KILLED - status if status < 0 else status


@contextmanager
def _caught() -> Generator[_Pipe, None, None]:
    """A pipe with the numbers of signals, but for those that are ignored, as by `nohup`.

    A handler in Python would run late, or never: the main thread may be about to wait for the
    child when the signal comes, and then waits.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before = {one: signal.getsignal(one) for one in _PASSED_ON}
    chosen = [one for one, known in before.items() if known is not signal.SIG_IGN]
    descriptor = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for one in chosen:
        signal.signal(one, lambda number, frame: None)  # noqa: ARG005 - the number is in the pipe
    try:
        yield reader, writer
    finally:
        for one in chosen:
            signal.signal(one, before[one])
        signal.set_wakeup_fd(descriptor)
        reader.close()
        writer.close()


@contextmanager
def _passing(signals: _Pipe, pass_on: Callable[[int], object]) -> Generator[None, None, None]:
    """Passes on each signal as long as the context lasts, those that came before it first."""
    reader, writer = signals

    def run() -> None:
        while number := reader.recv(1)[0]:
            pass_on(number)

    thread = threading.Thread(target=run, name="fauxreel signals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        writer.send(b"\0")
        thread.join()


def _at_a_terminal() -> bool:
    """Whether the command reads from a terminal, whose keys signal our group."""
    if sys.platform == "win32":
        return True
    try:
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _end_group(group: int) -> None:
    """Ends what the command started and did not end."""
    if not _signal_group(group, signal.SIGTERM):
        return
    end = real_ns() + _GRACE_SECONDS * 1e9
    while real_ns() < end:
        if not _signal_group(group, 0):
            return
        _pause(_LOOK_SECONDS)
    _signal_group(group, signal.SIGKILL)


def _signal_one(process: int, number: int) -> None:
    # Ctrl-C at a terminal has reached the command already.
    if number != signal.SIGINT:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _signal_group(group: int, number: int) -> bool:
    """Whether there was anybody whom we may signal: after sudo there may be others."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _cannot_run(name: str, environ: Mapping[str, str], error: OSError) -> CannotRun:
    found = shutil.which(name, path=environ.get("PATH"))
    if isinstance(error, FileNotFoundError) and found is None:
        return CannotRun(f"there is no command {name!r}.", NOT_FOUND)
    if isinstance(error, FileNotFoundError):
        return CannotRun(f"{name!r} cannot be run: its interpreter is not there.", NOT_EXECUTABLE)
    return CannotRun(f"{name!r} cannot be run: {error.strerror}.", NOT_EXECUTABLE)
