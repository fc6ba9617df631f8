"""`contracts fuzz`: what a server claims is asked, what it costs decides, what is wrong is told."""

import argparse
import json

import pytest

from altered import altered
from fauxreel import Emulator
from fauxreel_contracts import fuzz
from fauxreel_contracts.claims import NoDocument, claimed, document_path, operations, read
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.fuzz import Bounds, as_text
from fauxreel_contracts.profile import named, parse
from fauxreel_contracts.target import Options, TargetError, resolve

pytestmark = pytest.mark.slow

INSTANT = {"queue_seconds": 0, "processing_seconds": 0}
VIDEO = {
    "type": "object",
    "required": ["id", "size"],
    "properties": {"id": {"type": "string"}, "size": {"type": "string"}},
}
CREATION = {
    "operationId": "create",
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["prompt"],
                    "properties": {"prompt": {"type": "string", "minLength": 1}},
                    "additionalProperties": False,
                }
            }
        },
    },
    "responses": {
        "200": {"description": "", "content": {"application/json": {"schema": VIDEO}}},
        "4XX": {"description": "", "content": {"application/json": {}}},
    },
}
DELETION = {
    "operationId": "delete",
    "parameters": [{"name": "video_id", "in": "path", "required": True, "schema": {}}],
    "responses": {"default": {"description": ""}},
}


@pytest.fixture
def document(tmp_path):
    """A small one, so that a test takes seconds."""
    file = tmp_path / "small.yaml"
    paths = {"/v1/videos": {"post": CREATION}, "/v1/videos/{video_id}": {"delete": DELETION}}
    whole = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}
    file.write_text(json.dumps(whole))
    return file


def target(root_url, path="/v1", **options):
    return resolve("it", Options(url=root_url + path, **options), {})


def part(dialect, name):
    return claimed(read(document_path()), dialect, named(name))


def test_all_that_openai_had_is_asked():
    assert operations(part(Dialect.OPENAI, "openai")) == [
        "POST /videos",
        "GET /videos",
        "GET /videos/{video_id}",
        "DELETE /videos/{video_id}",
        "GET /videos/{video_id}/content",
        "POST /videos/{video_id}/remix",
        "POST /videos/edits",
        "POST /videos/extensions",
        "POST /videos/characters",
        "GET /videos/characters/{character_id}",
        "POST /files",
        "GET /files",
        "GET /files/{file_id}",
        "DELETE /files/{file_id}",
        "GET /files/{file_id}/content",
        "GET /models",
        "GET /models/{model}",
    ]


def test_what_a_profile_does_not_claim_is_not_asked():
    bare = parse(
        """
        dialect = "openai"
        source = "me"
        [capabilities]
        list = false
        delete = false
        remix = false
        edits = false
        extensions = false
        characters = false
        files = false
        models = false
        create_json = false
        """,
        "bare",
    )
    found = claimed(read(document_path()), Dialect.OPENAI, bare)

    assert operations(found) == [
        "POST /videos",
        "GET /videos/{video_id}",
        "GET /videos/{video_id}/content",
    ]
    creation = found["paths"]["/videos"]["post"]
    assert "application/json" not in creation["requestBody"]["content"]
    assert list(creation["responses"]["200"].get("links", {"content": 0})) == ["content"]


@pytest.mark.parametrize(
    ("dialect", "name", "first", "count"),
    [
        (Dialect.AZURE, "azure", "POST /videos", 8),
        (Dialect.AZURE_JOBS, "azure-jobs", "POST /video/generations/jobs", 7),
        (Dialect.LITELLM, "litellm-proxy", "POST /videos", 10),
    ],
)
def test_each_dialect_has_its_own_part_of_the_document(dialect, name, first, count):
    found = operations(part(dialect, name))

    assert (found[0], len(found)) == (first, count)


def test_a_part_leaves_the_document_as_it_was():
    whole = read(document_path())
    before = json.dumps(whole, default=str)
    claimed(whole, Dialect.AZURE, named("azure"))

    assert json.dumps(whole, default=str) == before


def test_a_server_that_costs_money_is_refused(document):
    far = resolve("far", Options(url="https://api.example.com/v1", max_spend=100.0), {})

    with pytest.raises(TargetError, match=r"^far: fuzzing makes videos without number"):
        fuzz.fuzz(far, document=document)


def test_a_server_elsewhere_that_is_free_is_not_refused_for_it(document):
    options = Options(url="https://does-not-exist.invalid/v1", price_per_second=0.0)
    free = resolve("free", options, {})

    with pytest.raises(TargetError, match=r"^free: .*running\?$"):
        fuzz.fuzz(free, document=document)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "while parsing"),
        ("just text", "is no OpenAPI document."),
        ("paths: {}", "the document has no operation that it claims."),
        (None, "No such file"),
    ],
)
def test_a_document_that_will_not_do_is_named(tmp_path, text, told):
    file = tmp_path / "odd.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(TargetError, match=told):
        fuzz.fuzz(target("http://127.0.0.1:9"), document=file)


