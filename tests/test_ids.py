"""The shapes of ids, and that they repeat with the seed."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from fauxreel.ids import RequestIds, hashed_key, organization, project_id, random_seed, video_id

CREATED = 1767225600
VIDEO_ID = re.compile(
    r"video_(?P<created>[0-9a-f]{8})[0-9a-f]{4}819[0-9a-f][89ab][0-9a-f]{15}0[0-9a-f]{15}"
)


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(1, 2**40), st.integers(0, 2**32 - 1))
def test_a_video_id_is_a_uuid_that_begins_with_its_creation_and_16_digits(
    seed: int, sequence: int, created: int
) -> None:
    match = VIDEO_ID.fullmatch(video_id(seed, sequence, created))
    assert match
    assert match["created"] == f"{created:08x}"


def test_a_video_id_has_48_digits() -> None:
    assert len(video_id(7, 1, CREATED)) == len("video_") + 48


def test_the_same_seed_and_sequence_make_the_same_video_id() -> None:
    assert video_id(7, 1, CREATED) == video_id(7, 1, CREATED)


def test_each_sequence_and_each_seed_has_video_ids_of_its_own() -> None:
    made = {video_id(seed, nth, CREATED) for seed in range(10) for nth in range(1000)}
    assert len(made) == 10_000


def test_request_ids_look_right_and_repeat_with_the_seed() -> None:
    first, second, other = RequestIds(7, "openai"), RequestIds(7, "openai"), RequestIds(8, "openai")
    made = [first.next() for _ in range(100)]
    assert all(re.fullmatch(r"req_[0-9a-f]{32}", one) for one in made)
    assert made == [second.next() for _ in range(100)]
    assert len({*made, *(other.next() for _ in range(100))}) == 200


def test_the_uuid_of_a_refused_request_is_one_of_version_4() -> None:
    ids, same = RequestIds(7, "openai"), RequestIds(7, "openai")
    made = [ids.next_uuid() for _ in range(100)]
    shape = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(shape, one) for one in made)
    assert made == [same.next_uuid() for _ in range(100)]
    assert len(set(made)) == 100


def test_a_hashed_key_shows_nothing_of_the_key_and_depends_on_the_salt() -> None:
    hashed = hashed_key(7, "sk-secret")
    assert re.fullmatch(r"key_[0-9a-f]{8}", hashed)
    assert hashed == hashed_key(7, "sk-secret")
    assert len({hashed, hashed_key(8, "sk-secret"), hashed_key(7, "sk-other")}) == 3


def test_a_key_of_bytes_that_are_not_text_can_be_hashed() -> None:
    key = b"sk-\xff".decode("utf-8", "surrogateescape")
    assert re.fullmatch(r"key_[0-9a-f]{8}", hashed_key(7, key))


def test_organization_and_project_look_right_and_repeat_with_the_seed() -> None:
    assert re.fullmatch(r"user-[0-9a-z]{24}", organization(7))
    assert re.fullmatch(r"proj_[0-9a-z]{24}", project_id(7, "one"))
    assert organization(7) == organization(7)
    assert organization(7) != organization(8)
    assert len({project_id(seed, name) for seed in (7, 8) for name in ("one", "two")}) == 4


def test_a_random_seed_is_one_that_can_be_given() -> None:
    assert 0 <= random_seed() < 2**32
