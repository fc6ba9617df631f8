import pytest

from fauxreel.domain.errors import MissingCredentials, RefusedCredentials
from fauxreel.ids import hashed_key
from fauxreel.wire.credentials import SHARED_PROJECT, Keys, bearer_token, masked


@pytest.mark.parametrize(
    ("header", "token"),
    [
        pytest.param(b"Bearer sk-fauxreel", "sk-fauxreel", id="usual"),
        pytest.param(b"bearer sk-fauxreel", "sk-fauxreel", id="lower-case"),
        pytest.param(b"BEARER sk-fauxreel", "sk-fauxreel", id="upper-case"),
        pytest.param(b"Bearer   sk-fauxreel  ", "sk-fauxreel", id="blanks"),
        pytest.param(b"Bearer two words", "two words", id="blank-inside"),
        pytest.param(b"Bearer x", "x", id="one-character"),
        pytest.param(b"Bearer sk-\xe9", "sk-é", id="latin-1"),
        pytest.param(b"Bearer Bearer sk-1", "Bearer sk-1", id="scheme-twice"),
    ],
)
def test_a_token_is_what_follows_the_scheme(header: bytes, token: str) -> None:
    assert bearer_token({"headers": [(b"authorization", header)]}) == token


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="no-header"),
        pytest.param([(b"api-key", b"sk-fauxreel")], id="azure-header"),
        pytest.param([(b"authorization", b"")], id="empty"),
        pytest.param([(b"authorization", b"Bearer")], id="no-token"),
        pytest.param([(b"authorization", b"Bearer ")], id="empty-token"),
        pytest.param([(b"authorization", b"Bearer    ")], id="blank-token"),
        pytest.param([(b"authorization", b"Basic c2s6")], id="basic"),
        pytest.param([(b"authorization", b"Token sk-fauxreel")], id="other-scheme"),
        pytest.param([(b"authorization", b"sk-fauxreel")], id="no-scheme"),
        pytest.param([(b"authorization", b"Bearer:sk-fauxreel")], id="colon"),
        pytest.param([(b"authorization", b"Bearer\tsk-fauxreel")], id="tab"),
        pytest.param([(b"authorization", b"Basic a"), (b"authorization", b"Bearer b")], id="two"),
    ],
)
def test_credentials_are_missing_without_a_bearer_token(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(MissingCredentials):
        bearer_token({"headers": headers})


def test_two_headers_are_refused_as_the_one_that_proxies_make_of_them() -> None:
    twice = [(b"authorization", b"Bearer sk-one"), (b"authorization", b"Bearer sk-two")]
    with pytest.raises(RefusedCredentials) as refusal:
        bearer_token({"headers": twice})
    assert refusal.value.fields == {"masked": "sk-on***wo"}


@pytest.mark.parametrize(
    "key",
    [
        "sk-fauxreel",
        "sk-proj-0123456789abcdef",
        "x",
        "0",
        "none",
        "Null",
        "None of them",
        "key with spaces",
        "a cat, a dog",
        "sk-ключ",
        "dummy",
        "$",
        "${",
        "100%",
        "$5 bill",
        "prefix-$VAR",
        "${VAR}-suffix",
        "{}",
        "environ/KEY",
        "SK-INVALID",
        "not-sk-invalid",
        "x" * 10_000,
    ],
)
def test_every_key_that_could_be_one_is_accepted(key: str) -> None:
    assert Keys((), 1).project(key) == SHARED_PROJECT


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("None", "None"),
        ("null", "null"),
        ("undefined", "undefined"),
        ("$KEY", "****"),
        ("$OPENAI_API_KEY", "$OPEN***EY"),
        ("${OPENAI_API_KEY}", "${OPE***Y}"),
        ("$(cat key)", "**********"),
        ("{{ key }}", "*********"),
        ("{OPENAI_API_KEY}", "{OPEN***Y}"),
        ("${{ secrets.OPENAI_API_KEY }}", "${{ s***}}"),
        ("%OPENAI_API_KEY%", "%OPEN***Y%"),
        ("os.environ/OPENAI_API_KEY", "os.en***EY"),
        ("os.environ['OPENAI_API_KEY']", "os.en***']"),
        ("process.env.OPENAI_API_KEY", "proce***EY"),
        ("sk-invalid", "**********"),
        ("sk-invalid-key", "sk-in***ey"),
        ("sk-invalidated", "sk-in***ed"),
    ],
)
def test_a_key_that_cannot_be_one_is_refused(key: str, shown: str) -> None:
    with pytest.raises(RefusedCredentials) as refusal:
        Keys((), 1).project(key)
    assert refusal.value.fields == {"masked": shown}


def test_listed_keys_are_projects_of_their_own() -> None:
    keys = Keys(("sk-one", "sk-two"), 1)
    assert keys.project("sk-one") == hashed_key(1, "sk-one")
    assert keys.project("sk-two") == hashed_key(1, "sk-two")
    assert len({keys.project("sk-one"), keys.project("sk-two"), SHARED_PROJECT}) == 3


def test_a_listed_key_is_accepted_whatever_it_looks_like() -> None:
    keys = Keys(("None", "sk-invalid-1", "$KEY"), 1)
    assert keys.project("None") == hashed_key(1, "None")
    assert keys.project("sk-invalid-1") == hashed_key(1, "sk-invalid-1")
    assert keys.project("$KEY") == hashed_key(1, "$KEY")


@pytest.mark.parametrize("key", ["sk-three", "SK-ONE", "sk-one ", "sk-on", "sk-fauxreel"])
def test_with_a_list_every_other_key_is_refused(key: str) -> None:
    with pytest.raises(RefusedCredentials):
        Keys(("sk-one", "sk-two"), 1).project(key)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("", ""),
        ("k", "*"),
        ("sk-12345678", "***********"),
        ("sk-123456789", "sk-12***89"),
        ("sk-abcdefghijklmnopqrstuvwxyz", "sk-ab***yz"),
        ("sk-" + "x" * 10_000, "sk-xx***xx"),
        ("None", "None"),
        ("NONE", "****"),
    ],
)
def test_a_masked_key_shows_its_ends_or_nothing(key: str, shown: str) -> None:
    assert masked(key) == shown
