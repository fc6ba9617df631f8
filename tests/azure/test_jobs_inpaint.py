"""Inpaint items of Sora 1 jobs, and the files that they name."""

import json

import pytest

from fauxreel.resources import shipped

JOBS = "/openai/v1/video/generations/jobs"
CAT = (("model", "sora"), ("prompt", "a cat"), ("width", "480"), ("height", "480"))
WHOLE = {"left_fraction": 0.1, "top_fraction": 0, "right_fraction": 0.9, "bottom_fraction": 1}
ITEM = {"frame_index": 0, "type": "image", "file_name": "a.png", "crop_bounds": WHOLE}


def refused(message, param, code):
    kind = "invalid_request_error"
    return 400, {
        "code": code,
        "message": message,
        "param": param,
        "type": kind,
        "inner_error": None,
    }


def mistyped(param, expected, given):
    return refused(
        f"Invalid type for '{param}': expected {expected}, but got {given} instead.",
        param,
        "invalid_type",
    )


def unlisted(param, value, supported):
    return refused(
        f"Invalid value: '{value}'. Supported values are: {supported}.", param, "invalid_value"
    )


@pytest.fixture
def create(send, form, image):
    """Creates a job with these items and one file for each name, by multipart."""

    def create(items, *names, kind="image/png", data=None):
        text = items if isinstance(items, str) else json.dumps(items)
        files = [("files", (name, data or image(300, 200), kind)) for name in names]
        reply = send("POST", JOBS, **form(*CAT, ("inpaint_items", text), *files))
        return reply.status, reply.json

    return create


@pytest.mark.parametrize(
    ("items", "names"),
    [
        ([ITEM], ["a.png"]),
        ([{"file_name": "a.png"}], ["a.png"]),
        ([ITEM, {**ITEM, "file_name": "b.png", "frame_index": 149}], ["a.png", "b.png"]),
        ([ITEM, {**ITEM, "frame_index": "75"}], ["a.png"]),
        ([{**ITEM, "crop_bounds": {}}], ["a.png"]),
        ([], []),
        ([], ["a.png"]),
    ],
    ids=["one", "defaults", "two files", "one file twice", "no bounds", "none", "unused file"],
)
def test_items_name_attached_files(create, items, names):
    status, job = create(items, *names)
    assert (status, job["status"]) == (201, "queued")


def test_an_item_may_be_a_video(create):
    mp4 = shipped("fixtures", "media", "720x1280.mp4").read_bytes()
    item = {"type": "video", "file_name": "a.mp4"}
    assert create([item], "a.mp4", kind="video/mp4", data=mp4)[0] == 201


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({}, mistyped("inpaint_items", "an array", "an object")),
        (7, mistyped("inpaint_items", "an array", "an integer")),
        (["a.png"], mistyped("inpaint_items[0]", "an object", "a string")),
        ([ITEM, None], mistyped("inpaint_items[1]", "an object", "null")),
        (
            [ITEM] * 3,
            refused(
                "Invalid 'inpaint_items': array too long. Expected an array with maximum length 2, "
                "but got an array with length 3 instead.",
                "inpaint_items",
                "array_above_max_length",
            ),
        ),
        (
            [{**ITEM, "frame": 1}],
            refused(
                "Unknown parameter: 'inpaint_items[0].frame'.",
                "inpaint_items[0].frame",
                "unknown_parameter",
            ),
        ),
        (
            [{**ITEM, "frame_index": "first"}],
            mistyped("inpaint_items[0].frame_index", "an integer", "a string"),
        ),
        (
            [{**ITEM, "frame_index": -1}],
            refused(
                "Invalid 'inpaint_items[0].frame_index': integer below minimum value. Expected a "
                "value >= 0, but got -1 instead.",
                "inpaint_items[0].frame_index",
                "integer_below_min_value",
            ),
        ),
        (
            [{**ITEM, "type": "gif"}],
            unlisted("inpaint_items[0].type", "gif", "'image' and 'video'"),
        ),
        (
            [{**ITEM, "type": 1}],
            mistyped("inpaint_items[0].type", "one of 'image' or 'video'", "an integer"),
        ),
        (
            [ITEM, {"type": "image"}],
            refused(
                "Missing required parameter: 'inpaint_items[1].file_name'.",
                "inpaint_items[1].file_name",
                "missing_required_parameter",
            ),
        ),
        (
            [{"file_name": 1}],
            mistyped("inpaint_items[0].file_name", "a string", "an integer"),
        ),
        (
            [{"file_name": "c\u00e4t.png"}],
            unlisted("inpaint_items[0].file_name", "c\u00e4t.png", "'a.png'"),
        ),
        (
            [{**ITEM, "crop_bounds": [0, 0, 1, 1]}],
            mistyped("inpaint_items[0].crop_bounds", "an object", "an array"),
        ),
        (
            [{**ITEM, "crop_bounds": {"left": 0}}],
            refused(
                "Unknown parameter: 'inpaint_items[0].crop_bounds.left'.",
                "inpaint_items[0].crop_bounds.left",
                "unknown_parameter",
            ),
        ),
        (
            [{**ITEM, "crop_bounds": {"left_fraction": "0"}}],
            mistyped("inpaint_items[0].crop_bounds.left_fraction", "a decimal number", "a string"),
        ),
        (
            [{**ITEM, "crop_bounds": {"top_fraction": True}}],
            mistyped("inpaint_items[0].crop_bounds.top_fraction", "a decimal number", "a boolean"),
        ),
        (
            [{**ITEM, "crop_bounds": {"bottom_fraction": 1.5}}],
            unlisted("inpaint_items[0].crop_bounds.bottom_fraction", "1.5", "'0 to 1'"),
        ),
        (
            [{**ITEM, "crop_bounds": {"left_fraction": -0.5}}],
            unlisted("inpaint_items[0].crop_bounds.left_fraction", "-0.5", "'0 to 1'"),
        ),
        (
            [{**ITEM, "crop_bounds": {"left_fraction": 0.5, "right_fraction": 0.5}}],
            unlisted("inpaint_items[0].crop_bounds.right_fraction", "0.5", "'more than 0.5'"),
        ),
        (
            [{**ITEM, "crop_bounds": {"top_fraction": 1}}],
            unlisted("inpaint_items[0].crop_bounds.bottom_fraction", "1.0", "'more than 1.0'"),
        ),
    ],
)
def test_a_wrong_item_is_refused_with_its_place(create, send, items, expected):
    assert create(items, "a.png") == expected
    assert send("GET", f"{JOBS}?limit=10").json["data"] == []


