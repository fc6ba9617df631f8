"""The list of models: what some clients ask for before they make a video."""

from functools import partial
from typing import Any

from fauxreel_contracts import expect
from fauxreel_contracts.clause import Clause, Severity, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, verbatim
from fauxreel_contracts.session import Session
from fauxreel_contracts.wire import Answer

_KEYS = ("id", "object", "created", "owned_by")
_PATH = "/models"


def _listed(session: Session) -> tuple[list[dict[str, Any]], Answer]:
    answer = expect.status(session.get(_PATH), 200)
    models: list[Any] = expect.member(expect.body(answer), "data", list, answer)
    expect.same(expect.body(answer).get("object"), "list", "`object`", answer)
    for model in models:
        expect.true(isinstance(model, dict), "an object", model, answer)
    return models, answer


def _has_the_models(session: Session) -> None:
    models, answer = _listed(session)
    ids = [model.get("id") for model in models]
    for name in ("sora-2", "sora-2-pro"):
        expect.true(name in ids, f"a model `{name}`", ids, answer)


def _has_some(session: Session) -> None:
    models, answer = _listed(session)
    expect.true(models, "a model at least", models, answer)


def _shape(session: Session) -> None:
    models, answer = _listed(session)
    for model in models:
        expect.same(tuple(model), _KEYS, "the keys of a model", answer)
        expect.same(model["object"], "model", "`object`", answer)
        expect.member(model, "created", int, answer)


_models = partial(
    Clause,
    topic=Topic.LIST,
    severity=Severity.MAY,
    evidence=verbatim("openai", "published lists of models"),
    needs=("models",),
)

CLAUSES = (
    _models(
        id="list.models",
        title="There is a list of models, which some clients read before anything else",
        severity=Severity.SHOULD,
        check=_has_some,
        evidence_by_dialect={
            Dialect.AZURE: documented("azure", "Microsoft's notebook asks for it first", "2025")
        },
        dialects=(Dialect.OPENAI, Dialect.AZURE),
        why="Clients take a server without one for out of order.",
    ),
    _models(
        id="list.models.names",
        title="The list of models names sora-2 and sora-2-pro",
        check=_has_the_models,
        evidence=verbatim("openai", "still listed after the shutdown", "2026-09"),
        needs=("models", "model_checked", "pro"),
    ),
    _models(
        id="list.models.shape",
        title="A model is `id`, `object`, `created`, `owned_by`",
        check=_shape,
    ),
)
