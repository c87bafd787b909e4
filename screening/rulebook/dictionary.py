"""The dictionary of facts in rules/README.md, made from the vocabulary so that the two cannot part."""

from __future__ import annotations

from screening.rulebook.facts import FACTS

BEGIN, END = "<!-- facts:begin -->", "<!-- facts:end -->"


def table() -> str:
    """The vocabulary as a Markdown table."""
    lines = ["| fact | kind | meaning | read from |", "| --- | --- | --- | --- |"]
    for fact in FACTS.values():
        kind = f"{fact.type} ({fact.unit})" if fact.unit else fact.type
        cells = ", ".join(f"`{cell}`" for cell in fact.cells)
        lines.append(f"| `{fact.name}` | {kind} | {fact.meaning} | {cells} |")
    return "\n".join(lines)


def filled(readme: str) -> str:
    """The text with the table between its two marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"
