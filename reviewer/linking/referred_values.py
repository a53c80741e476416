"""The values of entities as they may leave, and the relations between them, for each format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reviewer.casebook.entities import Entity, Relation
from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.link_operations import PEOPLE
from reviewer.home.home import Home
from reviewer.languages.staff_language import ENGLISH, spoken
from reviewer.linking.masking import Masks
from reviewer.linking.money_lines import NEVER_SAID, line_id
from reviewer.linking.present_places import PRESENT_RELATIONS, is_finer_than_region
from reviewer.linking.shown_findings import label_of, shown_entity
from reviewer.reading.place_readings import reading_said


@dataclass(frozen=True, slots=True)
class ReferredEntity:
    """An entity that leaves, with its values as they may leave.

    ``readings`` are those of a place. ``group`` is the id of its record: entities that are the same have one.
    """

    number: int
    kind: str
    name: str
    group: str
    values: Sequence[str] = field(repr=False)
    readings: Sequence[str] = field(repr=False)


def _in_english(reading: str) -> str:
    """A reading of a place as it leaves: the receiver need not know the language of our staff."""
    with spoken(ENGLISH):
        return reading_said(reading)


def referred_entity(home: Home, entity: Entity, masks: Masks, receiver: str, *, with_names: bool) -> ReferredEntity:
    """An entity with its values, as far as they may leave to this receiver."""
    shown = shown_entity(home, entity, masks, is_opened=True)
    own = [one for one in shown.findings if one.finding.kind == entity.kind]
    name = f"E-{entity.number}"
    if entity.kind in PEOPLE:
        words = [one.passage.words for one in own if one.passage]
        values = [label_of(entity, masks), *words] if with_names else [name]
    elif entity.kind == PLACE:
        values = [
            _in_english(one.readings[0]) if len(one.readings) == 1 else one.passage.words
            for one in own
            if one.passage
        ]
    else:
        values = [one.readings[0] if len(one.readings) == 1 else one.passage.words for one in own if one.passage]
    cleaned = dict.fromkeys(" ".join(one.split()) for one in values)
    first = min(masks.clusters.of(entity.number))
    group = home.casebook.entities.id_of(first) or entity.entity_id
    return ReferredEntity(
        entity.number,
        entity.kind,
        name,
        line_id(receiver, group),
        [one for one in cleaned if one] or [name],
        [one.readings[0] for one in own if len(one.readings) == 1],
    )


def relations_to_say(home: Home, groups: Mapping[int, str], masks: Masks, left_out: list[str]) -> list[Relation]:
    """The relations between two entities that both leave; those that are never said go to ``left_out``.

    ``groups`` has the id of the line or record of each entity that leaves.
    """
    found = []
    for one in home.casebook.entities.all_relations():
        if one.entity not in groups or one.other not in groups or groups[one.entity] == groups[one.other]:
            continue
        names = f"{masks.name(one.entity)} and {masks.name(one.other)}"
        if one.kind in NEVER_SAID:
            left_out.append(f"{NEVER_SAID[one.kind]}, of {names}")
        elif _tells_present_place(home, one, masks):
            left_out.append(f"where a harmed person may be now, of {names}")
        else:
            found.append(one)
    return found


def _tells_present_place(home: Home, one: Relation, masks: Masks) -> bool:
    if not masks.is_protected(one.entity) or one.kind not in PRESENT_RELATIONS:
        return False
    readings = [
        home.casebook.finding_readings.of(finding.number) for finding in home.casebook.findings.of_entity(one.other)
    ]
    return not readings or any(map(is_finer_than_region, readings))
