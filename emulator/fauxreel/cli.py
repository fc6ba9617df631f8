"""The command `fauxreel`: reads arguments, calls the rest, prints one clear line when it cannot.

Everything but the arguments is imported by the command that needs it, so that `--version` and
`--help` answer at once.
"""

import argparse
import difflib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

from fauxreel import __version__

if TYPE_CHECKING:
    from fauxreel.settings import Resolved

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_CLIENT_DEFECTS = 3

_CONFIG_HELP = "TOML file with settings; variables and flags beat it (no file is read unasked)"


class UsageError(Exception):
    """Arguments that make no sense; the message is one line."""


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line that name the way out."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. {_meant(message)}`{self.prog} --help` lists what there is.")


def _meant(message: str) -> str:
    """The nearest of the choices that argparse names for a misspelt command."""
    found = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
    if found is None:
        return ""
    close = difflib.get_close_matches(found[1], re.findall(r"[\w-]+", found[2]), n=1)
    return f"Did you mean {close[0]}? " if close else ""


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
        argv, command = _parted(argv)
        arguments, unknown = _parser().parse_known_args(_suggesting(argv))
        arguments.command = command
        if unknown:
            raise UsageError(
                f"unrecognized arguments: {' '.join(unknown)}. "
                f"`fauxreel {argv[0]} --help` lists what there is."
            )
        return int(arguments.run(arguments))
    finally:
        # Here and not at the interpreter's end, which could only print a traceback of it.
        sys.stdout.flush()


def _parted(argv: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The arguments, and the command that stands after the first `--` of `exec`."""
    if argv[:1] != ["exec"]:
        return argv, []
    at = argv.index("--") if "--" in argv else len(argv)
    if not argv[at + 1 :] and not {"-h", "--help"} & set(argv):
        raise UsageError("no command stands after --: fauxreel exec [settings] -- COMMAND [ARGS]")
    return argv[:at], argv[at + 1 :]


def _complain(error: object, status: int) -> int:
    print(f"fauxreel: {_printable(str(error))}", file=sys.stderr)
    return status


def _printable(text: str) -> str:
    """The text on one line and harmless to a terminal, whatever a user or a file put into it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _parser() -> Parser:
    parser = Parser(
        prog="fauxreel",
        description="A mock of the video APIs of OpenAI and Azure, and of the LiteLLM proxy.",
    )
    parser.add_argument("--version", action="version", version=f"fauxreel {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="start the emulator")
    serve.set_defaults(run=_serve)
    _add_settings(serve)

    exec_ = commands.add_parser(
        "exec",
        help="run a command with an emulator of its own",
        usage="fauxreel exec [settings] -- COMMAND [ARGS]",
    )
    exec_.set_defaults(run=_exec)
    _add_settings(exec_)

    wait = commands.add_parser("wait", help="wait until an emulator answers")
    wait.set_defaults(run=_wait)
    _add_wait(wait)

    settings = commands.add_parser("settings", help="list all settings and where they stand")
    settings.set_defaults(run=_settings)
    _add_settings(settings)

    demo = commands.add_parser("demo", help="create, poll and download one video with the SDK")
    demo.set_defaults(run=_demo)
    demo.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        default=Path("demo-output"),
        help="where the files go (default: demo-output)",
    )

    inspect = commands.add_parser("inspect", help="say what a media file is, and whose")
    inspect.set_defaults(run=_inspect)
    inspect.add_argument("file", metavar="FILE", type=Path)
    inspect.add_argument("--json", action="store_true", help="print one JSON object")

    explain = commands.add_parser("explain", help="say more about a diagnostic or a setting")
    explain.set_defaults(run=_explain)
    explain.add_argument("name", metavar="NAME")

    fixtures = commands.add_parser("fixtures", help="the shipped clips")
    actions = fixtures.add_subparsers(title="actions", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="make the shipped clips again")
    build.set_defaults(run=_build_fixtures)
    build.add_argument(
        "--output", metavar="DIR", type=Path, help="where to (default: over the shipped ones)"
    )
    return parser


def _add_settings(parser: Parser) -> None:
    from fauxreel.settings import DEFAULTS, SPECS, flag

    parser.add_argument("--config", metavar="FILE", type=Path, help=_CONFIG_HELP)
    for name, spec in SPECS.items():
        default = DEFAULTS[name]
        if isinstance(default, bool):
            parser.add_argument(
                flag(name),
                dest=name,
                action=argparse.BooleanOptionalAction,
                default=argparse.SUPPRESS,
                help=f"{spec.help} (default: {_word(default)})",
            )
            continue
        shown = "" if default in (None, ()) else f" (default: {_word(default)})"
        parser.add_argument(
            flag(name),
            dest=name,
            metavar="VALUE",
            default=argparse.SUPPRESS,
            help=f"{spec.help}{shown}. Valid: {spec.valid}".replace("%", "%%"),
        )


def _add_wait(parser: Parser) -> None:
    parser.add_argument("url", metavar="URL", help="its root, or a base URL such as …/v1")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        default="30",
        help="how long to wait (default: 30). Valid: a number of 0 or more",
    )
    parser.add_argument(
        "--cafile", metavar="FILE", type=Path, help="PEM file with a certificate to accept"
    )
    parser.add_argument("--insecure", action="store_true", help="accept every certificate")


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _suggesting(argv: Sequence[str]) -> Sequence[str]:
    """The arguments, unless one is a misspelt flag of a setting."""
    if not argv or argv[0] not in ("serve", "exec", "settings"):
        return argv
    from fauxreel.settings import DEFAULTS, flag

    known = {"--config", "--help", *(flag(name) for name in DEFAULTS)}
    known |= {
        f"--no-{flag(name)[2:]}" for name, value in DEFAULTS.items() if value in (True, False)
    }
    for argument in argv[1:]:
        name = argument.partition("=")[0]
        if name.startswith("--") and name != "--" and name not in known:
            close = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f" Did you mean {close[0]}?" if close else " `fauxreel settings` lists them all."
            raise UsageError(f"{name} is not a setting.{hint}")
    return argv


