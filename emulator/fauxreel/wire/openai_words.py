"""The words of OpenAI's errors, each with how well it is known.

One table from the domain's error types to status, message, type and code; `{names}` in a
message are fields of the error. Whoever has seen a better text changes it here.
"""

from collections.abc import Mapping

from fauxreel.domain import errors
from fauxreel.domain.evidence import Evidence, Grade
from fauxreel.wire.wording import SERVER_ERROR, Wording


def _seen(as_of: str, source: str, grade: Grade = Grade.VERBATIM) -> Evidence:
    return Evidence(grade, "openai", as_of, source)


def _inferred(reason: str) -> Evidence:
    return Evidence(Grade.INFERRED, "openai", "", reason)


_COMMON_VALIDATOR = _inferred("the wording of the platform's common validator on other routes")

WORDINGS: Mapping[type[errors.RequestError], Wording] = {
    # Videos
    errors.VideoNotFound: Wording(
        404,
        "Video with id '{video_id}' not found.",
        _seen("2025", "text kept by a client as taken from real responses"),
    ),
    errors.VideoNotReady: Wording(
        404,
        # The braces are literal: the real service never filled them in.
        "Video is not ready yet, use GET /v1/videos/{{video_id}} to check status.",
        _seen("2025-11", "the same text in four independent code bases; of a failed job: inferred"),
    ),
    errors.VideoExpired: Wording(
        404,
        "The video is no longer available. Downloads expire after {hours} hours.",
        _seen("2025", "the text, '1 hours' as it was; the status is inferred"),
    ),
    errors.SourceNotCompleted: Wording(
        400,
        "Video with id '{video_id}' is not completed.",
        _inferred("a source must be completed; the real refusal was never seen"),
    ),
    errors.CannotExtend: Wording(
        400,
        "This video cannot be extended any further. A video can be extended {most_extensions} "
        "times, to at most {most_seconds} seconds.",
        _inferred("the limits are documented; the refusal was never seen"),
    ),
    errors.CharacterNotFound: Wording(
        404,
        "Character with id '{character_id}' not found.",
        _inferred("after the words for a video"),
    ),
    errors.FileNotFound: Wording(
        404,
        "No such File object: {file_id}",
        _seen("2025", "verbatim on /v1/files; inferred for references", Grade.REPORTED),
    ),
    errors.ModelNotFound: Wording(
        404,
        "The model '{model}' does not exist",
        _seen("2025", "on /v1/models/{id}", Grade.REPORTED),
        code="model_not_found",
    ),
    errors.StoreFull: Wording(
        429,
        "The emulator holds {limit} {what}, the most it may ({setting}). "
        "Delete some, or POST /_fauxreel/reset.",
        _inferred("a limit of the emulator, not of the service"),
        type="requests",
        code="rate_limit_exceeded",
    ),
    # Parameters
    errors.UnknownParameter: Wording(
        400,
        "Unknown parameter: '{param}'.",
        _seen("2026", "BerriAI/litellm PR 38155"),
        code="unknown_parameter",
    ),
    errors.MissingParameter: Wording(
        400,
        "Missing required parameter: '{param}'.",
        _COMMON_VALIDATOR,
        code="missing_required_parameter",
    ),
    errors.DuplicateParameter: Wording(
        400,
        "Duplicate parameter: '{param}'. You provided multiple values for this parameter, "
        "whereas only one is allowed. If you are trying to provide a list of values, use the "
        "array syntax instead e.g. '{param}[]=<value>'.",
        _inferred("verbatim on image edits and on skills, 2026"),
        code="duplicate_parameter",
    ),
    errors.InvalidType: Wording(
        400,
        "Invalid type for '{param}': expected {expected}, but got {given} instead.",
        _seen("2026-06", "seconds and input_reference; the code: chatfire-AI/huobao-drama#49"),
        code="invalid_type",
    ),
    errors.InvalidChoice: Wording(
        400,
        "Invalid value: '{value}'. Supported values are: {supported}.",
        _seen("2026-07", "seconds, size and model; full body in the apiyi blog"),
        code="invalid_value",
    ),
    errors.EmptyText: Wording(
        400,
        "Invalid '{param}': empty string. Expected a string with minimum length 1, "
        "but got an empty string instead.",
        _inferred("verbatim on images, 2026-08"),
        code="empty_string",
    ),
    errors.TextTooLong: Wording(
        400,
        "Invalid '{param}': string too long. Expected a string with maximum length {maximum}, "
        "but got a string with length {length} instead.",
        _COMMON_VALIDATOR,
        code="string_above_max_length",
    ),
    errors.TooManyItems: Wording(
        400,
        "Invalid '{param}': array too long. Expected an array with maximum length {maximum}, "
        "but got an array with length {length} instead.",
        _COMMON_VALIDATOR,
        code="array_above_max_length",
    ),
    errors.InvalidUrl: Wording(
        400,
        "Invalid '{param}'. Expected a valid URL, but got a value with an invalid format.",
        _COMMON_VALIDATOR,
        code="invalid_value",
    ),
    errors.InvalidDataUrl: Wording(
        400,
        "Invalid '{param}'. Expected a base64-encoded data URL with an image MIME type (e.g. "
        "'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got an invalid base64-encoded value.",
        _COMMON_VALIDATOR,
        code="invalid_value",
    ),
    errors.UnreachableUrl: Wording(
        400,
        "Error while downloading the file of '{param}': {reason}.",
        _inferred("no such answer was seen"),
        code="invalid_value",
    ),
    errors.UnusableText: Wording(
        400,
        "Invalid '{param}': string {reason}.",
        _inferred("no such answer was seen"),
        code="invalid_value",
    ),
    errors.NumberTooSmall: Wording(
        400,
        "Invalid '{param}': integer below minimum value. Expected a value >= {minimum}, "
        "but got {value} instead.",
        _COMMON_VALIDATOR,
        code="integer_below_min_value",
    ),
    errors.NumberTooLarge: Wording(
        400,
        "Invalid '{param}': integer above maximum value. Expected a value <= {maximum}, "
        "but got {value} instead.",
        _COMMON_VALIDATOR,
        code="integer_above_max_value",
    ),
    errors.UnsupportedFile: Wording(
        400,
        "Invalid file '{param}': unsupported mimetype ('{content_type}'). Supported file formats "
        "are {supported}.",
        _seen("2026", "the message; the code: verbatim on images"),
        code="unsupported_file_mimetype",
    ),
    errors.UnsupportedUpload: Wording(
        400,
        "Invalid extension {extension}. Videos are not accepted here.",
        _inferred("videos were refused (verbatim); the words were not kept"),
        code="unsupported_file",
    ),
    errors.UndecodableFile: Wording(
        400,
        "Invalid file '{param}': the file could not be decoded. It may be corrupted or truncated.",
        _inferred("no such answer was seen"),
        code="invalid_file",
    ),
    errors.ReferenceSizeMismatch: Wording(
        400,
        # No full stop at the end.
        "Inpaint image must match the requested width and height",
        Evidence(
            Grade.VERBATIM,
            "azure",
            "2026",
            "MicrosoftLearning/mslearn-ai-vision PR 78; the same text is reported of OpenAI",
        ),
    ),
    # Bodies
    errors.BodyTooLarge: Wording(
        413,
        "Maximum content size limit ({limit}) exceeded ({read} bytes read)",
        _inferred("verbatim on audio, 2025"),
        type=SERVER_ERROR,
    ),
    errors.PartTooLarge: Wording(
        413,
        "Maximum content size limit ({limit}) exceeded ({read} bytes read)",
        _inferred("the words for a whole body, for one text part"),
        type=SERVER_ERROR,
    ),
    errors.UnreadableJson: Wording(
        400,
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't "
        "using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
        "sent was not valid JSON. If you have trouble figuring out how to fix this, please "
        "contact us through our help center at help.openai.com.)",
        _inferred("verbatim on other routes, 2025"),
    ),
    errors.NotAnObject: Wording(
        400,
        "Invalid type: expected an object, but got {given} instead.",
        _inferred("after the validator's words for a parameter"),
        code="invalid_type",
    ),
    errors.UnreadableForm: Wording(
        400,
        "We could not parse the form body of your request: {reason}.",
        _inferred("after the words for JSON"),
    ),
    errors.UnsupportedContentType: Wording(
        400,
        "Unsupported content type: '{content_type}'. This API method only accepts "
        "'application/json' or 'multipart/form-data' requests, but you specified the header "
        "'Content-Type: {content_type}'. Please try again with a supported content type.",
        _seen("2025", "remembered from JSON routes", Grade.REPORTED),
        code="unsupported_content_type",
    ),
    # Credentials
    errors.MissingCredentials: Wording(
        401,
        "Missing bearer authentication in header",
        _inferred("verbatim on the newer routes; videos were not seen"),
    ),
    errors.RefusedCredentials: Wording(
        401,
        "Incorrect API key provided: {masked}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        _seen("2025-11", "BerriAI/litellm#17016, on /v1/videos/{id}/content"),
        code="invalid_api_key",
    ),
    # Routes
    errors.NoSuchRoute: Wording(
        404,
        "Invalid URL ({method} {path})",
        _seen("2025", "an unknown path below /v1/videos; in 2026 some answered an empty body"),
    ),
    errors.MethodNotAllowed: Wording(
        405,
        "Invalid method for URL ({method} {path})",
        _seen("2025-10", "POST /v1/videos/generations, in two client projects", Grade.REPORTED),
    ),
    # Trouble of our own
    errors.RequestError: Wording(
        500,
        "The server had an error while processing your request. Sorry about that!",
        _inferred("the platform's words; the body on video routes was not seen"),
        type=SERVER_ERROR,
    ),
}
