"""Findings, entities and links come to one state at three reviewers, in any order of rounds."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from reviewer.casebook.consents import ConsentKind
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.findings import FindingState
from reviewer.home.home import Home
from reviewer.linking.consent_work import Permissions, note_consent, withdraw_consent
from reviewer.linking.entity_work import add_role, close_entity, name_entity, relate, remove_role, unrelate
from reviewer.linking.finding_work import add_finding, dismiss, keep, make_new
from reviewer.linking.link_decisions import decide, undo
from reviewer.linking.masking import Masks
from reviewer.linking.tip_reading import read_new_tips
from reviewer.matching.clusters import Verdict
from reviewer.sharing.writing import waiting
from system.errors import ProgramError
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops

WORDS = ("Nadja", "Karel", "the farm")


TEXT = "tip {n}: they call her Nadja, number +44 7700 90012{n}, Karel of the farm has +44 7700 900999"


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    with three_laptops(desk, second, TEXT) as three:
        yield three


def state(home: Home) -> dict[str, Any]:
    """The links as staff see them, by the names that are the same at every reviewer."""
    casebook = home.casebook
    read_new_tips(home)
    masks = Masks(home)
    called = {number: casebook.entities.id_of(number) for number in casebook.entities.kinds()}
    tips = {one.number: one.short_id for one in casebook.submissions.all()}
    found = [one for tip in tips for one in casebook.findings.of(tip)]
    entities = {}
    for number, entity_id in called.items():
        one = casebook.entities.find(number)
        entities[entity_id] = {
            "kind": one.kind,
            "name": one.shown_as,
            "closed": one.is_closed,
            "protected": masks.is_protected(number),
            "same": {called[other] for other in masks.clusters.of(number)},
            "roles": {(tips[role.submission], role.role, role.because) for role in casebook.entities.roles(number)},
            "relations": {
                (called[each.entity], each.kind, called[each.other], each.since)
                for each in casebook.entities.relations(number)
            },
        }
    return {
        "findings": {
            (tips[one.submission], one.text, one.first, one.length): (
                one.kind,
                one.state,
                called.get(one.entity or 0),
                tuple(each.key for each in casebook.identifiers.of(one.number)),
            )
            for one in found
            if one.state is not FindingState.NEW
        },
        "masked": {
            (tips[one.submission], one.text, one.first, one.length)
            for one in found
            if masks.of_finding(one) is not None
        },
        "entities": entities,
        "decisions": {
            casebook.decisions.id_of(one.number): (
                *(called[one.one], called[one.other], one.verdict, one.because, one.reviewer, one.day),
                casebook.decision_facts.against(one.number),
                {(tips[each.submission], each.first) for each in casebook.decision_facts.passages(one.number)},
                casebook.decisions.id_of(one.undoes) if one.undoes else None,
            )
            for one in casebook.decisions.all()
        },
        "consents": {
            called[number]: (
                {one for one in casebook.consents.of([entity_id]) if one.kind is not ConsentKind.REASON},
                {one.consent_id for one in Permissions(home, masks).permitting(number, "Shelter North")},
            )
            for number, entity_id in called.items()
            if entity_id is not None and casebook.consents.of([entity_id])
        },
        "opposite": [
            (casebook.decisions.id_of(link.number), {casebook.decisions.id_of(each.number) for each in sames})
            for link, sames in sorted(
                masks.clusters.opposite(), key=lambda pair: casebook.decisions.id_of(pair[0].number)
            )
        ],
    }


def act(home: Home, random: Random, mark: str) -> None:
    """Anything that a reviewer says about findings and entities; what is refused is nothing."""
    casebook = home.casebook
    numbers = [one.number for tip in casebook.submissions.all() for one in casebook.findings.of(tip.number)]
    entities = sorted(casebook.entities.kinds())
    with suppress(ProgramError):
        match random.randrange(12):
            case 0:
                tip = random.choice(casebook.submissions.all())
                add_finding(home, tip, "person", random.choice(WORDS), today=DAY)
            case 1 | 2:
                into = random.choice([None, *entities])
                keep(home, [random.choice(numbers)], entity=into, today=DAY)
            case 3:
                because = random.choice(("", f"because {mark}"))
                random.choice((dismiss_one, make_new))(home, random.choice(numbers), because=because, today=DAY)
            case 4:
                name_entity(home, random.choice(entities or [0]), f"name {mark}", today=DAY)
            case 5:
                close_entity(home, random.choice(entities or [0]), is_closed=random.random() < 0.7, today=DAY)
            case 6:
                tip, role = random.choice(casebook.submissions.all()), random.choice(list(SaidRole))
                change = random.choice((remove_role, add_role, add_role))
                change(home, random.choice(entities or [0]), tip, role, because=f"because {mark}", today=DAY)
            case 7:
                one, other = random.choice(entities or [0]), random.choice(entities or [0])
                kept = [each.number for each in casebook.findings.of_entity(one)]
                random.choice((unrelate, relate_nothing, relate_nothing))(home, one, "knows", other, today=DAY)
                relate(home, one, "knows", other, finding=(kept or [0])[0], since=DAY, today=DAY)
            case 8:
                standing = [each.number for each in casebook.decisions.standing()]
                undo(home, random.choice(standing or [0]), today=DAY)
            case 9 | 10:
                act_on_consents(home, random, random.choice(entities or [0]), mark)
            case _:
                one, other = random.choice(entities or [0]), random.choice(entities or [0])
                verdict = random.choice(list(Verdict))
                decide(home, one, other, verdict, because=f"because {mark}", is_sure=True, today=DAY)


def relate_nothing(home: Home, one: int, kind: str, other: int, *, today: dt.date) -> None:
    """No relation is removed."""


def act_on_consents(home: Home, random: Random, number: int, mark: str) -> None:
    """A consent for one receiver, or the end of all."""
    if random.random() < 0.5:
        withdraw_consent(home, number, said_by="herself", today=DAY)
    else:
        note_consent(home, number, said_by="herself", receiver="Shelter North", purpose=f"a bed {mark}", today=DAY)


def say_the_opposite(laptops: Laptops) -> None:
    """Two reviewers decide on one pair before they hear of each other."""
    here, there, _third = laptops.homes
    tips = here.casebook.submissions.all()
    persons = [add_finding(here, tip, "person", "tip", today=DAY) for tip in tips[:2]]
    laptops.rounds(1)
    ids = [here.casebook.entities.id_of(here.casebook.findings.find(one).entity or 0) or b"" for one in persons]
    for home, verdict in ((here, Verdict.SAME), (there, Verdict.DIFFERENT)):
        one, other = (home.casebook.entities.number_of(each) or 0 for each in ids)
        decide(home, one, other, verdict, because="seen apart", is_sure=True, today=DAY)


def dismiss_one(home: Home, number: int, *, because: str, today: dt.date) -> None:
    dismiss(home, [number], because=because, today=today)


def test_any_order_of_rounds_gives_one_state_of_findings_entities_and_links(laptops: Laptops) -> None:
    first = after_any_order(laptops, 0, steps=40)  # lab/reviewer/test_many_link_rounds.py tries thirty orders
    assert all(first[part] for part in ("findings", "entities", "decisions", "opposite", "consents"))


def after_any_order(laptops: Laptops, seed: int, *, steps: int) -> dict[str, Any]:
    """The one state that three reviewers come to after items were lost, repeated and read in any order."""
    random = Random(f"links {seed}")
    for home in laptops.homes:
        read_new_tips(home)
    for step in range(steps):
        home = random.choice(laptops.homes)
        act(home, random, f"{seed}.{step}")
        if random.random() < 0.3:
            laptops.write(home)  # and perhaps it is lost
        for envelope in random.choices(laptops.written, k=min(2, len(laptops.written))):
            laptops.read(random.choice(laptops.homes), envelope)
    say_the_opposite(laptops)
    laptops.rounds(3)
    first, *others = [state(home) for home in laptops.homes]
    assert others == [first, first]
    assert [waiting(home) for home in laptops.homes] == [0, 0, 0]
    return first
