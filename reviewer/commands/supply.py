"""``supply``: lists of factories, farms and mines, and which of them are the same place."""

import itertools
import json
from pathlib import Path

import click

from reviewer.casebook.facility_lists import FacilityList, StoredFacility
from reviewer.casebook.facility_matches import FacilityAnswer, FacilityDecision
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.commands.supply_codes import command as codes_command
from reviewer.commands.supply_diary import DIARY_COMMANDS
from reviewer.commands.supply_flags import COMMANDS
from reviewer.commands.supply_reports import REPORT_COMMANDS
from reviewer.commands.supply_trace import trace
from reviewer.facilities.list_import import FACILITY_KINDS, STEPS, forget_list
from reviewer.facilities.other_lists import KINDS, bring_list, files_of
from reviewer.facilities.same_place import SamePlace, decide, facility_json, facility_page, undo
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from reviewer.viewers.tables import TableProvenance, open_table
from system.clock import today

_MOST_LISTED = 20
_LETTERS = 100


@click.group(short_help="Lists of factories, farms and mines.")
def command() -> None:
    """Lists of factories, farms and mines, and which of them are the same place.

    Nothing is fetched: lists come on a medium. A process without keys reads them.
    """


@command.command(
    "import",
    epilog="Example: tipline-review supply import ~/review hub.csv --kind os-hub --publisher 'Open Supply Hub'"
    " --licence 'CC BY-SA 4.0' --edition 2026-11",
)
@at_home
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(KINDS), required=True, help="The kind of list.")
@click.option("--columns", "map_file", type=FILE, metavar="MAP", help="The column map; os-hub has its own.")
@click.option("--sheet", type=click.IntRange(1, 1000), default=1, help="The sheet, from 1.")
@click.option("--publisher", default="", metavar="WORDS", help="The maker of the list.")
@click.option("--licence", default="", metavar="WORDS", help="The terms on which you have it.")
@click.option("--edition", default="", metavar="WORDS", help="The edition, or the day of the list.")
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
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import the list FILE, which ends in .csv, .xlsx or .jsonl: every row, or none.

    Steps of a chain of custody may be EPCIS 2.0 too, and end in .json or .jsonld.

    A row with a fault is named with its line. Facilities with an equal OS ID or GLN, or with equal name and whole
    address, are written down as the same by rule; `supply undo` undoes it. Others that look alike are questions.
    """
    with open_table(file, sheet=sheet, children=Children(), kinds=files_of(kind)) as table:
        provenance = TableProvenance(file.name, table.sha256, sheet, publisher, licence, edition, today())
        done = bring_list(home, table, kind, map_file, provenance, is_check=dry_run, today=today())
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
def forget(home: Home, name: str) -> None:
    """Delete a list for good: its rows, and all that depends on it, as answers, flags, goods and steps.

    Backups that were written before still have it.
    """
    gone = forget_list(home, name, today=today())
    output(f"forgotten        {gone.name}, {gone.facilities:,} facilities")
    if home.casebook.backups.last_day() is not None:
        notice("hint", "backups from before still have the list: write a new one, and destroy the old ones")


@command.command("questions", epilog="Example: tipline-review supply questions ~/review --most 50")
@at_home
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=_MOST_LISTED, help="The number of questions to show."
)
@JSON
def questions(home: Home, most: int, as_json: bool) -> None:
    """List facilities of two lists that may be the same place, the most alike first.

    Those that were put off come last.
    """
    places = SamePlace(home.casebook)
    count = places.count()
    shown = list(itertools.islice(places.open(), most))
    home.casebook.log.add("facility questions", f"{len(shown)} shown", today=today())
    if as_json:
        output(json.dumps({"open": count, "questions": [one.to_json() for one in shown]}, indent=2))
        return
    for one in shown:
        later = " (put off)" if one.is_later else ""
        output(
            f"{one.one.name} {one.other.name}  {one.question.score:.2f}{later}  {', '.join(one.question.reasons)}"
        )
        output(f"    {_line(one.one)}")
        output(f"    {_line(one.other)}")
    output(f"open             {count:,}")


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
            "rows": [{"line": line, "cells": dict(cells)} for line, cells in page.rows],
            "same": [facility_json(one) for one in page.same],
            "decisions": [_decision_json(one) for one in page.decisions],
            "goods": [{"good": one.good, "because": one.because or None} for one in page.goods],
            "buyers": [
                {"buyer": one.buyer, "good": one.good, "since": one.since, "line": one.line} for one in page.buyers
            ],
        }
        output(json.dumps(told, indent=2))
        return
    output(f"facility         {_line(page.facility)}")
    for scheme, value in page.facility.listed.identifiers.items():
        output(f"{scheme:<16} {plain_line(value)}")
    for label, value in _origin(page.facility_list):
        output(f"{label:<16} {plain_line(value)}")
    output(f"lines            {', '.join(str(line) for line, _ in page.rows)}")
    for good in page.goods:
        output(f"good             {plain_line(good.good)}")
    for buyer in page.buyers:
        words = ", ".join(part for part in (buyer.buyer, buyer.good, buyer.since) if part)
        output(f"buyer            {plain_line(words)}, line {buyer.line}")
    for one in page.same:
        output(f"same place       {_line(one)}")
    for decision in page.decisions:
        output(f"decision         {_decided(decision)}")


@command.command(
    "decide", epilog="Example: tipline-review supply decide ~/review F-3 F-9 different --because 'another gate'"
)
@at_home
@click.argument("one", metavar="F-N")
@click.argument("other", metavar="F-M")
@click.argument("answer", type=click.Choice([str(one) for one in FacilityAnswer]))
@click.option("--because", default="", metavar="REASON", help="Why; it is kept with the answer.")
def decide_command(home: Home, one: str, other: str, answer: str, because: str) -> None:
    """Keep an answer about two facilities: same, different, or later.

    A person's `different` beats a rule, and any chain of `same`.
    """
    decide(home, one, other, FacilityAnswer(answer), because=because, today=today())
    output(f"decided          {one.upper()} {other.upper()} {answer}")
    _tell_contradictions(home)


@command.command("undo", epilog="Example: tipline-review supply undo ~/review F-3 F-9")
@at_home
@click.argument("one", metavar="F-N")
@click.argument("other", metavar="F-M")
def undo_command(home: Home, one: str, other: str) -> None:
    """Undo the answer about two facilities, or what a rule wrote if no person answered.

    The pair is a question again. A rule that was undone does not come back.
    """
    undone = undo(home, one, other, today=today())
    output(f"undone           {_decided(undone)}")
    if undone.other in SamePlace(home.casebook).clusters.of(undone.one):
        notice(
            "note",
            "other decisions still connect the two: `supply show` lists them, and `different` beats them",
        )
    _tell_contradictions(home)


def _tell_contradictions(home: Home) -> None:
    for different, sames in SamePlace(home.casebook).contradictions():
        pairs = ", ".join(f"F-{one.one} F-{one.other}" for one in sames)
        notice(
            "note",
            f"F-{different.one} and F-{different.other} are different, so these join nothing: {pairs or 'a chain'}",
        )


def _decided(decision: FacilityDecision) -> str:
    by = (
        f"by rule: equal {decision.rule}" if decision.is_by_rule else f"by a person: {plain_line(decision.because)}"
    )
    return f"F-{decision.one} F-{decision.other} {decision.answer}, {decision.day.isoformat()}, {by}"


def _decision_json(decision: FacilityDecision) -> dict[str, object]:
    return {
        "facilities": [f"F-{decision.one}", f"F-{decision.other}"],
        "answer": str(decision.answer),
        "by": "rule" if decision.is_by_rule else "person",
        "rule": decision.rule,
        "because": decision.because,
        "day": decision.day.isoformat(),
    }


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
    } | dict(_origin(one))


def _line(stored: StoredFacility) -> str:
    facility = stored.listed.facility
    words = " · ".join(one for one in (facility.name, facility.address, facility.country) if one)
    return f"{stored.name}  L-{stored.facility_list}  {plain_line(words, limit_letters=_LETTERS)}"


for _command in (*COMMANDS, trace, codes_command, *DIARY_COMMANDS, *REPORT_COMMANDS):
    command.add_command(_command)
