"""All clauses, from an explicit list of modules, in the order in which they run.

To add a topic: write `clauses/TOPIC.py` that ends with `CLAUSES = (Clause(…), …)` and list it
here. `delete` stays last: it ends the second shared video, which the others look at.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from fauxreel_contracts.clause import Clause, Severity, Topic
from fauxreel_contracts.clauses import (
    accepted,
    authentication,
    azure,
    azure_jobs,
    characters,
    content,
    create,
    delete,
    downloads,
    edits,
    extensions,
    headers,
    lifecycle,
    listing,
    litellm,
    models,
    paging,
    references,
    remix,
    retrieve,
    validation,
)
from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.evidence import Grade

MODULES = (
    create,
    accepted,
    lifecycle,
    retrieve,
    content,
    downloads,
    listing,
    paging,
    validation,
    authentication,
    references,
    remix,
    edits,
    extensions,
    characters,
    headers,
    models,
    azure,
    azure_jobs,
    litellm,
    delete,
)
CLAUSES: tuple[Clause, ...] = tuple(clause for module in MODULES for clause in module.CLAUSES)


class UnknownClause(Exception):
    """No clause has this id, or fits this pattern."""


def find(clause_id: str) -> Clause:
    """The clause of this id.

    Raises:
        UnknownClause: There is none.
    """
    for clause in CLAUSES:
        if clause.id == clause_id:
            return clause
    raise UnknownClause(f"No clause {clause_id!r}. `fauxreel contracts list` lists all.")


def select(
    patterns: Sequence[str] = (),
    *,
    topics: Sequence[Topic] = (),
    severities: Sequence[Severity] = (),
    grades: Sequence[Grade] = (),
    dialect: Dialect | None = None,
) -> list[Clause]:
    """The clauses that fit everything that is said; what is left out fits all.

    Args:
        patterns: Ids, or patterns of them such as `create.*`; one must fit.

    Raises:
        UnknownClause: A pattern fits none at all.
    """
    for pattern in patterns:
        if not any(fnmatchcase(clause.id, pattern) for clause in CLAUSES):
            raise UnknownClause(f"No clause fits {pattern!r}. `fauxreel contracts list` lists all.")
    return [
        clause
        for clause in CLAUSES
        if (not patterns or any(fnmatchcase(clause.id, pattern) for pattern in patterns))
        and (not topics or clause.topic in topics)
        and (not severities or clause.severity in severities)
        and (dialect is None or dialect in clause.dialects)
        and (not grades or _grade(clause, dialect) in grades)
    ]


def _grade(clause: Clause, dialect: Dialect | None) -> Grade:
    return (clause.evidence_in(dialect) if dialect else clause.evidence).grade
