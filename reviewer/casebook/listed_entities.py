"""Persons and firms on lists that staff brought, with the keys by which they are found.

A list is a row of ``facility_lists``, and its origin a row of ``imported_tables``. All that came of a list is
deleted with it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookFiles, Row
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.imported_tables import ImportedTable, ImportedTables

WATCHED: Final = "persons and firms"
"""The use of a table, as ``imported_tables`` knows it."""

SOUGHT_KIND: Final = "sought"
"""The kind of a list of persons that others look for. A hit on it never leaves."""

_MOST_COUNTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class WatchedList:
    """A list of persons, firms or digests; ``table`` is its origin."""

    number: int
    kind: str
    entries: int
    table: ImportedTable

    @property
    def name(self) -> str:
        """As ``L-2``."""
        return f"L-{self.number}"

    @property
    def is_sought(self) -> bool:
        """True if a hit on it may come from the one that a person fled from."""
        return self.kind == SOUGHT_KIND


@dataclass(frozen=True, slots=True)
class ListedEntity:
    """One entry of a list, ``kind`` person, organisation or other; names and facts are untrusted text."""

    number: int
    watched_list: int
    line: int
    kind: str
    names: Sequence[str] = field(repr=False)
    facts: Mapping[str, str] = field(repr=False)


class ListedEntities:
    """Each method is a part of the caller's transaction."""

    def __init__(self, files: CasebookFiles) -> None:
        self._small = files.small
        self._tables = ImportedTables(files)

    def add_list(self, kind: str, table: ImportedTable) -> int:
        """Keep an empty list; its number."""
        self._small.run(
            "INSERT INTO facility_lists (imported_table, kind, columns) VALUES (?, ?, '{}')",
            (self._tables.add(table), kind),
        )
        return self._last()

    def add(
        self,
        watched_list: int,
        line: int,
        kind: str,
        names: Sequence[str],
        facts: Mapping[str, str],
        identifiers: Iterable[Identifier],
        keys: Iterable[str],
    ) -> int:
        """Keep an entry with the keys of its names; its number."""
        self._small.run(
            "INSERT INTO listed_entities (list, line, kind, names, facts) VALUES (?, ?, ?, ?, ?)",
            (watched_list, line, kind, _json(names), _json(facts)),
        )
        number = self._last()
        for one in identifiers:
            self._small.run(
                "INSERT OR IGNORE INTO listed_identifiers VALUES (?, ?, ?, ?)",
                (one.key, one.kind, number, watched_list),
            )
        for key in keys:
            self._small.run("INSERT OR IGNORE INTO listed_name_keys VALUES (?, ?, ?)", (key, number, watched_list))
        return number

    def add_digest(self, watched_list: int, digest: bytes) -> None:
        """Note that a digest came with this list, unless it is known by itself."""
        self._small.run(
            "INSERT OR IGNORE INTO listed_digests SELECT ?1, ?2"
            " WHERE NOT EXISTS (SELECT 1 FROM known_digests WHERE digest = ?2)"
            " OR EXISTS (SELECT 1 FROM listed_digests WHERE digest = ?2)",
            (watched_list, digest),
        )

    def note_rows(self, watched_list: int, rows: int) -> None:
        """Note how many rows the file had, once all of them were read."""
        self._small.run(
            "UPDATE imported_tables SET row_count = ?"
            " WHERE number = (SELECT imported_table FROM facility_lists WHERE number = ?)",
            (rows, watched_list),
        )

    def all(self) -> list[WatchedList]:
        """All lists, in the order of their import."""
        tables = {table.number: table for table in self._tables.all(WATCHED)}
        rows = self._small.rows("SELECT number, kind, imported_table FROM facility_lists ORDER BY number")
        return [
            WatchedList(number, kind, self._count(number), tables[table])
            for number, kind, table in rows
            if table in tables
        ]

    def find(self, number: int) -> WatchedList | None:
        """The list with this number."""
        return next((one for one in self.all() if one.number == number), None)

    def newest(self) -> int:
        """The number of the newest list with entries; 0 if there is none."""
        row = self._small.row("SELECT coalesce(max(list), 0) FROM listed_entities")
        return int(row[0]) if row else 0

    def remove(self, watched: WatchedList) -> None:
        """Delete a list: its entries, keys and digests, and each hit, question and answer."""
        self._small.run("DELETE FROM facility_lists WHERE number = ?", (watched.number,))
        self._small.run("DELETE FROM imported_tables WHERE number = ?", (watched.table.number,))

    def entity(self, number: int) -> ListedEntity | None:
        """The entry with this number."""
        row = self._small.row(
            "SELECT number, list, line, kind, names, facts FROM listed_entities WHERE number = ?", (number,)
        )
        return _entity(row) if row else None

    def with_identifier(self, one: Identifier, *, above: int, most: int) -> list[int]:
        """Entries with this identifier on lists with a higher number than ``above``; ``most`` of each list.

        So no list pushes out a hit on another one.
        """
        rows = self._small.rows(
            "SELECT entity FROM (SELECT entity, row_number() OVER (PARTITION BY list ORDER BY entity) AS place"
            " FROM listed_identifiers WHERE key = ? AND kind = ? AND list > ?) WHERE place <= ?",
            (one.key, one.kind, above, most),
        )
        return [row[0] for row in rows]

    def alike(self, keys: Sequence[Iterable[str]], *, above: int, most: int) -> list[int]:
        """Entries that share keys with at least two words of a name, those that share most first.

        ``keys`` are those of each word; only lists with a higher number than ``above``, and ``most`` of each list.
        """
        pairs = [[slot, key] for slot, some in enumerate(keys) for key in some]
        rows = self._small.rows(
            "WITH wanted AS (SELECT value ->> 0 AS slot, value ->> 1 AS key FROM json_each(?))"
            ", found AS (SELECT k.list, k.entity, count(DISTINCT slot) AS shared FROM wanted"
            " CROSS JOIN listed_name_keys AS k ON k.key = wanted.key WHERE k.list > ?"
            " GROUP BY k.entity HAVING shared >= 2 AND count(DISTINCT k.key) >= 2)"
            " SELECT entity FROM (SELECT entity, row_number() OVER (PARTITION BY list ORDER BY shared DESC, entity)"
            " AS place FROM found) WHERE place <= ?",
            (json.dumps(pairs), above, most),
        )
        return [row[0] for row in rows]

    def count_with_key(self, key: str) -> int:
        """How many entries have this key, of all lists."""
        row = self._small.row(
            "SELECT count(*) FROM (SELECT 1 FROM listed_name_keys WHERE key = ? LIMIT ?)", (key, _MOST_COUNTED)
        )
        return int(row[0]) if row else 0

    def count(self) -> int:
        """The number of entries of all lists."""
        row = self._small.row("SELECT count(*) FROM listed_entities")
        return int(row[0]) if row else 0

    def _count(self, number: int) -> int:
        row = self._small.row(
            "SELECT (SELECT count(*) FROM listed_entities WHERE list = ?1)"
            " + (SELECT count(*) FROM listed_digests WHERE list = ?1)"
            " + (SELECT count(*) FROM open_figures WHERE list = ?1)",
            (number,),
        )
        return int(row[0]) if row else 0

    def _last(self) -> int:
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0


def _entity(row: Row) -> ListedEntity:
    number, watched_list, line, kind, names, facts = row
    return ListedEntity(number, watched_list, line, kind, json.loads(names), json.loads(facts))


def _json(value: Sequence[str] | Mapping[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False)
