"""What `contracts probe` measures: a row for each capability, or for a few that one look tells."""

from dataclasses import dataclass

from fauxreel_contracts import look_at_jobs as jobs
from fauxreel_contracts import look_at_roads as roads
from fauxreel_contracts.clause import FREE, ONE_VIDEO, Cost, Shared
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.look_at_jobs import BOTH, Look

VIDEOS = (Dialect.OPENAI, Dialect.AZURE, Dialect.LITELLM)
# Elsewhere a model is a deployment or a group, which has any name.
OPENAI = (Dialect.OPENAI,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One look at a server.

    Args:
        flags: The capabilities that it tells.
        shares: The shared videos that it looks at.
        cost: What it generates beyond those, at worst.
        dialects: Those that have such a thing.
    """

    flags: tuple[str, ...]
    take: Look
    shares: tuple[Shared, ...] = ()
    cost: Cost = FREE
    dialects: tuple[Dialect, ...] = tuple(Dialect)


_TEN = Cost(videos=1, seconds=10)
_PRO = Cost(videos=2, seconds=8, factor=3.0)
_TWO = Cost(videos=2, seconds=8)


def _priced(
    flag: str,
    take: Look,
    cost: Cost = ONE_VIDEO,
    dialects: tuple[Dialect, ...] = tuple(Dialect),
) -> Measure:
    return Measure(flags=(flag,), take=take, shares=BOTH, cost=cost, dialects=dialects)


MEASURES: tuple[Measure, ...] = (
    Measure(flags=("auth_required",), take=roads.keys),
    Measure(flags=("error_envelope",), take=roads.envelope),
    Measure(flags=("models",), take=roads.reads("models", "/models"), dialects=VIDEOS),
    Measure(flags=("files",), take=roads.reads("files", "/files"), dialects=VIDEOS),
    Measure(
        flags=("create_json", "create_multipart", "create_status"), take=jobs.encodings, shares=BOTH
    ),
    Measure(flags=("id_pattern",), take=jobs.ids, shares=BOTH),
    Measure(flags=("prompt_echoed", "fields_missing"), take=jobs.shape, shares=BOTH),
    Measure(flags=("reports_in_progress",), take=jobs.running, shares=BOTH),
    Measure(flags=("reports_progress",), take=jobs.progress, shares=BOTH, dialects=VIDEOS),
    Measure(flags=("not_ready_status",), take=jobs.early, shares=BOTH, dialects=VIDEOS),
    Measure(
        flags=("content_types", "range", "variant_video_accepted", "variants", "sound"),
        take=roads.files,
        shares=BOTH,
        dialects=VIDEOS,
    ),
    Measure(flags=("list", "list_default_limit"), take=roads.lists),
    Measure(flags=("list_limit0", "bad_after"), take=roads.edges, shares=BOTH, dialects=VIDEOS),
    Measure(flags=("characters",), take=roads.characters, dialects=VIDEOS),
    _priced("remix", roads.remix, dialects=VIDEOS),
    _priced("edits", roads.has("edits", "edits"), dialects=VIDEOS),
    _priced("extensions", roads.has("extensions", "extensions"), dialects=VIDEOS),
    _priced("sync", roads.has("sync", "sync"), dialects=VIDEOS),
    _priced("model_required", jobs.refuses("model_required", lambda s: jobs.plain(s, model=None))),
    _priced("model_checked", jobs.models),
    _priced("seconds_number_ok", jobs.number),
    _priced("seconds_checked", jobs.refuses("seconds_checked", jobs.too_long), cost=_TEN),
    _priced("size_checked", jobs.refuses("size_checked", jobs.square)),
    _priced(
        "unknown_refused", jobs.refuses("unknown_refused", lambda s: jobs.plain(s, colour="blue"))
    ),
    Measure(
        flags=("references", "reference_files", "reference_objects"),
        take=roads.references,
        shares=BOTH,
        cost=_TWO,
        dialects=(Dialect.OPENAI, Dialect.AZURE),
    ),
    _priced("pro", jobs.named_model("pro", "sora-2-pro"), cost=_PRO, dialects=OPENAI),
    _priced(
        "snapshots", jobs.named_model("snapshots", "sora-2-2025-10-06"), cost=_TWO, dialects=OPENAI
    ),
    _priced("delete_aborts", roads.stops),
    Measure(flags=("delete", "delete_shape"), take=roads.deletes, shares=BOTH),
)
