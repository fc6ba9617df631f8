"""The guard of speed compares, and says what to do."""

import json

import pytest
from benchmarks.guard import ACCEPTED, complaints, loose
from benchmarks.operations import OPERATIONS

from benchmarks import guard


def test_what_takes_much_more_is_told_and_what_takes_a_little_more_is_not():
    accepted = {"list": 1000, "retrieve": 100, "content": 100}

    assert complaints({"list": 1151, "retrieve": 114, "content": 10}, accepted) == [
        "list: 1151 instructions a request, +15 % of the accepted 1000; at most 1150 may pass."
    ]


def test_what_takes_much_less_or_is_new_is_to_be_accepted():
    assert loose({"list": 80, "retrieve": 90, "new": 1}, {"list": 100, "retrieve": 100}) == [
        "list",
        "new",
    ]


def test_all_operations_have_an_accepted_number():
    for numbers in json.loads(ACCEPTED.read_text()).values():
        assert set(numbers) == {operation.name for operation in OPERATIONS}


@pytest.fixture
def measured(monkeypatch, tmp_path):
    monkeypatch.setattr(guard, "ACCEPTED", tmp_path / "accepted.json")
    guard.ACCEPTED.write_text("{}")
    counts = {"list": 100}
    monkeypatch.setattr(guard, "instructions", lambda: dict(counts))
    return counts


def test_what_is_measured_can_be_accepted(measured, capsys):
    assert guard.main([]) == 0
    assert "Nothing is accepted" in capsys.readouterr().out
    assert guard.main(["--accept"]) == 0
    assert guard.main([]) == 0
    measured["list"] = 200
    assert guard.main([]) == 1
    assert "make guard ACCEPT=1" in capsys.readouterr().err
