"""Progress on standard error: a bar if rich is there and it is a terminal, dots otherwise."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from fauxreel_contracts.matrix import MARKS
from fauxreel_contracts.result import Result

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Display:
    """Shows how far a run is.

    Args:
        quiet: Shows nothing but what a run may cost.
        stream: Standard error by default.
    """

    def __init__(self, name: str, total: int, *, quiet: bool, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._name = name
        self._total = total
        self._quiet = quiet
        self._bar: tuple[Progress, TaskID] | None = None
        self._dotted = False

    def say(self, line: str) -> None:
        """A line before the start; what a run may cost is never kept quiet."""
        print(line, file=self._stream, flush=True)

    def show(self, result: Result) -> None:
        """One clause further."""
        if self._quiet:
            return
        if self._bar is not None:
            progress, task = self._bar
            progress.update(task, advance=1, description=f"{self._name} {result.clause.id}")
        else:
            print(MARKS[result.verdict], end="", file=self._stream, flush=True)
            self._dotted = True

    def __enter__(self) -> Self:
        if not self._quiet and self._stream.isatty():
            self._bar = _bar(self._name, self._total, self._stream)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar[0].stop()
        if self._dotted:
            print(file=self._stream)


def _bar(name: str, total: int, stream: TextIO) -> "tuple[Progress, TaskID] | None":
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        return None
    progress = Progress(console=Console(file=stream), transient=True)
    task = progress.add_task(name, total=total)
    progress.start()
    return progress, task
