"""What only Azure has, on both of its surfaces: versions and deployments."""

from functools import partial

from fauxreel_contracts import expect
from fauxreel_contracts.clause import ONE_VIDEO, Clause, Severity, Shared, Topic
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import documented, verbatim
from fauxreel_contracts.session import Session

_AZURE = (Dialect.AZURE, Dialect.AZURE_JOBS)
_V1 = (Dialect.AZURE,)
NO_DEPLOYMENT = "fauxreel-no-such-deployment"


def _versions(session: Session) -> None:
    for version in ("v1", "preview"):
        answer = session.get(session.target.speech.collection, {"api-version": version})
        expect.status(answer, 200)


def _other_version(session: Session) -> None:
    query = {"api-version": "2024-02-15-preview"}
    answer = expect.status(session.get(session.target.speech.collection, query), 400)
    message = "api-version query parameter is not allowed when using /v1 path"
    wanted = {"error": {"code": "BadRequest", "message": message}}
    expect.same(dict(expect.body(answer)), wanted, "the answer", answer)


def _deployment(session: Session) -> None:
    expect.error(
        session.refused(session.plain_form(model=NO_DEPLOYMENT)),
        404,
        message=f"The API deployment '{NO_DEPLOYMENT}' for this resource does not exist. If you "
        "created the deployment within the last 5 minutes, please wait a moment and try again.",
        type="video_generation_user_error",
        param=None,
        code=None,
    )


def _escaped(session: Session) -> None:
    answer = session.created(Shared.SECOND)
    expect.true(answer.body.isascii(), "ASCII, with escapes for the rest", answer.body, answer)


_azure = partial(Clause, topic=Topic.VALIDATION, dialects=_AZURE)

CLAUSES = (
    _azure(
        id="validation.azure.versions",
        title="`api-version` may be `v1` or `preview`",
        severity=Severity.SHOULD,
        check=_versions,
        evidence=documented("azure", "the examples of new-inference-preview.md", "2025"),
        why="Microsoft's examples send it, and `AzureOpenAI` does so always.",
    ),
    _azure(
        id="validation.azure.version",
        title="Any dated `api-version` is refused by the gateway",
        severity=Severity.MAY,
        check=_other_version,
        evidence=verbatim("azure", "several issues, for dated versions", "2025"),
    ),
    _azure(
        id="validation.azure.deployment",
        title="A deployment that there is not is a 404",
        severity=Severity.SHOULD,
        check=_deployment,
        evidence=verbatim("azure", "MicrosoftLearning/mslearn-ai-vision#81", "2026-06"),
        dialects=_V1,
        needs=("model_checked",),
        cost=ONE_VIDEO,
        why="A misspelt deployment would go unnoticed.",
    ),
    _azure(
        id="create.azure.escapes",
        title="Letters beyond ASCII are sent as escapes",
        topic=Topic.CREATE,
        severity=Severity.MAY,
        check=_escaped,
        evidence=verbatim("azure", "a whole answer with a prompt in Chinese", "2026-02"),
        dialects=_AZURE,
        needs=("create_json",),
        shares=(Shared.SECOND,),
    ),
)
