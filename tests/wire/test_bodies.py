import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.domain.errors import (
    DuplicateParameter,
    NotAnObject,
    RequestError,
    UnreadableForm,
    UnreadableJson,
)
from fauxreel.wire.bodies import parse_json, parse_urlencoded, type_name
from fauxreel.wire.multipart import Upload, nest

# Machines stall; a slow example is no finding.
laws = settings(deadline=None)
TEXTS = st.text(st.characters(codec="utf-8"))
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b"{}", {}),
        (b' \r\n\t{"prompt" : "a cat"}\n', {"prompt": "a cat"}),
        (b'{"b": 1, "a": [true, null, 1.5]}', {"b": 1, "a": [True, None, 1.5]}),
        (b'{"prompt": "\\ud83d\\udc31 \xf0\x9f\x90\xb1"}', {"prompt": "🐱 🐱"}),
        (b'{"prompt": "a\\u0000b"}', {"prompt": "a\0b"}),
        (b'{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        (b'{"seconds": 1e999}', {"seconds": float("inf")}),
        (b'{"video[id]": "x"}', {"video[id]": "x"}),
        (b'{"__proto__": {}, "": 0}', {"__proto__": {}, "": 0}),
    ],
)
def test_a_json_object_is_read_as_it_stands(body: bytes, values: dict[str, Any]) -> None:
    assert parse_json(body) == values


@laws
@given(st.dictionaries(TEXTS, JSON_VALUES, max_size=4), st.booleans())
def test_any_json_object_comes_back_equal(values: dict[str, Any], escaped: bool) -> None:
    assert parse_json(json.dumps(values, ensure_ascii=escaped).encode()) == values


