"""The rules of one namespace, how often each matched and fired, and which one is chosen.

First match wins, in this order: the header of the request, the phrase in its prompt, what the
prompt of its job said, what was added by hand, what the configuration and the scenarios say.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from msgspec import Struct, field

from fauxreel.domain.errors import StoreFull
from fauxreel.domain.operations import CREATING
from fauxreel.domain.refusals import BadRule
from fauxreel.faults.phrase import phrases
from fauxreel.faults.rule import Draw, Rule, Subject, dead, fires

HEADER = "x-fauxreel"

MOST_ADDED = 1000
_MOST_TEXTS = 1000
_MOST_JOBS = 10_000
_MOST_HISTORY = 1000

Origin = Literal["header", "prompt", "added", "settings"]


class Entry(Struct):
    """A rule in force.

    Args:
        id: `rule_1` and so on; of rules in requests, where they stand.
        added: When it was added, in emulated seconds.
        matched: How many requests it matched.
        fired: At how many of them it fired.
    """

    id: str
    rule: Rule
    origin: Origin
    added: float
    matched: int = 0
    fired: int = 0


class Firing(Struct, frozen=True):
    """That a rule fired: at which request, and when in emulated seconds."""

    rule: str
    text: str
    request: int
    time: float


class Choice(Struct, frozen=True):
    """The rule that was chosen, and its draw."""

    entry: Entry
    draw: Draw


# Reads the rules in a text; the second argument is where it stands.
ReadText = Callable[[str, str], Sequence[Rule]]

# Keeps the rules that are added by hand, and the number of the last one; called before they count.
KeepRules = Callable[[Sequence[Entry], int], None]


def _kept_nowhere(entries: Sequence[Entry], last: int) -> None: ...


def _noted_nowhere(entry: Entry) -> None: ...


class RuleBook(Struct):
    """The rules of one namespace.

    Args:
        seed: What probabilities are drawn from.
        now: The emulated time.
        read: How the text of a header or phrase is read; raises `RuleError`.
        phrases: Whether prompts are searched for rules.
        keep: Where the rules are kept that are added by hand; may raise what `add` then does.
        used: Told of each such rule that matched.
    """

    seed: int
    now: Callable[[], float]
    read: ReadText
    phrases: bool = True
    keep: KeepRules = _kept_nowhere
    used: Callable[[Entry], None] = _noted_nowhere
    history: deque[Firing] = field(default_factory=lambda: deque(maxlen=_MOST_HISTORY))
    _set: list[Entry] = field(default_factory=list[Entry])
    # Rules of the settings that were removed by hand.
    _gone: list[Rule] = field(default_factory=list[Rule])
    _added: list[Entry] = field(default_factory=list[Entry])
    _texts: OrderedDict[tuple[str, str], list[Entry]] = field(
        default_factory=OrderedDict[tuple[str, str], list[Entry]]
    )
    _jobs: OrderedDict[str, list[Entry]] = field(default_factory=OrderedDict[str, list[Entry]])
    _last: int = 0
    looks_up: bool = False
    # Whether there are no rules but those that a request may bring along.
    idle: bool = True

    def set(self, rules: Iterable[Rule]) -> None:
        """Puts rules in the place of those of the settings.

        Those that stay go on counting, and those that were removed stay away.
        """
        old, self._set = list(self._set), []
        gone = list(self._gone)
        for rule in rules:
            if rule in gone:
                gone.remove(rule)
                continue
            kept = next((entry for entry in old if entry.rule == rule), None)
            if kept is not None:
                old.remove(kept)
            self._set.append(kept or self._entry(rule, "settings"))
        self._refresh()

    def add(self, rules: Sequence[Rule]) -> list[Entry]:
        """Adds rules after those that were added before, all or none of them.

        Raises:
            StoreFull: There are as many as there may be.
        """
        alive = self._without_dead(len(rules))
        if len(alive) + len(rules) > MOST_ADDED:
            raise StoreFull(MOST_ADDED, "rules", "DELETE /_fauxreel/rules")
        entries = [self._entry(rule, "added") for rule in rules]
        self._put([*alive, *entries])
        return entries

    def remove(self, rule_id: str) -> bool:
        """Removes a rule that was added, or one of the settings; whether there was one."""
        entry = next((entry for entry in self.entries() if entry.id == rule_id), None)
        if entry is None:
            return False
        if entry.origin == "added":
            self._put([one for one in self._added if one is not entry])
        else:
            self._set.remove(entry)
            self._gone.append(entry.rule)
            self._refresh()
        return True

    def clear(self) -> None:
        """Removes all rules that were added."""
        self._put([])

    def restore(self, added: Sequence[Entry], last: int) -> None:
        """Takes up rules that were added to an earlier book, whose last one had that number."""
        self._added = list(added)
        self._last = max(self._last, last)
        taken = {entry.id for entry in added}
        for entry in self._set:
            if entry.id in taken:  # more rules in the settings than there were
                self._last += 1
                entry.id = f"rule_{self._last}"
        self._refresh()

    def entries(self) -> list[Entry]:
        """All rules but those that stand in requests, in the order in which they are asked."""
        return [*self._added, *self._set]

    def unfired(self) -> list[Entry]:
        """Those of them that never fired."""
        return [entry for entry in self.entries() if not entry.fired]

    def restart(self, rules: Iterable[Rule]) -> None:
        """Forgets what was added, removed, counted and read, and begins with these rules."""
        self._last = 0
        self._set, self._gone, self._added = [], [], []
        self._texts, self._jobs = OrderedDict(), OrderedDict()
        self.history.clear()
        self.set(rules)

    def fault(self, subject: Subject, request: int) -> Choice | None:
        """The rule that says what goes wrong with a request.

        Args:
            request: Its number, for the history.

        Raises:
            BadRule: The header or the phrase cannot be read.
        """
        return self._choose(subject, request, lambda rule: not rule.outcomes)

    def outcome(self, subject: Subject, request: int) -> Choice | None:
        """The rule that says how a job goes, once its request is accepted.

        Raises:
            BadRule: The header or the phrase cannot be read.
        """
        return self._choose(subject, request, lambda rule: bool(rule.outcomes))

    def knows(self, subject: Subject) -> bool:
        """Whether a rule may ask for facts of the job that the request names."""
        return self.looks_up or HEADER in subject.headers or subject.video_id in self._jobs

    def bind(self, prompt: str, video_id: str, operation: str) -> None:
        """Lets the rules in a prompt about later requests count for those of this job alone.

        Args:
            operation: What the request with the prompt asked for.
        """
        if not self.phrases or "[[" not in prompt:
            return
        from fauxreel.faults.conditions import later

        bound = [entry for entry in self._in_prompt(prompt) if later(entry.rule, operation)]
        if bound:
            self._jobs[video_id] = [
                Entry(entry.id, entry.rule, "prompt", self.now()) for entry in bound
            ]
            self.idle = False
            if len(self._jobs) > _MOST_JOBS:
                self._jobs.popitem(last=False)

    def _choose(
        self, subject: Subject, request: int, wanted: Callable[[Rule], bool]
    ) -> Choice | None:
        asked = self._asked(subject)
        now = self.now()  # not before the rules that it may just have read
        chosen: Choice | None = None
        for entry in asked:
            rule = entry.rule
            if not wanted(rule) or not rule.pattern.matches(subject):
                continue
            # Each rule counts what it matches, whichever rule wins.
            entry.matched += 1
            draw = Draw(self.seed, f"{entry.id} {rule.text}", entry.matched)
            if chosen is None and fires(rule, entry.matched, entry.fired, now - entry.added, draw):
                entry.fired += 1
                self.history.append(Firing(entry.id, rule.text, request, now))
                chosen = Choice(entry, draw)
            if entry.origin == "added":
                self.used(entry)
        return chosen

    def _asked(self, subject: Subject) -> list[Entry]:
        found: list[Entry] = []
        text = subject.headers.get(HEADER)
        if text is not None:
            found += self._in_text(text, "header")
        prompt = subject.prompt if subject.operation in CREATING and self.phrases else None
        if prompt is not None and "[[" in prompt:
            found += self._in_prompt(prompt)
        if subject.video_id is not None and subject.video_id in self._jobs:
            found += self._jobs[subject.video_id]
        return [*found, *self._added, *self._set]

    def _in_prompt(self, prompt: str) -> list[Entry]:
        return self._in_text("; ".join(phrases(prompt)), "prompt")

    def _in_text(self, text: str, origin: Literal["header", "prompt"]) -> list[Entry]:
        """The rules in a text, which count on from one request with it to the next."""
        known = self._texts.get((origin, text))
        if known is None:
            from fauxreel.faults.grammar import RuleError

            place = "X-Fauxreel" if origin == "header" else "prompt"
            try:
                rules = self.read(text, place)
            except RuleError as error:
                raise BadRule(place, str(error)) from None
            added = self.now()
            known = self._texts[origin, text] = [
                Entry(place, rule, origin, added) for rule in rules
            ]
            if len(self._texts) > _MOST_TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end((origin, text))
        return known

    def _entry(self, rule: Rule, origin: Origin) -> Entry:
        self._last += 1
        return Entry(f"rule_{self._last}", rule, origin, self.now())

    def _put(self, added: list[Entry]) -> None:
        """Puts these in the place of those that were added, once they are kept."""
        self.keep(added, self._last)
        self._added = added
        self._refresh()

    def _without_dead(self, wanted: int) -> list[Entry]:
        """The added rules, without those that can never fire again once so many more are too
        many."""
        if len(self._added) + wanted <= MOST_ADDED:
            return self._added
        now = self.now()
        return [one for one in self._added if not dead(one.rule, one.fired, now - one.added)]

    def _refresh(self) -> None:
        self.looks_up = any(entry.rule.looks_up for entry in self.entries())
        self.idle = not (self._added or self._set or self._jobs)
