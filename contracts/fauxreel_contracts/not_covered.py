"""The rows of the fact sheets that no clause holds a server to, each with the reason."""

from dataclasses import dataclass

_OUTCOME = "no request makes a job fail on purpose without breaking the terms of the service"
_TIME = "the run would have to last an hour, or a day"
_ACCOUNT = "it depends on the account, not on the server"
_LOAD = "it would take more jobs at a time than a polite run makes"
_CLIENT = "it says what clients send, not what servers answer"
_PASSED = "it needs an upstream that fails on demand; the tests of the emulator have one"
_GONE = "it is history: the service has been switched off"


@dataclass(frozen=True, slots=True)
class NotCovered:
    """A fact that no clause is about.

    Args:
        place: The section of the sheet.
    """

    sheet: str
    place: str
    fact: str
    why: str


def _openai(place: str, fact: str, why: str) -> NotCovered:
    return NotCovered("OpenAI", place, fact, why)


def _azure(place: str, fact: str, why: str) -> NotCovered:
    return NotCovered("Azure", place, fact, why)


def _proxy(place: str, fact: str, why: str) -> NotCovered:
    return NotCovered("LiteLLM proxy", place, fact, why)


NOT_COVERED: tuple[NotCovered, ...] = (
    _openai(
        "1.2",
        "the id is a UUID of version 8, then digits that begin with 0",
        "that it has the "
        "form and tells the time is checked; the rest is an accident of the service",
    ),
    _openai("1.3", "a job takes 68 to 116 seconds", "a faster server is no worse"),
    _openai("1.3", "a job stays completed after its files have expired", _TIME),
    _openai("1.4", "a failed job: error of code and message", _OUTCOME),
    _openai("1.5", "the codes and messages of failed jobs", _OUTCOME),
    _openai("2.2", "organization not verified", _ACCOUNT),
    _openai("2.2", "billing, quota", _ACCOUNT),
    _openai("2.2", "rate limit and concurrency", _LOAD),
    _openai("2.3", "content after expires_at", _TIME),
    _openai("2.3", "503 on content, 500 on create", "nobody can ask for trouble"),
    _openai(
        "2.4",
        "server, cf-ray, alt-svc, strict-transport-security",
        "they belong to what stands in front of the service",
    ),
    _openai("3", "C2PA data in the mp4", "only a third party claims it"),
    _openai(
        "4",
        "delete of a completed or failed video",
        "that it works is `delete.accepted`; that it does not while a job runs was never seen",
    ),
    _openai("4", "six extensions, 120 seconds in all", "it would cost 120 seconds of video"),
    _openai("4", "batches", "they take up to a day"),
    _openai(
        "4",
        "an image_url of 20971520 characters",
        "a request of 20 MB for one limit whose refusal was never seen",
    ),
    _openai(
        "4",
        "an image_url that is an address",
        "the server would fetch from a host that is not "
        "the target's; the data URL tells the same of the field",
    ),
    _openai(
        "4", "faces of people are refused", "it would take the picture of a person, and is a policy"
    ),
    _openai("4", "uploads for eligible customers", "no run can know whether its key is eligible"),
    _openai("4", "characters take minutes to be taken in", "a property of time, not of an answer"),
    _openai("4", "remix is deprecated in favour of edits", "nothing on the wire says so"),
    _openai("4.1", "what openai-python refuses by itself", _CLIENT),
    _openai("5", "webhooks", "they need an address that the server can reach; not built yet"),
    _openai("6", "prices and requests a minute", _ACCOUNT),
    _openai("7", "the shutdown", _GONE),
    _azure("1.0", "paths outside of /openai/v1 do not exist", "they lie outside of the base URL"),
    _azure("1.0", "more than ten own headers are a 431", "nobody was seen to rely on it"),
    _azure(
        "1.1",
        "sora-1 names are refused",
        "reported alone; `create.unknown.width` asks all the same",
    ),
    _azure("1.1", "a failed job", _OUTCOME),
    _azure("1.1", "two requests a minute, two at a time", _LOAD),
    _azure(
        "1.1",
        "edits, extensions, characters",
        "specified, and never seen alive; a profile can claim them",
    ),
    _azure(
        "1.1", "remix as a form", "specified; users were refused: the two contradict each other"
    ),
    _azure("1.1", "input_reference as an object", "reported alone, its success unproven"),
    _azure("1.2", "inpaint items", "specified, and no answer was ever published"),
    _azure(
        "1.2", "sizes, variants and their limits", "they are of a deployment, and were only told"
    ),
    _azure("1.2", "failure_reason", _OUTCOME),
    _azure("2", "tokens of Entra ID", _ACCOUNT),
    _azure("2", "429 of the gateway and of the service", _LOAD),
    _azure("2", "the content filter", _OUTCOME),
    _azure("2", "retired models, network rules", _ACCOUNT),
    _azure("6", "what clients send", _CLIENT),
    _proxy(
        "Wrapped ids",
        "an azure id in front of an openai group of the same name",
        "it is a defect of one version, and takes two deployments",
    ),
    _proxy("Headers", "on an upstream's errors, llm_provider-*", _PASSED),
    _proxy(
        "Success bodies",
        "list with a provider leaves the deployment",
        "it is a defect of one version, and asks a server that is not the target",
    ),
    _proxy(
        "Success bodies",
        "edits, extensions and characters",
        "the topics have them for OpenAI; the proxy's differ by its thirteen keys alone",
    ),
    _proxy(
        "Routes that are not there",
        "the four documented POST routes",
        "they lie in the paths of videos: a server may have them",
    ),
    _proxy("Upstream errors", "401, 403, 409, 422, 429, 5xx", _PASSED),
    _proxy("Raw ids", "all of the section", "the calls leave for api.openai.com"),
    NotCovered("clients", "1", "base URLs and variables that LiteLLM reads", _CLIENT),
    NotCovered("clients", "2", "retries of the router", _CLIENT),
    NotCovered("servers", "1b", "servers of another API with the same words", "not this contract"),
)
