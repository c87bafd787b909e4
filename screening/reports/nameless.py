"""What reports that leave the house say of an alert: rule, record, role, list and score, never a name or a value.

CI servers and code-scanning dashboards are read by people who screen nobody, and many are run by third parties. Names
of parties are personal data, and a rule's reason quotes them; the reason stands in the reports that stay.
"""

from __future__ import annotations

from screening.model import Alert


def sentence(alert: Alert) -> str:
    """The alert in words that give no name, value or figure of a record away."""
    told = f"{alert.title}: {alert.decision.value.replace('_', ' ')}, severity {alert.severity.value}"
    if matches := _matches(alert):
        told += f"; {matches}"
    if alert.doubt:
        told += "; something is in doubt and to be reviewed"
    if alert.lifted_by:
        told += f"; lifted by {lifting(alert)}"
    return told


def lifting(alert: Alert) -> str:
    """The id of the rule that lifts the alert, without what it says of the letter."""
    return alert.lifted_by.split(":", 1)[0]


def law(alert: Alert) -> str:
    """The paragraphs the rule rests on, each unverified one marked."""
    return "; ".join(c.text if c.status == "seen" else f"{c.text} ({c.status})" for c in alert.citations)


def _matches(alert: Alert) -> str:
    """The roles whose values are like an entry of a list, with the best score of each."""
    best: dict[tuple[str, str], float] = {}
    for hit in alert.hits:
        key = (hit.role.replace("_", " "), hit.list)
        best[key] = max(best.get(key, 0.0), hit.score)
    told = ", ".join(f"{role} with {name} at {best[role, name]:.1f}" for role, name in best)
    return f"possible match: {told}" if told else ""
