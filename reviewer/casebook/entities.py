"""Entities that a person kept, the roles that tips give them, and relations between them."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.findings import not_hidden
from reviewer.errors import CasebookError

ID_BYTES: Final = 16
_COLUMNS: Final = "number, entity_id, kind, shown_as, is_closed, day"


class SaidRole(StrEnum):
    """Said by a tip about an entity. It is no trait of a person."""

    HARMED = "harmed"
    DOES_HARM = "does-harm"
    HELPS = "helps"
    SAW = "saw"


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, a number or anything else that a person kept; ``entity_id`` is random and never changes."""

    number: int
    entity_id: bytes
    kind: str
    shown_as: str = field(repr=False)
    is_closed: bool
    day: dt.date


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """The tip of a submission says this of an entity."""

    entity: int
    submission: int
    role: SaidRole
    because: str = field(repr=False)
    day: dt.date


@dataclass(frozen=True, slots=True)
class Relation:
    """``entity`` does ``kind`` to ``other``, as the passage of a kept finding says."""

    number: int
    entity: int
    kind: str
    other: int
    finding: int
    since: dt.date | None
    until: dt.date | None
    day: dt.date


@dataclass(frozen=True, slots=True)
class SharedRelation:
    """A relation as a reviewer said it, on ``day``."""

    entity: int
    kind: str
    other: int
    finding: int
    since: dt.date | None
    until: dt.date | None
    day: dt.date


@dataclass(frozen=True, slots=True)
class Opening:
    """One look at an entity that is protected or closed."""

    because: str = field(repr=False)
    reviewer: str
    day: dt.date


