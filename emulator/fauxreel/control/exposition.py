"""The counts in the formats of Prometheus, by its own library; imported when they are asked for.

Nothing is kept in the library's global registry: two emulators in one process count apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from fauxreel import __version__
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.faults.grammar import KINDS
from fauxreel.space import Space
from fauxreel.tally import BOUNDS, Durations, Tally
from fauxreel.wire.http import Answer

_LIMITS = (*map(str, BOUNDS), "+Inf")
# What labels say where the journal says null.
_NO_ROUTE, _LOST = "unknown", "lost"


class Exposition(Collector):
    """The metrics of one namespace, or of a whole emulator, in a registry of its own.

    Args:
        whole: Whether they are those of the emulator, and of its process.
    """

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._tally = Tally()
        self._jobs: dict[str, int] = {}
        self._namespaces = 0
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        if whole:
            ProcessCollector(registry=self._registry)

    async def answer(self, spaces: Sequence[Space], accept: str) -> Answer:
        """All metrics of these spaces, in the format that is asked for."""
        jobs: dict[str, int] = {}
        for space in spaces:
            for status, count in (await space.store.counts(space.clock.now())).items():
                jobs[status] = jobs.get(status, 0) + count
        # From here on nothing is awaited: what is encoded is one moment.
        self._tally = Tally()
        for space in spaces:
            self._tally.add(space.tally)
        self._jobs, self._namespaces = jobs, len(spaces) - 1
        encode, content_type = choose_encoder(accept)
        return Answer(200, (encode(self._registry),), content_type.encode("ascii"))

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for."""
        yield InfoMetricFamily("fauxreel_build", "The release.", {"version": __version__})
        yield self._requests()
        yield self._durations()
        yield _gauge("fauxreel_jobs", "Jobs that are stored, by state.", "state", self._jobs)
        yield _counter(
            "fauxreel_faults",
            "How often a rule had a fault or an outcome happen to a request.",
            {(name,): self._tally.faults.get(name, 0) for name in KINDS},
            ["fault"],
        )
        yield _counter(
            "fauxreel_diagnostics",
            "How often clients showed a defect.",
            {
                (code, found.severity): self._tally.diagnostics.get(code, 0)
                for code, found in DIAGNOSTICS.items()
            },
            ["code", "severity"],
        )
        if self._whole:
            yield GaugeMetricFamily(
                "fauxreel_namespaces", "Namespaces beside the root.", self._namespaces
            )

    def _requests(self) -> Metric:
        family = CounterMetricFamily(
            "fauxreel_requests",
            "Requests to the surfaces that were answered or lost.",
            labels=["surface", "operation", "status"],
        )
        for (surface, operation, status), durations in self._tally.requests.items():
            told = _LOST if status is None else str(status)
            family.add_metric([*_labels(surface, operation), told], sum(durations.counts))
        return family

    def _durations(self) -> Metric:
        together: dict[tuple[str, str], Durations] = {}
        for (surface, operation, _), durations in self._tally.requests.items():
            together.setdefault(_labels(surface, operation), Durations()).add(durations)
        family = HistogramMetricFamily(
            "fauxreel_request_duration_seconds",
            "From the arrival of a request until its answer was sent, faults included.",
            labels=["surface", "operation"],
        )
        for labels, durations in together.items():
            buckets = list(zip(_LIMITS, accumulate(durations.counts), strict=True))
            family.add_metric(labels, buckets, durations.sum_ns / 1_000_000_000)
        return family


def _labels(surface: str | None, operation: str | None) -> tuple[str, str]:
    return surface or _NO_ROUTE, operation or _NO_ROUTE


def _counter(
    name: str, told: str, counts: Mapping[tuple[str, ...], int], labels: Sequence[str]
) -> Metric:
    family = CounterMetricFamily(name, told, labels=labels)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


def _gauge(name: str, told: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
