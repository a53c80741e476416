"""Old cases from a spreadsheet: shown first, then kept as tips, all of them or none."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.imported_tables import OLD_CASES, ImportedTable, OldCase
from reviewer.cases.telephone import REPORT_BYTES, is_language_tag
from reviewer.errors import TableRefused
from reviewer.home.home import Home
from reviewer.viewers.tables import OpenTable, TableProvenance, TableRow
from system.errors import ProgramError

MOST_CASES: Final = 20_000
SHOWN_ROWS: Final = 5
DAY_ORDERS: Final = ("ymd", "dmy", "mdy")
_DAY: Final = re.compile(r"([0-9]{1,4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,4})(?:[ T].*)?")
_YES: Final = frozenset({"yes", "true", "1", "x", "ja", "sí", "si", "oui", "да", "نعم"})


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns that become a tip: ``text`` one or more, the others one or none each."""

    text: Sequence[str]
    day: str = ""
    language: str = ""
    danger: str = ""
    day_order: str = "ymd"

    def names(self) -> list[str]:
        """All columns that are read."""
        return [*self.text, *(one for one in (self.day, self.language, self.danger) if one)]


@dataclass(frozen=True, slots=True)
class TablePreview:
    """A table before it is imported: its columns, how many rows, and the first ones as they would be kept."""

    columns: Sequence[str] = field(repr=False)
    rows: int
    first: Sequence[TableRow] = field(repr=False)
    cases: Sequence[OldCase] = field(repr=False)

    def to_json(self) -> dict[str, Json]:
        """For programs; values are untrusted text."""
        return {
            "columns": list(self.columns),
            "rows": self.rows,
            "first": [{"line": one.line, "cells": dict(one.cells)} for one in self.first],
            "cases": [
                {"line": one.line, "day": one.day.isoformat(), "fields": dict(one.fields)} for one in self.cases
            ],
        }


def preview(table: OpenTable, columns: ColumnMap | None, *, today: dt.date) -> TablePreview:
    """Look at the whole table; with ``columns`` each row is checked as at the import. Nothing is kept.

    Raises:
        TableRefused: a line is not as it must be, or a column is missing.
    """
    names: dict[str, None] = {}
    first: list[TableRow] = []
    cases: list[OldCase] = []
    count = 0
    for row in table.rows():
        count += 1
        names |= dict.fromkeys(row.cells)
        case = _case(row, columns, today=today) if columns is not None else None
        if count <= SHOWN_ROWS:
            first.append(row)
            cases += [case] if case is not None else []
    _require_some(count)
    return TablePreview(list(names), count, first, cases)


def import_old_cases(
    home: Home, table: OpenTable, columns: ColumnMap, provenance: TableProvenance, *, today: dt.date
) -> int:
    """Keep each row as a tip that is archived and read; how many. All of them are kept, or none.

    Raises:
        TableRefused: a line is not as it must be, a column is missing, or the same sheet was imported before.
    """
    casebook = home.casebook
    if (before := casebook.imported_tables.find(OLD_CASES, provenance.sha256, provenance.sheet)) is not None:
        raise TableRefused(
            f"this sheet was imported on {before.day.isoformat()} as table {before.number}",
            hint="each sheet is imported once; save a changed one as another file",
        )
    cases = [_case(row, columns, today=today) for row in table.rows()]
    _require_some(len(cases))
    with casebook.changing():
        number = casebook.imported_tables.add(
            ImportedTable(
                0,
                OLD_CASES,
                provenance.file_name,
                provenance.sha256,
                provenance.sheet,
                provenance.publisher,
                provenance.licence,
                provenance.version,
                len(cases),
                provenance.day,
            )
        )
        for case in cases:
            casebook.imported_tables.add_case(number, case, today=today)
        casebook.log.add("old cases imported", f"table {number}, {len(cases)} rows", today=today)
    return len(cases)


def _case(row: TableRow, columns: ColumnMap, *, today: dt.date) -> OldCase:
    for name in columns.names():
        if name not in row.cells:
            raise TableRefused(
                f"line {row.line}: there is no column {name}", hint="give its name as in the first row"
            )
    if not columns.text:
        raise TableRefused("at least one column must be the text of a case")
    text = "\n".join(_paragraphs(row.cells, columns.text))
    if not text:
        raise TableRefused(f"line {row.line}: the text of a case must not be empty")
    if len(text.encode()) > REPORT_BYTES:
        raise TableRefused(f"line {row.line}: the text of a case must have at most {REPORT_BYTES:,} bytes")
    day = _day(row, row.cells[columns.day], columns.day_order) if columns.day else today
    if day > today:
        raise TableRefused(f"line {row.line}: the day of a case must not be after today")
    language = row.cells[columns.language].strip() if columns.language else ""
    if not is_language_tag(language):
        raise TableRefused(f"line {row.line}: a language must be a tag: en, es, zh-Hant")
    fields = [("text", text)]
    fields += [("language", language)] if language else []
    is_danger = bool(columns.danger) and row.cells[columns.danger].strip().casefold() in _YES
    return OldCase(row.line, day, [*fields, ("urgent", "yes")] if is_danger else fields)


def _paragraphs(cells: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        value = cells[name].replace("\r\n", "\n").replace("\r", "\n").strip()
        if value:
            yield value if len(names) == 1 else f"{name}: {value}"


def _day(row: TableRow, untrusted_text: str, order: str) -> dt.date:
    found = _DAY.fullmatch(untrusted_text.strip())
    if found is not None:
        numbers = list(found.groups()[:3])
        is_iso = len(numbers[0]) == 4
        parts = dict(zip("ymd" if is_iso else order, map(int, numbers), strict=True))
        if is_iso or len(numbers[order.index("y")]) == 4:
            try:
                return dt.date(parts["y"], parts["m"], parts["d"])
            except ValueError:
                pass
    raise TableRefused(
        f"line {row.line}: the day must be written like 2019-04-03",
        hint="--days dmy reads 3.4.2019, and --days mdy reads 4/3/2019",
    )


def _require_some(count: int) -> None:
    if not 1 <= count <= MOST_CASES:
        raise TableRefused(f"a table of old cases must have 1 to {MOST_CASES:,} rows")


def require_columns(text: Sequence[str], day_order: str) -> None:
    """Return if a column of text was named, and the order of days is one that is known.

    Raises:
        ProgramError: it is not so.
    """
    if not text or day_order not in DAY_ORDERS:
        raise ProgramError("name at least one column of text, and days as ymd, dmy or mdy")
