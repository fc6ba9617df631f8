"""What a video may begin with: the emulator keeps each clause, and each can be broken."""

import io

import pytest
from PIL import Image

from clause_runs import (
    AZURE,
    OPENAI,
    POLLS,
    accepts,
    cases,
    left_out,
    of_refusals,
    refuses,
    results,
    sends,
    target_of,
    unheld,
    verdict_of,
    when,
)
from fauxreel import Emulator
from fauxreel_contracts import media
from fauxreel_contracts.clauses.references import CLAUSES
from fauxreel_contracts.pictures import jpeg, webp
from fauxreel_contracts.registry import find
from fauxreel_contracts.result import Verdict
from fauxreel_contracts.run import run

YEARS = {f"references.{form}.year{end}" for form in ("file", "object") for end in ("", ".words")}
IN_2025 = {"reference_objects": False}
IN_2026 = {"reference_files": False}

# What a request holds that must be taken.
MARKS = {
    "references.file": b'filename="boat.png"',
    "references.file.jpeg": b'filename="boat.jpg"',
    "references.file.webp": b'filename="boat.webp"',
    "references.file.mp4": b'filename="boat.mp4"',
    "references.file.path": b'filename="/home/ada/pictures/boat.png"',
    "references.object.data": b'{"image_url"',
    "references.object.form": b"input_reference[image_url]",
    "references.object.file-id": b'{"file_id"',
}
BREAKS = of_refusals(CLAUSES) | {"references.object.one-key": [accepts]}
BREAKS |= {clause: [when(sends(mark), refuses)] for clause, mark in MARKS.items()}
WORLDS = {
    "references.file.year": ("object", IN_2026),
    "references.object.year": ("file", IN_2025),
}


@pytest.mark.parametrize("base", [OPENAI, AZURE])
def test_the_emulator_keeps_every_clause_that_is_no_matter_of_the_year(base):
    with Emulator(**POLLS) as emulator:
        found = results(emulator, CLAUSES, base)

    assert unheld(found) == []
    assert left_out(found) == (YEARS if base == OPENAI else set())


@pytest.mark.parametrize(
    ("taken", "capabilities", "year"),
    [("file", IN_2025, "references.object.year"), ("object", IN_2026, "references.file.year")],
)
def test_the_emulator_keeps_the_clauses_of_each_year(taken, capabilities, year):
    with Emulator(**POLLS, input_reference=taken) as emulator:
        found = results(emulator, CLAUSES, **capabilities)

    assert unheld(found) == []
    assert left_out(found) >= YEARS - {year, f"{year}.words"}
    assert year not in left_out(found)


def test_every_clause_has_what_breaks_it():
    assert set(BREAKS) == {clause.id for clause in CLAUSES}


@pytest.mark.parametrize(("clause", "change"), cases(BREAKS))
def test_a_server_that_errs_breaks_the_clause(clause, change):
    taken, capabilities = WORLDS.get(clause.removesuffix(".words"), ("any", {}))
    settings = {"input_reference": taken}
    assert verdict_of(clause, change, OPENAI, settings, **capabilities) is Verdict.DIFFERS


def test_an_upload_is_deleted_at_the_end_of_the_run():
    with Emulator(**POLLS) as emulator:
        report = run(target_of(emulator), [find("references.object.file-id")])
        asked = [(each.method, each.path.partition("-")[0]) for each in emulator.requests]

    assert (unheld(report.results), list(report.left_behind)) == ([], [])
    assert [each for each in asked if "files" in each[1]] == [
        ("POST", "/v1/files"),
        ("DELETE", "/v1/files/file"),
    ]


def test_an_upload_that_cannot_be_deleted_is_listed():
    with Emulator(**POLLS, rules="operation=delete_file disconnect") as emulator:
        report = run(target_of(emulator), [find("references.object.file-id")])

    assert unheld(report.results) == []
    assert [line.partition("-")[0] for line in report.left_behind] == ["/files/file"]


def test_a_target_whose_size_is_no_number_of_pixels_tells_nothing():
    with Emulator(**POLLS) as emulator:
        target = target_of(emulator, fields={"size": "768P"})
        (result,) = run(target, [find("references.file")]).results

    assert result.verdict is Verdict.UNTOLD


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (17, 9), (1, 1)])
@pytest.mark.parametrize(("make", "kind"), [(jpeg, "JPEG"), (webp, "WEBP")])
def test_a_picture_is_decoded_by_others_as_one_colour(make, kind, size):
    data = make(*size)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, len(image.getcolors())) == (kind, size, 1)
    assert media.picture(data) == media.Picture(f"image/{kind.lower()}", *size)
