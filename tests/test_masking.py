"""What is a credential or a file in texts, queries and answers, and what is none."""

import pytest

from fauxreel.masking import masked_answer, masked_query, masked_text, names_file, names_secret


@pytest.mark.parametrize(
    "name",
    [
        *("key", "api_key", "api-key", "apiKey", "APIKey", "x-functions-key", "apikey", "KEY"),
        *("code", "sig", "signature", "X-Amz-Signature", "x-amz-credential", "sas"),
        *("Authorization", "proxy_authorization", "auth", "token", "access_token", "accesstoken"),
        *("password", "userPassword", "client_secret", "credentials", "cookie", "AWSAccessKeyId"),
    ],
)
def test_a_name_of_a_credential_is_known(name):
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("api-version", "max_tokens", "prompt", "model", "seconds", "size", "user", "", "author"),
        *("status_code", "language_code", "keyframes", "variant", "after", "limit", "codec"),
    ],
)
def test_a_harmless_name_is_none(name):
    assert not names_secret(name)


@pytest.mark.parametrize(
    ("name", "within", "file"),
    [
        ("input_reference", False, True),
        ("image_url", False, True),
        ("lastFrame", False, True),
        ("b64_json", False, True),
        ("mask", False, True),
        ("video_id", False, False),
        ("file_name", True, False),
        ("type", True, False),
        ("data", True, True),
        ("data", False, False),
        ("prompt", False, False),
        ("", True, True),
    ],
)
def test_what_may_be_a_file_is_known_by_its_name_and_its_place(name, within, file):
    assert names_file(name, within=within) is file


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a cat?", "a cat?"),
        ("a flag bearer standing", "a flag bearer standing"),
        ("ratio=16:9", "ratio=16:9"),
        ("Bearer abc.def", "Bearer (hidden)"),
        ("a sk-12345678 b", "a sk-(hidden) b"),
        ("eyJhbGciOiJI.eyJzdWIi.x_y", "eyJ(hidden)"),
        ("Authorization: Basic dTpw", "Authorization: (hidden)"),
        ("https://h/a?x=1&sig=s%2F3&y=2", "https://h/a?x=1&sig=(hidden)&y=2"),
        ("https://me:pw@h/a", "https://(hidden)@h/a"),
        ('{"api_key": "a\\"b", "n": "c"}', '{"api_key": "(hidden)", "n": "c"}'),
        ("see data:image/png;base64,QUJD, there", "see data:image/png;base64,… there"),
    ],
)
def test_a_text_shows_no_credential_and_no_embedded_file(text, shown):
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        (b"", b"", []),
        (b"api-version=preview&limit=2&flag", b"api-version=preview&limit=2&flag", []),
        (b"api-key=A%2FB&code=C&x=1", b"api-key=(hidden)&code=(hidden)&x=1", ["A/B", "C"]),
        (b"api%2Dkey=ABC", b"api%2Dkey=(hidden)", ["ABC"]),
        (b"key=&token", b"key=&token", []),
        (b"sk-12345678", b"(hidden)", ["sk-12345678"]),
        (b"to=https%3A%2F%2Fh%2F%3Fsig%3Dabc", b"to=(hidden)", ["https://h/?sig=abc"]),
        (b"x=" + b"y" * 3000, b"x=" + b"y" * 1998 + "…".encode(), []),
    ],
)
def test_a_query_shows_no_credential(query, shown, hidden):
    assert masked_query(query) == (shown, hidden)


@pytest.mark.parametrize(
    ("body", "hidden", "shown"),
    [
        (b'{"code":"quota","key":"x"}', [], b'{"code":"quota","key":"x"}'),
        (b'{"url":"http://h/c?signature=abc"}', [], b'{"url":"http://h/c?signature=(hidden)"}'),
        (b'{"message":"No sk-12345678."}', [], b'{"message":"No sk-(hidden)"}'),
        (
            b'{"message":"Incorrect API key provided: ab***yz. You can"}',
            [],
            b'{"message":"Incorrect API key provided: (hidden). You can"}',
        ),
        ('{"message":"No ä\\"b-cd, e"}'.encode(), ['ä"b-cd', "e"], b'{"message":"No (hidden), e"}'),
        (b'{"message":"No \\u00e4bcdef"}', ["äbcdef"], b'{"message":"No (hidden)"}'),
    ],
)
def test_an_answer_repeats_no_credential(body, hidden, shown):
    assert masked_answer(body, hidden) == shown
