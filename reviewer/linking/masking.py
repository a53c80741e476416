"""Masking: an entity that any tip calls harmed, and what belongs to such persons only, has no words.

It shows as P-41 in place of E-41 until a person opens it with a reason. A closed entity shows no words either.
"""

import re
from collections.abc import Iterable
from typing import Final

from reviewer.casebook.decisions import Decision
from reviewer.casebook.entities import Entity, SaidRole
from reviewer.casebook.findings import StoredFinding
from reviewer.home.home import Home
from reviewer.matching.clusters import Clusters, Link
from system.errors import ProgramError

PEOPLE: Final = frozenset({"person", "organisation"})
_NAME: Final = re.compile(r"[EePp]-?([0-9]{1,9})")


def entity_number(untrusted_name: str) -> int:
    """The number in a name such as E-12 or P-12.

    Raises:
        ProgramError: it is no such name.
    """
    if (found := _NAME.fullmatch(untrusted_name.strip())) is None:
        raise ProgramError("an entity must be named by its number, as E-12", hint="tipline-review entities HOME")
    return int(found[1])


def clusters_of(decisions: Iterable[Decision]) -> Clusters:
    """The clusters of decisions that stand."""
    return Clusters(
        Link(one.number, one.one, one.other, one.verdict) for one in decisions if one.verdict is not None
    )


class Masks:
    """The entities that are protected now, computed from roles, relations and decisions; never stored."""

    def __init__(self, home: Home) -> None:
        self._home = home
        casebook = home.casebook
        self.clusters = clusters_of(casebook.decisions.standing())
        self._protected: set[int] = set()
        for number in casebook.entities.with_role(SaidRole.HARMED):
            self._protected |= self.clusters.perhaps(number)
        self._protect_what_belongs_to_them()

    def _protect_what_belongs_to_them(self) -> None:
        entities = self._home.casebook.entities
        owners: dict[int, set[int]] = {}
        persons_here = {number for number, kind in entities.kinds().items() if kind in PEOPLE}
        for relation in entities.all_relations():
            for number, other in ((relation.entity, relation.other), (relation.other, relation.entity)):
                if number not in persons_here and other in persons_here:
                    owners.setdefault(number, set()).add(other)
        people = set(self._protected)
        for number, persons in owners.items():
            if persons <= people:
                self._protected |= self.clusters.perhaps(number)

    def is_protected(self, number: int) -> bool:
        """True if a tip calls this entity harmed, or it belongs only to such persons."""
        return number in self._protected

    def hides(self, entity: Entity) -> bool:
        """True if the words, tips and relations of this entity need a reason to be shown."""
        return entity.is_closed or entity.number in self._protected

    def name(self, number: int) -> str:
        """E-12, or P-12 for a protected entity."""
        return f"P-{number}" if number in self._protected else f"E-{number}"

    def of_finding(self, finding: StoredFinding) -> str | None:
        """The name that stands in place of the words of a finding; None if the words may be shown.

        It hides the same identifier in a tip in which no one has kept it yet.
        """
        casebook = self._home.casebook
        numbers = [finding.entity] if finding.entity is not None else []
        if not numbers:
            found = [casebook.identifiers.entities(key) for key in casebook.identifiers.of(finding.number)]
            numbers = [number for one in found for number in one]
        hidden = [number for number in numbers if self.hides(casebook.entities.find(number))]
        return self.name(hidden[0]) if hidden and len(hidden) == len(numbers) else None
