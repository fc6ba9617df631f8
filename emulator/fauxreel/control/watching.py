"""What a test asks afterwards, and the rules that it sets before: journal, rules, diagnostics."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from fauxreel.control.endpoint import Call, Operation, Operations, Problem
from fauxreel.control.guard import Refused
from fauxreel.control.parameters import Parameter, one_of, text, whole
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.domain.operations import NAMED
from fauxreel.faults.book import Entry
from fauxreel.journal import Filter, Request, described
from fauxreel.space import Space

MOST_WAITS = 100
_MOST_LISTED = 100_000
_SECONDS = {"type": "number", "minimum": 0, "maximum": 60, "default": 5}

_FILTER = {
    "surface": one_of("the surface that answered", NAMED["surface"]),
    "operation": one_of("what was asked for", NAMED["operation"]),
    "method": one_of("the method", NAMED["method"]),
    "status": whole("the status of the answer", 100, 599),
    "video_id": text("the id of the job that was named or made"),
    "rule": text("the rule that fired"),
    "key": text("the hash of the API key; empty for requests without one", least=0),
    "after": whole("only those after this sequence", 0, 2**53),
}

_TOO_MANY_RULES = Problem(429, "store_full", "there are a thousand rules already")
_NO_SUCH_RULE = Problem(404, "no_such_rule", "there is no such rule")
_TOO_MANY_WAITS = Problem(
    429, "too_many_waits", f"{MOST_WAITS} calls with `count` wait in this namespace already"
)


class WatchControl:
    """The operations on what one namespace remembers of its clients.

    Args:
        most_requests: How many its journal keeps.
    """

    def __init__(self, space: Space, most_requests: int) -> None:
        self._space = space
        self._most_requests = most_requests
        self._waiting = 0

    def paths(self) -> dict[str, Operations]:
        """The operations by path and method."""
        return {
            "/rules": {
                "GET": Operation(self._rules, "the rules in force", "Rules"),
                "POST": Operation(
                    self._add, "add rules", "Rules", "AddRules", problems=(_TOO_MANY_RULES,)
                ),
                "DELETE": Operation(self._clear, "remove the added rules", "Rules"),
            },
            "/rules/history": {"GET": Operation(self._history, "what fired, and when", "History")},
            "/rules/{rule_id}": {
                "DELETE": Operation(
                    self._remove, "remove a rule", "Rules", problems=(_NO_SUCH_RULE,)
                ),
            },
            "/requests": {
                "GET": Operation(
                    self._requests,
                    "the journal of requests",
                    "Requests",
                    query=self._parameters(),
                    problems=(_TOO_MANY_WAITS,),
                )
            },
            "/diagnostics": {
                "GET": Operation(self._diagnostics, "defects of clients", "Diagnostics")
            },
            "/usage": {"GET": Operation(self._usage, "what the jobs would have cost", "Usage")},
        }

    def _parameters(self) -> Mapping[str, Parameter]:
        most = self._most_requests
        return {
            **_FILTER,
            "limit": whole("the most requests, the latest ones", 0, _MOST_LISTED),
            # More than it keeps never come together.
            "count": whole("wait until so many were answered", 0, most, bound="max_requests"),
            "seconds": Parameter("with count: wait for at most so many real seconds", _SECONDS),
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
        wanted = Filter(**{name: value for name, value in query.items() if name in _FILTER})
        if "count" in query:
            found = await self._wait(wanted, query)
        elif "seconds" in query:
            raise Refused(400, "bad_request", "seconds goes with count.")
        else:
            found = self._space.journal.requests(wanted)
        latest = found[max(0, len(found) - query.get("limit", _MOST_LISTED)) :]
        return {"total": len(found), "requests": [described(request) for request in latest]}

    async def _wait(self, wanted: Filter, query: Mapping[str, Any]) -> list[Request]:
        if self._waiting >= MOST_WAITS:
            raise Refused(
                _TOO_MANY_WAITS.status,
                _TOO_MANY_WAITS.code,
                f"As many calls wait for requests as may ({MOST_WAITS}); "
                "ask again when one has ended.",
            )
        self._waiting += 1
        try:
            seconds = query.get("seconds", _SECONDS["default"])
            return await self._space.journal.wait(wanted, query["count"], seconds)
        finally:
            self._waiting -= 1

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
        "names": list(entry.rule.names),
        "origin": entry.origin,
        "added": entry.added,
        "matched": entry.matched,
        "fired": entry.fired,
    }
