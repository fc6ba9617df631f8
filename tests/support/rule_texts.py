"""Rules as texts, requests that bring them, and what a book of rules chooses."""

import pytest

from fauxreel.faults.grammar import RuleError, Source, rules_of_text
from fauxreel.faults.rule import Draw, Subject

HERE = Source("rules", paths=True)
DRAW = Draw(7, "a rule", 1)
CREATE = Subject(surface="openai", operation="create", prompt="a cat")
LIST = Subject(surface="openai", operation="list")


def rules(text):
    return rules_of_text(text, Source("rules"))


def read(text):
    (rule,) = rules_of_text(text, HERE)
    return rule


def problem(text, source=HERE):
    with pytest.raises(RuleError) as caught:
        rules_of_text(text, source)
    return str(caught.value)


def chosen(book, subject=LIST, request=1):
    choice = book.fault(subject, request)
    return None if choice is None else choice.entry.rule.text


def headed(text, **more):
    return Subject(surface="openai", operation="list", headers={"x-fauxreel": text}, **more)


def prompted(text):
    return Subject(surface="openai", operation="create", prompt=text)
