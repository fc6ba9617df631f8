"""Regular expressions of rules, searched in a time that grows with the text and no faster.

Rules come with requests, and Python's own engine can take for ever; RE2 cannot. It knows neither
references back nor looking around.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

# Prompts may be far longer; what a rule looks for stands near the beginning.
LONGEST_SEARCHED = 10_000


class BadExpression(Exception):
    """What is no expression; the message says why."""


def found(expression: str, text: str) -> bool:
    """Whether an expression is found in a text, in its first `LONGEST_SEARCHED` characters.

    Raises:
        BadExpression: It is none.
    """
    # Half a surrogate pair is in no UTF-8, which RE2 reads.
    searched = text[:LONGEST_SEARCHED].encode("utf-8", "replace").decode("utf-8")
    return compiled(expression).search(searched) is not None


@lru_cache(1000)
def compiled(expression: str) -> Any:
    """The expression as RE2 has it.

    Raises:
        BadExpression: It is none.
    """
    re2: Any = import_module("re2")  # which has no types
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as problem:
        reason = problem.args[0]
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise BadExpression(text) from None
    except UnicodeEncodeError:
        raise BadExpression("it holds half a character") from None
