"""The rules of a namespace: which one is chosen, what is counted, and what is forgotten."""

import pytest

from fauxreel.domain.errors import StoreFull
from fauxreel.faults.book import MOST_ADDED
from fauxreel.faults.rule import Subject
from rule_texts import CREATE, chosen, headed, rules


def test_the_first_match_wins_in_the_order_of_the_ways_in(book):
    subject = Subject(
        operation="create",
        prompt="a cat [[fauxreel error=402]]",
        headers={"x-fauxreel": "error=401"},
        video_id="video_1",
    )
    book.bind("[[fauxreel operation=list,create error=403]]", "video_1", "list")
    book.add(rules("error=404"))
    book.set(rules("error=405; error=406"))
    order = [chosen(book, subject)]
    order.append(
        chosen(book, Subject(operation="create", prompt=subject.prompt, video_id="video_1"))
    )
    order.append(chosen(book, Subject(operation="create", video_id="video_1")))
    order.append(chosen(book))
    book.clear()
    order.append(chosen(book))

    assert order == [
        "error=401",
        "error=402",
        "operation=list,create error=403",
        "error=404",
        "error=405",
    ]


def test_a_rule_that_wins_does_not_keep_later_ones_from_counting(book):
    book.set(rules("nth=2 error=402; nth=3 error=403; every=2 error=404"))

    assert [chosen(book, request=n) for n in range(1, 5)] == [
        None, "nth=2 error=402", "nth=3 error=403", "every=2 error=404",
    ]  # fmt: skip
    assert [(entry.matched, entry.fired) for entry in book.entries()] == [(4, 1), (4, 1), (4, 1)]


def test_a_pass_keeps_later_rules_away(book):
    book.set(rules("operation=list pass; error=503"))

    assert [chosen(book), chosen(book, CREATE)] == ["operation=list pass", "error=503"]


def test_faults_and_outcomes_are_asked_for_apart(book):
    book.set(rules("stuck=99; error=503"))

    assert chosen(book, CREATE) == "error=503"
    assert book.outcome(CREATE, 1).entry.rule.text == "stuck=99"
    assert [entry.fired for entry in book.entries()] == [1, 1]


def test_rules_that_never_fired_can_be_found(book):
    book.set(rules("operation=list error=503; operation=remix error=503"))
    book.add(rules("nth=9 error=503"))
    chosen(book)

    assert [entry.rule.text for entry in book.unfired()] == [
        "nth=9 error=503",
        "operation=remix error=503",
    ]


def test_a_book_knows_what_fired_when(book, now):
    book.set(rules("error=503 times=1"))
    chosen(book, request=3)
    now.seconds += 1
    chosen(book, request=4)

    (firing,) = book.history
    assert (firing.rule, firing.text, firing.request, firing.time) == (
        "rule_1",
        "error=503 times=1",
        3,
        100,
    )


@pytest.mark.parametrize(
    ("rule", "fired"),
    [
        ("after=2 error=503", [False, False, True, True, True]),
        ("until=2 error=503", [True, True, False, False, False]),
        ("ttl=1 error=503", [True, False, False, False, False]),
        ("after=1 until=3 times=1 error=503", [False, True, False, False, False]),
    ],
)
def test_windows_are_counted_from_when_a_rule_was_added(book, now, rule, fired):
    now.seconds = 1000
    book.add(rules(rule))
    found = []
    for _ in range(5):
        found.append(chosen(book) is not None)
        now.seconds += 1

    assert found == fired


def test_a_probability_is_the_same_again_after_a_restart(book):
    book.set(rules("probability=0.5 error=503"))
    first = [chosen(book) is not None for _ in range(50)]
    book.restart(rules("probability=0.5 error=503"))

    assert [chosen(book) is not None for _ in range(50)] == first
    assert 10 < sum(first) < 40


def test_a_restart_keeps_the_rules_of_the_settings_alone(book):
    book.set(rules("error=503"))
    book.add(rules("error=404"))
    chosen(book, headed("error=401 times=1"))
    book.bind("[[fauxreel operation=list error=402]]", "video_1", "create")
    book.restart(rules("error=503"))

    assert [(one.id, one.rule.text, one.fired) for one in book.entries()] == [
        ("rule_1", "error=503", 0)
    ]
    assert chosen(book, headed("error=401 times=1")) == "error=401 times=1"
    assert chosen(book, Subject(operation="list", video_id="video_1")) == "error=503"
    assert len(book.history) == 2


def test_a_book_without_rules_is_idle(book):
    idle = [book.idle]
    (entry,) = book.add(rules("error=503"))
    idle.append(book.idle)
    found = [book.remove(entry.id), book.remove(entry.id)]
    idle.append(book.idle)

    assert (idle, found) == ([True, False, True], [True, False])


# What is forgotten -------------------------------------------------------------------------------


def test_there_are_at_most_so_many_added_rules(book):
    (rule,) = rules("error=503")
    for _ in range(MOST_ADDED):
        book.add([rule])

    with pytest.raises(StoreFull):
        book.add([rule])


@pytest.mark.parametrize("rule", ["ttl=5 error=503", "until=5 error=503", "times=1 error=503"])
def test_rules_that_are_over_make_room_for_new_ones(book, now, rule):
    (over,), (more,) = rules(rule), rules("operation=list error=404")
    for _ in range(MOST_ADDED):
        book.add([over])
    for _ in range(MOST_ADDED):
        chosen(book)
    now.seconds += 5
    (entry,) = book.add([more])

    assert book.entries() == [entry]
    assert entry.id == f"rule_{MOST_ADDED + 1}"


def test_texts_of_headers_are_forgotten_when_there_are_too_many(book):
    first = headed("error=503 times=1 nth=1")
    chosen(book, first)
    for number in range(1, 1001):
        chosen(book, headed(f"error=503 nth={number} times=1 first=9"))

    assert chosen(book, first) == "error=503 times=1 nth=1"


def test_rules_of_jobs_are_forgotten_when_there_are_too_many(book):
    for number in range(10_001):
        book.bind("[[fauxreel operation=list error=503]]", f"video_{number}", "create")

    found = [chosen(book, Subject(operation="list", video_id=f"video_{n}")) for n in (0, 1)]
    assert found == [None, "operation=list error=503"]


def test_rules_of_the_settings_count_on_and_stay_removed_when_they_are_set_again(book):
    book.set(rules("operation=list error=503; error=404; error=402"))
    chosen(book)
    chosen(book, Subject(operation="list"))
    book.remove("rule_2")
    book.set(rules("error=418; operation=list error=503; error=404; error=402"))

    assert [(one.id, one.rule.text, one.fired) for one in book.entries()] == [
        ("rule_4", "error=418", 0),
        ("rule_1", "operation=list error=503", 2),
        ("rule_3", "error=402", 0),
    ]
