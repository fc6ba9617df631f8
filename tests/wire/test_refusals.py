"""The errors that rules ask for by name, to the letter, on each surface.

What is expected is written after the facts about the real services, not after the code.
"""

import base64
import http.client
import json

import pytest
from dirty_equals import IsInstance, IsStr

from fauxreel import Emulator
from fauxreel.faults.presets import PRESETS

PATHS = {
    "openai": "/v1/videos",
    "azure": "/openai/v1/videos",
    "azure-jobs": "/openai/v1/video/generations/jobs",
    "litellm": "/litellm/v1/videos",
}
JOB = {"model": "sora-2", "prompt": "a cat"}
BODIES = {"azure-jobs": {**JOB, "width": 480, "height": 480}}
TAIL = "\n\nLiteLLM: model group '{}' failed with the error above. No fallback was attempted."
UUID = IsStr(regex=r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

INVALID = "invalid_request_error"


def openai(message, kind=INVALID, code="null"):
    code = code if code == "null" else f'"{code}"'
    return f'{{"error":{{"message":"{message}","type":"{kind}","param":null,"code":{code}}}}}'


def flat(message, kind=f'"{INVALID}"', code="null", param="null", inner="null"):
    """As the jobs of Sora 1 write what the service refuses; all but the message is JSON."""
    return (
        f'{{"code":{code},"message":"{message}","param":{param},"type":{kind},'
        f'"inner_error":{inner}}}'
    )


def gateway(code, message):
    return f'{{"error":{{"code":"{code}","message":"{message}"}}}}'


USER = '"video_generation_user_error"'
KEY = "Incorrect API key provided: sk-fa***ke. You can find your API key at https://platform.openai.com/account/api-keys."
AZURE_KEY = gateway("401", "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.")  # fmt: skip
AZURE_TOKEN = '{"statusCode":401,"message":"Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired."}'
UNVERIFIED = "Your organization must be verified to use the model `sora-2`. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up to 15 minutes for access to propagate."
NO_DEPLOYMENT = "The API deployment 'sora-2' for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."
CONFLICT = "The video is being changed by another request. Please try again."
AZURE_RATE = '{"error":{"code":"429","message": "Rate limit is exceeded. Try again in 1 seconds."}}'
QUOTA = "You exceeded your current quota, please check your plan and billing details."
AZURE_QUOTA = gateway("insufficient_quota", QUOTA)
BILLING = "Billing hard limit has been reached"
FILTERED = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766"
FOUND = '"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":true,"severity":"medium"},"violence":{"filtered":false,"severity":"safe"}}}'

# By preset: the status, the body on OpenAI, on Azure and for its jobs, and what the proxy makes of
# the first: its exception and its type.
WORDS = {
    "bad_key": (401, openai(KEY, code="invalid_api_key"), AZURE_KEY, AZURE_KEY, "AuthenticationError: OpenAIException", "authentication_error"),
    "unauthorized": (401, openai("Missing bearer authentication in header"), AZURE_TOKEN, AZURE_TOKEN, "AuthenticationError: OpenAIException", "authentication_error"),
    "unverified": (
        403,
        openai(UNVERIFIED),
        gateway("AccessDenied", "Access denied due to Virtual Network/Firewall rules."),
        gateway("AccessDenied", "Access denied due to Virtual Network/Firewall rules."),
        "BadRequestError: OpenAIException", "permission_error",
    ),
    "not_found": (404, openai("Video with id 'video_0' not found."), openai("Video with id 'video_0' not found."), flat("Video with id 'video_0' not found."), "NotFoundError: OpenAIException", INVALID),
    "no_deployment": (
        404,
        openai("The model `sora-2` does not exist or you do not have access to it.", code="model_not_found"),
        openai(NO_DEPLOYMENT, "video_generation_user_error"),
        flat(NO_DEPLOYMENT, USER),
        "NotFoundError: OpenAIException", INVALID,
    ),
    "retired": (404, openai("Invalid URL (POST /v1/videos)"), '{"detail":"Not Found"}', '{"detail":"Not Found"}', "NotFoundError: OpenAIException", INVALID),
    "conflict": (409, openai(CONFLICT), openai(CONFLICT), flat(CONFLICT), "BadRequestError: OpenAIException", INVALID),
    "rate_limit": (
        429,
        openai(
            "Rate limit reached for sora-2 on requests per min (RPM): Limit 2, Used 2, Requested 1. Please try again in 1s. "
            "Visit https://platform.openai.com/account/rate-limits to learn more.", "requests", "rate_limit_exceeded",
        ),
        AZURE_RATE, AZURE_RATE,
        "RateLimitError: RateLimitError: OpenAIException", "throttling_error",
    ),
    "quota": (
        429,
        openai(f"{QUOTA} For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.", "insufficient_quota", "insufficient_quota"),
        AZURE_QUOTA, AZURE_QUOTA,
        "RateLimitError: RateLimitError: OpenAIException", "throttling_error",
    ),
    "concurrency": (
        429,
        openai("Too many running tasks", "requests"),
        openai("Too many running tasks", "video_generation_user_error"),
        flat("Too many running tasks", USER),
        "RateLimitError: RateLimitError: OpenAIException", "throttling_error",
    ),
    "billing_limit": (
        400,
        openai(BILLING, code="billing_hard_limit_reached"),
        openai(BILLING, code="billing_hard_limit_reached"),
        flat(BILLING, code='"billing_hard_limit_reached"'),
        "BadRequestError: OpenAIException", INVALID,
    ),
    "moderation": (
        400,
        openai("Your request was blocked by our moderation system.", code="moderation_blocked"),
        f'{{"error":{{"message":"{FILTERED}","type":null,"param":"prompt","code":"content_filter","status":400,{FOUND}}}}}',
        flat(FILTERED, "null", '"content_filter"', '"prompt"', '{"code":"ResponsibleAIPolicyViolation"}'),
        "BadRequestError: OpenAIException", INVALID,
    ),
    "server_error": (
        500,
        openai("The server had an error while processing your request. Sorry about that!", "server_error"),
        gateway("500", "Internal server error"), gateway("500", "Internal server error"),
        "InternalServerError: InternalServerError: OpenAIException", "internal_server_error",
    ),
    "bad_gateway": (502, openai("Bad gateway.", "server_error"), gateway("502", "Bad gateway"), gateway("502", "Bad gateway"), "BadGatewayError: BadGatewayError: OpenAIException", "internal_server_error"),
    "overloaded": (
        503,
        openai("The engine is currently overloaded, please try again later.", "server_error"),
        gateway("503", "The service is temporarily unavailable"), gateway("503", "The service is temporarily unavailable"),
        "ServiceUnavailableError: ServiceUnavailableError: OpenAIException", "internal_server_error",
    ),
    "timeout": (504, openai("Gateway timeout.", "server_error"), gateway("Timeout", "The operation was timeout."), gateway("Timeout", "The operation was timeout."), "Timeout: Timeout Error: OpenAIException", "internal_server_error"),
}  # fmt: skip


def wrapped(status, exception, kind, upstream, group="sora-2"):
    message = f"litellm.{exception} - {upstream}{TAIL.format(group)}"
    error = {"message": message, "type": kind, "param": None, "code": str(status)}
    return json.dumps({"error": error}, separators=(",", ":"))


@pytest.fixture(scope="module")
def emulator():
    with Emulator(clock="manual", seed=7, queue_seconds=0, processing_seconds=0) as emulator:
        yield emulator


@pytest.fixture
def told(emulator):
    """Sends a request under a rule: its status, its body as text and its headers in their order."""

    def told(surface, rule, method="POST", rest="", body=None):
        connection = http.client.HTTPConnection(
            emulator.root_url.removeprefix("http://"), timeout=20
        )
        given = {"Authorization": "Bearer sk-1", "X-Fauxreel": rule}
        if method == "POST":
            given["Content-Type"] = "application/json"
            body = json.dumps(body or BODIES.get(surface, JOB))
        connection.request(method, PATHS[surface] + rest, body, given)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text, answer.getheaders()

    return told


def test_the_table_has_every_preset():
    assert list(WORDS) == list(PRESETS)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize(("surface", "place"), [("openai", 1), ("azure", 2), ("azure-jobs", 3)])
def test_a_preset_reads_as_the_service_writes_it(told, name, surface, place):
    assert told(surface, f"error={name}")[:2] == (WORDS[name][0], WORDS[name][place])


@pytest.mark.parametrize("name", WORDS)
def test_the_proxy_wraps_a_preset_as_an_error_of_its_upstream(told, name):
    status, upstream, _, _, exception, kind = WORDS[name]
    expected = wrapped(status, exception, kind, upstream)
    assert told("litellm", f"error={name}")[:2] == (status, expected)


@pytest.mark.parametrize(
    ("name", "exception", "kind"),
    [
        ("bad_key", "AuthenticationError: AzureException AuthenticationError", "authentication_error"),
        ("unverified", "APIError: AzureException APIError", "permission_error"),
        ("retired", "NotFoundError: AzureException NotFoundError", INVALID),
        ("conflict", "APIError: AzureException APIError", INVALID),
        ("concurrency", "RateLimitError: AzureException RateLimitError", "throttling_error"),
        ("moderation", "BadRequestError: AzureException BadRequestError", INVALID),
        ("server_error", "APIError: AzureException APIError", "internal_server_error"),
    ],
)  # fmt: skip
def test_the_proxy_wraps_what_azure_says(told, name, exception, kind):
    status, _, upstream, *_ = WORDS[name]
    asked = {**JOB, "model": "azure-sora-2"}
    expected = wrapped(status, exception, kind, upstream, "azure-sora-2")
    assert told("litellm", f"error={name}", body=asked)[:2] == (status, expected)


@pytest.mark.parametrize("surface", ["openai", "azure"])
def test_not_found_names_the_video_that_was_asked_for(told, surface):
    expected = openai("Video with id 'video_7' not found.")
    assert told(surface, "error=not_found", "GET", "/video_7")[:2] == (404, expected)


@pytest.mark.parametrize("rest", ["", "/content"])
def test_the_proxy_asks_its_upstream_for_another_path_than_its_own(told, rest):
    text = "litellm:custom_llm_provider:openai;model_id:sora-2;video_id:video_7"
    named = "video_" + base64.b64encode(text.encode()).decode()
    found = told("litellm", "error=retired", "GET", f"/{named}{rest}")
    upstream = openai(f"Invalid URL (GET /v1/videos/video_7{rest})")
    assert found[:2] == (404, wrapped(404, "NotFoundError: OpenAIException", INVALID, upstream))


# Headers ------------------------------------------------------------------------------------------

RETRY = [("retry-after", "1"), ("retry-after-ms", "1000")]
BEARER = [("www-authenticate", 'Bearer realm="OpenAI API"')]
REQUEST_ID = IsStr(regex="req_[0-9a-f]{32}")
JSON = "application/json"


def framed(text, content_type=JSON):
    length = str(len(text.encode()))
    return [("date", IsInstance(str)), ("content-type", content_type), ("content-length", length)]


def of_openai(request_id=REQUEST_ID, *, known=True):
    account = [
        ("openai-organization", IsStr(regex="user-[0-9a-f]{24}")),
        ("openai-project", IsStr(regex="proj_[0-9a-f]{24}")),
        ("openai-processing-ms", IsStr(regex=r"\d+")),
    ]
    return [
        ("openai-version", "2020-10-01"),
        ("x-content-type-options", "nosniff"),
        *(account if known else []),
        ("x-request-id", request_id),
    ]


OF_AZURE = [
    ("apim-request-id", UUID),
    ("x-content-type-options", "nosniff"),
    ("x-envoy-upstream-service-time", IsStr(regex=r"\d+")),
    ("x-ms-region", "East US 2"),
]
OF_PROXY = [
    ("x-litellm-call-id", UUID),
    ("x-litellm-model-name", "openai/sora-2"),
    ("x-litellm-version", "1.109.1"),
    ("x-litellm-response-cost", "0"),
    ("x-litellm-key-spend", "0.0"),
    ("x-litellm-timeout", "600.0"),
    ("vary", "Origin"),
    ("x-frame-options", "DENY"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
]

# The presets whose answers have other headers than the others.
OWN = {"rate_limit": RETRY, "unauthorized": BEARER}
REFUSED = ("bad_key", "unauthorized")


@pytest.mark.parametrize("name", WORDS)
def test_openai_sends_a_closed_list_of_headers_in_order(told, name):
    _, text, headers = told("openai", f"error={name}")
    refused = name in REFUSED
    rest = of_openai(UUID, known=False) if refused else of_openai()
    assert headers == [*framed(text), *OWN.get(name, []), *rest]


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("surface", ["azure", "azure-jobs"])
def test_azure_sends_a_closed_list_of_headers_in_order(told, surface, name):
    _, text, headers = told(surface, f"error={name}")
    own = RETRY if name == "rate_limit" else []
    assert headers == [*framed(text, "application/json; charset=UTF-8"), *own, *OF_AZURE]


@pytest.mark.parametrize("name", WORDS)
def test_the_proxy_passes_all_headers_on_under_a_prefix(told, name):
    _, text, headers = told("litellm", f"error={name}")
    refused = name in REFUSED
    rest = of_openai(UUID, known=False) if refused else of_openai()
    upstream = [*framed(WORDS[name][1]), *OWN.get(name, []), *rest]
    passed_on = [(f"llm_provider-{header}", value) for header, value in upstream]
    request_id = ("request-id", UUID if refused else REQUEST_ID)
    assert headers == [*framed(text), *passed_on, request_id, *OF_PROXY]
    assert dict(headers)["request-id"] == dict(headers)["llm_provider-x-request-id"]


# What a rule changes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("surface", "rule", "status", "text"),
    [
        ("openai", "error=rate_limit message=hey code=c status=420", 420, openai("hey", "requests", "c")),
        ("openai", "error=bad_key param=q type=t", 401, '{"error":{"message":"' + KEY + '","type":"t","param":"q","code":"invalid_api_key"}}'),
        ("openai", "error=418", 418, openai("Fauxreel answers 418, as a rule says.")),
        ("openai", "error=599", 599, openai("Fauxreel answers 599, as a rule says.", "server_error")),
        ("openai", """error=503 message='a "b" ü' code=x""", 503, r'{"error":{"message":"a \"b\" ü","type":"server_error","param":null,"code":"x"}}'),
        ("azure", "error=rate_limit message=hey code=c status=420", 420, '{"error":{"code":"c","message": "hey"}}'),
        ("azure", "error=bad_key status=403", 403, AZURE_KEY.replace('"401"', '"403"')),
        ("azure", "error=timeout status=408", 408, gateway("Timeout", "The operation was timeout.")),
        ("azure", "error=unauthorized status=403 message=no", 403, '{"statusCode":403,"message":"no"}'),
        ("azure", """error=server_error code='a"b' message='a "b" ü'""", 500, r'{"error":{"code":"a\"b","message":"a \"b\" \u00fc"}}'),
        ("azure", "error=retired status=410 message=Gone", 410, '{"detail":"Gone"}'),
        ("azure", "error=concurrency param=p", 429, '{"error":{"message":"Too many running tasks","type":"video_generation_user_error","param":"p","code":null}}'),
        ("azure", "error=moderation message=no type=t param=q code=c status=422", 422, '{"error":{"message":"no","type":"t","param":"q","code":"c","status":422,' + FOUND + "}}"),
        ("azure", "error=418", 418, openai("Fauxreel answers 418, as a rule says.")),
        ("azure-jobs", "error=418 message=ü", 418, flat(r"\u00fc")),
        ("azure-jobs", "error=concurrency status=503 code=c", 503, flat("Too many running tasks", USER, '"c"')),
        ("azure-jobs", "error=moderation message=no", 400, flat("no", "null", '"content_filter"', '"prompt"', '{"code":"ResponsibleAIPolicyViolation"}')),
        ("azure-jobs", "error=overloaded message=no", 503, gateway("503", "no")),
        ("litellm", "error=rate_limit message=hey code=c", 429, wrapped(429, "RateLimitError: RateLimitError: OpenAIException", "throttling_error", openai("hey", "requests", "c"))),
        ("litellm", "error=503 message=hey", 503, wrapped(503, "ServiceUnavailableError: ServiceUnavailableError: OpenAIException", "internal_server_error", openai("hey", "server_error"))),
        # A status that the proxy does not know is one of its own.
        ("litellm", "error=418 message=hey", 500, wrapped(500, "InternalServerError: InternalServerError: OpenAIException", "internal_server_error", openai("hey"))),
    ],
)  # fmt: skip
def test_a_rule_changes_parts_of_an_error_and_the_envelope_stays(told, surface, rule, status, text):
    assert told(surface, rule)[:2] == (status, text)


def test_a_changed_error_keeps_the_headers_of_its_preset(told):
    _, text, headers = told("openai", "error=unauthorized code=x")
    assert headers == [*framed(text), *BEARER, *of_openai(UUID, known=False)]


@pytest.mark.parametrize(
    ("seconds", "whole", "milliseconds"),
    [("0.05", "1", "50"), ("0.07", "1", "70"), ("1.5", "2", "1500"), ("2", "2", "2000"), ("0", "0", "0")],
)  # fmt: skip
@pytest.mark.parametrize("error", ["rate_limit", "overloaded", "server_error", "418"])
def test_retry_after_is_told_in_seconds_and_milliseconds(told, error, seconds, whole, milliseconds):
    headers = dict(told("openai", f"error={error} retry_after={seconds}")[2])
    assert (headers["retry-after"], headers["retry-after-ms"]) == (whole, milliseconds)


@pytest.mark.parametrize(
    ("seconds", "openai_says", "azure_says"),
    [("0.12", "120ms", "1"), ("8.64", "8.64s", "9"), ("60", "1m0s", "60"), ("86.4", "1m26.4s", "87"), ("0", "0s", "0")],
)  # fmt: skip
def test_the_words_of_a_rate_limit_tell_the_wait(told, seconds, openai_says, azure_says):
    rule = f"error=rate_limit retry_after={seconds}"
    assert f" Please try again in {openai_says}. Visit " in told("openai", rule)[1]
    assert told("azure", rule)[1] == AZURE_RATE.replace("1 seconds", f"{azure_says} seconds")


@pytest.mark.parametrize("surface", ["openai", "azure", "azure-jobs"])
def test_a_header_of_a_rule_stands_in_the_place_of_the_usual_one(told, surface):
    rule = (
        "error=rate_limit headers.retry-after=9 headers.X=y "
        "headers.x-request-id=own headers.x-ms-region=mine"
    )
    _, text, headers = told(surface, rule)
    common = of_openai() if surface == "openai" else OF_AZURE
    content_type = JSON if surface == "openai" else "application/json; charset=UTF-8"
    assert headers == [
        *framed(text, content_type),
        ("retry-after", "9"),
        ("retry-after-ms", "1000"),
        ("x", "y"),
        ("x-request-id", "own"),
        ("x-ms-region", "mine"),
        *(pair for pair in common if pair[0] not in ("x-request-id", "x-ms-region")),
    ]


def test_a_header_of_a_rule_comes_through_the_proxy_under_its_prefix(told):
    headers = told("litellm", "error=418 headers.x=y headers.x-request-id=own retry_after=1")[2]
    prefix = "llm_provider-"
    passed_on = [(n.removeprefix(prefix), v) for n, v in headers if n.startswith(prefix)]
    assert passed_on[3:] == [
        *RETRY,
        ("x", "y"),
        ("x-request-id", "own"),
        *of_openai()[:-1],
    ]
    assert dict(headers)["request-id"] == "own"
    assert {"x", "retry-after"}.isdisjoint(dict(headers))


def test_a_rule_that_cannot_be_read_is_refused_and_says_why(told):
    status, text, _ = told("openai", "error=teapot")
    error = json.loads(text)["error"]
    assert (status, error["type"], error["param"], error["code"]) == (
        400,
        INVALID,
        "X-Fauxreel",
        "fauxreel_rule",
    )
    assert "'teapot'" in error["message"]
