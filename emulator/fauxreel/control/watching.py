"""What a test asks afterwards, and the rules that it sets before: journal, rules, diagnostics."""

import math
from collections.abc import Mapping
from dataclasses import asdict

from fauxreel.control.endpoint import Call, Operation, Operations
from fauxreel.control.guard import Refused
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.faults.book import Entry
from fauxreel.journal import Filter, described
from fauxreel.space import Space

_MOST_SECONDS = 60.0

_REQUESTS = {
    "surface": "the surface that answered",
    "operation": "what was asked for",
    "method": "the method",
    "status": "the status of the answer",
    "video_id": "the id of the job that was named or made",
    "rule": "the rule that fired",
    "key": "the hash of the API key",
    "after": "only those after this sequence",
    "limit": "the most requests, the latest ones",
    "count": "wait until so many were answered",
    "seconds": "wait for at most so many real seconds, 5 without it",
}


class WatchControl:
    """The operations on what one namespace remembers of its clients."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def paths(self) -> dict[str, Operations]:
        """The operations by path and method."""
        return {
            "/rules": {
                "GET": Operation(self._rules, "the rules in force", "Rules"),
                "POST": Operation(self._add, "add rules", "Rules", "AddRules"),
                "DELETE": Operation(self._clear, "remove the added rules", "Rules"),
            },
            "/rules/history": {"GET": Operation(self._history, "what fired, and when", "History")},
            "/rules/{rule_id}": {
                "DELETE": Operation(self._remove, "remove a rule", "Rules"),
            },
            "/requests": {
                "GET": Operation(
                    self._requests, "the journal of requests", "Requests", query=_REQUESTS
                )
            },
            "/diagnostics": {
                "GET": Operation(self._diagnostics, "defects of clients", "Diagnostics")
            },
            "/usage": {"GET": Operation(self._usage, "what the jobs would have cost", "Usage")},
        }

    async def _rules(self, call: Call) -> object:
        del call
        return {"rules": [_described(entry) for entry in self._space.rules.entries()]}

    async def _add(self, call: Call) -> object:
        from fauxreel.control.bodies import AddRules, read

        given = read(AddRules, call.body).rules
        added = self._space.add_rules(given, "rules")
        return {"rules": [_described(entry) for entry in added]}

    async def _clear(self, call: Call) -> object:
        self._space.rules.clear()
        return await self._rules(call)

    async def _remove(self, call: Call) -> object:
        rule_id = str(call.params["rule_id"])
        if not self._space.rules.remove(rule_id):
            raise Refused(404, "no_such_rule", f"There is no rule {rule_id!r:.60}.")
        return await self._rules(call)

    async def _history(self, call: Call) -> object:
        del call
        return {"history": [asdict(firing) for firing in self._space.rules.history]}

    async def _requests(self, call: Call) -> object:
        query = call.query
        wanted = Filter(
            surface=query.get("surface"),
            operation=query.get("operation"),
            method=query.get("method"),
            status=None if "status" not in query else _whole(query, "status", 999),
            video_id=query.get("video_id"),
            rule=query.get("rule"),
            key=query.get("key"),
            after=_whole(query, "after", 2**53),
        )
        journal = self._space.journal
        if "count" in query:
            count = _whole(query, "count", 100_000)
            found = await journal.wait(wanted, count, _seconds(query))
        else:
            found = journal.requests(wanted)
        limit = _whole(query, "limit", 100_000) if "limit" in query else len(found)
        return {
            "total": len(found),
            "requests": [described(request) for request in found[len(found) - limit :]]
            if limit < len(found)
            else [described(request) for request in found],
        }

    async def _diagnostics(self, call: Call) -> object:
        del call
        return {
            "diagnostics": [
                {**asdict(found), **asdict(DIAGNOSTICS[found.code])}
                for found in self._space.diagnostics.findings()
            ]
        }

    async def _usage(self, call: Call) -> object:
        del call
        ledger = self._space.ledger
        accounts = [
            {**asdict(account), "dollars": float(account.dollars)} for account in ledger.accounts()
        ]
        return {"dollars": float(ledger.total), "accounts": accounts}


def _described(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "text": entry.rule.text,
        "origin": entry.origin,
        "added": entry.added,
        "matched": entry.matched,
        "fired": entry.fired,
    }


def _whole(query: Mapping[str, str], name: str, most: int) -> int:
    text = query.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 18 and int(text) <= most):
        raise Refused(
            400, "bad_request", f"{name} -> {text!r:.60} is not a whole number from 0 to {most}."
        )
    return int(text)


def _seconds(query: Mapping[str, str]) -> float:
    text = query.get("seconds", "5")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _MOST_SECONDS:
        raise Refused(
            400,
            "bad_request",
            f"seconds -> {text!r:.60} is not a number from 0 to {_MOST_SECONDS:.0f}.",
        )
    return seconds
