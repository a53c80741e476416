"""``supply``: lists of factories, farms and mines, and which of them are the same place."""

import json
from pathlib import Path

import click

from reviewer.casebook.facility_lists import FacilityList
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.commands.supply_answers import ANSWER_COMMANDS
from reviewer.commands.supply_codes import command as codes_command
from reviewer.commands.supply_diary import DIARY_COMMANDS
from reviewer.commands.supply_evidence import EVIDENCE_COMMANDS
from reviewer.commands.supply_flags import COMMANDS
from reviewer.commands.supply_money import ftm
from reviewer.commands.supply_reports import REPORT_COMMANDS
from reviewer.commands.supply_same import SAME_COMMANDS, decided, decision_json, facility_line
from reviewer.commands.supply_sentences import SENTENCE_COMMANDS
from reviewer.commands.supply_trace import trace
from reviewer.facilities.editions import gone_sentence
from reviewer.facilities.list_import import FACILITY_KINDS, STEPS, forget_list
from reviewer.facilities.list_rows import list_row
from reviewer.facilities.other_lists import KINDS, bring_list, files_of
from reviewer.facilities.same_place import facility_json, facility_page
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from reviewer.viewers.tables import TableProvenance, open_table
from system.clock import today


@click.group(short_help="Lists of factories, farms and mines.")
def command() -> None:
    """Lists of factories, farms and mines, and which of them are the same place.

    Nothing is fetched: lists come on a medium. A process without keys reads them.
    """


