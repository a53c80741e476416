"""Entities that are protected: of a person called harmed, with a mask that lasts, or only of such."""

from collections.abc import Collection, Iterable

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.decisions import Decision
from reviewer.casebook.elsewhere import Elsewhere
from reviewer.casebook.entities import Relation, SaidRole
from reviewer.casebook.link_operations import PEOPLE
from reviewer.masks.equal_pictures import things_with_pictures_of
from reviewer.matching.clusters import Clusters, Link


def clusters_of(decisions: Iterable[Decision]) -> Clusters:
    """The clusters of decisions that stand."""
    return Clusters(_links(decisions))


def _links(decisions: Iterable[Decision]) -> Iterable[Link]:
    return (Link(one.number, one.one, one.other, one.verdict) for one in decisions if one.verdict is not None)


class Protection:
    """The protected entities, computed from roles, relations, decisions and masks that last.

    ``without`` are entities that do not count, as after they were forgotten. Without ``with_lasting`` only what
    tips say now counts. Without ``with_passages`` a stretch that stays masked says nothing of the entity over it.
    """

    def __init__(
        self,
        casebook: Casebook,
        *,
        without: frozenset[int] = frozenset(),
        with_lasting: bool = True,
        with_passages: bool = True,
    ) -> None:
        self._casebook, self._without, self._with_lasting = casebook, without, with_lasting
        standing = casebook.decisions.standing()
        standing = [one for one in standing if without.isdisjoint({one.one, one.other})]
        self.clusters = clusters_of(standing)
        self.elsewhere = Elsewhere(casebook, with_lasting=with_lasting)
        self.all_clusters = (
            Clusters([*_links(standing), *self.elsewhere.links]) if self.elsewhere.links else self.clusters
        )
        """The same with the entities that are not here, by their stand-ins."""
        self.numbers: set[int] = set()
        self.stand_ins: set[int] = set()
        """The protected entities that are not here."""
        seeds = casebook.entities.with_role(SaidRole.HARMED) | self.elsewhere.harmed
        if with_lasting:
            seeds |= casebook.lasting_masks.entities() | casebook.lasting_masks.standing_in()
        if with_lasting and with_passages:
            seeds |= casebook.lasting_masks.over_passages() & casebook.entities.kinds().keys()
        self._add(seeds - without)
        self._add_what_belongs_to_them()
        self.stand_ins = {one for one in self.numbers if one < 0}
        self.numbers -= self.stand_ins

    def _add(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.numbers |= self.all_clusters.perhaps(number)

    def _add_what_belongs_to_them(self) -> None:
        entities, masks = self._casebook.entities, self._casebook.lasting_masks
        kinds = entities.kinds()
        people_here = {number for number, kind in kinds.items() if kind in PEOPLE}
        # A number stays masked when a colleague's quarantine hides the tip that says whose it is.
        hidden = entities.all_relations(are_hidden=True) if self._casebook.overview.hidden() else []
        owners = self._owners(hidden, people_here) | self._owners(entities.all_relations(), people_here)
        protected = frozenset(self.numbers)
        for thing, person in self.elsewhere.belongings:
            if person in protected and thing not in self._without:
                owners.setdefault(thing, set()).add(person)
        self._add(number for number, persons in owners.items() if persons <= protected)
        # The same number that was kept a second time, and of which no one says whose it is.
        things = {number for number in self.numbers if kinds.get(number) not in PEOPLE}
        alike = masks.sharing_identifier(things) if things else set()
        if self._with_lasting and (keys := masks.identifiers()):
            alike |= {
                number for one in keys for number in self._casebook.identifiers.entities(one, with_hidden=True)
            }
        others = kinds.keys() - people_here - self._without
        alike |= things_with_pictures_of(self._casebook, self.numbers, others, with_lasting=self._with_lasting)
        self._add(number for number in alike - self._without if owners.get(number, set()) <= protected)

    def _owners(self, relations: Iterable[Relation], people: Collection[int]) -> dict[int, set[int]]:
        """The persons to whom each number, place or other thing is related."""
        owners: dict[int, set[int]] = {}
        for relation in relations:
            if not self._without.isdisjoint({relation.entity, relation.other}):
                continue
            for number, other in ((relation.entity, relation.other), (relation.other, relation.entity)):
                if number not in people and other in people:
                    owners.setdefault(number, set()).add(other)
        return owners
