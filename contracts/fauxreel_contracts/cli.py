"""`fauxreel contracts run | list | explain | diff | probe | fuzz`: the kit on the command line.

Exit status: 0 if every must holds, 1 if one does not, 2 for a mistake in how it was called, 130
after Ctrl-C.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fauxreel_contracts.clause import Clause, Severity, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import Grade
from fauxreel_contracts.target import Options, Target, TargetError, targets_named

if TYPE_CHECKING:
    from fauxreel_contracts.result import Report

_WRITTEN = ("json", "junit", "markdown", "html")
_USAGE = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit status."""
    given = sys.argv[1:] if argv is None else argv
    arguments = parser(given).parse_args(given)
    try:
        with _ended_like_ctrl_c():
            return _COMMANDS.get(arguments.command, _more)(arguments)
    except _mistakes() as error:
        print(f"fauxreel contracts: {error}", file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED


@contextmanager
def _ended_like_ctrl_c() -> Generator[None, None, None]:
    """SIGTERM, by which CI systems end a job, deletes what was made as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _mistakes() -> tuple[type[Exception], ...]:
    from fauxreel_contracts.registry import UnknownClause

    return TargetError, UnknownClause


def parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of all commands; that of `diff` and its like knows its flags if it is given."""
    whole = argparse.ArgumentParser(
        prog="fauxreel contracts",
        description="The contract of the video API, run against any server.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run clauses against targets")
    run.add_argument("targets", nargs="+", metavar="TARGET", help="a name in the file, or a URL")
    add_target_options(run)
    _add_selection(run)
    run.add_argument("--free", action="store_true", help="send nothing that could generate")
    run.add_argument("--strict", action="store_true", help="fail on a should, too")
    run.add_argument("--quiet", action="store_true", help="no progress, only the end")
    for name in _WRITTEN:
        run.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write the report as {name}")
    listing = commands.add_parser("list", help="list clauses")
    _add_selection(listing)
    listing.add_argument("--dialect", type=Dialect, choices=list(Dialect), help="of one API")
    explain = commands.add_parser("explain", help="say all about a clause")
    explain.add_argument("id", metavar="ID")
    for name, text in _MORE.items():
        more = commands.add_parser(name, help=text)
        if name in given:
            _module(name).add_arguments(more)
            add_target_options(more)
    return whole


# Commands that are modules of their own, read only when they are called: each has
# `add_arguments(parser)` and `run(arguments, targets) -> int`.
_MORE = {
    "diff": "send the same calls to two targets and compare their answers",
    "probe": "find out what an unknown server can, and write its profile",
    "fuzz": "send what openapi.yaml allows, and what it does not, to a target that costs nothing",
}


def _module(name: str) -> Any:
    return import_module(f"fauxreel_contracts.{name}")


def _more(arguments: argparse.Namespace) -> int:
    targets = targets_of(arguments, os.environ)
    status: int = _module(arguments.command).run(arguments, targets)
    return status


def targets_of(arguments: argparse.Namespace, environ: Mapping[str, str]) -> list[Target]:
    """The targets that were named, with what the command line says of them.

    Raises:
        TargetError: One of them cannot be used.
    """
    given = {
        name: value
        for name in Options.model_fields
        if (value := getattr(arguments, name, None)) is not None
    }
    names: str | list[str] = arguments.targets
    listed = [names] if isinstance(names, str) else names
    return targets_named(listed, given, arguments.config, environ)


def add_target_options(run: argparse.ArgumentParser) -> None:
    """What `contracts.toml` can say of a target, as flags."""
    run.add_argument(
        "--config", type=Path, metavar="FILE", help="default: contracts.toml, if there"
    )
    run.add_argument("--dialect", type=Dialect, choices=list(Dialect), help="guessed from the path")
    run.add_argument("--profile", metavar="NAME", help="a kind of server, or a .toml file")
    run.add_argument("--key-variable", metavar="NAME", help="the variable that holds the key")
    run.add_argument("--model", metavar="NAME", help="the model, deployment or group to ask for")
    for name, kind in (
        ("max-spend", "US dollars at worst; 0 off this machine, no limit on it"),
        ("price-per-second", "US dollars for a second of video"),
        ("pace-seconds", "the least time between two requests"),
        ("timeout-seconds", "the longest that one answer may take"),
        ("job-seconds", "the longest that one job may take"),
        ("poll-seconds", "between two polls where the server does not say"),
    ):
        run.add_argument(f"--{name}", type=float, metavar="NUMBER", help=kind)


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clause", action="append", default=[], metavar="ID", help="or create.*")
    parser.add_argument("--topic", action="append", default=[], type=Topic, choices=list(Topic))
    parser.add_argument(
        "--severity", action="append", default=[], type=Severity, choices=list(Severity)
    )
    parser.add_argument("--grade", action="append", default=[], type=Grade, choices=list(Grade))


def _selected(arguments: argparse.Namespace, dialect: Dialect | None) -> list[Clause]:
    from fauxreel_contracts.registry import select

    return select(
        arguments.clause,
        topics=arguments.topic,
        severities=arguments.severity,
        grades=arguments.grade,
        dialect=dialect,
    )


def _run(arguments: argparse.Namespace) -> int:
    from fauxreel_contracts.matrix import terminal

    _check_paths(arguments)
    reports = _reports(arguments)
    print(terminal(reports))
    _write(arguments, reports)
    if any(report.interrupted for report in reports):
        return _INTERRUPTED
    return int(any(report.fails(strict=arguments.strict) for report in reports))


def _check_paths(arguments: argparse.Namespace) -> None:
    """Finds out before anything is paid for whether the reports can be written.

    Raises:
        TargetError: One cannot.
    """
    for name in _WRITTEN:
        path: Path | None = getattr(arguments, name)
        if path is not None and (path.is_dir() or not os.access(path.parent, os.W_OK)):
            raise TargetError(f"--{name} {path}: no file can be written there.")


def _reports(arguments: argparse.Namespace) -> "list[Report]":
    """Runs against one target after the other, until one is interrupted."""
    from fauxreel_contracts.matrix import opening
    from fauxreel_contracts.progress import Display
    from fauxreel_contracts.run import Run, follow, greet

    reports: list[Report] = []
    for target in targets_of(arguments, os.environ):
        chosen = _selected(arguments, target.dialect)
        greet(target)
        whole = Run(target, chosen, free_only=arguments.free)
        display = Display(target.name, len(whole.clauses), quiet=arguments.quiet)
        display.say(opening(target, whole.plan))
        with display:
            report = follow(whole, display.show)
        reports.append(report)
        if report.interrupted:
            break
    return reports


def _write(arguments: argparse.Namespace, reports: "list[Report]") -> None:
    from fauxreel_contracts import matrix, page, records

    writers = {
        "json": records.as_json,
        "junit": records.as_junit,
        "markdown": matrix.markdown,
        "html": page.html,
    }
    for name, write in writers.items():
        if (path := getattr(arguments, name)) is not None:
            path.write_text(write(reports), encoding="utf-8")


def _list(arguments: argparse.Namespace) -> int:
    for clause in _selected(arguments, arguments.dialect):
        grade = clause.evidence.grade
        print(f"{clause.id:34} {clause.severity:6} {grade:10} {clause.title}")
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    from fauxreel_contracts.explain import explain
    from fauxreel_contracts.registry import find

    print(explain(find(arguments.id)))
    return 0


_COMMANDS = {"run": _run, "list": _list, "explain": _explain}


if __name__ == "__main__":
    sys.exit(main())
