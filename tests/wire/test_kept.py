"""The parameters that the journal keeps: no secrets, no files, and so much at most."""

import hashlib
import json

import pytest

from fauxreel.wire.kept import MOST_ITEMS, MOST_TEXT, Keeper
from fauxreel.wire.multipart import Upload

CONTENTS = "the words of a file that nobody is to see"


def kept(values):
    return Keeper().kept(values)


def measured(text, shown=""):
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{shown}… ({len(text)} characters, {digest})"


def items(value):
    if isinstance(value, dict):
        return sum(1 + items(inner) for inner in value.values())
    return sum(1 + items(inner) for inner in value) if isinstance(value, list) else 0


def test_what_is_named_as_a_credential_is_hidden_at_any_depth():
    assert kept(
        {
            "api_key": "sk-BODYKEY",
            "extra_headers": {"Authorization": "Bearer abc", "X-Trace": "7"},
            "credentials": {"user": "me"},
            "items": [{"token": 12}],
            "password": None,
            "secret": "",
            "key": False,
            "max_tokens": 5,
        }
    ) == {
        "api_key": "(hidden)",
        "extra_headers": {"Authorization": "(hidden)", "X-Trace": "7"},
        "credentials": "(hidden)",
        "items": [{"token": "(hidden)"}],
        "password": None,
        "secret": "",
        "key": False,
        "max_tokens": 5,
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (CONTENTS, measured(CONTENTS)),
        ("QUJD" * 400, measured("QUJD" * 400)),
        (
            "data:image/png;base64,QUJD",
            measured("data:image/png;base64,QUJD", "data:image/png;base64,"),
        ),
        ("data: a secret", measured("data: a secret", "data:")),
        ("file-abc", "file-abc"),
        ("video_abc", "video_abc"),
        ("1280x720", "1280x720"),
        ("", ""),
        ("https://me:pw@h/a.png?sig=abc", "https://(hidden)@h/a.png?(hidden)"),
        ("http://h/a.png", "http://h/a.png"),
        (
            {"type": "image_url", "image_url": CONTENTS},
            {"type": "image_url", "image_url": measured(CONTENTS)},
        ),
        ({"data": CONTENTS}, {"data": measured(CONTENTS)}),
        ([CONTENTS], [measured(CONTENTS)]),
    ],
)
@pytest.mark.parametrize("name", ["input_reference", "video", "last_frame", "image"])
def test_a_file_that_came_as_text_is_told_by_its_length_and_digest(name, value, shown):
    assert kept({name: value}) == {name: shown}


def test_a_part_with_a_filename_is_told_by_its_name_type_length_and_digest():
    digest = hashlib.blake2b(b"abc", digest_size=8).hexdigest()

    assert kept({"a": Upload("a.png", "image/png", b"abc"), "b": Upload("", None, b"abc")}) == {
        "a": {"filename": "a.png", "content_type": "image/png", "length": 3, "digest": digest},
        "b": {"filename": "", "content_type": None, "length": 3, "digest": digest},
    }


def test_what_was_left_out_is_named_for_the_answer():
    keeper = Keeper()
    keeper.kept({"api_key": "one", "token": 2, "video": "three", "prompt": "four"})

    assert keeper.hidden == ["one", "three"]
    keeper.kept({"video": [str(n) + "abc" for n in range(50)]})
    assert len(keeper.hidden) == 50


def test_depth_length_and_numbers_end_at_an_ellipsis():
    assert kept({"a": {"b": {"c": {"d": {"e": 1}}}}, "n": 10**400, "m": 10**20}) == {
        "a": {"b": {"c": {"d": "…"}}},
        "n": "…",
        "m": 10**20,
    }
    assert kept({"prompt": "x" * 501}) == {"prompt": measured("x" * 501, "x" * 500)}
    assert kept({"prompt": "data:text/plain,hello"}) == {
        "prompt": measured("data:text/plain,hello", "data:text/plain,")
    }
    assert kept({"a": list(range(51))}) == {"a": [*range(50), "…"]}
    assert [*kept({str(n): n for n in range(51)})][-2:] == ["49", "…"]


@pytest.mark.parametrize(
    "values",
    [
        {"a": {str(n): {str(m): [0] * 50 for m in range(50)} for n in range(50)}},
        {"a": [["x" * 490] * 50] * 50},
        {"a": [["x" * 3000] * 50] * 50},
        {"k" * 400 + str(n): {"k" * 400 + str(m): 0 for m in range(50)} for n in range(50)},
        {"a": [["\U0001f600" * 490] * 50] * 50},
        {"video": [["data:" + "a" * 90] * 50] * 50},
    ],
    ids=["items", "texts", "long texts", "names", "wide", "files"],
)
def test_all_together_have_one_budget_and_end_visibly(values):
    found = kept(values)
    shown = json.dumps(found, ensure_ascii=False)

    assert items(found) <= MOST_ITEMS + 8  # an ellipsis in each open list
    assert len(shown) < MOST_TEXT + 6 * MOST_ITEMS
    assert "…" in shown
