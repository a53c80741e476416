"""Masks that outlive the tip in which it was said that a person was harmed.

An entity is kept by its random id, and a stretch of another tip by its place. Neither holds a word, and a stretch
goes with its tip.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.database import CasebookDatabase, Row, number_list
from reviewer.casebook.findings import TextPlace
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.name_keys import TEXTS

_STRETCH: Final = "submission, part, sealed_place, place, first, length, kind, entity"
_OVERLAPS: Final = (
    "f.submission = m.submission AND f.part = m.part AND f.sealed_place = m.sealed_place AND f.place = m.place"
    " AND f.first < m.first + m.length AND m.first < f.first + f.length"
)


@dataclass(frozen=True, slots=True)
class MaskedPassage:
    """A stretch of a tip that stays masked; ``entity`` is the number over it."""

    submission: int
    text: TextPlace
    first: int
    length: int
    kind: str
    entity: int

    @property
    def end(self) -> int:
        """The place behind the last letter."""
        return self.first + self.length


@dataclass(frozen=True, slots=True)
class MaskRemoval:
    """A mask that a person removed."""

    entity: int
    because: str = field(repr=False)
    reviewer: str
    day: dt.date


class LastingMasks:
    """Each method is a part of the caller's transaction."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def keep(self, entity_ids: Iterable[bytes], *, today: dt.date) -> None:
        """Mask these entities until a person removes the mask."""
        for one in entity_ids:
            self._small.run("INSERT OR IGNORE INTO lasting_masks VALUES (?, ?)", (one, today.isoformat()))

    def keep_passage(self, one: MaskedPassage) -> None:
        """Mask a stretch of a tip; the first entity over it stays."""
        place = (one.text.part, one.text.sealed_place, one.text.place, one.first, one.length)
        self._small.run(
            "INSERT OR IGNORE INTO masked_passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (one.submission, *place, one.kind, one.entity),
        )

    def entities(self) -> set[int]:
        """The entities here whose mask lasts."""
        rows = self._small.rows("SELECT number FROM entities JOIN lasting_masks USING (entity_id)")
        return {row[0] for row in rows}

    def remove(self, entities: Collection[int]) -> int:
        """Remove the masks of these entities, also of those that are gone; how many there were."""
        numbers = number_list(entities)
        return self._small.run(
            "DELETE FROM lasting_masks WHERE entity_id IN"  # noqa: S608
            f" (SELECT entity_id FROM entities WHERE number IN {numbers}"
            f" UNION SELECT entity_id FROM ended_entities WHERE number IN {numbers})"
        )

    def passages(self) -> list[MaskedPassage]:
        """Every stretch, in the order of tips and texts."""
        rows = self._small.rows(f"SELECT {_STRETCH} FROM masked_passages ORDER BY 1, 2, 3, 4, 5")  # noqa: S608
        return [_passage(row) for row in rows]

    def over_passages(self, *, but: Collection[int] = ()) -> set[int]:
        """The numbers over stretches; without those in the tips ``but``."""
        tips = number_list(but)
        rows = self._small.rows(f"SELECT DISTINCT entity FROM masked_passages WHERE submission NOT IN {tips}")  # noqa: S608
        return {row[0] for row in rows}

    def passages_of(self, submission: int) -> list[MaskedPassage]:
        """The stretches of one tip."""
        rows = self._small.rows(f"SELECT {_STRETCH} FROM masked_passages WHERE submission = ?", (submission,))  # noqa: S608
        return [_passage(row) for row in rows]

    def remove_passages(self, entities: Collection[int]) -> list[int]:
        """Remove the stretches of these entities, and those where they or their identifiers stand; their tips."""
        numbers = number_list(entities)
        doomed = (
            f"SELECT m.* FROM masked_passages AS m WHERE m.entity IN {numbers} OR EXISTS"  # noqa: S608
            f" (SELECT 1 FROM findings AS f WHERE f.entity IN {numbers} AND {_OVERLAPS}) OR EXISTS"
            f" (SELECT 1 FROM findings AS f JOIN identifier_keys AS k ON k.finding = f.number AND k.kind = m.kind"
            " JOIN identifier_keys AS l ON l.key = k.key AND l.kind = k.kind"
            f" JOIN findings AS o ON o.number = l.finding WHERE o.entity IN {numbers} AND {_OVERLAPS})"
        )
        tips = [row[0] for row in self._small.rows(doomed)]
        self._small.run(
            "DELETE FROM masked_passages WHERE (submission, part, sealed_place, place, first, length) IN"  # noqa: S608
            f" (SELECT submission, part, sealed_place, place, first, length FROM ({doomed}))"
        )
        return list(dict.fromkeys(tips))

    def remove_passage(self, submission: int, text: TextPlace, first: int, length: int, *, entity: int) -> bool:
        """Remove the stretch on exactly these letters, if it is of this entity; False if there is none."""
        removed = self._small.run(
            "DELETE FROM masked_passages WHERE submission = ? AND part = ? AND sealed_place = ? AND place = ?"
            " AND first = ? AND length = ? AND entity = ?",
            (submission, text.part, text.sealed_place, text.place, first, length, entity),
        )
        return removed > 0

    def number_under(self, entity_id: bytes) -> int | None:
        """The number of the entity with this id, also if it is gone."""
        row = self._small.row(
            "SELECT number FROM entities WHERE entity_id = ?1"
            " UNION SELECT number FROM ended_entities WHERE entity_id = ?1 LIMIT 1",
            (entity_id,),
        )
        return int(row[0]) if row else None

    def id_under(self, number: int) -> bytes | None:
        """The id of the entity with this number, also if it is gone."""
        row = self._small.row(
            "SELECT entity_id FROM entities WHERE number = ?1"
            " UNION SELECT entity_id FROM ended_entities WHERE number = ?1 LIMIT 1",
            (number,),
        )
        return bytes(row[0]) if row else None

    def reserve(self, entity_id: bytes, kind: str, *, day: dt.date) -> int:
        """The number of an entity that never was here; none other gets it."""
        self._small.run(
            "INSERT INTO entities (entity_id, kind, day) VALUES (?, ?, ?)", (entity_id, kind, day.isoformat())
        )
        self._small.run("DELETE FROM entities WHERE entity_id = ?", (entity_id,))
        return self.number_under(entity_id) or 0

    def remove_passages_at(self, submission: int, text: TextPlace, first: int, length: int) -> None:
        """Remove the stretches that overlap with these letters."""
        self._small.run(
            "DELETE FROM masked_passages WHERE submission = ? AND part = ? AND sealed_place = ? AND place = ?"
            " AND first < ? AND first + length > ?",
            (submission, text.part, text.sealed_place, text.place, first + length, first),
        )

    def remove_passages_of_tip(self, submission: int, entities: Collection[int]) -> None:
        """Remove the stretches of these entities in one tip."""
        for one in entities:
            self._small.run("DELETE FROM masked_passages WHERE submission = ? AND entity = ?", (submission, one))

    def standing_in(self) -> set[int]:
        """The entities that were kept for a stretch that is masked."""
        rows = self._small.rows(
            f"SELECT DISTINCT f.entity FROM masked_passages AS m CROSS JOIN findings AS f ON {_OVERLAPS}"  # noqa: S608
            " WHERE f.entity IS NOT NULL"
        )
        return {row[0] for row in rows}

    def identifiers(self) -> dict[Identifier, int]:
        """The readings of stretches that are masked, each with the number over it."""
        rows = self._small.rows(
            f"SELECT k.kind, k.key, m.entity FROM masked_passages AS m CROSS JOIN findings AS f ON {_OVERLAPS}"  # noqa: S608
            " CROSS JOIN identifier_keys AS k ON k.finding = f.number AND k.kind = m.kind"
        )
        return {Identifier(kind, key): entity for kind, key, entity in rows}

    def words(self, kinds: Collection[str]) -> Iterator[tuple[MaskedPassage, str]]:
        """The stretches of these kinds, each with its words, cut from the stored texts."""
        wanted = ", ".join("?" * len(kinds))
        columns = ", ".join(f"f.{one}" for one in _STRETCH.split(", "))
        for part, table, column, joined in TEXTS:
            rows = self._small.rows(
                f"SELECT {columns}, substr(x.{column}, f.first + 1, f.length) FROM masked_passages AS f"  # noqa: S608
                f" CROSS JOIN {table} AS x ON {joined} WHERE f.part = ? AND f.kind IN ({wanted}) ORDER BY f.entity",
                (part, *kinds),
            )
            yield from ((_passage(row[:8]), row[8]) for row in rows)

    def remove_known(self, entities: Collection[int]) -> None:
        """Remove the stretches of these entities whose identifier a finding of the entity has."""
        numbers = number_list(entities)
        known = (
            "SELECT 1 FROM findings AS f JOIN identifier_keys AS k ON k.finding = f.number"  # noqa: S608
            " JOIN identifier_keys AS l ON l.key = k.key AND l.kind = k.kind"
            f" JOIN findings AS o ON o.number = l.finding WHERE o.entity = m.entity AND {_OVERLAPS}"
        )
        self._small.run(f"DELETE FROM masked_passages AS m WHERE entity IN {numbers} AND EXISTS ({known})")  # noqa: S608

    def texts(self, submission: int) -> Iterator[tuple[TextPlace, str]]:
        """The texts of a tip by their places."""
        for part, table, column, _joined in TEXTS:
            sealed = "sealed_place" if part.startswith("inside") else "-1"
            rows = self._small.rows(
                f"SELECT {sealed}, place, {column} FROM {table} WHERE submission = ?",  # noqa: S608
                (submission,),
            )
            yield from ((TextPlace(part, row[0], row[1]), row[2]) for row in rows)

    def sharing_identifier(self, entities: Collection[int]) -> set[int]:
        """Other entities with a finding that can be read as an identifier of these."""
        numbers = number_list(entities)
        rows = self._small.rows(
            "SELECT DISTINCT o.entity FROM (SELECT DISTINCT k.key, k.kind FROM findings AS f"  # noqa: S608
            f" CROSS JOIN identifier_keys AS k ON k.finding = f.number WHERE f.entity IN {numbers}) AS d"
            " CROSS JOIN identifier_keys AS l ON l.key = d.key AND l.kind = d.kind"
            " CROSS JOIN findings AS o ON o.number = l.finding"
            f" WHERE o.entity IS NOT NULL AND o.entity NOT IN {numbers}"
        )
        return {row[0] for row in rows}

    def note_removal(self, entity: int, tip: int, because: str, *, reviewer: str, today: dt.date) -> None:
        """Keep who removed a mask and why, as long as the tip is here."""
        self._small.run(
            "INSERT INTO mask_removals (submission, entity, because, reviewer, day) VALUES (?, ?, ?, ?, ?)",
            (tip, entity, because, reviewer, today.isoformat()),
        )

    def removals(self, entity: int) -> list[MaskRemoval]:
        """Each removal of a mask of this entity, in their order."""
        rows = self._small.rows(
            "SELECT entity, because, reviewer, day FROM mask_removals WHERE entity = ? ORDER BY number", (entity,)
        )
        return [MaskRemoval(row[0], row[1], row[2], dt.date.fromisoformat(row[3])) for row in rows]


def _passage(row: Row) -> MaskedPassage:
    return MaskedPassage(row[0], TextPlace(*row[1:4]), *row[4:])
