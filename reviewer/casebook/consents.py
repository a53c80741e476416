"""Consents of persons to be named to a receiver, withdrawals, and what left about entities.

Rows follow from operations of all reviewers (``docs/formats/shared.md``), but for reasons, which stay here. A
consent counts beside the withdrawals that its reviewer knew, and beside no other.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from reviewer.casebook.database import CasebookDatabase

CONSENT_ID_BYTES: Final = 16


def _ended(entity: str) -> str:
    """The condition of SQL that all findings of an entity went with their tips, and the bin has none."""
    kept = (
        "FROM link_operation_entities AS named JOIN operations ON operations.sha256 = named.operation"
        f" WHERE named.entity_id = {entity} AND named.kind = 'finding'"
    )
    return (
        f"EXISTS (SELECT 1 {kept}) AND NOT EXISTS (SELECT 1 {kept} AND operations.body IS NOT NULL)"  # noqa: S608
        f" AND {entity} NOT IN (SELECT entity_id FROM entities) AND NOT EXISTS (SELECT 1 FROM binned_envelopes)"
    )


class ConsentKind(StrEnum):
    """A consent, a reason that staff typed in place of one, or the end of all consents before it."""

    CONSENT = "consent"
    REASON = "reason"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One line about one entity. A withdrawal has neither receiver nor purpose.

    ``reviewer`` noted it. ``knows`` are the ids of the withdrawals that a consent or a reason was noted after.
    """

    consent_id: bytes
    entity_id: bytes
    kind: ConsentKind
    said_by: str = field(repr=False)
    receiver: str
    purpose: str = field(repr=False)
    day: dt.date
    reviewer: str
    knows: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Referral:
    """One entity in a package that left; ``properties`` are names, and no values."""

    referral_id: bytes
    entity_id: bytes
    day: dt.date
    receiver: str
    properties: str
    reviewer: str


class Consents:
    """Lines that are only ever added.

    Those of an entity go when it is forgotten, or deleted for good with its tips. Then of a withdrawal the bare
    mark stays, without a word: a colleague may bring the entity back.
    """

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, one: Consent) -> None:
        """Write a line; one that is here already changes nothing."""
        is_new = self._small.run(
            "INSERT OR IGNORE INTO consents"
            " (consent_id, entity_id, kind, said_by, receiver, purpose, day, reviewer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(one.consent_id, one.entity_id, str(one.kind), one.said_by, one.receiver, one.purpose),
                *(one.day.isoformat(), one.reviewer),
            ),
        )
        for withdrawal in one.knows if is_new else ():
            self._small.run("INSERT OR IGNORE INTO consents_knowing VALUES (?, ?)", (one.consent_id, withdrawal))

    def of(self, entity_ids: Collection[bytes]) -> list[Consent]:
        """The lines of these entities, in the order in which they came here."""
        return self._lines(f"entity_id IN ({_places(entity_ids)})", sorted(entity_ids))

    def all(self) -> list[Consent]:
        """Every line with words, in the order in which they came here."""
        return self._lines("said_by <> ''", ())

    def withdrawn(self) -> list[bytes]:
        """The ids of the entities that a withdrawal names."""
        rows = self._small.rows("SELECT DISTINCT entity_id FROM consents WHERE kind = 'withdrawn'")
        return [bytes(row[0]) for row in rows]

    def has_ended(self, entity_id: bytes) -> bool:
        """True if an entity was here and went with its tips for good."""
        return self._small.row(f"SELECT 1 WHERE {_ended('?1')}", (entity_id,)) is not None

    def let_go_of_deleted(self) -> None:
        """Remove the lines of entities that went with their tips for good; of withdrawals the words."""
        ended = _ended("consents.entity_id")
        self._small.run(f"DELETE FROM consents WHERE kind <> 'withdrawn' AND {ended}")  # noqa: S608
        self._small.run(f"UPDATE consents SET said_by = '', reviewer = '' WHERE {ended}")  # noqa: S608
        for table in ("referred_entities", "referrals"):
            self._small.run(f"DELETE FROM {table} WHERE {_ended(f'{table}.entity_id')}")  # noqa: S608

    def note_referral(self, departure: int, entity_id: bytes, properties: str) -> None:
        """Note that an entity left in this departure of this home."""
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

    def add_referral(self, one: Referral) -> None:
        """Write who received an entity from any reviewer; one that is here already changes nothing."""
        self._small.run(
            "INSERT OR IGNORE INTO referrals VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(one.referral_id, one.entity_id, one.day.isoformat(), one.receiver, one.properties),
                one.reviewer,
            ),
        )

    def referrals(self, entity_ids: Collection[bytes]) -> list[Referral]:
        """The receivers of these entities, from all reviewers, the oldest first."""
        rows = self._small.rows(
            "SELECT referral_id, entity_id, day, receiver, properties, reviewer FROM referrals"  # noqa: S608
            f" WHERE entity_id IN ({_places(entity_ids)}) ORDER BY day, receiver, referral_id",
            sorted(entity_ids),
        )
        return [
            Referral(bytes(one), bytes(entity), dt.date.fromisoformat(day), receiver, properties, reviewer)
            for one, entity, day, receiver, properties, reviewer in rows
        ]

    def _lines(self, condition: str, values: Sequence[object]) -> list[Consent]:
        columns = "consent_id, entity_id, kind, said_by, receiver, purpose, day, reviewer"
        rows = self._small.rows(
            f"SELECT {columns} FROM consents WHERE {condition} ORDER BY number",  # noqa: S608
            values,
        )
        return [
            Consent(
                *(bytes(consent), bytes(entity), ConsentKind(kind), said_by, receiver, purpose),
                dt.date.fromisoformat(day),
                reviewer,
                self._known(consent),
            )
            for consent, entity, kind, said_by, receiver, purpose, day, reviewer in rows
        ]

    def _known(self, consent_id: bytes) -> frozenset[bytes]:
        rows = self._small.rows("SELECT withdrawal_id FROM consents_knowing WHERE consent_id = ?", (consent_id,))
        return frozenset(bytes(row[0]) for row in rows)


def _places(values: Collection[bytes]) -> str:
    return ", ".join("?" * len(values))