def by_the_letter(body: bytes) -> dict[str, Any] | None:
    """What the standard library reads, if it is an object without a key that stands twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    try:
        value = json.loads(body.decode(), object_pairs_hook=unique)
    except (ValueError, AssertionError):
        return None
    return value if isinstance(value, dict) else None


TOKENS = st.sampled_from(
    [b"{", b"}", b'"', b'"a"', b'"b"', b":", b",", b" ", b"\\", b"\n", b"\x01", b"1", b"[", b"\xc3"]
)


@settings(laws, max_examples=500)
@given(
    st.dictionaries(st.sampled_from("abc:"), st.sampled_from(["x", "a:b", "\n", "ü", 1, None])),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2), TOKENS), max_size=3),
)
def test_what_is_read_is_what_the_standard_library_reads(
    values: dict[str, Any], changes: list[tuple[int, int, bytes]]
) -> None:
    body = json.dumps(values, ensure_ascii=False).encode()
    for at, count, token in changes:
        body = body[:at] + token + body[at + count :]
    found = None
    with suppress(RequestError):
        found = parse_json(body)
    assert found == by_the_letter(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="unclosed"),
        pytest.param(b'{"prompt": "a cat"', id="cut-off"),
        pytest.param(b'{"prompt": "a cat",}', id="trailing-comma"),
        pytest.param(b"{'prompt': 'a cat'}", id="single-quotes"),
        pytest.param(b"{prompt: 1}", id="bare-name"),
        pytest.param(b'{"prompt": "a\ncat"}', id="raw-line-break"),
        pytest.param(b'{"a": 1} {"b": 2}', id="two-objects"),
        pytest.param(b'{"a": 1} // a comment', id="comment"),
        pytest.param(b'{"a": NaN}', id="nan"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a": 01}', id="leading-zero"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="huge-integer"),
        pytest.param(b"[" * 100_000, id="deep-lists"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep-closed-lists"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="deep-objects"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte-order-mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="utf-16"),
        pytest.param(b'{"a": "\xff"}', id="not-utf-8"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', id="surrogate-bytes"),
        pytest.param(b'{"a": "\\ud800"}', id="half-a-pair"),
        pytest.param(b'{"a": ["\\udc00\\ud800"]}', id="halves-in-the-wrong-order"),
        pytest.param(b'{"\\ud800": 1}', id="half-a-pair-in-a-name"),
        pytest.param(b'{"\\ud800": 1, "\\ud800": 2}', id="half-a-pair-twice"),
        pytest.param(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', id="form"),
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableJson):
        parse_json(body)


@pytest.mark.parametrize(
    ("body", "given_"),
    [
        (b"[]", "an array"),
        (b'[{"prompt": "a cat"}]', "an array"),
        (b'"a cat"', "a string"),
        (b"1", "an integer"),
        (b"-0.5", "a decimal number"),
        (b"true", "a boolean"),
        (b"null", "null"),
    ],
)
def test_json_that_is_no_object_is_refused(body: bytes, given_: str) -> None:
    with pytest.raises(NotAnObject) as refusal:
        parse_json(body)
    assert refusal.value.fields == {"given": given_}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b'{"a": 1, "a": 1}', "a"),
        (b'{"a": 1, "b": 2, "b": 3, "a": 4}', "b"),
        (b'{"a": 1, "\\u0061": 2}', "a"),
        (b'{"a": "x", "a": "x"}', "a"),
        (b'{"a": "x", "b": "y:z", "a" : "x"}', "a"),
        (b'{"a": "x", "\\u0061": "x"}', "a"),
        (b'{"video": {"id": "x", "id": "y"}}', "id"),
        (b'{"characters": [{"id": "x"}, {"id": "y", "id": "z"}]}', "id"),
        (b'{"": 1, "": 2}', ""),
    ],
)
def test_a_key_that_stands_twice_is_refused(body: bytes, param: str) -> None:
    with pytest.raises(DuplicateParameter) as refusal:
        parse_json(body)
    assert refusal.value.param == param


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b"prompt=a+cat&seconds=8", {"prompt": "a cat", "seconds": "8"}),
        (b"prompt=a%20cat%0A%F0%9F%90%B1", {"prompt": "a cat\n🐱"}),
        (b"prompt=", {"prompt": ""}),
        (b"prompt", {"prompt": ""}),
        (b"prompt=a=b;c", {"prompt": "a=b;c"}),
        (b"prompt=%zz%", {"prompt": "%zz%"}),
        (b"&&prompt=x&&", {"prompt": "x"}),
        ("prompt=Straße".encode(), {"prompt": "Straße"}),
        (b"video%5Bid%5D=v1", {"video": {"id": "v1"}}),
        (
            b"video[id]=v1&characters[][id]=c1",
            {"video": {"id": "v1"}, "characters": [{"id": "c1"}]},
        ),
        (b"", {}),
    ],
)
def test_an_urlencoded_form_is_read_as_fields(body: bytes, values: dict[str, Any]) -> None:
    assert parse_urlencoded(body) == values


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"prompt=\xff", id="raw-bytes"),
        pytest.param(b"prompt=%ff", id="escaped-bytes"),
        pytest.param(b"%ff=x", id="escaped-bytes-in-a-name"),
        pytest.param(b"prompt=%ed%a0%80", id="surrogate"),
        pytest.param(b"&".join(b"a%d=1" % i for i in range(129)), id="129-fields"),
    ],
)
def test_an_urlencoded_form_that_is_no_text_or_too_long_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableForm):
        parse_urlencoded(body)


def test_an_urlencoded_form_may_have_128_fields() -> None:
    assert len(parse_urlencoded(b"&".join(b"a%d=1" % i for i in range(128)))) == 128


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("input_reference[image_url]", "u")], {"input_reference": {"image_url": "u"}}),
        ([("video[id]", "v")], {"video": {"id": "v"}}),
        (
            [("characters[][id]", "c1"), ("characters[][id]", "c2")],
            {"characters": [{"id": "c1"}, {"id": "c2"}]},
        ),
        ([("c[][id]", "1"), ("c[][name]", "n")], {"c": [{"id": "1", "name": "n"}]}),
        ([("c[0][id]", "1"), ("c[1][id]", "2")], {"c": {"0": {"id": "1"}, "1": {"id": "2"}}}),
        ([("tags[]", "a"), ("tags[]", "b")], {"tags": ["a", "b"]}),
        ([("a[][]", "1"), ("a[][]", "2")], {"a": [["1"], ["2"]]}),
        ([("a[b][c][d][e]", "1")], {"a": {"b": {"c": {"d": {"e": "1"}}}}}),
        ([("a[b][c][d][e][f]", "1")], {"a[b][c][d][e][f]": "1"}),
        ([("[a]", "1"), ("a[", "2"), ("b]", "3")], {"[a]": "1", "a[": "2", "b]": "3"}),
        ([("a[b]c", "1"), ("a[[b]]", "2")], {"a[b]c": "1", "a[[b]]": "2"}),
        ([("b", "1"), ("a", "2")], {"b": "1", "a": "2"}),
        ([], {}),
    ],
)
def test_brackets_in_names_become_objects_and_lists(
    pairs: list[tuple[str, Any]], tree: dict[str, Any]
) -> None:
    assert nest(pairs) == tree
    assert list(nest(pairs)) == list(tree)


@pytest.mark.parametrize(
    "names",
    [
        ("a", "a"),
        ("a", "a[b]"),
        ("a[b]", "a"),
        ("a[b]", "a[b]"),
        ("a[]", "a"),
        ("a", "a[]"),
        ("a[]", "a[b]"),
        ("a[b]", "a[]"),
        ("a[b]", "a[b][c]"),
        ("a[b][c]", "a[b]"),
        ("a[][b][c]", "a[]", "a[c]"),
    ],
)
def test_a_name_that_stands_twice_or_as_two_kinds_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(DuplicateParameter) as refusal:
        nest([(name, "x") for name in names])
    assert refusal.value.param == "a"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        ("", "a string"),
        (False, "a boolean"),
        (0, "an integer"),
        (0.0, "a decimal number"),
        ([], "an array"),
        ({}, "an object"),
        (Upload("", None, b""), "a file"),
    ],
)
def test_types_are_called_what_the_validator_calls_them(value: object, name: str) -> None:
    assert type_name(value) == name


@laws
@given(st.binary(max_size=60) | TEXTS.map(str.encode))
def test_arbitrary_bytes_raise_nothing_but_request_errors(body: bytes) -> None:
    for parse in (parse_json, parse_urlencoded):
        with suppress(RequestError):
            assert isinstance(parse(body), dict)
