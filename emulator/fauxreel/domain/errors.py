"""What can go wrong with a request, as facts: a type and typed fields.

The words, statuses and codes on the wire belong to the dialects; the text here is for logs and
for people who call the library.
"""

from collections.abc import Sequence


class FauxreelError(Exception):
    """The base of all errors this package raises on purpose."""


class RequestError(FauxreelError):
    """A request that cannot be served as it is. `fields` are what a dialect's words may name."""

    # What the answer has beside the headers of every answer, lower case.
    headers: tuple[tuple[str, str], ...] = ()

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.fields = fields
        self.param: str | None = None


# Videos ------------------------------------------------------------------------------------------


class VideoNotFound(RequestError):
    def __init__(self, video_id: str) -> None:
        super().__init__(f"No video {video_id!r}.", video_id=video_id)


class VideoNotReady(RequestError):
    def __init__(self, video_id: str, status: str) -> None:
        super().__init__(
            f"Video {video_id!r} is {status}: it has no content.", video_id=video_id, status=status
        )


class VideoExpired(RequestError):
    def __init__(self, video_id: str, hours: int) -> None:
        super().__init__(f"The content of video {video_id!r} has expired.", hours=hours)


class SourceNotCompleted(RequestError):
    def __init__(self, video_id: str, status: str) -> None:
        super().__init__(
            f"Video {video_id!r} is {status}, not completed.", video_id=video_id, status=status
        )


class CannotExtend(RequestError):
    """One extension too many, or a result that is too long (seconds)."""

    def __init__(self, most_extensions: int, most_seconds: int) -> None:
        super().__init__(
            "The video cannot be extended further.",
            most_extensions=most_extensions,
            most_seconds=most_seconds,
        )


class CharacterNotFound(RequestError):
    def __init__(self, character_id: str) -> None:
        super().__init__(f"No character {character_id!r}.", character_id=character_id)


class FileNotFound(RequestError):
    def __init__(self, file_id: str, param: str = "id") -> None:
        super().__init__(f"No file {file_id!r}.", file_id=file_id)
        self.param = param


class ModelNotFound(RequestError):
    def __init__(self, model: str) -> None:
        super().__init__(f"No model {model!r}.", model=model)
        self.param = "model"


class StoreFull(RequestError):
    """The emulator holds as much as it may; `setting` says how much that is."""

    def __init__(self, limit: int, what: str = "items", setting: str = "max_videos") -> None:
        super().__init__(
            f"The emulator holds its {limit} {what} ({setting}).",
            limit=limit,
            what=what,
            setting=setting,
        )


class StoreUnwritable(RequestError):
    """What had to be stored could not be; `detail` is for the log: the file, why, the way out."""

    def __init__(self, detail: str) -> None:
        super().__init__("The emulator could not store this; its log says why.")
        self.detail = detail


class MediaUnavailable(RequestError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)


class Defect(RequestError):
    """The emulator itself failed."""

    def __init__(self) -> None:
        super().__init__("The emulator failed.")


# Parameters --------------------------------------------------------------------------------------


class InvalidParameter(RequestError):
    """A parameter that is wrong; `param` names it."""

    def __init__(self, param: str, message: str, **fields: object) -> None:
        super().__init__(message, param=param, **fields)
        self.param = param


class UnknownParameter(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} is not a parameter.")


class MissingParameter(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} is missing.")


class DuplicateParameter(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} is given more than once.")


class InvalidType(InvalidParameter):
    """A value of the wrong type; `expected` and `given` in the validator's words (`a string`)."""

    def __init__(self, param: str, expected: str, given: str) -> None:
        super().__init__(
            param, f"{param!r} is {given}, not {expected}.", expected=expected, given=given
        )


class InvalidChoice(InvalidParameter):
    """A value outside a closed list."""

    def __init__(self, param: str, value: str, supported: Sequence[str]) -> None:
        super().__init__(
            param,
            f"{param!r} is {value!r}, none of {list(supported)}.",
            value=value,
            supported=supported,
        )


class EmptyText(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} is empty.")


class TextTooLong(InvalidParameter):
    def __init__(self, param: str, maximum: int, length: int) -> None:
        super().__init__(
            param, f"{param!r} has {length} characters.", maximum=maximum, length=length
        )


class TooManyItems(InvalidParameter):
    def __init__(self, param: str, maximum: int, length: int) -> None:
        super().__init__(param, f"{param!r} has {length} items.", maximum=maximum, length=length)


class InvalidUrl(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} is not a URL.")


class InvalidDataUrl(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} is not a data URL with base64.")


class UnreachableUrl(InvalidParameter):
    def __init__(self, param: str, reason: str) -> None:
        super().__init__(param, f"{param!r} cannot be fetched: {reason}", reason=reason)