class Entities:
    """Each method is a part of the caller's transaction. An entity goes with its last finding."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, kind: str, *, today: dt.date) -> int:
        """A new entity; the caller gives it a finding in the same transaction."""
        self._small.run(
            "INSERT INTO entities (entity_id, kind, day) VALUES (?, ?, ?)",
            (secrets.token_bytes(ID_BYTES), kind, today.isoformat()),
        )
        row = self._small.row("SELECT last_insert_rowid()")
        return int(row[0]) if row else 0

    def add_shared(self, entity_id: bytes, kind: str, *, day: dt.date) -> int:
        """An entity that a colleague kept, under the number that it had here before, if it had one."""
        row = self._small.row("SELECT number FROM ended_entities WHERE entity_id = ?", (entity_id,))
        self._small.run(
            "INSERT INTO entities (number, entity_id, kind, day) VALUES (?, ?, ?, ?)",
            (row[0] if row else None, entity_id, kind, day.isoformat()),
        )
        return self.number_of(entity_id) or 0

    def number_of(self, entity_id: bytes) -> int | None:
        """The number of the entity with this id, if it is here."""
        row = self._small.row("SELECT number FROM entities WHERE entity_id = ?", (entity_id,))
        return int(row[0]) if row else None

    def id_of(self, number: int) -> bytes | None:
        """The id of the entity with this number, if it is here."""
        row = self._small.row("SELECT entity_id FROM entities WHERE number = ?", (number,))
        return bytes(row[0]) if row else None

    def kind_of(self, number: int) -> str:
        row = self._small.row("SELECT kind FROM entities WHERE number = ?", (number,))
        return str(row[0]) if row else ""

    def set_kind(self, number: int, kind: str) -> None:
        self._small.run("UPDATE entities SET kind = ? WHERE number = ?", (kind, number))

    def find(self, number: int) -> Entity:
        """The entity with this number.

        Raises:
            CasebookError: there is none, it was forgotten, or a colleague's quarantine hides all of its tips.
        """
        row = self._small.row(
            f"SELECT {_COLUMNS} FROM entities AS e WHERE number = ? AND {self._unhidden()}",  # noqa: S608
            (number,),
        )
        if row is None:
            raise CasebookError(f"there is no entity E-{number}", hint="tipline-review entities HOME lists them")
        return _entity(row)

    def all(self, *, most: int) -> list[Entity]:
        """The newest entities first."""
        rows = self._small.rows(
            f"SELECT {_COLUMNS} FROM entities AS e WHERE {self._unhidden()} ORDER BY number DESC LIMIT ?",  # noqa: S608
            (most,),
        )
        return [_entity(row) for row in rows]

    def kinds(self) -> dict[int, str]:
        """The kind of every entity."""
        return dict(self._small.rows("SELECT number, kind FROM entities"))

    def name(self, number: int, shown_as: str) -> None:
        self._small.run("UPDATE entities SET shown_as = ? WHERE number = ?", (shown_as, number))

    def called(self) -> dict[int, tuple[str, bool]]:
        """How staff call each entity, and True if it is closed."""
        rows = self._small.rows("SELECT number, shown_as, is_closed FROM entities")
        return {number: (shown_as, bool(is_closed)) for number, shown_as, is_closed in rows}

    def out_of_sight(self) -> set[int]:
        """The entities of which a colleague's quarantine hides all tips."""
        if (unhidden := self._unhidden()).endswith(" AND 1)"):
            return set()
        return {row[0] for row in self._small.rows(f"SELECT number FROM entities AS e WHERE NOT {unhidden}")}  # noqa: S608

    def set_closed(self, number: int, *, is_closed: bool) -> None:
        self._small.run("UPDATE entities SET is_closed = ? WHERE number = ?", (int(is_closed), number))

    def remove(self, number: int) -> None:
        """Remove an entity whose findings are gone, with its roles, relations, decisions and openings."""
        self._small.run("DELETE FROM entities WHERE number = ?", (number,))

    def add_role(self, number: int, submission: int, role: SaidRole, *, because: str, today: dt.date) -> None:
        self._small.run(
            "INSERT OR IGNORE INTO role_claims VALUES (?, ?, ?, ?, ?)",
            (number, submission, str(role), because, today.isoformat()),
        )

    def remove_role(self, number: int, submission: int, role: SaidRole) -> bool:
        """Take a role back; False if the tip did not give it."""
        return bool(
            self._small.run(
                "DELETE FROM role_claims WHERE entity = ? AND submission = ? AND role = ?",
                (number, submission, str(role)),
            )
        )

    def roles(self, number: int) -> list[RoleClaim]:
        """The roles that tips give this entity."""
        rows = self._small.rows(
            "SELECT entity, submission, role, because, day FROM role_claims WHERE entity = ?"  # noqa: S608
            f" AND {not_hidden(self._small, 'submission')} ORDER BY submission, role",
            (number,),
        )
        return [RoleClaim(row[0], row[1], SaidRole(row[2]), row[3], dt.date.fromisoformat(row[4])) for row in rows]

    def with_role(self, role: SaidRole) -> set[int]:
        """The numbers of all entities to which a tip gives this role."""
        return {row[0] for row in self._small.rows("SELECT entity FROM role_claims WHERE role = ?", (str(role),))}

    def relate(
        self,
        number: int,
        kind: str,
        other: int,
        *,
        finding: int,
        since: dt.date | None,
        until: dt.date | None,
        today: dt.date,
    ) -> bool:
        """Note a relation; False if it is there already."""
        days = [day.isoformat() if day else None for day in (since, until)]
        return bool(
            self._small.run(
                "INSERT OR IGNORE INTO relations (entity, kind, other, finding, since, until, day)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, kind, other, finding, *days, today.isoformat()),
            )
        )

    def put_relation(self, said: SharedRelation) -> None:
        """Write a relation as it was said last."""
        values = (
            said.finding,
            *(day.isoformat() if day else None for day in (said.since, said.until)),
            said.day.isoformat(),
        )
        changed = self._small.run(
            "UPDATE relations SET finding = ?, since = ?, until = ?, day = ?"
            " WHERE entity = ? AND kind = ? AND other = ?",
            (*values, said.entity, said.kind, said.other),
        )
        if not changed:
            self._small.run(
                "INSERT INTO relations (finding, since, until, day, entity, kind, other)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, said.entity, said.kind, said.other),
            )

    def relation(self, number: int, kind: str, other: int) -> Relation | None:
        """The relation of this kind from one entity to another."""
        found = self._relations("entity = ? AND kind = ? AND other = ?", (number, kind, other))
        return found[0] if found else None

    def unrelate(self, number: int, kind: str, other: int) -> bool:
        """Remove a relation; False if there is none."""
        return bool(
            self._small.run(
                "DELETE FROM relations WHERE entity = ? AND kind = ? AND other = ?", (number, kind, other)
            )
        )

    def relations(self, number: int) -> list[Relation]:
        """The relations from and to an entity."""
        return self._relations("entity = ?1 OR other = ?1", (number,))

    def all_relations(self, *, are_hidden: bool = False) -> list[Relation]:
        """Every relation that is shown, or all that a colleague's quarantine hides: these only for masks."""
        return self._relations("1", (), seen="NOT EXISTS" if are_hidden else "EXISTS")

    def note_opening(self, number: int, because: str, *, reviewer: str, today: dt.date) -> None:
        self._small.run(
            "INSERT INTO entity_openings (entity, because, reviewer, day) VALUES (?, ?, ?, ?)",
            (number, because, reviewer, today.isoformat()),
        )

    def openings(self, number: int) -> list[Opening]:
        """Each look at an entity while it was protected or closed."""
        rows = self._small.rows(
            "SELECT because, reviewer, day FROM entity_openings WHERE entity = ? ORDER BY number", (number,)
        )
        return [Opening(row[0], row[1], dt.date.fromisoformat(row[2])) for row in rows]

    def _unhidden(self) -> str:
        return (
            f"EXISTS (SELECT 1 FROM findings WHERE entity = e.number AND {not_hidden(self._small, 'submission')})"  # noqa: S608
        )

    def _relations(self, condition: str, values: Sequence[object], *, seen: str = "EXISTS") -> list[Relation]:
        rows = self._small.rows(
            "SELECT number, entity, kind, other, finding, since, until, day FROM relations"  # noqa: S608
            f" WHERE ({condition}) AND {seen} (SELECT 1 FROM findings AS f"
            f" WHERE f.number = relations.finding AND {not_hidden(self._small, 'f.submission')}) ORDER BY number",
            values,
        )
        return [
            Relation(number, entity, kind, other, finding, _day(since), _day(until), dt.date.fromisoformat(day))
            for number, entity, kind, other, finding, since, until, day in rows
        ]


def _entity(row: Row) -> Entity:
    number, entity_id, kind, shown_as, is_closed, day = row
    return Entity(number, bytes(entity_id), kind, shown_as, bool(is_closed), dt.date.fromisoformat(day))


def _day(stored: str | None) -> dt.date | None:
    return dt.date.fromisoformat(stored) if stored else None
