"""openapi.yaml says what Azure's two APIs take: parameters, closed lists, bounds."""

from itertools import product

import pytest

from fauxreel.domain.paging import DEFAULT_LIMIT, DEFAULT_ORDER, Order
from fauxreel.domain.video import Variant
from fauxreel.wire import azure_jobs_parse as jobs
from fauxreel.wire import azure_v1, openai_render
from fauxreel.wire.openai_parse import CREATE_PARAMETERS

V1 = "/openai/v1/videos"
JOBS = "/openai/v1/video/generations/jobs"


def top(schema):
    """The parameters of a body, without what stands in brackets."""
    return {name.partition("[")[0] for name in schema["properties"]}


def test_versions_are_those_that_are_accepted_everywhere(document, emulator, send):
    for surface in ("azure", "azure-jobs"):
        for name in document.of(surface):
            version = document.query(name)["api-version"]
            assert version["enum"] == list(azure_v1.API_VERSIONS)
            assert version["default"] in version["enum"]
    for version, status in (("v1", 200), ("preview", 200), ("2025-04-01-preview", 400), ("", 400)):
        assert send(emulator, "GET", f"{V1}?api-version={version}").status == status


def test_either_credential_is_asked_for(document):
    for surface in ("azure", "azure-jobs"):
        for _, _, operation in document.of(surface).values():
            assert operation["security"] == [{"azureKey": []}, {"bearer": []}]
    assert document.raw["components"]["securitySchemes"]["azureKey"]["name"] == "api-key"


@pytest.mark.parametrize(
    "schema", ["CreateAzureVideo", "CreateAzureVideoForm", "CreateAzureVideoFields"]
)
def test_a_create_takes_what_is_read_but_characters(document, schema):
    found = document.schema(schema)
    assert top(found) == {*CREATE_PARAMETERS, "user"} - {"characters"}
    assert found["required"] == ["model", "prompt"]


def test_unknown_parameters_are_unknown(document, emulator, send):
    for name in ("characters", "width", "n_seconds", "fps"):
        reply = send(emulator, "POST", V1, {"model": "x", "prompt": "x", name: 1})
        assert reply.json["error"]["code"] == "unknown_parameter"
        assert name not in document.schema("CreateAzureVideo")["properties"]


def test_sizes_and_lengths_are_those_that_azure_made(document, emulator, send):
    model = azure_v1.AZURE_SORA_2
    size, seconds = document.schema("AzureSize"), document.schema("AzureSeconds")
    assert (size["enum"], size["default"]) == (list(model.sizes), model.default_size)
    assert seconds["enum"] == [str(length) for length in model.seconds]
    assert seconds["default"] == str(model.default_seconds)
    video = send(emulator, "POST", V1, {"model": "x", "prompt": "x"}).json
    assert (video["size"], video["seconds"]) == (size["default"], seconds["default"])


def test_states_are_those_that_are_rendered(document):
    states = document.schema("AzureVideo")["properties"]["status"]["enum"]
    assert states == list(openai_render.WIRE.values())
    assert document.schema("JobStatus")["enum"] == list(jobs.STATUSES)


def test_query_parameters_are_those_that_are_read(document):
    named = {
        name: set(document.query(name)) - {"api-version"}
        for surface in ("azure", "azure-jobs")
        for name in document.of(surface)
    }
    assert {name: names for name, names in named.items() if names} == {
        "listAzureVideos": {"limit", "after", "order"},
        "retrieveAzureVideoContent": {"variant"},
        "listJobs": {"limit", "after", "before", "statuses"},
        "retrieveGenerationVideo": {"quality"},
    }


def test_pages_and_files_are_asked_for_as_the_code_reads_them(document):
    videos, files = document.query("listAzureVideos"), document.query("retrieveAzureVideoContent")
    assert (videos["limit"]["default"], videos["limit"]["maximum"]) == (DEFAULT_LIMIT, 100)
    assert (videos["order"]["enum"], videos["order"]["default"]) == ([*Order], DEFAULT_ORDER)
    assert (files["variant"]["enum"], files["variant"]["default"]) == ([*Variant], Variant.VIDEO)


def test_pages_of_jobs_and_qualities_are_those_that_are_read(document, emulator, send):
    limit = document.query("listJobs")["limit"]
    assert limit["default"] == jobs.parse_jobs({}).limit
    for asked, status in ((limit["maximum"], 200), (limit["maximum"] + 1, 400), (-1, 400)):
        assert send(emulator, "GET", f"{JOBS}?limit={asked}").status == status
    quality = document.query("retrieveGenerationVideo")["quality"]
    assert jobs.parse_quality({}) == quality["default"]
    assert [jobs.parse_quality({"quality": each}) for each in quality["enum"]] == quality["enum"]


# Jobs ---------------------------------------------------------------------------------------------

KINDS = {
    "CreateJob": {"files"},
    "CreateJobForm": set(),
    "CreateJobFields": {"files", "inpaint_items"},
}


@pytest.mark.parametrize(("schema", "lacks"), KINDS.items())
def test_a_job_takes_what_is_read(document, schema, lacks):
    assert set(document.schema(schema)["properties"]) == {*jobs._PARAMETERS} - lacks


def test_inpaint_items_have_the_keys_that_are_read(document):
    item = document.schema("InpaintItem")
    bounds = item["properties"]["crop_bounds"]
    assert list(item["properties"]) == list(jobs._ITEM_KEYS)
    assert list(bounds["properties"]) == list(jobs._BOUNDS)
    items = document.schema("CreateJobForm")["properties"]["inpaint_items"]["contentSchema"]
    assert items["maxItems"] == jobs._MOST_ITEMS


@pytest.mark.parametrize("schema", KINDS)
def test_each_size_has_its_lengths_and_variants_and_no_others(document, schema):
    validator = document.validator(document.schema(schema))
    sides = sorted({int(side) for size in jobs.SIZES for side in size.split("x")} | {1000})
    for width, height, seconds, variants in product(sides, sides, (1, 10, 11, 20, 21), range(6)):
        most = jobs.SIZES.get(f"{width}x{height}", 0)
        longest = jobs._LONGEST_1080P if most == 1 else jobs._LONGEST_SECONDS
        for kind in (int, str):
            sent = {"width": width, "height": height, "n_seconds": seconds, "n_variants": variants}
            body = {"model": "x", "prompt": "x"} | {key: kind(n) for key, n in sent.items()}
            taken = 1 <= variants <= most and seconds <= longest
            assert validator.is_valid(body) == taken, body


def test_what_a_job_does_not_say_is_as_documented(document, emulator, send):
    job = send(emulator, "POST", JOBS, {"model": "x", "prompt": "x", "width": 480, "height": 480})
    assert job.json["n_seconds"] == document.schema("JobSeconds")["default"]
    assert job.json["n_variants"] == document.schema("JobVariants")["default"]