class UnusableText(InvalidParameter):
    """Text with a NUL character, or bytes that are not UTF-8."""

    def __init__(self, param: str, reason: str) -> None:
        super().__init__(param, f"{param!r} {reason}.", reason=reason)


class NumberTooSmall(InvalidParameter):
    def __init__(self, param: str, minimum: int, value: int) -> None:
        super().__init__(param, f"{param!r} is {value}.", minimum=minimum, value=value)


class NumberTooLarge(InvalidParameter):
    def __init__(self, param: str, maximum: int, value: int) -> None:
        super().__init__(param, f"{param!r} is {value}.", maximum=maximum, value=value)


class UnsupportedFile(InvalidParameter):
    """A file of a type that is not taken.

    Args:
        supported: The types that are.
        declared: Whether the type is what the client said, and not what the bytes are.
    """

    def __init__(
        self, param: str, content_type: str, supported: Sequence[str], *, declared: bool = False
    ) -> None:
        super().__init__(
            param, f"{param!r} is {content_type}.", content_type=content_type, supported=supported
        )
        self.declared = declared


class UnsupportedUpload(InvalidParameter):
    """A file that /v1/files does not take."""

    def __init__(self, param: str, filename: str) -> None:
        extension = filename.rpartition(".")[2]
        super().__init__(param, f"{filename!r} is not taken.", extension=extension)


class UndecodableFile(InvalidParameter):
    def __init__(self, param: str) -> None:
        super().__init__(param, f"{param!r} cannot be decoded.")


class ReferenceSizeMismatch(RequestError):
    def __init__(self, size: str, width: int, height: int) -> None:
        super().__init__(f"The reference is {width}x{height}, the video {size}.")


# Bodies, credentials, routes ---------------------------------------------------------------------


class BodyTooLarge(RequestError):
    def __init__(self, limit: int, read: int) -> None:
        super().__init__(f"The body has more than {limit} bytes.", limit=limit, read=read)


class PartTooLarge(InvalidParameter):
    def __init__(self, param: str, limit: int, read: int) -> None:
        super().__init__(param, f"{param!r} has {read} bytes.", limit=limit, read=read)


class UnreadableJson(RequestError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The body is not JSON: {reason}", reason=reason)


class NotAnObject(RequestError):
    def __init__(self, given: str) -> None:
        super().__init__(f"The body is {given}, not an object.", given=given)


class UnreadableForm(RequestError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The body is not a form: {reason}", reason=reason)


class UnsupportedContentType(RequestError):
    def __init__(self, content_type: str) -> None:
        super().__init__(
            f"Bodies of type {content_type!r} are not read.", content_type=content_type
        )


class MissingCredentials(RequestError):
    def __init__(self) -> None:
        super().__init__("The request has no bearer token.")


class RefusedCredentials(RequestError):
    """A key that is not accepted.

    Args:
        masked: Only as much of it as the real service shows.
        unset: Whether it is what programs send when nobody set a key.
    """

    def __init__(self, masked: str, *, unset: bool = False) -> None:
        super().__init__("The API key is refused.", masked=masked)
        self.unset = unset


class MalformedCredentials(RequestError):
    """A header that carries no bearer token, where that is told apart from none at all."""

    def __init__(self) -> None:
        super().__init__("The Authorization header has no bearer token.")


class RefusedToken(RefusedCredentials):
    """A bearer token that is not accepted, where tokens and keys are told apart."""


class UnknownModelGroup(RequestError):
    """A model that a proxy has no deployment for."""

    def __init__(self, model: str | None) -> None:
        super().__init__(f"No model group {model!r}.", model=model)


class MissingProxyParameter(InvalidParameter):
    """A parameter that a proxy asks for before it calls anybody."""

    def __init__(self, route: str, param: str) -> None:
        super().__init__(param, f"{param!r} is missing for {route}.", route=route)


class ProviderNotGiven(RequestError):
    """A call that a proxy cannot send anywhere, because no provider is named."""

    def __init__(self) -> None:
        super().__init__("No provider is named.")


class DeploymentNotFound(RequestError):
    def __init__(self, name: str) -> None:
        super().__init__(f"No deployment {name!r}.", name=name)


class UnsupportedApiVersion(RequestError):
    def __init__(self, version: str) -> None:
        super().__init__(f"api-version {version!r} is not served.", version=version)


class NoSuchResource(RequestError):
    """A path that a gateway does not know, before any service is asked."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"No resource for {method} {path}.", method=method, path=path)


class NoSuchRoute(RequestError):
    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"No route for {method} {path}.", method=method, path=path)


class MethodNotAllowed(RequestError):
    def __init__(self, method: str, path: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{path} does not take {method}.", method=method, path=path)
        self.allowed = tuple(allowed)
