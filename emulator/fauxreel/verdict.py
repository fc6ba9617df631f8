"""Judging a client by what a namespace saw of it: pure functions of a snapshot."""

from urllib.parse import parse_qs

from msgspec import Struct

from fauxreel.diagnostics import DIAGNOSTICS, Finding, Severity
from fauxreel.domain.operations import CREATING, Operation
from fauxreel.domain.video import Status
from fauxreel.faults.book import Entry
from fauxreel.inspection import Job, Usage
from fauxreel.journal import Request
from fauxreel.story import brief, several, timeline

_IMPOLITE = ("polling-too-fast", "polling-after-end", "retry-after-ignored", "retry-storm")
_MOST_JOBS = 30
_MOST_PROMPT = 60
# Of jobs that no client made.
_SEEDED = "control"


class Snapshot(Struct, frozen=True):
    """What a namespace holds at one moment."""

    address: str
    requests: list[Request]
    rules: list[Entry]
    jobs: list[Job]
    findings: list[Finding]
    usage: Usage

    def story(self) -> str:
        """All of it, for people."""
        head = (
            f"{self.address}: {several(len(self.requests), 'request')}, "
            f"{several(len(self.jobs), 'job')}, ${self.usage.dollars:.2f} not spent"
        )
        lines = [head, *timeline(self.requests), *map(_rule_line, self.rules)]
        lines += [_job_line(job) for job in self.jobs[:_MOST_JOBS]]
        if len(self.jobs) > _MOST_JOBS:
            lines.append(f"  … {len(self.jobs) - _MOST_JOBS} more jobs")
        lines += [f"  {_told(found)}" for found in self.findings]
        return "\n".join(lines)

    # Each of these gives what is wrong, a line each; nothing when all is well --------------------

    def created(self, jobs: int) -> list[str]:
        """Whether so many requests made a job."""
        made = [request for request in self.requests if request.accepted]
        if len(made) == jobs:
            return []
        which = ", ".join(f"#{request.sequence}" for request in made)
        tried = sum(request.operation in CREATING for request in self.requests)
        told = f"made by {which}" if made else f"tried by {several(tried, 'request')}"
        return [f"{several(len(made), 'job')} made, not {jobs} ({told})"]

    def impolite(self) -> list[str]:
        """Whether clients polled and retried as they were told."""
        return [_told(found) for found in self.findings if found.code in _IMPOLITE]

    def not_downloaded(self, video_id: str, variant: str = "video") -> list[str]:
        """Whether a client got a file of a job, at once or in parts."""
        what = video_id if variant == "video" else f"the {variant} of {video_id}"
        asked = [
            request
            for request in self.requests
            if request.operation is Operation.CONTENT
            and request.video_id == video_id
            and request.method != "HEAD"
            and _variant(request) == variant
        ]
        if _got_all([request for request in asked if not request.spoilt]):
            return []
        if not asked:
            known = any(job.id == video_id for job in self.jobs)
            return [f"{what} was not downloaded" + ("" if known else ": there is no such job")]
        answers = ", ".join(f"#{request.sequence} {_came(request)}" for request in asked)
        return [f"{what} was asked for, and not downloaded: {answers}"]

    def undelivered(self) -> list[str]:
        """The same for all completed jobs that clients made, and made no other from."""
        used = {job.source_id for job in self.jobs}
        done = [
            job.id
            for job in self.jobs
            if job.status is Status.COMPLETED and job.surface != _SEEDED and job.id not in used
        ]
        return [line for video_id in done for line in self.not_downloaded(video_id)]

    def unfired(self) -> list[str]:
        """Whether each rule fired."""
        return [_rule_line(entry).strip() for entry in self.rules if not entry.fired]

    def defects(self) -> list[str]:
        """Whether clients are free of errors and warnings."""
        return [_told(found) for found in self.findings if found.severity is not Severity.NOTE]


def _got_all(answers: list[Request]) -> bool:
    """Whether the answers have all bytes of a file between them."""
    if any(answer.status == 200 for answer in answers):
        return True
    reached: dict[int, int] = {}
    for start, stop, total in sorted(map(_part, answers)):
        if start <= reached.get(total, 0):
            reached[total] = max(reached.get(total, 0), stop)
    return any(total and stop >= total for total, stop in reached.items())


def _part(answer: Request) -> tuple[int, int, int]:
    """Which bytes of how many an answer brought; of one that broke off, the last is uncertain."""
    if answer.part is None:
        return 0, 0, 0
    start, stop, total = answer.part
    return start, min(stop, total - 1) if answer.status is None else stop, total


def _came(request: Request) -> str:
    if request.lost:
        return "was cut off"
    if request.status is None:
        return "is under way"
    spoilt = f" with {' '.join(request.faults)}" if request.spoilt else ""
    only = ""
    if request.status == 206 and request.part is not None:
        start, stop, total = request.part
        only = f", bytes {start} to {stop - 1} of {total}"
    return f"got {request.status}{only}{spoilt}"


def _variant(request: Request) -> str:
    """Which file of a job a request asks for."""
    if request.path.endswith("/content/thumbnail"):
        return "thumbnail"
    said = parse_qs(request.query.decode("latin-1")).get("variant", ["video"])
    return said[-1]


def _told(found: Finding) -> str:
    times = "once" if found.count == 1 else f"{found.count} times"
    places = ", ".join(brief(place) for place in found.places)
    remedy = DIAGNOSTICS[found.code].remedy
    return f"{found.severity} {found.code}, {times} ({places}): {remedy}"


def _rule_line(entry: Entry) -> str:
    times = several(entry.matched, "request")
    fired = f"fired {entry.fired}x" if entry.fired else "never fired"
    return f"  {entry.id} {fired}, matched {times}: {entry.rule.text}"


def _job_line(job: Job) -> str:
    told = f" ({job.error.code})" if job.error else " (expired)" if job.expired else ""
    return f"  {job.id} is {job.status} at {job.progress}%{told}: {job.prompt:.{_MOST_PROMPT}}"
