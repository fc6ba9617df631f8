"""A clause in full, for the command line and for whoever else explains names."""

from collections.abc import Mapping

from fauxreel_contracts.budget import SHARED_COST
from fauxreel_contracts.clause import Clause, Severity
from fauxreel_contracts.evidence import Evidence

MEANINGS: Mapping[Severity, str] = {
    Severity.MUST: "an official SDK breaks without it",
    Severity.SHOULD: "real clients were seen to rely on it",
    Severity.MAY: "the original did so; nobody was seen to rely on it",
}


def explain(clause: Clause) -> str:
    """All that is known of a clause, a fact a line."""
    lines = [f"{clause.id}: {clause.title}."]
    if clause.why:
        lines.append(clause.why)
    lines += [
        "",
        f"topic     {clause.topic}",
        f"severity  {clause.severity}: {MEANINGS[clause.severity]}",
        f"dialects  {', '.join(clause.dialects)}",
        f"known     {_known(clause.evidence)}",
    ]
    for dialect, evidence in clause.evidence_by_dialect.items():
        if dialect in clause.dialects:
            lines.append(f"          {dialect}: {_known(evidence)}")
    if clause.needs:
        lines.append(f"needs     {', '.join(clause.needs)}")
    return "\n".join([*lines, f"costs     {cost_of(clause)}"])


def _known(evidence: Evidence) -> str:
    when = f", {evidence.as_of}" if evidence.as_of else ""
    return f"{evidence.grade}, {evidence.place}{when}: {evidence.source}"


def cost_of(clause: Clause) -> str:
    """What it costs at worst, in words."""
    if clause.free:
        return "nothing"
    parts: list[str] = []
    if clause.cost.videos:
        parts.append(f"at worst {clause.cost.videos} videos, {clause.cost.seconds} seconds")
    if clause.shares:
        names = " and ".join(clause.shares)
        parts.append(f"the {names} shared video ({SHARED_COST.seconds} seconds each, once a run)")
    return "; ".join(parts)
