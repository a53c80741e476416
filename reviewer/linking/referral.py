"""Referral: chosen entities for another organisation, and of tips only what was ticked.

An entity that a tip calls harmed, or that is closed, is left out unless it is ticked by its number; then a consent
for this receiver, or a typed reason, must be noted. The preview is made of the same lines as the package.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reviewer.casebook.entities import Entity, Relation
from reviewer.casebook.link_operations import PEOPLE
from reviewer.cases.marking import plain_name
from reviewer.home.home import Home
from reviewer.leaving.evidence_choice import LONGEST_RECEIVER, EvidenceChoice
from reviewer.linking.consent_work import Permissions
from reviewer.linking.htcds_fields import HtcdsRecord, htcds_document
from reviewer.linking.htcds_records import NO_FIELD, RecordBuilder
from reviewer.linking.masking import Masks
from reviewer.linking.money_lines import (
    LEFT_OUT_KINDS,
    MoneyLine,
    line_id,
    link_line,
    properties_of,
)
from reviewer.linking.places_leaving import PlacesLeaving
from reviewer.linking.referred_tips import TipsBeside
from reviewer.linking.referred_values import ReferredEntity, referred_entity, relations_to_say
from system.errors import ProgramError

MOST_ENTITIES: Final = 1000
MONEY, HTCDS = "ftm", "htcds"


@dataclass(frozen=True, slots=True)
class ReferralChoice:
    """Entities by their numbers; those in ``ticked`` leave although they are protected or closed.

    Places of a harmed person who leaves are said as their country, but for those in ``exact``.
    ``receiver`` is in the words of staff, and the same as in the consents. Without ``with_names`` a person has a
    number such as E-12 in place of the name. ``file_format`` is :data:`MONEY` or :data:`HTCDS`.
    """

    numbers: Sequence[int]
    ticked: frozenset[int]
    receiver: str
    with_names: bool = False
    file_format: str = MONEY
    exact: frozenset[int] = frozenset()
    beside: EvidenceChoice | None = None
    """Passages and files of tips that leave in the same package; its receiver does not count."""


@dataclass(frozen=True, slots=True)
class ReferredEntities:
    """The lines or records that would leave, the file of them, and sentences about what is left out."""

    lines: Sequence[MoneyLine | HtcdsRecord]
    content: bytes = field(repr=False)
    left_out: Sequence[str]
    properties: dict[int, str] = field(repr=False)
    """By the number of each entity, the names of the properties that leave."""

    opened: Sequence[int]
    """Protected or closed entities whose words stand in the lines."""

    beside: EvidenceChoice
    """Passages and files, with the words that are masked."""

    warnings: Sequence[str]


def entities_to_refer(home: Home, choice: ReferralChoice, *, today: dt.date) -> ReferredEntities:
    """All that would leave. Nothing is written.

    Raises:
        ProgramError: no entity is left, no receiver, no such entity, a ticked one or an exact place without a
            consent, or a person who withdrew.
    """
    receiver = plain_name(choice.receiver, "the receiver", LONGEST_RECEIVER)
    if not receiver:
        raise ProgramError("the receiver must be named as in the consents", hint="--for RECEIVER")
    masks, left_out, leaving = Masks(home), [], list[Entity]()
    permissions = Permissions(home, masks)
    for number in dict.fromkeys([*choice.numbers, *sorted(choice.ticked)]):
        entity = home.casebook.entities.find(number)
        permissions.require_not_withdrawn(number, receiver)
        if masks.hides(number):
            if number not in choice.ticked:
                left_out.append(f"{masks.name(number)} is protected or closed, and was not ticked")
                continue
            permissions.require_consent(number, receiver)
        if choice.file_format == MONEY and entity.kind in LEFT_OUT_KINDS:
            left_out.append(f"{masks.name(number)}: {LEFT_OUT_KINDS[entity.kind]}")
            continue
        leaving.append(entity)
    if not leaving:
        raise ProgramError(
            "; ".join(["no entity is left that could leave", *left_out]), hint="--with P-12 ticks a protected one"
        )
    if len(leaving) > MOST_ENTITIES:
        raise ProgramError(f"at most {MOST_ENTITIES} entities leave in one package")
    places = PlacesLeaving(home, {one.number for one in leaving}, choice.exact, masks, today=today)
    for place in choice.exact.intersection(places.of_harmed):
        permissions.require_consent(place, receiver)
    left_out += places.sentences()
    opened = [one.number for one in leaving if masks.hides(one.number)]
    named = frozenset(opened) - frozenset(places.coarse) if choice.with_names else frozenset[int]()
    beside, warnings = TipsBeside(home, masks, receiver, named, also=places.coarse).masked(
        replace(choice.beside or EvidenceChoice([], receiver), receiver=receiver)
    )
    warnings = [*_namesakes(home, leaving, masks), *warnings]
    referred = _referred(home, leaving, places, masks, receiver, left_out, with_names=choice.with_names)
    if choice.file_format == HTCDS:
        builder = _records(home, referred, masks, receiver, left_out)
        records = builder.records(line_id(receiver, *sorted(one.entity_id for one in leaving)))
        properties = {number: ", ".join(names) for number, names in builder.properties.items()}
        return ReferredEntities(
            *(records, htcds_document(records), left_out, properties, opened), beside=beside, warnings=warnings
        )
    lines = {one.number: MoneyLine(one.name, one.group, *properties_of(one.kind, one.values)) for one in referred}
    links = _links(home, lines, masks, receiver, left_out)
    joined = [*_joined(lines), *links]
    content = "".join(one.line() + "\n" for one in joined).encode("ascii")
    properties = {number: ", ".join(one.properties) for number, one in lines.items()}
    return ReferredEntities(joined, content, left_out, properties, opened, beside=beside, warnings=warnings)


def _referred(
    home: Home,
    leaving: Sequence[Entity],
    places: PlacesLeaving,
    masks: Masks,
    receiver: str,
    left_out: list[str],
    *,
    with_names: bool,
) -> list[ReferredEntity]:
    """The entities with their values; a place whose country is not known goes to ``left_out``."""
    found = []
    for entity in leaving:
        one: ReferredEntity | None = referred_entity(home, entity, masks, receiver, with_names=with_names)
        if one is not None and entity.number in places.coarse:
            one = places.as_country(one)
        if one is None:
            left_out.append(f"{masks.name(entity.number)} altogether: its country is not known")
        else:
            found.append(one)
    if not found:
        raise ProgramError("no entity is left that could leave: " + "; ".join(left_out))
    return found


def _namesakes(home: Home, leaving: Sequence[Entity], masks: Masks) -> Iterator[str]:
    """Warnings of persons with the name of a hidden one.

    Kept twice, she would leave without tick and consent.
    """
    for one in leaving:
        if one.kind in PEOPLE and not masks.hides(one.number):
            own = [each.number for each in home.casebook.findings.of_entity(one.number) if each.kind in PEOPLE]
            names = [one.shown_as, *home.casebook.names.words(own).values()]
            if any(masks.owner_of_name(name) is not None for name in names):
                yield f"{masks.name(one.number)} has the name of a protected or closed person: see if they are one"


def _records(
    home: Home, referred: Sequence[ReferredEntity], masks: Masks, receiver: str, left_out: list[str]
) -> RecordBuilder:
    id_of = home.casebook.entities.id_of

    def event_id(one: Relation) -> str:
        ends = (id_of(number) or b"" for number in (one.entity, one.other))
        return line_id(receiver, *ends, one.kind.encode())

    builder = RecordBuilder(referred, home.organisation, receiver, event_id)
    groups = {one.number: one.group for one in referred}
    builder.relate(relations_to_say(home, groups, masks, left_out))
    builder.put_places()
    left_out += [f"{masks.name(one.number)} ({one.kind}): {NO_FIELD}" for one in builder.left_out()]
    if not builder.properties:
        raise ProgramError("no entity is left that could leave: " + "; ".join(left_out))
    return builder


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
    groups = {number: one.line_id for number, one in lines.items()}
    for one in relations_to_say(home, groups, masks, left_out):
        ids = [home.casebook.entities.id_of(number) or b"" for number in (one.entity, one.other)]
        link = link_line(one, receiver, (lines[one.entity], lines[one.other]), (ids[0], ids[1]))
        links[link.line_id] = link
    return list(links.values())
