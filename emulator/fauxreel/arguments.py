"""The arguments of the command `fauxreel`, and one clear line for those that make no sense."""

import argparse
import re
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from fauxreel import __version__
from fauxreel.spelling import nearest

Run = Callable[[argparse.Namespace], int]

_CONFIG_HELP = "TOML file with settings; variables and flags beat it (no file is read unasked)"


class UsageError(Exception):
    """Arguments that make no sense; the message is one line."""


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line that name the way out."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}. {_meant(message)}`{self.prog} --help` lists what there is.")


def parsed(argv: Sequence[str], parser: Parser) -> argparse.Namespace:
    """The arguments; `command` is what stands after the first `--` of `exec`.

    Raises:
        UsageError: They make no sense.
    """
    if argv[:1] == ["contracts"]:
        # Past argparse, which would take `--help` for its own.
        return argparse.Namespace(run=parser.parse_args(["contracts"]).run, rest=argv[1:])
    argv, command = _parted(argv)
    arguments, unknown = parser.parse_known_args(_suggesting(argv))
    if unknown:
        raise UsageError(
            f"unrecognized arguments: {' '.join(unknown)}. "
            f"`fauxreel {argv[0]} --help` lists what there is."
        )
    arguments.command = command
    return arguments


def make_parser(runs: Mapping[str, Run], argv: Container[str] | None = None) -> Parser:
    """The parser of all commands; `run` of what it parses is the command's function.

    Args:
        runs: The functions by command.
        argv: What is to be parsed: the arguments of commands that are not in it stay away, as those
            of all together take longer to set up than to parse. None for all.
    """
    parser = Parser(
        prog="fauxreel",
        description="A mock of the video APIs of OpenAI and Azure, and of the LiteLLM proxy.",
    )
    parser.add_argument("--version", action="version", version=f"fauxreel {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (about, add) in _COMMANDS.items():
        command = commands.add_parser(name, help=about)
        command.set_defaults(run=runs[name])
        if argv is None or name in argv:
            add(command)
    return parser


def in_words(value: object) -> str:
    """The value of a setting as one writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


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
                help=f"{spec.help} (default: {in_words(default)})",
            )
            continue
        shown = "" if default in (None, ()) else f" (default: {in_words(default)})"
        parser.add_argument(
            flag(name),
            dest=name,
            action="append" if isinstance(default, tuple) else "store",
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


def _add_exec(parser: Parser) -> None:
    parser.usage = "fauxreel exec [settings] -- COMMAND [ARGS]"
    _add_settings(parser)


def _add_demo(parser: Parser) -> None:
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        default=Path("demo-output"),
        help="where the files go (default: demo-output)",
    )


def _add_inspect(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _add_scenarios(parser: Parser) -> None:
    parser.add_argument("--config", metavar="FILE", type=Path, help="TOML file with further ones")


def _add_contracts(parser: Parser) -> None:
    """Its arguments are the kit's affair."""
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="ARGS")


def _add_explain(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME")


def _add_fixtures(parser: Parser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="make the shipped clips again")
    build.add_argument(
        "--output", metavar="DIR", type=Path, help="where to (default: over the shipped ones)"
    )


_COMMANDS: Mapping[str, tuple[str, Callable[[Parser], None]]] = {
    "serve": ("start the emulator", _add_settings),
    "exec": ("run a command with an emulator of its own", _add_exec),
    "wait": ("wait until an emulator answers", _add_wait),
    "settings": ("list all settings and where they stand", _add_settings),
    "demo": ("create, poll and download one video with the SDK", _add_demo),
    "inspect": ("say what a media file is, and whose", _add_inspect),
    "scenarios": ("list the scenarios and what they do", _add_scenarios),
    "contracts": ("check servers against the contract of the API", _add_contracts),
    "explain": (
        "say more about a fault, a scenario, a diagnostic, a setting, a clause",
        _add_explain,
    ),
    "fixtures": ("the shipped clips", _add_fixtures),
}


def _parted(argv: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The arguments, and the command that stands after the first `--` of `exec`."""
    if argv[:1] != ["exec"]:
        return argv, []
    at = argv.index("--") if "--" in argv else len(argv)
    if not argv[at + 1 :] and not {"-h", "--help"} & set(argv):
        raise UsageError("no command stands after --: fauxreel exec [settings] -- COMMAND [ARGS]")
    return argv[:at], argv[at + 1 :]


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
            close = nearest(name, sorted(known))
            hint = f" Did you mean {close}?" if close else " `fauxreel settings` lists them all."
            raise UsageError(f"{name} is not a setting.{hint}")
    return argv


def _meant(message: str) -> str:
    """The nearest of the choices that argparse names for a misspelt command."""
    found = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
    if found is None:
        return ""
    close = nearest(found[1], re.findall(r"[\w-]+", found[2]))
    return f"Did you mean {close}? " if close else ""
