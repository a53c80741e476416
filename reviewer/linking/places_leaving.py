"""Places of a harmed person that leave: as their country, unless each is ticked as exact.

A place that may be the present one never leaves finer than its country, whatever is ticked: its relation must have
a last day in the past. The smallest region that the program knows is the country.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from reviewer.atlas.gazetteer import Place
from reviewer.casebook.entities import Relation
from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.link_operations import PEOPLE
from reviewer.home.home import Home
from reviewer.linking.masking import Masks
from reviewer.linking.referred_values import ReferredEntity
from reviewer.reading.place_names import country_name
from reviewer.reading.place_readings import COUNTRY, place_of


def may_be_present(relation: Relation, today: dt.date) -> bool:
    """True unless a relation of any kind to a place ended before today."""
    return relation.until is None or relation.until >= today


class PlacesLeaving:
    """The places among the entities that leave, and how exactly each of them may."""

    def __init__(
        self, home: Home, leaving: Collection[int], exact: Collection[int], masks: Masks, *, today: dt.date
    ) -> None:
        self._home, self._masks = home, masks
        kinds = home.casebook.entities.kinds()
        self._harmed = {
            other
            for one in leaving
            if kinds[one] in PEOPLE and masks.is_protected(one)
            for other in masks.clusters.perhaps(one)
        }
        places = {one: masks.clusters.perhaps(one) for one in leaving if kinds[one] == PLACE}
        self.of_harmed: list[int] = []
        """The places to which a harmed person who leaves is related."""

        self.coarse: list[int] = []
        """Of these, the places that leave as their country."""

        self.present: list[int] = []
        """Places that were ticked as exact, and may be where a harmed person is now."""

        relations = self._relations() if places else []
        for place, same in places.items():
            hers = [one for one in relations if self._is_between(one, same)]
            if not hers:
                continue
            self.of_harmed.append(place)
            is_now = any(may_be_present(one, today) for one in hers)
            if place not in exact or is_now:
                self.coarse.append(place)
            if place in exact and is_now:
                self.present.append(place)

    def _relations(self) -> Sequence[Relation]:
        entities = self._home.casebook.entities
        hidden = entities.all_relations(are_hidden=True) if self._home.casebook.overview.hidden() else []
        return [*entities.all_relations(), *hidden]

    def _is_between(self, one: Relation, places: frozenset[int]) -> bool:
        ends = {one.entity, one.other}
        return not ends.isdisjoint(places) and not ends.isdisjoint(self._harmed)

    def sentences(self) -> list[str]:
        """The places that leave as a country, as the preview says it."""
        said = [
            f"{self._masks.name(one)} but for its country: a place of a harmed person, not ticked as exact"
            for one in self.coarse
            if one not in self.present
        ]
        return said + [
            f"{self._masks.name(one)} but for its country: a harmed person may be there now, as a relation"
            " to it has no last day in the past"
            for one in self.present
        ]

    def as_country(self, one: ReferredEntity) -> ReferredEntity | None:
        """A place as its country; None where the readings of the place do not tell one country."""
        casebook = self._home.casebook
        countries: set[str] = set()
        for finding in casebook.findings.of_entity(one.number):
            read = [place_of(each) for each in casebook.finding_readings.of(finding.number)] or [None]
            countries |= {each.country if isinstance(each, Place) else each or "" for each in read}
        if len(countries) != 1 or "" in countries:
            return None
        (country,) = countries
        return ReferredEntity(
            one.number, one.kind, one.name, one.group, [country_name(country)], [f"{COUNTRY}:{country}"]
        )
