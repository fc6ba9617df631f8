"""Where rules come from, what they may therefore do, and the error of one that cannot be read."""

from pathlib import Path
from typing import Any

from msgspec import Struct

from fauxreel.domain.errors import FauxreelError
from fauxreel.values import Parse, ValueProblem


class RuleError(FauxreelError):
    """A rule that cannot be read: the place, the value, and what is valid."""


class Source(Struct, frozen=True):
    """Where rules come from, and what they may therefore do.

    Args:
        place: For messages, such as `rules` or `X-Fauxreel`.
        files: The folder whose files `serve` may name; None for none.
        paths: Whether `serve` may name any path.
    """

    place: str
    files: str | None = None
    paths: bool = False

    def servable(self, name: str, place: str) -> str:
        """The path of a file that a rule from here may serve.

        Raises:
            RuleError: It may not, or there is none.
        """
        try:
            chosen = Path(name).resolve() if self.paths else self._inside(name, place)
            if chosen.is_file():
                return str(chosen)
        except (OSError, ValueError, RuntimeError):  # too long, NUL in it, a loop of links
            pass
        raise RuleError(f"{place} -> {quoted(name)}: there is no such file.")

    def _inside(self, name: str, place: str) -> Path:
        if self.files is None:
            raise RuleError(
                f"{place} -> {quoted(name)}: name a folder with --files-dir; "
                "only rules of the configuration and of Python may name any path."
            )
        folder = Path(self.files).resolve()
        chosen = (folder / name).resolve()
        if Path(name).is_absolute() or not chosen.is_relative_to(folder):
            raise RuleError(
                f"{place} -> {quoted(name)}: is not a path within the folder of --files-dir."
            )
        return chosen


def read(parse: Parse, raw: object, place: str) -> Any:
    """The value that is meant.

    Raises:
        RuleError: It is none.
    """
    try:
        return parse(raw)
    except ValueProblem as problem:
        said = f"{problem}. " if str(problem) else ""
        raise RuleError(
            f"{place} -> {quoted(raw)} is not valid. {said}Valid: {parse.valid}."
        ) from None


def quoted(value: object) -> str:
    """A value in a message: not too long, and on one line."""
    try:
        return ascii_safe(f"{value!r:.100}")
    except ValueError:  # a number of more digits than Python writes
        return "a number of many digits"


def ascii_safe(text: str) -> str:
    """The same text, with what cannot be shown escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
