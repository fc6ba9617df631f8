"""What Schemathesis cannot know from openapi.yaml: which files decode, and of which size.

`schemathesis.toml` names this module. Uploads are real small files half of the time, and garbage
otherwise. The schema knows both as `binary`; here stands which of them have to be refused.
"""

import base64
import io
import re
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

import schemathesis
import yaml
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from PIL import Image
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import (
    IgnoredAuth,
    RejectedPositiveData,
    UnsupportedMethodResponse,
)

from fauxreel.domain.size import parse_size
from fauxreel.media import ffmpeg
from fauxreel.resources import shipped

SIZE = "720x1280"


def picture(kind):
    file = io.BytesIO()
    Image.new("RGB", parse_size(SIZE), "navy").save(file, kind)
    return file.getvalue()


def clip():
    source = f"color=size={SIZE}:rate=4:duration=1"
    arguments = ["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p"]
    return ffmpeg.run(arguments, inputs={}, output="clip.mp4", making="a clip")


def data_url(kind, data):
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


REAL = {
    "image/png": picture("png"),
    "image/jpeg": picture("jpeg"),
    "image/webp": picture("webp"),
    "video/mp4": clip(),
}
DATA_URLS = [data_url(kind, data) for kind, data in REAL.items()]

PROXY = {"model": "sora-2", "prompt": "a cat"}
JOB = {"model": "sora", "prompt": "a cat", "width": "480", "height": "480"}

REMIX = "POST /litellm/v1/videos/remix"

# The operations that take a file: its name, and the texts that have to stand beside it.
UPLOADS = {
    "POST /v1/videos": ("input_reference", {"prompt": "a cat"}),
    "POST /v1/videos/characters": ("video", {"name": "a cat"}),
    "POST /openai/v1/videos": ("input_reference", PROXY),
    "POST /openai/v1/videos/characters": ("video", {"name": "a cat"}),
    "POST /openai/v1/video/generations/jobs": ("files", JOB),
    "POST /litellm/v1/videos": ("input_reference", PROXY),
    "POST /litellm/v1/videos/characters": ("video", {"name": "a cat"}),
    "POST /litellm/v1/videos/generations": ("input_reference", PROXY),
    REMIX: ("input_reference", PROXY),
}
CHARACTERS = [label for label, (name, _) in UPLOADS.items() if name == "video"]
JOBS = "POST /openai/v1/video/generations/jobs"

# The bytes of uploaded files, by id, for requests that refer to them.
uploaded = {}


