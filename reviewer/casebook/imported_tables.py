"""Tables that staff brought, each with its provenance, and the rows that became tips.

A tip from a table has no envelope, no mailbox and no week, as a report by telephone has none. No colleague has it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookFiles, Row
from reviewer.casebook.marks import ArchivedSubmissions
from reviewer.casebook.shared_marks import OLD_CASES_SERVER
from reviewer.casebook.telephone_reports import put_without_envelope

OLD_CASES: Final = "old cases"


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """One table, with its number here and the number of its rows.

    ``sha256`` is that of the file. ``publisher``, ``licence`` and ``version`` are empty where staff gave none.
    """

    number: int
    use: str
    file_name: str
    sha256: bytes
    sheet: int
    publisher: str
    licence: str
    version: str
    rows: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class OldCase:
    """A row that becomes a tip: its line in the table, the day that it names, and its fields."""

    line: int
    day: dt.date
    fields: Sequence[tuple[str, str]]


class ImportedTables:
    """Each method is a part of the caller's transaction."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def add(self, table: ImportedTable) -> int:
        """Keep the provenance of a table; its number. The number of ``table`` is not looked at."""
        self._small.run(
            "INSERT INTO imported_tables"
            " (use, file_name, sha256, sheet, publisher, licence, version, row_count, day)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(table.use, table.file_name, table.sha256, table.sheet),
                *(table.publisher, table.licence, table.version, table.rows, table.day.isoformat()),
            ),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def find(self, use: str, sha256: bytes, sheet: int) -> ImportedTable | None:
        """The same sheet of the same file, if it was imported for this use."""
        found = [one for one in self.all(use) if (one.sha256, one.sheet) == (sha256, sheet)]
        return found[0] if found else None

    def all(self, use: str) -> list[ImportedTable]:
        """All tables of a use, in the order of their import."""
        rows = self._small.rows(
            "SELECT number, use, file_name, sha256, sheet, publisher, licence, version, row_count, day"
            " FROM imported_tables WHERE use = ? ORDER BY number",
            (use,),
        )
        return [_table(row) for row in rows]

    def add_case(self, table: int, case: OldCase, *, today: dt.date) -> int:
        """Keep a row as a tip that is read and archived; the number of its submission."""
        number = put_without_envelope(self._files, OLD_CASES_SERVER, case.fields, day=case.day, today=today)
        self._small.run("INSERT INTO imported_rows VALUES (?, ?, ?)", (number, table, case.line))
        ArchivedSubmissions(self._small).mark(number, today=today)
        return number

    def origin(self, submission: int) -> tuple[str, int] | None:
        """The name of the file and the line that a tip came from; None for another one."""
        row = self._small.row(
            "SELECT t.file_name, r.line FROM imported_rows AS r"
            " JOIN imported_tables AS t ON t.number = r.imported_table"
            " WHERE r.submission = ?",
            (submission,),
        )
        return (str(row[0]), int(row[1])) if row else None


def _table(row: Row) -> ImportedTable:
    number, use, name, sha256, sheet, publisher, licence, version, count, day = row
    return ImportedTable(
        number, use, name, sha256, sheet, publisher, licence, version, count, dt.date.fromisoformat(day)
    )