def test_a_server_that_keeps_to_the_document_has_no_flaws(document):
    with Emulator(**INSTANT) as emulator:
        found = fuzz.fuzz(target(emulator.root_url), document=document, bounds=Bounds(examples=3))

        assert emulator.videos == []
    assert (found.flaws, found.troubles, found.failed) == ({}, [], False)
    assert found.operations == ["POST /videos", "DELETE /videos/{video_id}"]
    assert found.cases > 3
    assert found.left_behind == []


def no_size(passage):
    if passage.creates and passage.status == 200:
        passage.answer({key: value for key, value in passage.json.items() if key != "size"})


def test_what_an_answer_lacks_is_told_with_the_request(document, capsys):
    with altered(no_size, **INSTANT) as emulator:
        parser = argparse.ArgumentParser()
        fuzz.add_arguments(parser)
        arguments = parser.parse_args(
            ["it", "--openapi", str(document), "--max-examples", "2", "--seed", "7"]
        )
        status = fuzz.run(arguments, [target(emulator.root_url)])

    told = capsys.readouterr().out
    assert status == 1
    assert told.startswith(f"2 operations of {emulator.root_url}/v1, seed 7\n\n")
    assert "POST /videos: Response violates schema\n" in told
    assert "'size' is a required property" in told or '"size" is a required property' in told
    assert f"'{emulator.root_url}/v1/videos'" in told or f"{emulator.root_url}/v1/videos" in told
    assert "sk-fauxreel-contracts" not in told
    assert "1 kinds of flaws" in told


def test_a_run_ends_when_its_time_is_over(document):
    class Late:
        """A clock that is late from the second look on."""

        def __init__(self):
            self.looks = 0

        def now(self):
            self.looks += 1
            return 0.0 if self.looks < 6 else 1000.0

        def wait(self, seconds): ...

    with Emulator(**INSTANT) as emulator:
        found = fuzz.fuzz(target(emulator.root_url), document=document, clock=Late())

    assert found.out_of_time
    assert "the time was over before all was sent" in as_text(found)


def test_an_interrupted_run_cleans_up(document):
    class Impatient:
        """A clock whose owner presses Ctrl-C after a while."""

        def __init__(self):
            self.looks = 0

        def now(self):
            self.looks += 1
            if self.looks == 12:
                raise KeyboardInterrupt
            return 0.0

        def wait(self, seconds): ...

    with Emulator(**INSTANT) as emulator:
        found = fuzz.fuzz(target(emulator.root_url), document=document, clock=Impatient())

        assert emulator.videos == []
    assert found.interrupted
    assert "\n  interrupted" in as_text(found)


def test_an_operation_that_cannot_be_tested_is_a_failure(tmp_path):
    file = tmp_path / "broken.yaml"
    parameters = [{"$ref": "#/components/parameters/None"}]
    paths = {"/v1/videos": {"get": {"parameters": parameters, "responses": {}}}}
    whole = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}
    file.write_text(json.dumps(whole))
    with Emulator(**INSTANT) as emulator:
        found = fuzz.fuzz(target(emulator.root_url), document=file)

    assert found.failed
    assert "\n\nnot tested, GET /videos: " in as_text(found)


def test_a_document_that_did_not_come_along_has_to_be_named():
    with pytest.raises(NoDocument, match="Name one: --openapi FILE"):
        document_path("no_such_package")


def test_many_videos_that_stay_are_told_in_few_lines(document):
    def stays(passage):
        if passage.deletes and passage.status == 200:
            passage.answer({"detail": "Method Not Allowed"}, 405)

    with altered(stays, **INSTANT) as emulator:
        found = fuzz.fuzz(target(emulator.root_url), document=document, bounds=Bounds(examples=10))

    assert len(found.left_behind) > 5
    assert as_text(found).count("left behind: ") == 5
    assert as_text(found).endswith(f"  and {len(found.left_behind) - 5} more")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/openai/v1/video/generations", "/litellm/v1", "/v1"])
def test_the_emulator_keeps_to_its_document(path):
    with Emulator(**INSTANT, separate_surfaces=True) as emulator:
        found = fuzz.fuzz(target(emulator.root_url, path), bounds=Bounds(examples=5, seconds=900.0))

    assert (found.flaws, found.troubles, found.out_of_time) == ({}, [], False)
    assert found.cases > 100
