"""The commands about rules: list, show, check, diff, test."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from screening.cli import telling
from screening.cli.exits import EXIT_BELOW, EXIT_FOUND, EXIT_UNUSABLE
from screening.cli.options import Rules
from screening.cli.telling import say

app = typer.Typer(help="List, show, check and test the rules.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def listed(
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only rules in force on this day.")] = None,
    rules: Rules = None,
) -> None:
    """List the rules: id, decision, severity, days in force, title."""
    from screening.rulebook import packs
    from screening.tables import rules_folder

    book = packs.load(rules or rules_folder())
    for rule in book.on(on.date()) if on else book.rules:
        days = f"{rule.since} to {rule.until or 'now'}"
        decision = "lift" if rule.lifts is not None else rule.decision.value
        typer.echo(f"{rule.id:<26} {decision:<19} {rule.severity.value:<9} {days:<25} {rule.title}")


@app.command("show")
def show(
    rule_id: str, on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None, rules: Rules = None
) -> None:
    """Show one rule: the law it rests on, what it reads, its figures on a day, its cases."""
    from screening.errors import UsageError
    from screening.rulebook import packs
    from screening.rulebook.conditions import described
    from screening.rulebook.facts import FACTS
    from screening.rulebook.rule import facts_of, figures_of
    from screening.tables import rules_folder

    book = packs.load(rules or rules_folder())
    rule = next((r for r in book.rules if r.id == rule_id), None)
    if rule is None:
        raise UsageError(f"there is no rule {rule_id!r}; `screening rules list` names them", at="rules show")
    decision = "lift" if rule.lifts is not None else rule.decision.value
    typer.echo(f"{rule.id}: {rule.title}\n{decision}, severity {rule.severity.value}, regime {rule.regime}")
    typer.echo(f"In force from {rule.since}" + (f" to {rule.until}" if rule.until else ""))
    if rule.early:
        typer.echo("Before that: review, for list entries without a listing date")
    for citation in rule.citations:
        typer.echo(f"Law: {citation.text} ({citation.status})")
    if rule.lifts is not None:
        lifted = f"what the fact {rule.lifts} names" if isinstance(rule.lifts, str) else ", ".join(rule.lifts)
        typer.echo(f"Lifts: {lifted}")
        typer.echo(f"Leaves: {rule.leaves.value}" + ("" if rule.leaves.value == "clear" else ", with its reason"))
    typer.echo("When all of this holds:")
    for line in (line for condition in rule.when for line in described(condition)):
        typer.echo(line)
    for name in figures_of(rule, book.parameters):
        value = book.parameters[name].on(on.date() if on else date.today())
        cited = f"{value.citation.text}; {value.citation.status}" if value else ""
        told = f"{value.value:g} {book.parameters[name].unit} ({cited})" if value else "none in force"
        typer.echo(f"  ${name}: {told}")
    typer.echo("Reads:")
    for name in dict.fromkeys(name for c in rule.when for name in facts_of(c)):
        typer.echo(f"  {name}: {FACTS[name].meaning}")
    typer.echo(f"Fires wrongly when: {rule.false_positives}\nCases:")
    for case in rule.cases:
        typer.echo(f"  {case.day or 'no day'!s:<10}  {case.fires:<6}  {case.name}")


@app.command("check")
def check(rules: Rules = None) -> None:
    """Read all packs and tell everything that cannot be trusted, with file and line; exit code 2 where there is any."""
    from screening.enrich import Enricher
    from screening.matching.settings import Settings
    from screening.rulebook import packs
    from screening.rulebook.decide import Judge
    from screening.tables import rules_folder

    folder = rules or rules_folder()
    faults = packs.lint(folder) if folder.is_dir() else []
    for fault in faults:
        say(f"screening: {fault}")
    if faults:
        raise typer.Exit(EXIT_UNUSABLE)
    book = packs.load(folder)
    Judge(book).close()
    Enricher.load(folder)
    Settings.load(folder)
    typer.echo(f"{len(book.rules)} rules in {len(book.packs)} packs are sound (version {book.digest[:16]})")


@app.command("diff")
def diff(
    before: Annotated[Path, typer.Argument(help="The results of a run, as with the old rules.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="The results of another, as with the new.", show_default=False)],
) -> None:
    """Tell which decisions differ between two results and which rules made it so; exit code 1 where any does."""
    from screening.compare import changes

    found = list(changes(before, after))
    for change in found:
        telling.show(str(change))
    decisions = sum(change.before != change.after for change in found)
    typer.echo(f"{len(found):,} records differ, {decisions:,} of them in the decision")
    raise typer.Exit(EXIT_FOUND if found else EXIT_BELOW)


@app.command("test")
def test(rules: Rules = None) -> None:
    """Run the cases inside the rule files; exit code 1 where one does not hold."""
    from screening.rulebook import cases, packs
    from screening.tables import rules_folder

    verdicts = cases.run(packs.load(rules or rules_folder()))
    failed = [verdict for verdict in verdicts if not verdict.holds]
    for verdict in failed:
        typer.echo(f"{verdict.rule.path}: {verdict.case.name!r} expects {verdict.case.fires}, got {verdict.got}")
    typer.echo(f"{len(verdicts) - len(failed)} of {len(verdicts)} cases hold")
    raise typer.Exit(EXIT_FOUND if failed else EXIT_BELOW)
