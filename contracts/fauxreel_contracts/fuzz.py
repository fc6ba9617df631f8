"""`contracts fuzz TARGET`: Schemathesis by our `openapi.yaml`, as far as the target claims it.

It makes as many videos as it likes, so it is for servers that cost nothing: those on this
machine, and those whose profile says so. What it made is deleted at the end.
"""

import argparse
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fauxreel_contracts.claims import NoDocument, claimed, document_path, operations, read
from fauxreel_contracts.forms import png
from fauxreel_contracts.pace import Clock, SystemClock
from fauxreel_contracts.pictures import jpeg, webp
from fauxreel_contracts.session import Session
from fauxreel_contracts.target import Target, TargetError, is_loopback
from fauxreel_contracts.wire import Answer, Call

# What holds for each answer by itself. Whether a request should have been refused is left to the
# clauses: a schema cannot say which files decode.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_PICTURE = (720, 1280)
_NO_PICTURE = "data:image/png;base64,AAAA"
_SUCCESS = range(200, 300)
_INTERRUPTED = 130
_SHOWN_LINES = 12
_SHOWN_VIDEOS = 5


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that an answer should not be.

    Args:
        operation: Method and path.
        request: How to see it again, as a line of curl without the key.
    """

    operation: str
    title: str
    message: str
    request: str


@dataclass(slots=True)
class Fuzzed:
    """What fuzzing found.

    Args:
        flaws: The first of each kind at each operation.
        troubles: What kept an operation from being tested.
        out_of_time: Whether the time was over before all was sent.
    """

    target: Target
    operations: Sequence[str]
    seed: int
    cases: int = 0
    flaws: dict[tuple[str, str], Flaw] = field(default_factory=dict[tuple[str, str], Flaw])
    troubles: list[str] = field(default_factory=list[str])
    out_of_time: bool = False
    interrupted: bool = False
    left_behind: Sequence[str] = ()

    @property
    def failed(self) -> bool:
        return bool(self.flaws or self.troubles)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is sent.

    Args:
        examples: The most that are drawn for an operation.
        seconds: After so many nothing more is begun.
    """

    seed: int = 1
    examples: int = 20
    seconds: float = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the options of targets."""
    bounds = Bounds()
    parser.add_argument("targets", nargs=1, metavar="TARGET", help="a name in the file, or a URL")
    parser.add_argument("--openapi", type=Path, metavar="FILE", help="default: the one shipped")
    parser.add_argument("--seed", type=int, default=bounds.seed, metavar="NUMBER")
    parser.add_argument(
        "--max-examples", type=int, default=bounds.examples, metavar="NUMBER", help="an operation"
    )
    parser.add_argument(
        "--max-seconds", type=float, default=bounds.seconds, metavar="NUMBER", help="of it all"
    )


def run(arguments: argparse.Namespace, targets: Sequence[Target]) -> int:
    """Fuzzes a target; 0 if nothing was found, 1 otherwise."""
    (target,) = targets
    bounds = Bounds(arguments.seed, arguments.max_examples, arguments.max_seconds)
    found = fuzz(target, document=arguments.openapi, bounds=bounds)
    sys.stdout.write(as_text(found) + "\n")
    return _INTERRUPTED if found.interrupted else int(found.failed)


def fuzz(
    target: Target,
    *,
    document: Path | None = None,
    bounds: Bounds | None = None,
    clock: Clock | None = None,
) -> Fuzzed:
    """Sends the target whatever the document allows, and more.

    Raises:
        TargetError: It would cost money, does not answer, or there is nothing to go by.
    """
    bounds = bounds or Bounds()
    _refuse_costs(target)
    part = _part(target, document)
    clock = clock or SystemClock()
    session = Session(target, clock)
    session.reach()
    found = Fuzzed(target, operations(part), bounds.seed)
    deadline = clock.now() + bounds.seconds
    try:
        stream = _stream(part, target, bounds)
        for event in stream:
            _note(event, found, session)
            if clock.now() > deadline and not found.out_of_time:
                found.out_of_time = True
                stream.stop()
    except KeyboardInterrupt:
        found.interrupted = True
    finally:
        found.left_behind = session.close()
    return found


def _refuse_costs(target: Target) -> None:
    if target.price_per_second and not is_loopback(target.base_url):
        raise TargetError(
            f"{target.name}: fuzzing makes videos without number, and they cost money there. "
            "If they do not, say so in a profile or by --price-per-second 0."
        )


def _part(target: Target, document: Path | None) -> dict[str, Any]:
    try:
        whole = read(document or document_path())
    except NoDocument as error:
        raise TargetError(str(error)) from None
    part = claimed(whole, target.dialect, target.profile)
    if not part["paths"]:
        raise TargetError(f"{target.name}: the document has no operation that it claims.")
    return part


def _stream(part: dict[str, Any], target: Target, bounds: Bounds) -> Any:
    """The events of a run of Schemathesis."""
    try:
        import schemathesis
        from schemathesis.engine import from_schema
    except ImportError:
        raise TargetError("Fuzzing needs Schemathesis: pip install schemathesis") from None
    library: Any = schemathesis
    _teach_files(library)
    config = library.Config.from_dict(_config(target, bounds))
    schema = library.openapi.from_dict(part, config=config)
    return from_schema(schema).execute()


def _teach_files(library: Any) -> None:
    """Files and addresses of pictures, half of them real: a schema knows but bytes and texts."""
    from hypothesis import strategies

    width, height = _PICTURE
    drawn: Any = strategies
    anything = drawn.binary(max_size=64)
    for kind, draw in (("png", png), ("jpeg", jpeg), ("webp", webp)):
        picture = draw(width, height)
        whole, half = drawn.just(picture), drawn.just(picture[: len(picture) // 2])
        library.openapi.media_type(f"image/{kind}", drawn.one_of(whole, half, anything))
    for kind in ("video/mp4", "application/octet-stream"):
        library.openapi.media_type(kind, anything)
    url = f"data:image/png;base64,{b64encode(png(width, height)).decode()}"
    library.openapi.format("image-data-url", drawn.sampled_from([url, url[:-4], _NO_PICTURE]))
    library.openapi.format("inpaint-items", drawn.sampled_from(["[]", "{}", "["]))


def _config(target: Target, bounds: Bounds) -> dict[str, Any]:
    """What Schemathesis is told; no file is read, and the key stays in memory."""
    checks: dict[str, object] = {"enabled": False}
    checks.update({name: {"enabled": True} for name in CHECKS})
    config: dict[str, Any] = {
        "base-url": target.base_url,
        "seed": bounds.seed,
        "max-redirects": 0,
        "request-timeout": target.timeout_seconds,
        "continue-on-failure": True,
        "checks": checks,
        "generation": {"max-examples": bounds.examples, "database": "none", "no-shrink": True},
        "cache": {"enabled": False},
        "suppress-health-check": ["all"],
    }
    if target.secret is not None:
        name, value = target.secret.pair(Call("GET", ""))
        config["headers"] = {name: value}
    return config


def _note(event: Any, found: Fuzzed, session: Session) -> None:
    """Takes from an event what it tells: answers, flaws, what went wrong."""
    recorder = getattr(event, "recorder", None)
    if recorder is not None:
        found.cases += len(recorder.interactions)
        for interaction in recorder.interactions.values():
            _remember(interaction, session)
        for flaw in _flaws(recorder, found.target):
            found.flaws.setdefault((flaw.operation, flaw.title), flaw)
    elif hasattr(event, "info"):
        found.troubles.append(f"{event.label}: {event.info.title}: {event.info.message}")
    elif hasattr(event, "exception"):
        found.troubles.append(f"{event.exception}")
    elif type(event).__name__ == "Interrupted":
        found.interrupted = not found.out_of_time  # which ends it in the same way


def _remember(interaction: Any, session: Session) -> None:
    """Books a video that came of it, so that it is deleted at the end, unless it was already."""
    request, response = interaction.request, interaction.response
    path = request.uri.removeprefix(session.target.base_url).partition("?")[0]
    collection = session.target.speech.collection
    if response is None or not path.startswith(collection):
        return
    if request.method == "POST" and not path.endswith("/characters"):
        sent = Call(request.method, path)
        session.jobs.made(Answer(sent, response.status_code, (), response.content or b""))
    elif request.method == "DELETE" and response.status_code in _SUCCESS:
        session.jobs.alive.pop(unquote(path.removeprefix(f"{collection}/")), None)


def _flaws(recorder: Any, target: Target) -> Iterator[Flaw]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if (info := check.failure_info) is not None:
                case = recorder.cases[case_id].value
                texts = (info.failure.title, info.failure.message, info.code_sample)
                yield Flaw(case.operation.label, *(_hidden(text, target) for text in texts))


def _hidden(text: str, target: Target) -> str:
    return target.secret.hidden(text) if target.secret is not None else text


def as_text(found: Fuzzed) -> str:
    """What was found, for people."""
    target = found.target
    parts = [f"{len(found.operations)} operations of {target.base_url}, seed {found.seed}"]
    for flaw in found.flaws.values():
        lines = flaw.message.splitlines()[:_SHOWN_LINES]
        body = "\n".join(f"    {line}".rstrip() for line in lines)
        parts.append(f"{flaw.operation}: {flaw.title}\n{body}\n  {flaw.request}")
    parts += [f"not tested, {trouble}" for trouble in found.troubles]
    return "\n\n".join([*parts, _summary(found)])


def _summary(found: Fuzzed) -> str:
    lines = [f"{found.cases} requests: {len(found.flaws)} kinds of flaws"]
    if found.interrupted:
        lines.append("  interrupted")
    if found.out_of_time:
        lines.append("  the time was over before all was sent; --max-seconds gives it more")
    lines += [f"  left behind: {line}" for line in found.left_behind[:_SHOWN_VIDEOS]]
    if (more := len(found.left_behind) - _SHOWN_VIDEOS) > 0:
        lines.append(f"  and {more} more")
    return "\n".join(lines)