def _resolved(arguments: argparse.Namespace) -> "Resolved":
    from fauxreel.settings import SPECS, SettingError, resolve

    flags = {name: value for name, value in vars(arguments).items() if name in SPECS}
    try:
        return resolve(flags, os.environ, arguments.config)
    except SettingError as error:
        raise UsageError(error) from None


def _cache_dir() -> Path | None:
    from fauxreel.media.library import default_cache_dir

    return default_cache_dir(os.environ)


def _serve(arguments: argparse.Namespace) -> int:
    resolved = _resolved(arguments)
    from fauxreel.serve import serve
    from fauxreel.server import CannotListen
    from fauxreel.settings import SettingError

    try:
        well = serve(resolved.settings, _cache_dir())
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
    from fauxreel.settings import SPECS, flag, variable

    resolved = _resolved(arguments)
    for name, spec in SPECS.items():
        value = getattr(resolved.settings, name)
        source = resolved.sources.get(name, "default")
        shown = "(set)" if spec.secret and value else _shown(value)
        print(f"{name} = {shown}   [{source}]")
        print(f"    {spec.help}")
        print(f"    {flag(name)}, {variable(name)}. Valid: {spec.valid}")
    return EXIT_OK


def _shown(value: object) -> str:
    if value is None or value == ():
        return "(none)"
    return ", ".join(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else _word(value)


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
    from dataclasses import asdict

    from fauxreel.media.errors import MediaError
    from fauxreel.media.inspect import inspect

    try:
        found = inspect(arguments.file)
    except MediaError as error:
        return _complain(error, EXIT_FAILURE)
    facts = asdict(found)
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False))
        return EXIT_OK
    stamp = facts.pop("stamp") or {"stamp": "none: this file is not Fauxreel's"}
    for name, value in {**facts, **stamp}.items():
        if value is not None:
            print(f"{name}: {_printable(str(value))}")
    return EXIT_OK


def _explain(arguments: argparse.Namespace) -> int:
    from fauxreel.diagnostics import DIAGNOSTICS
    from fauxreel.settings import SPECS, flag, variable

    name = str(arguments.name)
    setting = name.replace("-", "_")
    if name in DIAGNOSTICS:
        found = DIAGNOSTICS[name]
        print(f"{name}: a defect of a client ({found.severity.value})")
        print(f"seen:   {found.seen}\nwhy:    {found.why}\nremedy: {found.remedy}")
    elif setting in SPECS:
        spec = SPECS[setting]
        print(f"{setting}: a setting ({flag(setting)}, {variable(setting)})")
        print(f"{spec.help}\nvalid:  {spec.valid}")
    else:
        known: list[str] = [*DIAGNOSTICS, *(one.replace("_", "-") for one in SPECS)]
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(sorted(known))}."
        raise UsageError(f"{name!r} has no explanation. {hint}")
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