@command.command(
    "import",
    epilog="Example: tipline-review supply import ~/review hub.csv --kind os-hub --publisher 'Open Supply Hub'"
    " --licence 'as its site says' --edition 2026-11",
)
@at_home
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(KINDS), required=True, help="The kind of list.")
@click.option("--columns", "map_file", type=FILE, metavar="MAP", help="The column map; os-hub has its own.")
@click.option("--sheet", type=click.IntRange(1, 1000), default=1, help="The sheet, from 1.")
@click.option("--publisher", default="", metavar="WORDS", help="The maker of the list.")
@click.option("--licence", default="", metavar="WORDS", help="The terms on which you have it.")
@click.option("--edition", default="", metavar="WORDS", help="The edition, or the day of the list.")
@click.option("--follows", default="", metavar="L-N", help="The list of which this is a newer edition.")
@click.option("--older", is_flag=True, help="Keep an edition that is older than one that is here.")
@click.option("--dry-run", is_flag=True, help="Check every row, and keep nothing.")
@JSON
def import_command(
    home: Home,
    file: Path,
    kind: str,
    map_file: Path | None,
    sheet: int,
    publisher: str,
    licence: str,
    edition: str,
    follows: str,
    older: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import the list FILE, which ends in .csv, .xlsx or .jsonl: every row, or none.

    Steps of a chain of custody may be EPCIS 2.0 too, and end in .json or .jsonld. At most 300,000 rows and 512 MB.

    A row with a fault is named with its line. Facilities with an equal OS ID or GLN, or with equal name and whole
    address, are written down as the same by rule; `supply undo` undoes it. Others that look alike are questions.
    """
    with open_table(file, sheet=sheet, children=Children(), kinds=files_of(kind)) as table:
        provenance = TableProvenance(file.name, table.sha256, sheet, publisher, licence, edition, today())
        done = bring_list(
            *(home, table, kind, map_file, provenance),
            is_check=dry_run,
            is_older=older,
            follows=follows,
            today=today(),
        )
    if as_json:
        told = {
            "list": f"L-{done.number}" if done.number else None,
            "rows": done.rows,
            "facilities": done.facilities,
        }
        told |= {"same_by_rule": done.same_by_rule, "questions": done.questions}
        told |= {"steps": done.steps, "faults": done.faults} if kind == STEPS else {}
        output(json.dumps(told, indent=2))
    else:
        output(f"rows             {done.rows:,}")
        if kind == STEPS:
            output(f"steps            {done.steps:,}")
            output(f"faults           {done.faults:,}")
        if kind in FACILITY_KINDS:
            output(f"facilities       {done.facilities:,}")
        if done.number:
            output(f"list             L-{done.number}")
        if done.number and kind in FACILITY_KINDS:
            output(f"same by rule     {done.same_by_rule:,} pairs")
            output(f"questions        {done.questions:,}")
    if done.common:
        notice(
            "note", f"{done.common} facilities share an identifier or an address with too many others: not joined"
        )
    if not done.number:
        notice("note", "nothing was kept")


@command.command("lists", epilog="Example: tipline-review supply lists ~/review")
@at_home
@JSON
def lists(home: Home, as_json: bool) -> None:
    """List the lists that are here, with publisher, licence, edition, day and SHA-256."""
    found = home.casebook.facility_lists.all()
    if as_json:
        output(json.dumps({"lists": [_list_json(one) for one in found]}, indent=2))
        return
    for one in found:
        output(f"{one.name:<6} {one.kind:<10} {one.facilities:,} facilities, {one.table.rows:,} rows")
        for label, value in _origin(one):
            output(f"       {label:<10} {plain_line(value)}")
    if not found:
        output("no list was imported")


@command.command("forget", epilog="Example: tipline-review supply forget ~/review L-2")
@at_home
@click.argument("name", metavar="L-N")
@JSON
def forget(home: Home, name: str, as_json: bool) -> None:
    """Delete a list for good: its rows, and all that depends on it, as answers, flags, goods and steps.

    Backups that were written before still have it.
    """
    gone = forget_list(home, name, today=today())
    if as_json:
        output(json.dumps({"forgotten": _list_json(gone)}, indent=2))
        return
    output(f"forgotten        {gone.name}, {gone.facilities:,} facilities")
    if home.casebook.backups.last_day() is not None:
        notice("hint", "backups from before still have the list: write a new one, and destroy the old ones")


@command.command("row", epilog="Example: tipline-review supply row ~/review L-2 17")
@at_home
@click.argument("name", metavar="L-N")
@click.argument("line", type=click.IntRange(1, 10_000_000))
@JSON
def row_command(home: Home, name: str, line: int, as_json: bool) -> None:
    """Show the row at LINE of a list, which a flag or a report names."""
    row = list_row(home.casebook, name, line)
    home.casebook.log.add("row of a list shown", row.facility_list.name, today=today())
    if as_json:
        facility = f"F-{row.facility}" if row.facility else None
        told = {"list": row.facility_list.name, "line": row.line, "facility": facility, "cells": dict(row.cells)}
        output(json.dumps(told, indent=2))
        return
    output(
        f"row              {row.facility_list.name}, line {row.line}{f', F-{row.facility}' if row.facility else ''}"
    )
    for column, value in row.cells.items():
        output(f"{plain_line(column):<16} {plain_line(value)}")


@command.command("show", epilog="Example: tipline-review supply show ~/review F-12")
@at_home
@click.argument("name", metavar="F-N")
@JSON
def show(home: Home, name: str, as_json: bool) -> None:
    """Show a facility: its list, its rows, which others are the same, and who decided that."""
    page = facility_page(home, name)
    home.casebook.log.add("facility show", page.facility.name, today=today())
    if as_json:
        told = facility_json(page.facility) | {
            "provenance": _list_json(page.facility_list),
            "no_longer_listed_since": _list_json(page.gone_since) if page.gone_since else None,
            "rows": [{"line": line, "cells": dict(cells)} for line, cells in page.rows],
            "same": [facility_json(one) for one in page.same],
            "decisions": [decision_json(one) for one in page.decisions],
            "goods": [{"good": one.good, "because": one.because or None} for one in page.goods],
            "buyers": [
                {"buyer": one.buyer, "good": one.good, "since": one.since, "line": one.line} for one in page.buyers
            ],
        }
        output(json.dumps(told, indent=2))
        return
    output(f"facility         {facility_line(page.facility)}")
    for scheme, value in page.facility.listed.identifiers.items():
        output(f"{scheme:<16} {plain_line(value)}")
    for label, value in _origin(page.facility_list):
        output(f"{label:<16} {plain_line(value)}")
    output(f"lines            {', '.join(str(line) for line, _ in page.rows)}")
    if page.gone_since:
        output(f"note             {gone_sentence(page.gone_since)}")
    for good in page.goods:
        output(f"good             {plain_line(good.good)}")
    for buyer in page.buyers:
        words = ", ".join(part for part in (buyer.buyer, buyer.good, buyer.since) if part)
        output(f"buyer            {plain_line(words)}, line {buyer.line}")
    for one in page.same:
        output(f"same place       {facility_line(one)}")
    for decision in page.decisions:
        output(f"decision         {decided(decision)}")


def _origin(one: FacilityList) -> list[tuple[str, str]]:
    table = one.table
    return [
        ("file", table.file_name),
        ("publisher", table.publisher),
        ("licence", table.licence),
        ("edition", table.version),
        ("imported", table.day.isoformat()),
        ("sha256", table.sha256.hex()),
    ]


def _list_json(one: FacilityList) -> dict[str, object]:
    return {
        "list": one.name,
        "kind": one.kind,
        "facilities": one.facilities,
        "rows": one.table.rows,
        "sheet": one.table.sheet,
        "columns": dict(one.columns),
        "follows": f"L-{one.follows}" if one.follows else None,
    } | dict(_origin(one))


_OTHERS = (trace, codes_command, *DIARY_COMMANDS, *SENTENCE_COMMANDS, *REPORT_COMMANDS, *ANSWER_COMMANDS, ftm)
for _command in (*SAME_COMMANDS, *EVIDENCE_COMMANDS, *COMMANDS, *_OTHERS):
    command.add_command(_command)
