"""Headers of all answers: the emulator keeps each clause, and each can be broken."""

import pytest

from altered import Passage
from clause_runs import (
    AZURE,
    OPENAI,
    POLLS,
    cases,
    header,
    left_out,
    results,
    unheld,
    verdict_of,
    when,
)
from fauxreel import Emulator
from fauxreel_contracts.clauses.headers import CLAUSES
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.result import Verdict


def refused(passage: Passage) -> bool:
    return passage.status == 401


def not_found(passage: Passage) -> bool:
    return passage.status == 404


HTML = header("content-type", "text/html")
LIMIT, LEFT, RESET = (f"x-ratelimit-{name}-requests" for name in ("limit", "remaining", "reset"))
BREAKS = {
    "headers.json": [
        when(lambda p: p.lists, HTML),
        when(not_found, HTML),
        when(refused, HTML),
    ],
    "headers.request-id": [
        header("x-request-id", None),
        when(not_found, header("x-request-id", None)),
    ],
    "headers.request-id.unique": [
        header("x-request-id", "req_1"),
        header("x-request-id", None),
    ],
    "headers.request-id.form": [header("x-request-id", "1")],
    "headers.request-id.refused": [when(refused, header("x-request-id", "req_" + "0" * 32))],
    "headers.version": [header("openai-version", "2024-01-01")],
    "headers.organization": [header("openai-organization", None)],
    "headers.project": [header("openai-project", "default")],
    "headers.account.refused": [
        when(refused, header("openai-project", "proj_1")),
        when(refused, header("openai-organization", "user-1")),
    ],
    "headers.processing": [header("openai-processing-ms", "4.1")],
    "headers.nosniff": [header("x-content-type-options", None)],
    "headers.poll": [
        when(lambda p: p.retrieves, header("openai-poll-after-ms", "1.5")),
        when(lambda p: p.creates, header("openai-poll-after-ms", "soon")),
    ],
    "headers.ratelimit": [
        header(LIMIT, "many"),
        header(LEFT, "-1"),
        header(LEFT, "61"),
        header(RESET, "soon"),
    ],
}
ON_AZURE = {
    "headers.request-id": [header("apim-request-id", None)],
    "headers.request-id.unique": [header("apim-request-id", "1")],
    "headers.nosniff": [header("x-content-type-options", "sniff")],
    "headers.azure.request-id": [header("apim-request-id", "1")],
    "headers.azure.charset": [header("content-type", "application/json")],
    "headers.azure.upstream": [header("x-envoy-upstream-service-time", "1.5")],
    "headers.azure.region": [header("x-ms-region", None)],
}
LIMITED = {"requests_per_minute": 60}


@pytest.mark.parametrize("base", [OPENAI, AZURE])
@pytest.mark.parametrize("settings", [{}, LIMITED], ids=["unlimited", "limited"])
def test_the_emulator_keeps_every_clause(base, settings):
    with Emulator(**POLLS, **settings) as emulator:
        found = results(emulator, CLAUSES, base)

    assert unheld(found) == []
    assert left_out(found) == set()


def test_every_clause_has_what_breaks_it():
    of_azure_alone = {c.id for c in CLAUSES if c.dialects == (Dialect.AZURE,)}
    assert set(BREAKS) | of_azure_alone == {clause.id for clause in CLAUSES}
    assert of_azure_alone <= set(ON_AZURE)


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    assert verdict_of(clause, change, OPENAI, LIMITED) is Verdict.DIFFERS


@pytest.mark.parametrize(("clause", "change"), cases(ON_AZURE))
def test_an_azure_that_errs_breaks_the_clause(clause, change):
    assert verdict_of(clause, change, AZURE) is Verdict.DIFFERS


@pytest.mark.parametrize("reset", ["120ms", "8.64s", "1m30s", "6m0s", "1d2h"])
def test_a_duration_may_have_any_of_the_platforms_forms(reset):
    change = header(RESET, reset)
    assert verdict_of("headers.ratelimit", change, OPENAI, LIMITED) is Verdict.HOLDS
