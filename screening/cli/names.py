"""The commands about names: look them up, and measure how well names are found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from screening.cli import home
from screening.cli.options import Lists, Rules
from screening.cli.telling import say, searched, show

INNOCENT = 4_000  # invented names that `assure` screens where the user gives none


def match(
    names: Annotated[list[str], typer.Argument(help="Names in any script.", show_default=False)],
    kind: Annotated[str | None, typer.Option(help="person, organisation or vessel. Default: any.")] = None,
    imo: Annotated[str | None, typer.Option(help="The vessel's IMO number.")] = None,
    lists: Lists = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the matches as JSON.")] = False,
) -> None:
    """Look names up in the lists and explain each score."""
    from screening.errors import UsageError
    from screening.screener import Screener

    if kind not in (None, "person", "organisation", "vessel"):
        raise UsageError(f"{kind!r} is no kind; use person, organisation or vessel", at="--kind")
    if not imo and (blank := [name for name in names if not any(map(str.isalnum, name))]):
        raise UsageError(f"{blank[0]!r} has no letter and no digit to look up; give a name or --imo", at="NAMES")
    screener = Screener.from_lists(home.chosen(lists), rules)
    found = screener.lookup(names, kind or "", imo or "")
    say(searched(screener.snapshot.name, len(screener.snapshot.entries)))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        show(f"{one['name']}: {len(one['matches']) or 'no'} match{'es' if len(one['matches']) != 1 else ''}")
        if one["note"]:
            show(f"  {one['note']}")
        for hit in one["matches"]:
            listed_on = f"listed on {hit['listed_on']}" if hit["listed_on"] else "the list gives no listing date"
            show(f"  {hit['score']:>5.1f}  {hit['listed_name']}  ({hit['name_strength']}, {hit['kind']})")
            show(f"         {hit['entry_id']}  {'; '.join(hit['programmes'])}  {listed_on}")
            if hit["reason"]:
                show(f"         {hit['status'].replace('_', ' ')}: {hit['reason']}")
            for feature in hit["features"]:
                compared = f"{feature['ours'] or '-'} ~ {feature['theirs'] or '-'}"
                show(f"         {feature['added']:>+6.1f}  {feature['name']:<10} {compared}  {feature['note']}")


def evaluate(
    pairs: Annotated[
        Path, typer.Argument(help="CSV of labelled pairs: name1, name2, is_match, perhaps kind.", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option(help="Also write it to a file: .html, .svg, .csv or .json.")] = None,
    rules: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Score labelled name pairs: precision, recall and F1 per threshold, and the worst mistakes."""
    from screening.assurance import pairs as labelled
    from screening.matching.settings import Settings
    from screening.reports import effectiveness
    from screening.tables import rules_folder

    effectiveness.check(out)
    found = labelled.evaluate(labelled.read(pairs), Settings.load(rules or rules_folder()))
    if out is not None:
        effectiveness.write_evaluation(found, pairs.name, out)
    if as_json:
        typer.echo(json.dumps(effectiveness.evaluation_object(found, pairs.name), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(effectiveness.evaluation_lines(found, pairs.name)))


def assure(
    lists: Lists = None,
    rules: Rules = None,
    out: Annotated[Path | None, typer.Option(help="Also write it to a file: .html, .svg, .csv or .json.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="How many names of each list are altered.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed alters the same names in the same way.")] = 1,
    innocent: Annotated[
        Path | None, typer.Option(help="Names of nobody listed, one a line or CSV. Default: invented ones.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Alter listed names in graded ways, screen them, and tell which were found, beside innocent names."""
    from screening.assurance import assure as test
    from screening.assurance import innocent as nobody
    from screening.reports import effectiveness
    from screening.screener import Screener

    effectiveness.check(out)
    screener = Screener.from_lists(home.chosen(lists), rules)
    names = nobody.read(innocent) if innocent else nobody.made_up(INNOCENT, seed, screener.rules)
    found = test.assure(screener.snapshot, screener.matcher, names, sample, seed)
    if out is not None:
        effectiveness.write_assurance(found, screener.snapshot.name, out)
    if as_json:
        typer.echo(
            json.dumps(effectiveness.assurance_object(found, screener.snapshot.name), ensure_ascii=False, indent=2)
        )
    else:
        typer.echo("\n".join(effectiveness.assurance_lines(found, screener.snapshot.name)))
