"""All rows of one submission in all tables, found by the foreign keys of the schema.

A table that holds anything of a tip refers to ``submissions (number)``, or to a table that does. So deletion and
the bin reach new tables without being told of them, and a row that is left over makes the change fail.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.replies import SentReplies
from reviewer.errors import CasebookError

ROOT: Final = "submissions"
KEPT_AS_DUMMIES: Final = "replies"
"""Their rows stay, without text and submission: numbers of replies say what each server was sent."""

_THREADED: Final = "inbox_rows"
"""Its rows refer to a thread as well, which may be gone when they come back."""

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class _Reference:
    """A foreign key: ``columns`` refer to ``target_columns`` of ``target``."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


class DependentRows:
    """The rows of any submission, as the schema of this casebook says."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small
        self._references = [one for name in self._tables() for one in self._references_of(name)]
        self._order = self._parents_first()

    @property
    def tables(self) -> Sequence[str]:
        """The tables with rows of submissions; each stands after those that it refers to."""
        return self._order

    def delete(self, submission: int) -> None:
        """Delete the rows of a submission; of its replies dummies stay."""
        for table in reversed(self._order):
            if table == KEPT_AS_DUMMIES:
                SentReplies(self._small).let_go_of(submission)
            else:
                self._small.run(f"DELETE FROM {table} WHERE {self._belongs(table)}", (submission,))  # noqa: S608

    def pack(self, submission: int) -> bytes:
        """All rows as JSON, for :meth:`unpack`."""
        packed = []
        for table in self._order:
            columns = self._columns(table)
            rows = self._small.rows(
                f"SELECT {', '.join(columns)} FROM {table} WHERE {self._belongs(table)}",  # noqa: S608
                (submission,),
            )
            packed.append([table, columns, [[_to_json(value) for value in row] for row in rows]])
        return json.dumps(packed).encode("ascii")

    def unpack(self, packed: bytes) -> None:
        """Write the rows again. A row whose number was given to another one meanwhile gets a new number.

        Raises:
            CasebookError: a table of them is not in this casebook.
        """
        renumbered: dict[tuple[str, str, Value], Value] = {}
        for table, columns, rows in json.loads(packed):
            if table not in self._order:
                raise CasebookError("the bin was written by another version of this program")
            for row in rows:
                values = dict(zip(columns, map(_from_json, row), strict=True))
                for one in (each for each in self._references if each.table == table):
                    for column, target in zip(one.columns, one.target_columns, strict=True):
                        values[column] = renumbered.get((one.target, target, values[column]), values[column])
                self._write(table, values, renumbered)

    def _write(self, table: str, values: dict[str, Value], renumbered: dict[tuple[str, str, Value], Value]) -> None:
        if table == KEPT_AS_DUMMIES and self._write_over_dummy(values):
            return
        if table == _THREADED:
            self._small.run("INSERT OR IGNORE INTO inbox_threads (thread) VALUES (?)", (values["thread"],))
        number = self._own_number(table)
        former = values[number] if number is not None else None
        if number is not None and self._small.row(
            f"SELECT 1 FROM {table} WHERE {number} = ?",  # noqa: S608
            (former,),
        ):
            del values[number]
        names, places = ", ".join(values), ", ".join("?" * len(values))
        self._small.run(f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values()))  # noqa: S608
        if number is not None and number not in values:
            given = self._small.row("SELECT last_insert_rowid()")
            renumbered[(table, number, former)] = given[0] if given else None

    def _write_over_dummy(self, values: dict[str, Value]) -> bool:
        """Give a reply its text again, where the dummy that took its place is still there."""
        return bool(
            self._small.run(
                "UPDATE replies SET submission = ?, mailbox_number = ?, text = ?, sealed_row = ?"
                " WHERE reply_id = ?",
                [values[name] for name in ("submission", "mailbox_number", "text", "sealed_row", "reply_id")],
            )
        )

    def _tables(self) -> list[str]:
        rows = self._small.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        return [row[0] for row in rows]

    def _references_of(self, table: str) -> Iterator[_Reference]:
        found: dict[int, list[tuple[Any, ...]]] = {}
        for row in self._small.rows(f"PRAGMA foreign_key_list({table})"):
            found.setdefault(row[0], []).append(row)
        for rows in found.values():
            ordered = sorted(rows, key=lambda row: int(row[1]))
            if ordered[0][2] != table:
                target = ordered[0][2]
                yield _Reference(
                    table,
                    tuple(row[3] for row in ordered),
                    target,
                    tuple(row[4] or self._key_of(target) for row in ordered),
                )

    def _key_of(self, table: str) -> str:
        """The primary key of one column, which a reference without a column means."""
        return str(next(row[1] for row in self._small.rows(f"PRAGMA table_info({table})") if row[5]))

    def _parents_first(self) -> list[str]:
        reached = {ROOT}
        while more := {one.table for one in self._references if one.target in reached} - reached:
            reached |= more
        self._references = [one for one in self._references if {one.table, one.target} <= reached]
        order: list[str] = []
        while len(order) < len(reached):
            order += [
                table
                for table in sorted(reached - set(order))
                if all(one.target in order for one in self._references if one.table == table)
            ]
        return order

    def _belongs(self, table: str) -> str:
        """The condition for rows of the submission ``?1``."""
        if table == ROOT:
            return "number = ?1"
        return " OR ".join(
            f"({', '.join(one.columns)}) IN (SELECT {', '.join(one.target_columns)} FROM {one.target}"  # noqa: S608
            f" WHERE {self._belongs(one.target)})"
            for one in self._references
            if one.table == table
        )

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._small.rows(f"PRAGMA table_info({table})")]

    def _own_number(self, table: str) -> str | None:
        """The column of a number that counts rows and says nothing else; None where there is none."""
        keys = [row for row in self._small.rows(f"PRAGMA table_info({table})") if row[5]]
        referring = {column for one in self._references if one.table == table for column in one.columns}
        if table == ROOT or len(keys) != 1 or keys[0][2] != "INTEGER" or keys[0][1] in referring:
            return None
        return str(keys[0][1])


def _to_json(value: Value) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _from_json(value: Any) -> Value:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
