"""Consents of persons to be named to a receiver, and the entities that left.

Both stay in this casebook.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from reviewer.casebook.database import CasebookDatabase


class ConsentKind(StrEnum):
    """A consent, a reason that staff typed in place of one, or the end of all consents before it."""

    CONSENT = "consent"
    REASON = "reason"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One line about one entity. A withdrawal has neither receiver nor purpose."""

    entity_id: bytes
    kind: ConsentKind
    said_by: str = field(repr=False)
    receiver: str
    purpose: str = field(repr=False)
    day: dt.date
    number: int = 0


@dataclass(frozen=True, slots=True)
class Referral:
    """One entity in a package that left; ``properties`` are names, and no values."""

    departure: int
    entity_id: bytes
    day: dt.date
    receiver: str
    properties: str


class Consents:
    """Lines that are only ever added.

    Those of an entity go when it is forgotten, or deleted for good with its tips.
    """

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, one: Consent) -> None:
        self._small.run(
            "INSERT INTO consents (entity_id, kind, said_by, receiver, purpose, day) VALUES (?, ?, ?, ?, ?, ?)",
            (one.entity_id, str(one.kind), one.said_by, one.receiver, one.purpose, one.day.isoformat()),
        )

    def of(self, entity_ids: Collection[bytes]) -> list[Consent]:
        """The lines of these entities, the oldest first."""
        return [one for one in self.all() if one.entity_id in entity_ids]

    def all(self) -> list[Consent]:
        """Every line, the oldest first."""
        rows = self._small.rows(
            "SELECT entity_id, kind, said_by, receiver, purpose, day, number FROM consents ORDER BY number"
        )
        return [
            Consent(
                bytes(entity), ConsentKind(kind), said_by, receiver, purpose, dt.date.fromisoformat(day), number
            )
            for entity, kind, said_by, receiver, purpose, day, number in rows
        ]

    def let_go_of_deleted(self) -> None:
        """Remove the lines of entities that are not here any more, unless the bin may bring one back."""
        for table in ("consents", "referred_entities"):
            self._small.run(
                f"DELETE FROM {table} WHERE entity_id NOT IN (SELECT entity_id FROM entities)"  # noqa: S608
                " AND NOT EXISTS (SELECT 1 FROM binned_envelopes)"
            )

    def note_referral(self, departure: int, entity_id: bytes, properties: str) -> None:
        """Note that an entity left in this departure."""
        self._small.run(
            "INSERT OR IGNORE INTO referred_entities VALUES (?, ?, ?)", (departure, entity_id, properties)
        )

    def referred(self, departure: int) -> list[bytes]:
        """The ids of the entities that left in this departure."""
        rows = self._small.rows(
            "SELECT entity_id FROM referred_entities WHERE departure = ? ORDER BY entity_id", (departure,)
        )
        return [bytes(row[0]) for row in rows]

    def note_readable(self, departure: int, because: str) -> None:
        """Note why a departure is not sealed."""
        self._small.run("INSERT INTO referred_readable VALUES (?, ?)", (departure, because))

    def why_readable(self, departure: int) -> str:
        """The reason of a departure without a seal; empty for others."""
        row = self._small.row("SELECT because FROM referred_readable WHERE departure = ?", (departure,))
        return str(row[0]) if row else ""

    def referrals(self, entity_ids: Collection[bytes]) -> list[Referral]:
        """The receivers of these entities, the oldest first."""
        rows = self._small.rows(
            "SELECT r.departure, r.entity_id, d.day, d.receiver, r.properties"
            " FROM referred_entities AS r JOIN departures AS d ON d.number = r.departure"
            " ORDER BY r.departure, r.entity_id"
        )
        return [
            Referral(departure, bytes(entity), dt.date.fromisoformat(day), receiver, properties)
            for departure, entity, day, receiver, properties in rows
            if bytes(entity) in entity_ids
        ]