@pytest.mark.parametrize("text", ["", "[", "a.png", "[" * 100_000])
def test_items_that_are_no_json_are_refused(create, text):
    status, error = create(text, "a.png")
    assert (status, error["type"], error["inner_error"]) == (400, "invalid_request_error", None)
    assert error["message"].startswith("We could not parse the JSON body of your request.")


def test_an_item_without_any_file_asks_for_files(create, send):
    expected = refused(
        "Missing required parameter: 'files'.", "files", "missing_required_parameter"
    )
    reply = send("POST", JOBS, {**dict(CAT), "inpaint_items": [ITEM]})
    assert create([ITEM]) == expected
    assert (reply.status, reply.json) == expected


@pytest.mark.parametrize(
    ("files", "given"),
    [("a.png", "a string"), (None, "null"), (5, "an integer"), (["a.png"], "a string")],
)
def test_files_are_no_json(send, files, given):
    reply = send("POST", JOBS, {**dict(CAT), "files": files})
    assert (reply.status, reply.json) == mistyped("files", "a file", given)


def test_a_file_without_a_name_is_no_file(send, form):
    reply = send("POST", JOBS, **form(*CAT, ("files", "a.png")))
    assert (reply.status, reply.json) == mistyped("files", "a file", "a string")


def test_a_lenient_emulator_takes_what_is_no_picture(run, sender_of, form):
    send = sender_of(run(lenient=True))
    parts = form(*CAT, ("inpaint_items", "[]"), ("files", ("a.png", b"no picture", "image/png")))
    assert send("POST", JOBS, **parts).status == 201


@pytest.mark.parametrize("name", ['"\\ud800"', '"\\ud83d\\ude00"'])
def test_a_name_in_escapes_is_echoed_in_escapes(create, name):
    status, error = create(f'[{{"file_name":{name}}}]', "a.png")
    assert (status, error["param"]) == (400, "inpaint_items[0].file_name")
    assert error["code"] == "invalid_value"


@pytest.mark.parametrize(
    ("kind", "data", "message", "code"),
    [
        (
            "image/gif",
            None,
            (
                "Invalid file 'files': unsupported mimetype ('image/gif'). Supported file formats are "
                "'image/jpeg', 'image/png', 'image/webp', and 'video/mp4'."
            ),
            "unsupported_file_mimetype",
        ),
        (
            "image/png",
            b"\x89PNG\r\n\x1a\n broken",
            "Invalid file 'files': the file could not be decoded. It may be corrupted or truncated.",
            "invalid_file",
        ),
    ],
)
def test_a_file_that_is_no_picture_is_refused(create, kind, data, message, code):
    assert create([ITEM], "a.png", kind=kind, data=data) == refused(message, "files", code)
