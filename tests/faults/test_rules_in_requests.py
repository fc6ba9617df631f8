"""Rules that headers and prompts bring along: how they are found, counted and bound to jobs."""

import pytest

from fauxreel.domain.refusals import BadRule
from fauxreel.faults.rule import Subject
from rule_texts import chosen, headed, prompted, rules


def test_the_rules_of_a_header_count_on_from_request_to_request(book):
    found = [chosen(book, headed("error=503 times=2; error=429 times=1")) for _ in range(4)]

    assert found == ["error=503 times=2", "error=503 times=2", "error=429 times=1", None]


def test_another_header_counts_anew(book):
    found = [chosen(book, headed(text)) for text in ("error=503 times=1", "error=503  times=1")]

    assert found == ["error=503 times=1"] * 2


@pytest.mark.parametrize("text", ["", " ", ";", "; ;"])
def test_an_empty_header_has_no_rules(book, text):
    assert chosen(book, headed(text)) is None


@pytest.mark.parametrize("operation", ["create", "remix", "edit", "extend"])
def test_a_phrase_counts_where_a_prompt_makes_a_job(book, operation):
    assert (
        chosen(book, Subject(operation=operation, prompt="x [[fauxreel error=503]] y"))
        == "error=503"
    )


def test_a_phrase_of_the_job_does_not_count_for_later_requests(book):
    assert chosen(book, Subject(operation="retrieve", prompt="[[fauxreel error=503]]")) is None


def test_several_phrases_are_several_rules(book):
    prompt = "[[ fauxreel\nerror=503 times=1]] a [cat] [[not for us]] [[fauxreel error=404]]"

    assert [chosen(book, prompted(prompt)) for _ in range(2)] == ["error=503 times=1", "error=404"]


@pytest.mark.parametrize(
    "prompt",
    [
        "a cat",
        "[[cat]]",
        "[[fauxreel]]",
        "[[fauxreels error=503]]",
        "[[",
        "]] [[ ]]",
        "[fauxreel x]",
    ],
)
def test_other_brackets_are_none_of_ours(book, prompt):
    assert chosen(book, prompted(prompt)) is None


def test_without_phrases_a_prompt_is_a_prompt(book):
    book.phrases = False
    book.bind("[[fauxreel operation=list error=503]]", "video_1", "create")

    assert chosen(book, prompted("[[fauxreel error=503]]")) is None
    assert book.idle


@pytest.mark.parametrize(
    ("subject", "place", "said"),
    [
        (headed("=x"), "X-Fauxreel", "X-Fauxreel: '=x' cannot be read."),
        (prompted("[[fauxreel =x]]"), "prompt", "prompt: '=x' cannot be read."),
        (
            prompted("a [[fauxreel error=503"),
            "prompt",
            "prompt: [[fauxreel has no end; ]] ends it.",
        ),
        (headed("pass;" * 65), "X-Fauxreel", "X-Fauxreel: there are 65 rules, at most 64."),
        (prompted("[[fauxreel pass]]" * 65), "prompt", "prompt: there are 65 rules, at most 64."),
        (
            headed("x" * 4001),
            "X-Fauxreel",
            "X-Fauxreel: the text has 4001 characters; at most 4000 are read.",
        ),
    ],
)
def test_a_rule_in_a_request_that_cannot_be_read_is_named(book, subject, place, said):
    with pytest.raises(BadRule) as caught:
        book.fault(subject, 1)

    assert caught.value.param == place
    assert caught.value.fields["reason"].startswith(said)


def test_a_prompt_of_megabytes_is_searched_in_linear_time(book):
    # Quadratic time would not end within the test run.
    prompts = ["[[fauxreel" + " " * 4_000_000, "[[fauxreel " * 300_000, "[[" * 2_000_000 + "]]"]
    said = []
    for prompt in prompts:
        try:
            said.append(chosen(book, prompted(prompt)))
        except BadRule as error:
            said.append(error.fields["reason"])

    assert said == ["prompt: [[fauxreel has no end; ]] ends it."] * 2 + [None]


# Rules bound to a job ----------------------------------------------------------------------------


def test_a_phrase_about_later_requests_counts_for_its_job_alone(book):
    prompt = "[[fauxreel operation=retrieve error=502 times=1]]"
    for video_id in ("video_1", "video_2"):
        book.bind(prompt, video_id, "create")
    subjects = [Subject(operation="retrieve", video_id=f"video_{n}") for n in (1, 1, 2, 3)]

    text = "operation=retrieve error=502 times=1"
    assert [chosen(book, subject) for subject in subjects] == [text, None, text, None]


@pytest.mark.parametrize(
    ("rule", "bound"),
    [
        ("error=503", False),
        ("operation=create error=503", False),
        ("operation=create,retrieve error=503", True),
        ("operation=remix error=503", True),
        ("missing=3", True),
        ("surface=openai operation=content error=503", True),
        ("stuck=99", True),
    ],
)
def test_a_phrase_is_bound_when_it_is_about_other_requests(book, rule, bound):
    book.bind(f"[[fauxreel {rule}]]", "video_1", "create")

    assert book.idle is not bound


def test_a_book_asks_for_a_job_when_a_rule_may_want_it(book):
    named = Subject(operation="content", video_id="video_1")
    knows = [book.knows(named), book.knows(headed("error=503"))]
    book.bind("[[fauxreel missing=3]]", "video_1", "create")
    knows += [book.knows(named), book.knows(Subject(video_id="video_2"))]
    book.set(rules("model=sora-2 error=503"))
    knows.append(book.knows(Subject(video_id="video_2")))

    assert knows == [False, True, True, False, True]
