"""Referral: chosen entities for another organisation, in an evidence package without tips.

An entity that a tip calls harmed, or that is closed, is left out unless it is ticked by its number; then a consent
for this receiver, or a typed reason, must be noted. The preview is made of the same lines as the package.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reviewer.casebook.entities import Entity, Relation
from reviewer.cases.marking import plain_name
from reviewer.home.home import Home
from reviewer.leaving.evidence import LONGEST_RECEIVER, EvidenceChoice
from reviewer.linking.consent_work import Permissions
from reviewer.linking.masking import PEOPLE, Masks
from reviewer.linking.money_lines import (
    LEFT_OUT_KINDS,
    NEVER_SAID,
    MoneyLine,
    line_id,
    link_line,
    properties_of,
)
from reviewer.linking.present_places import PRESENT_RELATIONS, is_finer_than_region
from reviewer.linking.referred_tips import TipsBeside
from reviewer.linking.shown_findings import shown_entity
from reviewer.reading.place_readings import reading_said
from system.errors import ProgramError

MOST_ENTITIES: Final = 1000


@dataclass(frozen=True, slots=True)
class ReferralChoice:
    """Entities by their numbers; those in ``ticked`` leave although they are protected or closed.

    ``receiver`` is in the words of staff, and the same as in the consents. Without ``with_names`` a person has a
    number such as E-12 in place of the name.
    """

    numbers: Sequence[int]
    ticked: frozenset[int]
    receiver: str
    with_names: bool = False
    beside: EvidenceChoice | None = None
    """Passages and files of tips that leave in the same package; its receiver does not count."""


@dataclass(frozen=True, slots=True)
class ReferredEntities:
    """The lines that would leave, and sentences about what is left out."""

    lines: Sequence[MoneyLine]
    left_out: Sequence[str]
    properties: dict[int, str] = field(repr=False)
    """By the number of each entity, the names of the properties that leave."""

    opened: Sequence[int]
    """Protected or closed entities whose words stand in the lines."""

    beside: EvidenceChoice
    """Passages and files, with the words that are masked."""

    warnings: Sequence[str]


def entities_to_refer(home: Home, choice: ReferralChoice) -> ReferredEntities:
    """All that would leave. Nothing is written.

    Raises:
        ProgramError: no entity is left, no receiver, no such entity, a ticked one without a consent, or a person
            who withdrew.
    """
    receiver = plain_name(choice.receiver, "the receiver", LONGEST_RECEIVER)
    if not receiver:
        raise ProgramError("the receiver must be named as in the consents", hint="--for RECEIVER")
    masks, left_out, leaving = Masks(home), [], list[Entity]()
    permissions = Permissions(home, masks)
    for number in dict.fromkeys([*choice.numbers, *sorted(choice.ticked)]):
        entity = home.casebook.entities.find(number)
        permissions.require_not_withdrawn(number, receiver)
        if masks.hides(entity):
            if number not in choice.ticked:
                left_out.append(f"{masks.name(number)} is protected or closed, and was not ticked")
                continue
            permissions.require_consent(number, receiver)
        if entity.kind in LEFT_OUT_KINDS:
            left_out.append(f"{masks.name(number)}: {LEFT_OUT_KINDS[entity.kind]}")
            continue
        leaving.append(entity)
    if not leaving:
        raise ProgramError(
            "; ".join(["no entity is left that could leave", *left_out]), hint="--with P-12 ticks a protected one"
        )
    if len(leaving) > MOST_ENTITIES:
        raise ProgramError(f"at most {MOST_ENTITIES} entities leave in one package")
    lines = {one.number: _entity_line(home, one, masks, receiver, choice) for one in leaving}
    links = _links(home, lines, masks, receiver, left_out)
    properties = {number: ", ".join(one.properties) for number, one in lines.items()}
    opened = [one.number for one in leaving if masks.hides(one)]
    named = frozenset(opened) if choice.with_names else frozenset[int]()
    beside, warnings = TipsBeside(home, masks, receiver, named).masked(
        choice.beside or EvidenceChoice([], receiver)
    )
    return ReferredEntities(
        [*_joined(lines), *links], left_out, properties, opened, replace(beside, receiver=receiver), warnings
    )


def _entity_line(home: Home, entity: Entity, masks: Masks, receiver: str, choice: ReferralChoice) -> MoneyLine:
    shown = shown_entity(home, entity, masks, is_opened=True)
    own = [one for one in shown.findings if one.finding.kind == entity.kind]
    name = f"E-{entity.number}"
    if entity.kind in PEOPLE:
        words = [one.passage.words for one in own if one.passage]
        values = [entity.shown_as, *words] if choice.with_names else [name]
    elif entity.kind == "place":
        values = [
            reading_said(one.readings[0]) if len(one.readings) == 1 else one.passage.words
            for one in own
            if one.passage
        ]
    else:
        values = [one.readings[0] if len(one.readings) == 1 else one.passage.words for one in own if one.passage]
    cleaned = dict.fromkeys(" ".join(one.split()) for one in values)
    schema, properties = properties_of(entity.kind, [one for one in cleaned if one] or [name])
    first = min(masks.clusters.of(entity.number))
    group = home.casebook.entities.id_of(first) or entity.entity_id
    return MoneyLine(name, line_id(receiver, group), schema, properties)


def _joined(lines: dict[int, MoneyLine]) -> list[MoneyLine]:
    """One line for entities that are the same."""
    joined: dict[str, MoneyLine] = {}
    for one in lines.values():
        if (known := joined.get(one.line_id)) is None:
            joined[one.line_id] = one
            continue
        values = [
            value for line in (known, one) for key in ("name", "alias") for value in line.properties.get(key, ())
        ]
        if "name" in known.properties and "name" in one.properties:
            names = list(dict.fromkeys(values))
            merged = {"name": names[:1]} | ({"alias": names[1:]} if names[1:] else {})
        else:
            merged = {
                key: list(dict.fromkeys([*known.properties.get(key, ()), *one.properties.get(key, ())]))
                for key in [*known.properties, *one.properties]
            }
        joined[one.line_id] = MoneyLine(f"{known.name} {one.name}", known.line_id, known.schema, merged)
    return list(joined.values())


def _links(
    home: Home, lines: dict[int, MoneyLine], masks: Masks, receiver: str, left_out: list[str]
) -> list[MoneyLine]:
    links: dict[str, MoneyLine] = {}
    for one in home.casebook.entities.all_relations():
        if (
            one.entity not in lines
            or one.other not in lines
            or lines[one.entity].line_id == lines[one.other].line_id
        ):
            continue
        names = f"{masks.name(one.entity)} and {masks.name(one.other)}"
        if one.kind in NEVER_SAID:
            left_out.append(f"{NEVER_SAID[one.kind]}, of {names}")
            continue
        if _tells_present_place(home, one, masks):
            left_out.append(f"where a harmed person may be now, of {names}")
            continue
        ids = [home.casebook.entities.id_of(number) or b"" for number in (one.entity, one.other)]
        link = link_line(one, receiver, (lines[one.entity], lines[one.other]), (ids[0], ids[1]))
        links[link.line_id] = link
    return list(links.values())


def _tells_present_place(home: Home, one: Relation, masks: Masks) -> bool:
    if not masks.is_protected(one.entity) or one.kind not in PRESENT_RELATIONS:
        return False
    readings = [
        home.casebook.finding_readings.of(finding.number) for finding in home.casebook.findings.of_entity(one.other)
    ]
    return not readings or any(map(is_finer_than_region, readings))
