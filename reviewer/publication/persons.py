"""Persons of whom tips say that they were harmed: each counted once, by the first such tip."""

from collections.abc import Callable, Iterator, Mapping
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


def harmed_persons(home: Home, quarter: Quarter) -> Iterator[HarmedPerson]:
    """The persons whose first tip belongs to a conversation of this quarter."""
    casebook = home.casebook
    clusters = clusters_of(casebook.decisions.standing())
    told = {one.thread: one for one in begun_in(home, quarter)}
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
    home: Home, quarter: Quarter, rows: list[str], columns: list[str], place: Callable[[HarmedPerson], Place]
) -> CountedTable:
    """Persons, and the mailboxes behind them, by the place of each in the table.

    A mailbox that tells of persons at several places counts at one of them.
    """
    persons: dict[Place, int] = {}
    told: set[tuple[int, Place]] = set()
    for one in harmed_persons(home, quarter):
        where = place(one)
        persons[where] = persons.get(where, 0) + 1
        if one.told_in.has_mailbox:
            told.add((one.told_in.thread, where))
    mailboxes = each_once(told)
    cells = {where: (count, mailboxes[where]) for where, count in persons.items()}
    return CountedTable(rows, columns, UNITS, cells)


def recruited_and_exploited(home: Home, quarter: Quarter) -> CountedTable:
    """Persons by the region in which each was recruited, and the one in which each was exploited."""
    regions = list(REGIONS)
    related = [home.casebook.quarter_facts.related(kind) for kind in (RECRUITED_IN, EXPLOITED_IN)]
    countries: dict[int, set[str]] = {}

    def region(person: HarmedPerson, places: Mapping[int, list[int]]) -> int:
        found: set[str] = set()
        for place in (other for number in person.entities for other in places.get(number, ())):
            if place not in countries:
                countries[place] = _countries(home, place)
            found |= countries[place]
        return regions.index(region_of(found))

    def place(one: HarmedPerson) -> Place:
        recruited, exploited = (region(one, places) for places in related)
        return recruited, exploited

    return count_persons(home, quarter, regions, regions, place)


def _countries(home: Home, entity: int) -> set[str]:
    """The countries of a place by its readings; an empty code where it has none."""
    found: set[str] = set()
    for finding in home.casebook.findings.of_entity(entity):
        if finding.kind == PLACE:
            read = map(place_of, home.casebook.finding_readings.of(finding.number))
            known = [one if isinstance(one, str) else one.country for one in read if one is not None]
            found |= set(known or [""])
    return found
