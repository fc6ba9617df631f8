"""What a request for a video may say: lengths, sizes, models, and what is left out."""

from collections.abc import Callable
from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Cost, Severity, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, specified, verbatim
from fauxreel_contracts.session import Session

_VIDEOS = (Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM)
_GUIDE = documented("openai", "video generation guide, as changed in March 2026")


def _defaults(session: Session) -> None:
    required = session.target.profile.flag("model_required")
    model = session.target.model if required else None
    request = session.plain_form(model=model, seconds=None, size=None)
    video = expect.body(expect.status(session.create(request), 200))
    answer = session.calls[-1][1]
    expect.same(video.get("seconds"), "4", "`seconds`", answer)
    expect.same(video.get("size"), "720x1280", "`size`", answer)
    if model is None:
        expect.same(video.get("model"), "sora-2", "`model`", answer)


def _takes(**fields: object) -> Callable[[Session], None]:
    """A check that a plain request with these fields is taken, and shows them."""

    def check(session: Session) -> None:
        answer = expect.status(session.create(**fields), 200)
        for name, asked in fields.items():
            expect.same(expect.body(answer).get(name), asked, f"`{name}`", answer)

    return check


_accepts = partial(Clause, topic=Topic.CREATE, severity=Severity.SHOULD, cost=ONE_VIDEO)

CLAUSES = (
    _accepts(
        id="create.defaults",
        title="Without them, the model is sora-2, the length 4 seconds, the size 720x1280",
        check=_defaults,
        evidence=documented("openai", "API reference, and published answers"),
        dialects=_VIDEOS,
        cost=ONE_VIDEO,
        why="The SDKs leave out what the user leaves out.",
    ),
    _accepts(
        id="create.size.portrait",
        title="720x1280 is taken",
        check=_takes(size="720x1280"),
        evidence=documented("openai", "model pages"),
        dialects=_VIDEOS,
        why="It is one of the two sizes that every model has.",
    ),
    _accepts(
        id="create.seconds.8",
        title="8 seconds are taken",
        check=_takes(seconds="8"),
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        dialects=_VIDEOS,
        cost=Cost(videos=1, seconds=8),
        why="SDKs offer 4, 8 and 12.",
    ),
    _accepts(
        id="create.seconds.12",
        title="12 seconds are taken",
        check=_takes(seconds="12"),
        evidence=specified("openai", "openai/openai-openapi, the schemas of videos"),
        dialects=_VIDEOS,
        cost=Cost(videos=1, seconds=12),
        why="SDKs offer 4, 8 and 12.",
    ),
    _accepts(
        id="create.seconds.16",
        title="16 seconds are taken",
        severity=Severity.MAY,
        check=_takes(seconds="16"),
        evidence=_GUIDE,
        cost=Cost(videos=1, seconds=16),
    ),
    _accepts(
        id="create.seconds.20",
        title="20 seconds are taken",
        severity=Severity.MAY,
        check=_takes(seconds="20"),
        evidence=_GUIDE,
        cost=Cost(videos=1, seconds=20),
    ),
    *(
        _accepts(
            id=f"create.size.pro-{size}",
            title=f"sora-2-pro makes {size}",
            severity=Severity.MAY,
            check=_takes(model="sora-2-pro", size=size),
            evidence=documented("openai", "model pages"),
            needs=("pro",),
            cost=Cost(videos=1, seconds=4, factor=factor),
        )
        for size, factor in (
            ("1024x1792", 5.0),
            ("1792x1024", 5.0),
            ("1080x1920", 7.0),
            ("1920x1080", 7.0),
        )
    ),
    *(
        _accepts(
            id=f"create.model.{name}",
            title=f"The snapshot {name} can be asked for by name",
            severity=Severity.MAY,
            check=_takes(model=name),
            evidence=verbatim("openai", "the list in a rejection, tetsuo-ai/agenc-core", "2026-09"),
            needs=("snapshots",),
            cost=Cost(videos=1, seconds=4, factor=3.0 if "pro" in name else 1.0),
        )
        for name in ("sora-2-2025-10-06", "sora-2-2025-12-08", "sora-2-pro-2025-10-06")
    ),
)
