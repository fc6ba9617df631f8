"""Rules by the control API: added, listed, counted, removed, and what fired."""

import pytest

CREATE = {"prompt": "a cat"}


def test_added_rules_are_listed_in_order_and_counted(ask):
    added = ask("POST", "/_fauxreel/rules", {"rules": "operation=list error=503; latency=0 nth=3"})
    statuses = [ask("GET", "/v1/videos").status for _ in range(2)]
    ask("GET", "/v1/models")
    ask("GET", "/v1/models")

    entry = {"origin": "added", "added": 1767225600.0}
    assert (added.status, statuses) == (200, [503, 503])
    assert added.json == {
        "rules": [
            {
                "id": "rule_1",
                "text": "operation=list error=503",
                "names": ["error"],
                "matched": 0,
                "fired": 0,
                **entry,
            },
            {
                "id": "rule_2",
                "text": "latency=0 nth=3",
                "names": ["latency"],
                "matched": 0,
                "fired": 0,
                **entry,
            },
        ]
    }
    counts = [
        (rule["matched"], rule["fired"]) for rule in ask("GET", "/_fauxreel/rules").json["rules"]
    ]
    assert counts == [(2, 2), (4, 1)]


@pytest.mark.parametrize(
    "rules",
    [
        "operation=list error=503",
        {"operation": "list", "error": 503},
        [{"operation": ["list"], "error": "503"}],
        ["operation=list error=503"],
    ],
    ids=["text", "a table", "tables", "texts"],
)
def test_rules_are_taken_as_text_and_as_tables(ask, rules):
    reply = ask("POST", "/_fauxreel/rules", {"rules": rules})

    assert (reply.status, [rule["text"] for rule in reply.json["rules"]]) == (
        200,
        ["operation=list error=503"],
    )
    assert ask("GET", "/v1/videos").status == 503


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"rules": ""}, "rules: there is no rule in it."),
        (
            {"rules": "error=500; latency=x"},
            "rules[1].latency -> 'x' is not valid. Valid: seconds ",
        ),
        ({"rules": [1]}, "rules -> 1: a rule is a table of keys and values."),
        (None, "rules is missing. Valid keys: rules."),
        (
            {"rules": "serve=../x.mp4"},
            "rules.serve -> '../x.mp4': name a folder with --files-dir; ",
        ),
    ],
    ids=["none", "a broken one", "no rule", "no body", "a path"],
)
def test_a_broken_rule_is_refused_and_none_is_added(ask, body, message):
    status, code, told = ask("POST", "/_fauxreel/rules", body).told

    assert (status, code, told[: len(message)]) == (400, "bad_request", message)
    assert ask("GET", "/_fauxreel/rules").json == {"rules": []}


def test_a_rule_is_removed_alone_or_all_are(ask):
    ask("POST", "/_fauxreel/rules", {"rules": "error=500; error=502; error=503"})

    left = ask("DELETE", "/_fauxreel/rules/rule_2").json["rules"]
    assert [rule["text"] for rule in left] == ["error=500", "error=503"]
    assert ask("DELETE", "/_fauxreel/rules/rule_2").told == (
        404,
        "no_such_rule",
        "There is no rule 'rule_2'.",
    )
    assert ask("DELETE", "/_fauxreel/rules").json == {"rules": []}
    assert ask("GET", "/v1/videos").status == 200


def test_the_history_names_the_request_at_which_a_rule_fired(ask):
    ask("GET", "/v1/videos")
    ask("POST", "/_fauxreel/rules", {"rules": "operation=create error=rate_limit times=1"})
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 5})
    ask("POST", "/v1/videos", CREATE)
    ask("POST", "/v1/videos", CREATE)

    assert ask("GET", "/_fauxreel/rules/history").json == {
        "history": [
            {
                "rule": "rule_1",
                "text": "operation=create error=rate_limit times=1",
                "request": 2,
                "time": 1767225605.0,
            }
        ]
    }


def test_a_reset_takes_added_rules_away(ask):
    ask("POST", "/_fauxreel/rules", {"rules": "error=500"})
    ask("GET", "/v1/videos")
    ask("POST", "/_fauxreel/reset")

    assert ask("GET", "/_fauxreel/rules").json == {"rules": []}
    assert ask("GET", "/_fauxreel/rules/history").json == {"history": []}


def test_there_is_a_most_number_of_rules(ask):
    rules = {"rules": ["times=1 error=500"] * 50}
    for _ in range(20):
        ask("POST", "/_fauxreel/rules", rules)

    assert len(ask("GET", "/_fauxreel/rules").json["rules"]) == 1000
    assert ask("POST", "/_fauxreel/rules", {"rules": "error=500"}).told == (
        429,
        "store_full",
        "The emulator holds its 1000 rules (DELETE /_fauxreel/rules).",
    )
