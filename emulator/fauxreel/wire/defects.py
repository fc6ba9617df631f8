"""From a refused request to the defect of its client, if it has a name."""

from collections.abc import Callable, Mapping

from starlette.types import Scope

from fauxreel.domain import errors
from fauxreel.domain.operations import Operation
from fauxreel.domain.video import Status
from fauxreel.wire.litellm_ids import unwrapped
from fauxreel.wire.multipart import FILES

# Where an endpoint leaves the error it answered with, for whoever watches.
ERROR = "fauxreel.error"

# Where a reader of bodies leaves the parameters as they came.
VALUES = "fauxreel.values"


def defect(scope: Scope, operation: Operation | None) -> str | None:
    """The code of the defect that the request shows (a key of `DIAGNOSTICS`), or None."""
    error = cause(scope)
    if operation is Operation.CONTENT:
        if isinstance(error, errors.VideoNotReady):
            failed = error.fields["status"] == Status.FAILED
            return "content-of-failed-job" if failed else "content-too-early"
        if isinstance(error, errors.VideoExpired):
            return "content-too-late"
    for kind, name in _DEFECTS.items():
        if isinstance(error, kind):
            return name(scope, error)
    return None


def cause(scope: Scope) -> errors.RequestError:
    """The error of the request; of a gateway's that of its upstream, which it passes on."""
    error: errors.RequestError = scope[ERROR]
    return error.__cause__ if isinstance(error.__cause__, errors.RequestError) else error


def _mistyped(scope: Scope, error: errors.RequestError) -> str | None:
    if error.param == "seconds" and error.fields["given"] == "an integer":
        return "integer-seconds"
    file_wanted = error.param == "input_reference" or error.fields["expected"] == "a file"
    if not file_wanted or error.fields["given"] != "a string":
        return None
    given = str(scope.get(VALUES, {}).get(error.param))
    # Bytes that are no text, in a part that had no filename.
    return "file-without-name" if "\N{REPLACEMENT CHARACTER}" in given else "text-as-reference"


def _untyped(scope: Scope, error: errors.RequestError) -> str | None:
    del scope
    octets = (
        isinstance(error, errors.UnsupportedFile)
        and error.declared
        and error.fields["content_type"] == "application/octet-stream"
    )
    return "file-without-type" if octets else None


def _refused(scope: Scope, error: errors.RequestError) -> str | None:
    del scope
    unset = isinstance(error, errors.RefusedCredentials) and error.unset
    return "key-not-set" if unset else None


def _wrong_method(scope: Scope, error: errors.RequestError) -> str | None:
    del error
    posted = scope["method"] == "POST" and scope["path"].endswith("/content")
    return "content-by-post" if posted else None


def _bad_version(scope: Scope, error: errors.RequestError) -> str | None:
    del scope
    return "glued-api-version" if "/" in str(error.fields["version"]) else None


def _no_resource(scope: Scope, error: errors.RequestError) -> str | None:
    del error
    return "azure-path-without-v1" if scope["path"].startswith("/openai/videos") else None


def _no_route(scope: Scope, error: errors.RequestError) -> str | None:
    del error
    return "doubled-version" if "/v1/v1/" in scope["path"] else None


def _not_found(scope: Scope, error: errors.RequestError) -> str | None:
    del scope
    wrapped = unwrapped(str(error.fields["video_id"])) is not None
    return "undecoded-gateway-id" if wrapped else None


def _unnamed(scope: Scope, error: errors.RequestError) -> str | None:
    """A part without a filename is a text, and the bytes of a file make no text."""
    del scope
    return "file-without-name" if error.param in FILES else None


def _always(code: str) -> Callable[[Scope, errors.RequestError], str | None]:
    return lambda scope, error: code  # noqa: ARG005 - the others look at them


_DEFECTS: Mapping[type[errors.RequestError], Callable[[Scope, errors.RequestError], str | None]] = {
    errors.InvalidType: _mistyped,
    errors.UnsupportedFile: _untyped,
    errors.RefusedCredentials: _refused,
    errors.MethodNotAllowed: _wrong_method,
    errors.UnsupportedApiVersion: _bad_version,
    errors.NoSuchResource: _no_resource,
    errors.NoSuchRoute: _no_route,
    errors.VideoNotFound: _not_found,
    errors.UnusableText: _unnamed,
    errors.PartTooLarge: _unnamed,
    errors.UnknownParameter: _always("unknown-parameter"),
}
