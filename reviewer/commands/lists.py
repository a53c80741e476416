"""``lists``: persons, firms and digests on lists from a medium, and what stands in tips too."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from reviewer.casebook.kept_figures import TABLE_KIND
from reviewer.casebook.list_matches import ListAnswer
from reviewer.commands.at_home import FILE, JSON, ListingGroup, at_home
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.linking.entity_work import open_entity
from reviewer.linking.list_page import SOUGHT_WARNING, WEAK_BELOW, ListPage, answer_match, match_number
from reviewer.linking.tip_reading import home_regions, read_new_tips
from reviewer.lists.list_entries import READS_AS
from reviewer.lists.list_import import KINDS, ImportedList, ListChoice, ListPreview, import_watched, preview_list
from reviewer.lists.list_removal import list_number, remove_list, where_it_stays
from reviewer.lists.open_sums import conditions, ways_to_read
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from reviewer.viewers.tables import TableProvenance, open_table
from system.clock import today
from system.errors import ProgramError

_MOST_LISTED = 50
_LETTERS = 100


@click.group(cls=ListingGroup, short_help="Lists of accused, agencies, sought persons and digests.")
def command() -> None:
    """Lists of persons, firms and digests. `lists HOME` shows those that are here.

    An equal number is a hit, and a name that looks alike only a question. The program joins nothing.
    """


@command.command("list", epilog="Example: tipline-review lists list ~/review --json")
@at_home
@JSON
def list_lists(home: Home, as_json: bool) -> None:
    """List the lists that are here, with publisher, licence, version, day and SHA-256."""
    found = home.casebook.listed.all()
    counts = home.casebook.list_matches.entities_by_list(least=WEAK_BELOW)
    told = [
        {
            "list": one.name,
            "kind": one.kind,
            "entries": one.entries,
            "rows": one.table.rows,
            "file": one.table.file_name,
            "publisher": one.table.publisher,
            "licence": one.table.licence,
            "version": one.table.version,
            "imported": one.table.day.isoformat(),
            "sha256": one.table.sha256.hex(),
        }
        for one in found
    ]
    for one, row in zip(found, told, strict=True):
        if one.number in counts and not (as_json and one.is_sought):
            row["entities_on_it"], row["by_equal_number"] = counts[one.number]
    if as_json:
        output(json.dumps({"lists": told}, indent=2))
        return
    for row in told:
        output(f"{row['list']:<6} {row['kind']:<10} {row['entries']:,} entries")
        for label in ("file", "publisher", "licence", "version", "imported", "sha256"):
            output(f"       {label:<10} {plain_line(str(row[label]))}")
        if "entities_on_it" in row:
            may_be = f"{row['entities_on_it']} of your entities may be on it"
            output(f"       {may_be}, {row['by_equal_number']} by an equal number")
    if not told:
        output("no list is here")


@command.command(
    "import",
    epilog="Example: tipline-review lists import ~/review /media/stick/agencies.csv --kind agencies --publisher"
    " 'Example Union' --licence 'for members' --edition 2026-11",
)
@at_home
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Kind of entries.")
@click.option("--publisher", default="", metavar="WORDS", help="The maker of the list.")
@click.option("--licence", default="", metavar="WORDS", help="The terms on which you have it.")
@click.option("--edition", default="", metavar="WORDS", help="Version or day of the list.")
@click.option("--sheet", type=click.IntRange(1, 1000), default=1, help="The sheet, from 1.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="WHAT=COLUMN",
    help=f"A column that is read as WHAT: {', '.join(READS_AS)}; of an open table: {', '.join(ways_to_read())}."
    " With it, no other column is read.",
)
@click.option("--only", multiple=True, metavar="COLUMN=VALUE", help="Of an open table: the rows that count.")
@click.option("--dry-run", is_flag=True, help="Check every row, show the first entries, and keep nothing.")
@JSON
def import_command(
    home: Home,
    file: Path,
    kind: str,
    publisher: str,
    licence: str,
    edition: str,
    sheet: int,
    columns: tuple[str, ...],
    only: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import the list FILE: all of it, or nothing. A row with a fault is named by its line.

    FILE ends in .csv or .xlsx, or in .json or .jsonl for lines of FollowTheMoney. A process without keys reads it.
    """
    from reviewer.clean_copy.children import Children

    wanted = _columns(columns, ways_to_read() if kind == TABLE_KIND else READS_AS)
    choice = ListChoice.of(kind, file, wanted, regions=home_regions(home), only=conditions(only))
    with open_table(file, sheet=sheet, with_entities=choice.has_lines, children=Children()) as table:
        if dry_run:
            shown = preview_list(table, choice)
            home.casebook.log.add("list previewed", f"{shown.rows} rows", today=today())
            _tell_preview(shown, as_json=as_json)
            return
        read_new_tips(home)
        provenance = TableProvenance(file.name, table.sha256, sheet, publisher, licence, edition, today())
        _tell_import(import_watched(home, table, choice, provenance, today=today()), as_json=as_json)


