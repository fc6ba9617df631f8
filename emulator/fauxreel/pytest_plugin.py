"""The pytest plugin: `video_api`, a video API for each test.

One server serves the whole session; each test has a namespace of its own on it. What is not
standard or pytest's is imported when the first test asks for it.
"""

import argparse
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fauxreel.testing import Handle, Session

_SESSION = pytest.StashKey["Session"]()
_HANDLES = pytest.StashKey[list["Handle"]]()
_REACHED = pytest.StashKey[list[str]]()

_COMMAND_LINE = "--fauxreel"
_CONFIGURATION = "fauxreel in the configuration of pytest"
_MARK = "@pytest.mark.fauxreel"
_ADDRESS = {"host", "port"}
_MARKER = (
    "fauxreel(own_server=False, guard=True, **settings): settings of the emulator for this test, "
    "such as scenario='flaky', clock='manual', timeline='realistic', seed=1, rules='…'."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--fauxreel NAME=VALUE`, and the same in the configuration of pytest."""
    group = parser.getgroup("fauxreel", "a video API for each test")
    group.addoption(
        "--fauxreel",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the emulator behind video_api, such as scenario=flaky; repeatable",
    )
    group.addoption(
        "--fauxreel-session-env",
        action="store_true",
        default=None,
        help="set the variables of the SDKs for the whole session, for clients built at import",
    )
    parser.addini(
        "fauxreel", "settings of the emulator behind video_api, as NAME=VALUE", type="linelist"
    )
    parser.addini(
        "fauxreel_session_env",
        "set the variables of the SDKs for the whole session",
        type="bool",
        default=False,
    )
    parser.addini(
        "fauxreel_guard",
        "fail a test with video_api that tries to reach the real services",
        type="bool",
        default=True,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """With `fauxreel_session_env`, starts the server before any code of the tests is imported."""
    _begin(early_config, early_config.known_args_namespace)


def pytest_configure(config: pytest.Config) -> None:
    """Names the marker, and refuses wrong settings before the first test."""
    config.addinivalue_line("markers", _MARKER)
    _begin(config, config.option)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fails a test that succeeded, and tried to reach the real services."""
    result = yield
    _fail_for(_problems(item))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tells in the report of a failed test, once, what happened at its emulators."""
    del call
    report = yield
    if report.failed and _HANDLES in item.stash:
        told = [handle.snapshot().story() for handle in item.stash[_HANDLES]]
        report.sections += [("fauxreel", text) for text in (*_problems(item), *told)]
        del item.stash[_HANDLES]
    return report


@pytest.fixture
def video_api_factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., "Handle"]]:
    """Makes video APIs: `video_api_factory(scenario="flaky")`; each has jobs of its own.

    Nothing is set in the environment.
    """
    with _opening(request.node) as opened:

        def make(*, own_server: bool = False, **settings: Any) -> "Handle":
            __tracebackhide__ = True
            from fauxreel.testing import CannotListen, SettingError

            try:
                return opened(settings, own_server=_yes("own_server", own_server))
            except (SettingError, CannotListen, ValueError) as error:
                raise error.with_traceback(None) from None

        yield make


@pytest.fixture
def video_api(request: pytest.FixtureRequest) -> Iterator["Handle"]:
    """A video API with jobs of its own, at which the variables of the SDKs point.

    `@pytest.mark.fauxreel(…)` has settings for it. A test that tries to reach the real services
    fails.
    """
    from fauxreel.testing import CannotListen, SettingError, guarding

    marked = _marked(request)
    guarded = marked.pop("guard", request.config.getini("fauxreel_guard"))
    own_server = marked.pop("own_server", False)
    with ExitStack() as stack:
        opened = stack.enter_context(_opening(request.node))
        handle, problem = None, ""
        try:
            guarded, own_server = _yes("guard", guarded), _yes("own_server", own_server)
            handle = opened(marked, own_server=own_server, shared=True)
        except (SettingError, ValueError) as error:
            problem = f"{_MARK}: {error}"  # the session's were looked at before
        except CannotListen as error:
            own = _ADDRESS & marked.keys()
            problem = f"{_MARK if own else _source(request.config, request.config.option)}: {error}"
        if handle is None:  # not within the except clause, which would be told, too
            pytest.fail(problem, pytrace=False)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        variables = _session(request.config).variables(handle, guarded=guarded)
        for name, value in variables.items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        if guarded:
            request.node.stash[_REACHED] = stack.enter_context(guarding())
        yield handle


@pytest.fixture
def async_video_api(video_api: "Handle") -> "Handle":
    """The same for asynchronous tests: `async_client` and `await requests.arrived(…)`."""
    return video_api


@contextmanager
def _opening(node: pytest.Item) -> Generator[Callable[..., "Handle"], None, None]:
    """What opens video APIs for a test; they are closed at the end."""
    session = _session(node.config)
    with ExitStack() as stack:

        def make(settings: dict[str, Any], **how: bool) -> "Handle":
            handle = session.open(settings, **how)
            stack.callback(handle.close)
            node.stash.setdefault(_HANDLES, list["Handle"]()).append(handle)
            return handle

        yield make
        _fail_for(_problems(node))


def _marked(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the markers say; the one nearest to the test wins."""
    settings: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("fauxreel"))):
        if marker.args:
            pytest.fail(
                f"{_MARK} takes settings by name, as in scenario='flaky', not {marker.args[0]!r}.",
                pytrace=False,
            )
        settings |= marker.kwargs
    return settings


def _problems(node: pytest.Item) -> list[str]:
    """What the code under test did that no test should let pass; each is told once."""
    problems: list[str] = []
    reached = node.stash.get(_REACHED, list[str]())
    if reached:
        problems.append(
            f"The code tried to reach {', '.join(sorted(set(reached)))}. video_api sets "
            "OPENAI_BASE_URL and its like, so something names the host itself, "
            "or read the variables before the test (--fauxreel-session-env sets them earlier)."
        )
        reached.clear()
    found = [handle.new_errors() for handle in node.stash.get(_HANDLES, list["Handle"]())]
    told = [f"The client failed strict_clients: {', '.join(codes)}." for codes in found if codes]
    return [*problems, *told]


def _fail_for(problems: list[str]) -> None:
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def _yes(name: str, value: object) -> bool:
    """The value of an option that is yes or no.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, bool):
        return value
    raise ValueError(f"{name} -> {value!r} is not True or False.")


def _begin(config: pytest.Config, options: argparse.Namespace) -> None:
    """Starts what is to be there before the first test; without such a wish, imports nothing."""
    wanted = options.fauxreel_session_env
    if wanted or (wanted is None and config.getini("fauxreel_session_env")):
        from fauxreel.testing import CannotListen

        try:
            _session(config, options).set_environment()
        except CannotListen as error:
            raise pytest.UsageError(f"{_source(config, options)}: {error}") from None
    elif options.fauxreel or config.getini("fauxreel"):
        _session(config, options)


def _session(config: pytest.Config, options: argparse.Namespace | None = None) -> "Session":
    session = config.stash.get(_SESSION, None)
    if session is None:
        from fauxreel.testing import Session, SettingError

        given = config.option if options is None else options
        lines = [*config.getini("fauxreel"), *given.fauxreel]
        try:
            session = config.stash[_SESSION] = Session(lines)
        except SettingError as error:
            raise pytest.UsageError(f"{_source(config, given, str(error))}: {error}") from None
        config.add_cleanup(session.close)
    return session


def _source(config: pytest.Config, options: argparse.Namespace, problem: str = "") -> str:
    """Where a wrong line stands: what the command line says wins over the configuration.

    Args:
        problem: What is wrong with it; empty for an address that cannot be listened on.
    """
    from fauxreel.testing import Session, SettingError

    if not problem:
        names = {line.partition("=")[0].strip() for line in options.fauxreel}
        return _COMMAND_LINE if names & _ADDRESS else _CONFIGURATION
    try:
        Session(config.getini("fauxreel"))
    except SettingError as error:
        if str(error) == problem:
            return _CONFIGURATION
    return _COMMAND_LINE
