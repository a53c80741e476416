"""Persons of whom tips say that they were harmed: each counted once, by the first such tip."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.primitives.week import Quarter
from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.quarter_facts import BegunConversation
from reviewer.home.home import Home
from reviewer.linking.entity_work import EXPLOITED_IN, RECRUITED_IN
from reviewer.linking.name_questions import PERSON
from reviewer.masks.protection import clusters_of
from reviewer.publication.counted_table import CountedTable, Place, each_once
from reviewer.publication.regions import REGIONS, region_of
from reviewer.reading.place_readings import place_of

UNITS: Final = ("persons", "mailboxes")


@dataclass(frozen=True, slots=True)
class HarmedPerson:
    """Entities that decisions hold together, and the conversation in which it was said first."""

    entities: frozenset[int]
    told_in: BegunConversation


def begun_in(home: Home, quarter: Quarter) -> list[BegunConversation]:
    """The conversations whose first tip is of this quarter."""
    return home.casebook.quarter_facts.begun(quarter.first_day, quarter.last_day)


def harmed_persons(home: Home, begun: Iterable[BegunConversation]) -> Iterator[HarmedPerson]:
    """The persons whose first tip belongs to one of these conversations."""
    casebook = home.casebook
    clusters = clusters_of(casebook.decisions.standing())
    told = {one.thread: one for one in begun}
    kinds = casebook.entities.kinds()
    first: dict[frozenset[int], tuple[int, int]] = {}
    for entity, tip, thread in casebook.quarter_facts.harmed_in():
        if kinds.get(entity) == PERSON:
            person = clusters.of(entity)
            first[person] = min((tip, thread), first.get(person, (tip, thread)))
    for person, (_tip, thread) in first.items():
        if thread in told:
            yield HarmedPerson(person, told[thread])


def count_persons(
    home: Home,
    begun: Iterable[BegunConversation],
    rows: Sequence[str],
    columns: Sequence[str],
    place: Callable[[HarmedPerson], Place | None],
) -> CountedTable:
    """Persons of these conversations, and their mailboxes, by the place of each in the table, if any.

    A mailbox that tells of persons at several places counts at one of them.
    """
    persons: dict[Place, int] = {}
    told: set[tuple[int, Place]] = set()
    for one in harmed_persons(home, begun):
        if (where := place(one)) is None:
            continue
        persons[where] = persons.get(where, 0) + 1
        if one.told_in.has_mailbox:
            told.add((one.told_in.thread, where))
    mailboxes = each_once(told)
    cells = {where: (count, mailboxes[where]) for where, count in persons.items()}
    return CountedTable(rows, columns, UNITS, cells)


def recruited_and_exploited(home: Home, quarter: Quarter) -> CountedTable:
    """Persons by the region in which each was recruited, and the one in which each was exploited."""
    recruited, exploited = (RelatedCountries(home, kind) for kind in (RECRUITED_IN, EXPLOITED_IN))

    def place(one: HarmedPerson) -> Place:
        row, column = (REGIONS.index(region_of(related.of(one))) for related in (recruited, exploited))
        return row, column

    return count_persons(home, begun_in(home, quarter), REGIONS, REGIONS, place)


class RelatedCountries:
    """The countries of the places to which persons have a relation of one kind."""

    def __init__(self, home: Home, kind: str) -> None:
        self._home = home
        self._places: Mapping[int, list[int]] = home.casebook.quarter_facts.related(kind)
        self._countries: dict[int, set[str]] = {}

    def of(self, person: HarmedPerson) -> set[str]:
        """ISO codes; an empty one for a place that cannot be read."""
        found: set[str] = set()
        for place in (other for number in person.entities for other in self._places.get(number, ())):
            if place not in self._countries:
                self._countries[place] = _countries(self._home, place)
            found |= self._countries[place]
        return found


def _countries(home: Home, entity: int) -> set[str]:
    """The countries of a place by its readings; an empty code where it has none."""
    found: set[str] = set()
    for finding in home.casebook.findings.of_entity(entity):
        if finding.kind == PLACE:
            read = map(place_of, home.casebook.finding_readings.of(finding.number))
            known = [one if isinstance(one, str) else one.country for one in read if one is not None]
            found |= set(known or [""])
    return found