@command.command("hits", epilog="Example: tipline-review lists hits ~/review --weak")
@at_home
@click.option("--weak", "with_weak", is_flag=True, help="Weak questions too.")
@click.option("--answered", is_flag=True, help="Those with an answer, in place of the open ones.")
@JSON
def hits(home: Home, with_weak: bool, answered: bool, as_json: bool) -> None:
    """List hits, and then the surest questions.

    Those about a protected or closed person are only counted. With --json those of lists of sought persons are left
    out, and so are their counts: what is printed so goes into files.
    """
    read_new_tips(home)
    answers = [one for one in ListAnswer if (one is ListAnswer.OPEN) != answered]
    found = ListPage(home).listed(with_weak=with_weak, with_sought=not as_json, answers=answers, most=_MOST_LISTED)
    home.casebook.log.add("list hits", f"{len(found.shown)} shown", today=today())
    if as_json:
        output(json.dumps(found.to_json(), indent=2))
        return
    for one in found.shown:
        for line in one.lines():
            output(line)
    for name, count in found.hidden_counts().items():
        output(f"{name}: {count} hits or questions; a reason is needed")
    for one in found.hidden:
        output(f"    {one.match.name}: lists show HOME {one.match.name} --because REASON")
    if any(one.watched.is_sought for one in found.shown):
        notice("warning", said(SOUGHT_WARNING))
    if found.has_more:
        notice("warning", "there are more; answer these first")
    if not found.shown and not found.hidden:
        output("nothing is open")


@command.command("show", epilog="Example: tipline-review lists show ~/review H-7")
@at_home
@click.argument("name", metavar="H-N")
@click.option("--because", metavar="REASON", help="Why you look at a protected or closed person.")
def show(home: Home, name: str, because: str | None) -> None:
    """Show one hit or question, with both sides and all answers. It prints no JSON."""
    shown = ListPage(home).find(match_number(name))
    if shown.owner is not None and because:
        open_entity(home, shown.owner, because, today=today())
        shown = ListPage(home, unmask=frozenset({shown.owner})).find(shown.match.number)
    # The log outlives the list, so it does not say on which list it was.
    home.casebook.log.add("list hits", "1 shown", today=today())
    for line in shown.lines():
        output(line)
    for one in shown.answers:
        output(f"    {one.day.isoformat()} {one.reviewer}: {one.answer}  {plain_line(one.because)}")
    if shown.watched.is_sought:
        notice("warning", said(SOUGHT_WARNING))


@command.command("answer", epilog="Example: tipline-review lists answer ~/review H-7 no --because 'born in 1950'")
@at_home
@click.argument("name", metavar="H-N")
@click.argument("answer", type=click.Choice([str(one) for one in ListAnswer]))
@click.option("--because", default="", metavar="REASON", help="Why; it is kept with the answer.")
def answer_command(home: Home, name: str, answer: str, because: str) -> None:
    """Give an answer: yes, no or unsure; `open` takes the last one back.

    `yes` and `unsure` keep the finding. No answer joins anything.
    """
    shown = answer_match(home, match_number(name), ListAnswer(answer), because=because, today=today())
    output(f"answered         {shown.match.name} {shown.match.answer}{_entity(shown.entity_name)}")


@command.command("remove", epilog="Example: tipline-review lists remove ~/review L-2")
@at_home
@click.argument("name", metavar="L-N")
def remove(home: Home, name: str) -> None:
    """Delete a list for good, with its hits, questions, answers and keys.

    Contents that a list of digests put into quarantine stay there.
    """
    gone = remove_list(home, list_number(name), today=today())
    output(f"removed          {gone.name}, {gone.entries:,} entries")
    for line in where_it_stays(home):
        notice("hint", line)


def _entity(name: str | None) -> str:
    return f", {name}" if name else ""


def _columns(given: tuple[str, ...], ways: Sequence[str]) -> dict[str, str] | None:
    columns = {}
    for one in given:
        reads_as, _, column = one.partition("=")
        if reads_as not in ways or not column:
            raise ProgramError(f"--column must be WHAT=COLUMN, and WHAT one of: {', '.join(ways)}")
        columns[column] = reads_as
    return columns or None


def _tell_preview(shown: ListPreview, *, as_json: bool) -> None:
    if as_json:
        told = {
            "rows": shown.rows,
            "entries": dict(shown.entries),
            "identifiers": shown.identifiers,
            "columns": dict(shown.columns),
            "not_kept": dict(shown.not_kept),
            "first": [{"kind": one.kind, "names": list(one.names)} for one in shown.first],
        }
        if shown.sums is not None:
            told["figures"] = [list(one) for one in shown.sums.largest()]
        output(json.dumps(told, indent=2))
        return
    output(f"rows             {shown.rows:,}")
    for kind, count in shown.entries.items():
        output(f"{kind:<16} {count:,}")
    output(f"identifiers      {shown.identifiers:,}")
    for column, reads_as in shown.columns.items():
        output(f"column           {plain_line(column, limit_letters=_LETTERS)}: {reads_as or 'NOT READ'}")
    for schema, count in shown.not_kept.items():
        output(f"not kept         {schema}: {count:,}")
    for dimension, label, amount in shown.sums.largest() if shown.sums is not None else ():
        output(f"figure           {dimension}: {label} {amount:,.10g}")
    for one in shown.first:
        output(f"first entries    {one.kind}: {plain_line(' · '.join(one.names[:6]), limit_letters=_LETTERS)}")
    notice("note", "nothing was kept")


def _tell_import(done: ImportedList, *, as_json: bool) -> None:
    if as_json:
        told = {"list": f"L-{done.number}", "rows": done.rows, "entries": done.entries}
        if not done.is_sought:
            told |= {"hits": done.hits, "questions": done.questions}
        told["quarantined"] = len(done.quarantined)
        output(json.dumps(told, indent=2))
        return
    output(f"list             L-{done.number}")
    output(f"rows             {done.rows:,}")
    output(f"entries          {done.entries:,}")
    output(f"hits             {done.hits:,}")
    output(f"questions        {done.questions:,}")
    for sha256 in done.quarantined:
        output(f"in quarantine    {sha256.hex()}")
