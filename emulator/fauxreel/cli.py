"""The command `fauxreel`: reads arguments, calls the rest, prints one clear line when it cannot.

Everything but the arguments is imported by the command that needs it, so that `--version` and
`--help` answer at once.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fauxreel.arguments import Parser, UsageError, make_parser, parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from fauxreel.settings import Resolved

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_CLIENT_DEFECTS = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except UsageError as error:
        return _complain(error, EXIT_USAGE)
    except KeyboardInterrupt:
        return 128 + 2
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILURE


def _run(argv: Sequence[str]) -> int:
    try:
        arguments = parsed(argv, _parser(argv))
        return int(arguments.run(arguments))
    finally:
        # Here and not at the interpreter's end, which could only print a traceback of it.
        sys.stdout.flush()


def _complain(error: object, status: int) -> int:
    print(f"fauxreel: {_printable(str(error))}", file=sys.stderr)
    return status


def _printable(text: str) -> str:
    """The text on one line and harmless to a terminal, whatever a user or a file put into it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _resolved(arguments: argparse.Namespace) -> "Resolved":
    from fauxreel.settings import SPECS, SettingError, resolve

    # A list may be given in one flag or in several, and rules end with semicolons.
    given: dict[str, object] = {
        name: value for name, value in vars(arguments).items() if name in SPECS
    }
    flags = {
        name: (";" if name == "rules" else ",").join(cast("list[str]", value))
        if isinstance(value, list)
        else value
        for name, value in given.items()
    }
    try:
        return resolve(flags, os.environ, arguments.config)
    except SettingError as error:
        raise UsageError(error) from None


def _cache_dir() -> Path | None:
    from fauxreel.media.library import default_cache_dir

    return default_cache_dir(os.environ)


def _serve(arguments: argparse.Namespace) -> int:
    # What is made until it serves stays for good: to look for garbage would only take time.
    gc.disable()
    try:
        return _served(arguments)
    finally:
        gc.enable()


def _served(arguments: argparse.Namespace) -> int:
    resolved = _resolved(arguments)
    from fauxreel.serve import serve
    from fauxreel.server import CannotListen
    from fauxreel.settings import SettingError

    try:
        well = serve(resolved, _cache_dir())
    except SettingError as error:
        raise UsageError(error) from None
    except CannotListen as error:
        return _complain(error, EXIT_FAILURE)
    return EXIT_OK if well else EXIT_CLIENT_DEFECTS


def _exec(arguments: argparse.Namespace) -> int:
    resolved = _resolved(arguments)
    from fauxreel.child import CannotRun
    from fauxreel.run import run
    from fauxreel.server import CannotListen
    from fauxreel.settings import SettingError

    try:
        ran = run(arguments.command, resolved, os.environ, _cache_dir())
    except SettingError as error:
        raise UsageError(error) from None
    except CannotListen as error:
        return _complain(error, EXIT_FAILURE)
    except CannotRun as error:
        return _complain(error, error.status)
    return EXIT_CLIENT_DEFECTS if ran.status == 0 and not ran.well else ran.status


def _wait(arguments: argparse.Namespace) -> int:
    from fauxreel.wait import BadTarget, NotReady, wait_for

    try:
        wait_for(arguments.url, arguments.timeout, arguments.cafile, insecure=arguments.insecure)
    except BadTarget as error:
        raise UsageError(error) from None
    except NotReady as error:
        return _complain(error, EXIT_FAILURE)
    return EXIT_OK


def _settings(arguments: argparse.Namespace) -> int:
    from fauxreel.explain import in_force

    print(in_force(_resolved(arguments)))
    return EXIT_OK


def _demo(arguments: argparse.Namespace) -> int:
    try:
        from fauxreel.demo import DemoFailed, demo
    except ModuleNotFoundError as error:
        return _complain(
            f"the demo needs the package {error.name!r}: pip install 'fauxreel[demo]'", EXIT_FAILURE
        )
    try:
        demo(arguments.output, _cache_dir())
    except DemoFailed as error:
        return _complain(error, EXIT_FAILURE)
    return EXIT_OK


def _inspect(arguments: argparse.Namespace) -> int:
    import json

    from msgspec import to_builtins

    from fauxreel.media.errors import MediaError
    from fauxreel.media.inspect import inspect

    try:
        found = inspect(arguments.file)
    except MediaError as error:
        return _complain(error, EXIT_FAILURE)
    facts = to_builtins(found)
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False))
        return EXIT_OK
    stamp = facts.pop("stamp") or {"stamp": "none: this file is not Fauxreel's"}
    for name, value in {**facts, **stamp}.items():
        if value is not None:
            print(f"{name}: {_printable(str(value))}")
    return EXIT_OK


def _scenarios(arguments: argparse.Namespace) -> int:
    from fauxreel.explain import listed
    from fauxreel.scenarios import known
    from fauxreel.settings import SettingError

    try:
        print(listed(known(_resolved(arguments).settings)))
    except SettingError as error:
        raise UsageError(error) from None
    return EXIT_OK


def _contracts(arguments: argparse.Namespace) -> int:
    return _kit()(arguments.rest)


def _kit() -> "Callable[[Sequence[str]], int]":
    """The contract kit's own command line, which this package knows by its entry point alone."""
    from importlib.metadata import entry_points

    try:
        (found,) = entry_points(group="fauxreel.commands", name="contracts")
        kit: Callable[[Sequence[str]], int] = found.load()
    except (ValueError, ImportError) as error:
        raise UsageError(
            f"the contract kit cannot be loaded ({error}): pip install 'fauxreel[contracts]'."
        ) from None
    return kit


def _explain(arguments: argparse.Namespace) -> int:
    from fauxreel.explain import NothingKnown, explained

    if "." in arguments.name:  # as in create.seconds.enum, a clause of the contract
        return _kit()(["explain", arguments.name])
    try:
        print(explained(str(arguments.name)))
    except NothingKnown as error:
        raise UsageError(error) from None
    return EXIT_OK


def _build_fixtures(arguments: argparse.Namespace) -> int:
    from fauxreel.media.build import build
    from fauxreel.media.errors import MediaError
    from fauxreel.resources import shipped

    def progress(done: int, total: int, name: str) -> None:
        filled = 30 * done // total
        bar = "#" * filled + "." * (30 - filled)
        end = "\n" if done == total else ""
        print(f"\r[{bar}] {done}/{total} {name:<24}", end=end, file=sys.stderr, flush=True)

    try:
        for path in build(arguments.output or shipped("fixtures", "media"), progress):
            print(path)
    except (MediaError, OSError) as error:
        return _complain(error, EXIT_FAILURE)
    return EXIT_OK


def _parser(argv: Sequence[str] | None = None) -> Parser:
    return make_parser(
        {
            "serve": _serve,
            "exec": _exec,
            "wait": _wait,
            "settings": _settings,
            "demo": _demo,
            "inspect": _inspect,
            "scenarios": _scenarios,
            "contracts": _contracts,
            "explain": _explain,
            "fixtures": _build_fixtures,
        },
        argv,
    )