def files(data):
    half = data[: len(data) // 2]
    return st.one_of(st.just(data), st.just(data), st.just(half), st.binary(max_size=64))


for kind, data in REAL.items():
    schemathesis.openapi.media_type(kind, files(data))
schemathesis.openapi.media_type("application/octet-stream", st.binary(max_size=64))
schemathesis.openapi.format(
    "image-data-url",
    st.one_of(
        st.sampled_from(DATA_URLS),
        st.sampled_from([url[: len(url) // 8 * 4] for url in DATA_URLS]),
        st.binary(min_size=1, max_size=32).map(lambda data: data_url("image/png", data)),
    ),
)


# Inpaint items that do, and some that do not; Schemathesis calls a file by the name of its field.
ITEMS = {"[]": False, '[{"file_name": "files"}]': True}
BOUNDS = '[{"file_name": "files", "crop_bounds": {"left_fraction": 1}}]'
schemathesis.openapi.format(
    "inpaint-items", st.sampled_from([*ITEMS, '[{"file_name": "others"}]', BOUNDS, "{}", "["])
)


def has_to_be_refused(case):
    """Whether a request that the schema allows holds a file that does not do."""
    body = case.body
    if not isinstance(body, dict):
        return False
    if case.operation.label in CHARACTERS:
        return bytes_of(body.get("video")) != REAL["video/mp4"]
    if case.operation.label == JOBS:
        files, items = body.get("files", []), body.get("inpaint_items", "[]")
        if isinstance(items, str) and (items not in ITEMS or (ITEMS[items] and not files)):
            return True
        return any(bytes_of(file) not in REAL.values() for file in files)
    if case.operation.label not in UPLOADS:
        return False
    return any(does_not_do(*each, body.get("size", SIZE)) for each in references(body))


def references(body):
    """The places of a body that hold or name a picture, and what stands there."""
    given = body.get("input_reference")
    found = given if isinstance(given, dict) else {"file": given}
    for place in ("file_id", "image_url"):
        found = {place: body.get(f"input_reference[{place}]")} | found
    return [(place, value) for place, value in found.items() if value is not None]


def does_not_do(place, value, size):
    if place == "file":
        return bytes_of(value) not in REAL.values() or size != SIZE
    if place == "file_id" and value in uploaded:
        return uploaded[value] not in REAL.values() or size != SIZE
    if place == "image_url" and value.startswith("data:"):
        return value not in DATA_URLS or size != SIZE
    return False


def bytes_of(value):
    return getattr(value, "data", value)


def is_positive(case):
    return case.meta.generation.mode.is_positive


@schemathesis.hook
def before_add_examples(context, examples):
    """Files are rare among drawn bodies: here is each kind of them, whole and cut in half."""
    operation = context.operation
    if operation.label not in UPLOADS:
        return
    name, texts = UPLOADS[operation.label]
    for data in REAL.values():
        for file in (data, data[: len(data) // 2]):
            body = {name: [file] if name == "files" else file} | texts
            case = operation.Case(
                body=body,
                media_type="multipart/form-data",
                headers={"Authorization": "Bearer sk-one"},
            )
            examples.append(case)


@schemathesis.hook
def before_call(context, case, kwargs):
    """The body of a link is JSON; where a form is sent, its names get brackets."""
    if isinstance(case.body, dict) and case.media_type != "application/json":
        form = with_brackets(case.body)
        if form.keys() != case.body.keys() and not any(isinstance(v, bytes) for v in form.values()):
            case.body = form


def with_brackets(body):
    """`{"video": {"id": "x"}}` is `{"video[id]": "x"}`."""
    form = {}
    for name, value in body.items():
        if name in ("input_reference", "video") and isinstance(value, dict):
            form |= {f"{name}[{key}]": inner for key, inner in value.items()}
        elif name == "characters" and isinstance(value, list):
            form["characters[][id]"] = [one["id"] for one in value if isinstance(one, dict)]
        else:
            form[name] = value
    return form


@schemathesis.hook
def after_call(context, case, response):
    if case.operation.label == "POST /v1/files" and response.status_code == 200:
        uploaded[response.json()["id"]] = bytes_of(case.body["file"])


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what is no failure, because a schema cannot say it or Schemathesis does not see it."""
    label = case.operation.label
    body = case.body if isinstance(case.body, dict) else {}
    if label == REMIX and "video_id" in body and isinstance(failure, SCHEMA_FAILURES):
        # With a video, size and length are held against the model of the source, not against the
        # one that is named.
        return False
    if isinstance(failure, RejectedPositiveData) and response.status_code == 400:
        if label == "GET /litellm/v1/videos":
            # A provider is named by header or in the query: OpenAPI cannot ask for one of two.
            return names_a_provider(case)
        # Beside a file of a registered type, the coverage phase sends required texts empty,
        # whatever the schema says.
        empty = any(body.get(name) == "" for name in REQUIRED_TEXTS)
        return not (empty or has_to_be_refused(case))
    if isinstance(failure, IgnoredAuth) and case.meta is None:
        # The key of the examples above is a valid one; Schemathesis takes it for a drawn one.
        return False
    if isinstance(failure, UnsupportedMethodResponse) and response.status_code == 404:
        # Beside `/videos/{video_id}` a word like `edits` is an id that nobody has.
        return BESIDE_AN_ID.fullmatch(case.operation.path) is None
    if isinstance(failure, AcceptedNegativeData) and case.media_type in FORM_TYPES:
        # `true` in a form is a text like any other. Schemathesis knows that of forms without files.
        # And what the proxy does not know, it drops.
        return not is_valid_as_sent(case, response)
    return True


def names_a_provider(case):
    header = {name.lower() for name in case.headers or {}} & {"custom-llm-provider"}
    return bool(header or (case.query or {}).get("custom_llm_provider"))


BESIDE_AN_ID = re.compile(r".*/videos/(\w+|\{video_id\})")
SCHEMA_FAILURES = (AcceptedNegativeData, RejectedPositiveData)
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
REQUIRED_TEXTS = ("model", "name", "prompt", "purpose", "inpaint_items")
DROPPING = ("remixProxyVideo", "editProxyVideo", "extendProxyVideo", "createProxyCharacter")
DROPPING += ("retrieveDocumentedStatus", "retrieveDocumentedContent")
DOCUMENT = yaml.safe_load(shipped("openapi.yaml").read_bytes())
FORMS = {
    f"{method.upper()} {path}": operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method == "post" and "multipart/form-data" in operation["requestBody"]["content"]
}


def is_valid_as_sent(case, response):
    schema = FORMS[case.operation.label]
    fields = sent(response.request)
    if case.operation.definition.raw["operationId"] in DROPPING:
        known = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
        fields = {name: value for name, value in fields.items() if name in known}
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]}).is_valid(fields)


def sent(request):
    """The fields of a form as they went out, all of them text."""
    if request.headers["Content-Type"] == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body, keep_blank_values=True))
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    fields = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        text = part.get_payload(decode=True).decode(errors="replace")
        fields.setdefault(name, []).append(text)
    return {
        name: texts[0] if len(texts) == 1 and not name.endswith("[][id]") else texts
        for name, texts in fields.items()
    }


@schemathesis.check
def files_that_do_not_do_are_refused_and_others_are_not(ctx, response, case):
    refused = response.status_code >= 400
    if case.meta is None:  # one of the examples above
        assert refused == has_to_be_refused(case), response.status_code
    elif is_positive(case) and has_to_be_refused(case):
        assert refused, response.status_code
