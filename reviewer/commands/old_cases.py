"""``old-cases``: import old cases from a spreadsheet, after a preview."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from reviewer.casebook.imported_tables import OLD_CASES
from reviewer.cases.old_cases import DAY_ORDERS, SHOWN_ROWS, ColumnMap, import_old_cases, preview
from reviewer.clean_copy.children import Children
from reviewer.commands.at_home import FILE, JSON, ListingGroup, at_home
from reviewer.home.home import Home
from reviewer.linking.also_in import new_to_see
from reviewer.linking.tip_reading import read_new_tips
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from reviewer.viewers.tables import TableProvenance, open_table
from system.clock import today

_LETTERS = 60
_SHEET = click.option("--sheet", type=click.IntRange(1, 1000), default=1, help="The sheet, from 1.")
_TEXT = click.option(
    "--text", "texts", multiple=True, metavar="COLUMN", help="A column of the text; several are joined."
)
_DAY = click.option("--day", default="", metavar="COLUMN", help="The column of the day; today, if not given.")
_LANGUAGE = click.option("--language", default="", metavar="COLUMN", help="The column of the language: en, es, …")
_DANGER = click.option("--danger", default="", metavar="COLUMN", help="The column that says yes for danger.")
_DAYS = click.option(
    "--days", type=click.Choice(DAY_ORDERS), default="ymd", help="The order of day, month and year."
)


def _columns(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (_DAYS, _DANGER, _LANGUAGE, _DAY, _TEXT, _SHEET):
        command = option(command)
    return command


@click.group(cls=ListingGroup, short_help="Import old cases from a spreadsheet.")
def command() -> None:
    """Old cases from a spreadsheet. `old-cases HOME` lists the tables that were imported.

    The file ends in .xlsx, .csv or .jsonl.
    Each row becomes a tip that is archived. It has no mailbox, and no colleague has it. A process without keys
    reads the file: values of cells only.
    """


@command.command("list", epilog="Example: tipline-review old-cases list ~/review")
@at_home
@JSON
def list_tables(home: Home, as_json: bool) -> None:
    """List the tables that were imported, with SHA-256, day and rows."""
    tables = home.casebook.imported_tables.all(OLD_CASES)
    if as_json:
        told = [
            {
                "table": one.number,
                "file": one.file_name,
                "sha256": one.sha256.hex(),
                "sheet": one.sheet,
                "publisher": one.publisher,
                "licence": one.licence,
                "version": one.version,
                "rows": one.rows,
                "day": one.day.isoformat(),
            }
            for one in tables
        ]
        output(json.dumps({"tables": told}, indent=2))
        return
    for one in tables:
        output(f"{one.number:>4}  {one.day.isoformat()}  {one.rows:,} rows  {plain_line(one.file_name)}")
    if not tables:
        output("no table was imported")


@command.command(
    "preview", epilog="Example: tipline-review old-cases preview ~/review old.xlsx --text Notes --day Date"
)
@at_home
@click.argument("file", type=FILE)
@_columns
@JSON
def preview_command(home: Home, file: Path, as_json: bool, **given: Any) -> None:
    """Show the columns of FILE, and how its first rows would be kept.

    Each row is checked, and nothing is kept.
    """
    columns = _map(**given)
    with open_table(file, sheet=given["sheet"], children=Children()) as table:
        shown = preview(table, columns if columns.text else None, today=today())
    home.casebook.log.add("old cases previewed", f"{shown.rows} rows", today=today())
    if as_json:
        output(json.dumps(shown.to_json(), indent=2))
        return
    output(f"rows             {shown.rows:,}")
    for name in shown.columns:
        values = [one.cells.get(name, "") for one in shown.first]
        example = next((value for value in values if value), "")
        output(f"column           {plain_line(name, limit_letters=_LETTERS)}: {_short(example)}")
    for case in shown.cases:
        output(f"line {case.line:<11} {case.day.isoformat()}  {_short(dict(case.fields)['text'])}")
    if not shown.cases:
        output("choose columns with --text, --day, --language and --danger")
    elif shown.rows > SHOWN_ROWS:
        output(f"and {shown.rows - SHOWN_ROWS:,} more")


@command.command(
    "import", epilog="Example: tipline-review old-cases import ~/review old.xlsx --text Notes --day Date"
)
@at_home
@click.argument("file", type=FILE)
@_columns
@click.option("--publisher", default="", metavar="WORDS", help="The maker of the table.")
@click.option("--licence", default="", metavar="WORDS", help="The terms on which you have it.")
@click.option("--version", default="", metavar="WORDS", help="The version of the table.")
def import_command(home: Home, file: Path, publisher: str, licence: str, version: str, **given: Any) -> None:
    """Import each row of FILE as an archived tip: all of them, or none. A line with a fault is named."""
    with open_table(file, sheet=given["sheet"], children=Children()) as table:
        provenance = TableProvenance(file.name, table.sha256, given["sheet"], publisher, licence, version, today())
        count = import_old_cases(home, table, _map(**given), provenance, today=today())
    output(f"imported         {count:,} old cases")
    read_new_tips(home)
    output(new_to_see(home).sentence())


def _map(*, texts: Sequence[str], day: str, language: str, danger: str, days: str, sheet: int) -> ColumnMap:  # noqa: ARG001 -- one of the options
    return ColumnMap(tuple(texts), day, language, danger, days)


def _short(untrusted_text: str) -> str:
    return plain_line(" ".join(untrusted_text.split()), limit_letters=_LETTERS)
