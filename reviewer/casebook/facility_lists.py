"""Lists of facilities that staff brought: their origin, their facilities, and the rows as they came.

The origin of a list is a row of ``imported_tables``. Each facility knows its list and its lines.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviewer.casebook.database import CasebookFiles, Row
from reviewer.casebook.imported_tables import ImportedTable, ImportedTables
from reviewer.supply.facility import Facility
from reviewer.supply.facility_columns import SCHEMES, ListedFacility

FACILITY_LISTS = "facilities"
"""The use of a table, as ``imported_tables`` knows it."""


@dataclass(frozen=True, slots=True)
class FacilityList:
    """A list with its number here; ``facilities`` is the number of its facilities, ``table`` its origin.

    ``follows`` is the number of the list of which it is a newer edition, as staff said; None for none.
    """

    number: int
    kind: str
    columns: Mapping[str, Any] = field(repr=False)
    facilities: int
    table: ImportedTable
    follows: int | None = None

    @property
    def name(self) -> str:
        """As ``L-2``."""
        return f"L-{self.number}"


@dataclass(frozen=True, slots=True)
class StoredFacility:
    """A facility of one list, with its number here."""

    number: int
    facility_list: int
    listed: ListedFacility = field(repr=False)

    @property
    def name(self) -> str:
        """As ``F-12``."""
        return f"F-{self.number}"


class FacilityLists:
    """Each method is a part of the caller's transaction."""

    def __init__(self, files: CasebookFiles) -> None:
        self._small = files.small
        self._tables = ImportedTables(files)

    def add(self, kind: str, columns: Mapping[str, Any], table: ImportedTable) -> int:
        """Keep an empty list, with its column map as JSON; its number."""
        self._small.run(
            "INSERT INTO facility_lists (imported_table, kind, columns) VALUES (?, ?, ?)",
            (self._tables.add(table), kind, json.dumps(columns, ensure_ascii=False)),
        )
        return self._last()

    def note_follows(self, facility_list: int, before: FacilityList) -> None:
        """A list is a newer edition of the one before."""
        self._small.run("INSERT INTO list_editions VALUES (?, ?)", (facility_list, before.number))

    def add_facility(self, facility_list: int, listed: ListedFacility) -> int:
        """Keep a facility without any row; its number."""
        facility = listed.facility
        self._small.run(
            "INSERT INTO facilities (list, name, address, country) VALUES (?, ?, ?, ?)",
            (facility_list, facility.name, facility.address, facility.country),
        )
        number = self._last()
        for scheme, value in listed.identifiers.items():
            self._small.run("INSERT INTO facility_identifiers VALUES (?, ?, ?)", (number, scheme, value))
        return number

    def add_row(self, facility: int, line: int, cells: Mapping[str, str]) -> None:
        """Keep a row of the file as it came."""
        self._small.run(
            "INSERT INTO facility_rows VALUES (?, ?, ?)", (facility, line, json.dumps(cells, ensure_ascii=False))
        )

    def all(self) -> list[FacilityList]:
        """All lists, in the order of their import."""
        tables = {table.number: table for table in self._tables.all(FACILITY_LISTS)}
        rows = self._small.rows(
            "SELECT number, kind, columns, (SELECT count(*) FROM facilities AS f WHERE f.list = l.number),"
            " imported_table, (SELECT e.follows FROM list_editions AS e WHERE e.list = l.number)"
            " FROM facility_lists AS l ORDER BY number"
        )
        return [
            FacilityList(number, kind, json.loads(columns), count, tables[table], follows)
            for number, kind, columns, count, table, follows in rows
            if table in tables
        ]

    def find(self, number: int) -> FacilityList | None:
        """The list with this number."""
        return next((one for one in self.all() if one.number == number), None)

    def forget(self, facility_list: FacilityList) -> None:
        """Delete a list, its facilities and rows, and each question and decision about them."""
        self._small.run("DELETE FROM facility_lists WHERE number = ?", (facility_list.number,))
        self._small.run("DELETE FROM imported_tables WHERE number = ?", (facility_list.table.number,))

    def facility(self, number: int) -> StoredFacility | None:
        """The facility with this number."""
        row = self._small.row(
            "SELECT number, list, name, address, country FROM facilities WHERE number = ?", (number,)
        )
        return self._stored(row) if row else None

    def facilities(self, numbers: Sequence[int]) -> Iterator[StoredFacility]:
        """The facilities with these numbers, as far as they are here."""
        return (one for number in numbers if (one := self.facility(number)) is not None)

    def rows(self, facility: int) -> list[tuple[int, dict[str, str]]]:
        """Line and cells of each row of a facility."""
        found = self._small.rows(
            "SELECT line, cells FROM facility_rows WHERE facility = ? ORDER BY line", (facility,)
        )
        return [(line, json.loads(cells)) for line, cells in found]

    def row_at(self, facility_list: int, line: int) -> tuple[int, dict[str, str]] | None:
        """Facility and cells of the row at a line of a list."""
        row = self._small.row(
            "SELECT r.facility, r.cells FROM facility_rows AS r JOIN facilities AS f ON f.number = r.facility"
            " WHERE f.list = ? AND r.line = ?",
            (facility_list, line),
        )
        return (int(row[0]), json.loads(row[1])) if row else None

    def lines(self, facility: int) -> list[int]:
        """The lines of a facility in its list."""
        found = self._small.rows("SELECT line FROM facility_rows WHERE facility = ? ORDER BY line", (facility,))
        return [line for (line,) in found]

    def numbers_in(self, facilities: Collection[int], lists: Collection[int]) -> dict[int, int]:
        """The list of each of these facilities that stands on one of these lists."""
        rows = self._small.rows(
            "SELECT number, list FROM facilities WHERE number IN (SELECT value FROM json_each(?))"
            " AND list IN (SELECT value FROM json_each(?))",
            (json.dumps(list(facilities)), json.dumps(list(lists))),
        )
        return dict(rows)

    def numbers_on(self, lists: Collection[int]) -> set[int]:
        """All facilities of these lists."""
        rows = self._small.rows(
            "SELECT number FROM facilities WHERE list IN (SELECT value FROM json_each(?))",
            (json.dumps(list(lists)),),
        )
        return {number for (number,) in rows}

    def with_identifier(self, value: str, *, most: int) -> list[int]:
        """The facilities with this identifier, of any scheme."""
        rows = self._small.rows(
            "SELECT facility FROM facility_identifiers WHERE scheme IN (SELECT value FROM json_each(?))"
            " AND value = ? ORDER BY facility LIMIT ?",
            (json.dumps(SCHEMES), value, most),
        )
        return [number for (number,) in rows]

    def after(self, number: int, *, most: int) -> list[int]:
        """The next facilities by number."""
        rows = self._small.rows(
            "SELECT number FROM facilities WHERE number > ? ORDER BY number LIMIT ?", (number, most)
        )
        return [one for (one,) in rows]

    def without_listed_goods(self, number: int, goods_list: int, *, most: int) -> list[int]:
        """The next facilities by number whose goods do not stand on a list of goods for their country."""
        rows = self._small.rows(
            "SELECT f.number FROM facilities AS f WHERE f.number > ? AND NOT EXISTS (SELECT 1"
            " FROM facility_goods AS g JOIN listed_goods AS l ON l.good_key = g.good_key AND l.country = f.country"
            " WHERE g.facility = f.number AND l.list = ? AND (l.child OR l.forced)) ORDER BY f.number LIMIT ?",
            (number, goods_list, most),
        )
        return [one for (one,) in rows]

    def _stored(self, row: Row) -> StoredFacility:
        number, facility_list, *fields = row
        identifiers = self._small.rows(
            "SELECT scheme, value FROM facility_identifiers WHERE facility = ? ORDER BY scheme", (number,)
        )
        return StoredFacility(number, facility_list, ListedFacility(Facility(*fields), dict(identifiers)))

    def _last(self) -> int:
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0
