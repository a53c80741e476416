"""Protections that come from tips which are not here.

A reviewer who joined later never gets some tips, and a round may bring a colleague's words before the tip. What was
said of a person holds by the ids of the entities all the same. An entity that is not here has a negative number, a
stand-in, which is never shown.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from crypto.sharing.operation import Operation
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.link_operations import (
    CONSENT_WITHDRAWN,
    ENTITY,
    ENTITY_CLOSED,
    ENTITY_KIND,
    ENTITY_MASKED,
    FINDING,
    LINK,
    LINK_UNDONE,
    OTHER,
    PEOPLE,
    RELATION,
    ROLE,
    id_of,
)
from reviewer.casebook.shared_operations import ONLY_HERE_RUN
from reviewer.matching.clusters import Link, Verdict

if TYPE_CHECKING:
    from reviewer.casebook.casebook import Casebook


class Elsewhere:
    """The content of operations in force about entities, or by tips, that are not here."""

    def __init__(self, casebook: "Casebook", *, with_lasting: bool = True) -> None:
        self._casebook = casebook
        self._numbers: dict[bytes, int] = {}
        said = casebook.operations.said_elsewhere((ROLE, LINK, LINK_UNDONE, RELATION, ENTITY_MASKED))
        by_kind: dict[str, list[Operation]] = {}
        for one in said:
            by_kind.setdefault(one.kind, []).append(one)
        self.harmed: set[int] = set()
        """The entities that are harmed, or masked until a person removes the mask."""
        for one in by_kind.get(ROLE, ()):
            if _says_harmed(one) and self._counts(one):
                self.harmed |= self._ends(one, ENTITY)
        for one in by_kind.get(ENTITY_MASKED, ()) if with_lasting else ():
            if one.content.get("masked") is True:
                self.harmed |= self._ends(one, ENTITY)
        undone = {one.text("decision") for one in by_kind.get(LINK_UNDONE, ())}
        self.links: list[Link] = []
        """The *same* decisions with an end that is not here; their numbers are negative."""
        for one in by_kind.get(LINK, ()):
            ends = sorted(self._ends(one, ENTITY, OTHER))
            if _says_same(one) and one.text("decision") not in undone and len(ends) == 2:
                self.links.append(Link(-1 - len(self.links), ends[0], ends[1], Verdict.SAME))
        self.belongings: list[tuple[int, int]] = []
        """Numbers, places and other things, each with a person to whom it is related."""
        for one in by_kind.get(RELATION, ()):
            ends = sorted(self._ends(one, ENTITY, OTHER))
            if one.content.get("said") is True and len(ends) == 2:
                people = [each for each in ends if self._kind(each) in PEOPLE]
                things = [each for each in ends if self._kind(each) not in PEOPLE]
                self.belongings += [(thing, person) for thing in things for person in people]
        self.ids: Mapping[int, bytes] = {number: one for one, number in self._numbers.items()}
        """The ids of the entities by these numbers, of the stand-ins too."""

    def _ends(self, one: Operation, *parts: str) -> set[int]:
        ids = (id_of(one.text(part)) for part in parts)
        return {self._number(each) for each in ids if each is not None}

    def _number(self, entity_id: bytes) -> int:
        if entity_id not in self._numbers:
            here = self._casebook.entities.number_of(entity_id)
            self._numbers[entity_id] = here if here is not None else -1 - len(self._numbers)
        return self._numbers[entity_id]

    def _kind(self, number: int) -> str:
        if number > 0:
            return self._casebook.entities.kind_of(number)
        entity_id = next(one for one, each in self._numbers.items() if each == number)
        kept = self._casebook.operations.ever_naming(entity_id, FINDING)
        return (kept[0].text(ENTITY_KIND) or kept[0].text("kind")) if kept else ""

    def _counts(self, role: Operation) -> bool:
        """False if no finding of the tip is kept for the entity any more, or its mask was removed since."""
        operations, entity_id = self._casebook.operations, id_of(role.text(ENTITY)) or b""
        kept = [one for one in operations.ever_naming(entity_id, FINDING) if one.tip == role.tip]
        if kept and not any(one.tip == role.tip for one in operations.naming(entity_id, FINDING)):
            return False
        masks = operations.naming(entity_id, ENTITY_MASKED)
        return any(one.content.get("masked") is True for one in masks) or not any(
            one.counter > role.counter for one in masks
        )


def _says_harmed(one: Operation) -> bool:
    return one.content.get("said") is True and one.text("role") == SaidRole.HARMED


def _says_same(one: Operation) -> bool:
    return one.text("verdict") == Verdict.SAME


_PROTECTIONS: Mapping[str, tuple[str, Callable[[Operation], bool]]] = {
    ROLE: ("was harmed", _says_harmed),
    LINK: ("is the same as another", _says_same),
    ENTITY_MASKED: ("stays masked", lambda one: one.content.get("masked") is True),
    ENTITY_CLOSED: ("is closed", lambda one: one.content.get("closed") is True),
    CONSENT_WITHDRAWN: ("withdrew consent", lambda one: one.run != ONLY_HERE_RUN),
}


def waiting_protections(casebook: "Casebook") -> Sequence[tuple[str, int]]:
    """The protections of persons of whom a tip is not here, each with how often it is said."""
    said = casebook.operations.said_elsewhere(tuple(_PROTECTIONS))
    counts = Counter(one.kind for one in said if _PROTECTIONS[one.kind][1](one))
    return [(words, counts[kind]) for kind, (words, _says) in _PROTECTIONS.items() if counts[kind]]
