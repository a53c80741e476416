"""Protections hold by the id of the person at a reviewer who never gets the tip from which they came."""

from collections.abc import Iterator
from random import Random

import pytest

from reviewer.casebook.entities import SaidRole
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.linking.consent_work import Permissions, note_consent, withdraw_consent
from reviewer.linking.entity_work import add_role, relate, remove_role
from reviewer.linking.finding_work import add_finding, keep
from reviewer.linking.link_decisions import decide, undo
from reviewer.linking.masking import Masks
from reviewer.linking.referral import ReferralChoice, entities_to_refer
from reviewer.linking.tip_reading import read_new_tips
from reviewer.matching.clusters import Verdict
from reviewer.sharing.said import sharing_status
from system.errors import ProgramError
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops
from tests.reviewer.linking.test_link_rounds import act

TEXT = "tip {n}: they call her Nadja, number +44 7700 90012{n}, Karel of the farm has +44 7700 900999"
PRESS = "Press office"


@pytest.fixture
def joined(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    """The third reviewer joined after tip 2, and never gets it."""
    with three_laptops(desk, second, TEXT, without=[2]) as three:
        for home in three.homes:
            read_new_tips(home)
        yield three


def tip_of(home: Home, number: int) -> Submission:
    (found,) = [one for one in home.casebook.submissions.all() if one.head and one.head.submission_id[0] == number]
    return found


def person(home: Home, tip: int) -> int:
    """The entity of the person that a tip names, kept now."""
    finding = add_finding(home, tip_of(home, tip), "person", "Nadja", today=DAY)
    return home.casebook.findings.find(finding).entity or 0


def at(home: Home, entity_id: bytes | None) -> int:
    number = home.casebook.entities.number_of(entity_id or b"")
    assert number is not None
    return number


def test_harmed_and_the_same_protect_a_person_whose_first_tip_never_comes(joined: Laptops) -> None:
    anna, _ben, ruth = joined.homes
    shown, absent = person(anna, 1), person(anna, 2)
    decision = decide(anna, shown, absent, Verdict.SAME, because="one scar", is_sure=True, today=DAY)
    entity_id = anna.casebook.entities.id_of(shown)
    joined.rounds(2)
    assert not Masks(ruth).hides(at(ruth, entity_id)), "the control: nothing protects her yet"

    tip = tip_of(anna, 2)
    add_role(anna, absent, tip, SaidRole.HARMED, because="beaten", today=DAY)
    joined.rounds(2)
    here = at(ruth, entity_id)
    assert Masks(ruth).name(here) == f"P-{here}"
    with pytest.raises(ProgramError, match="is protected or closed, and was not ticked"):
        entities_to_refer(ruth, ReferralChoice([here], frozenset(), PRESS), today=DAY)
    (line,) = [one for one in sharing_status(ruth).lines() if one.startswith("protections")]
    assert "was harmed (1), is the same as another (1)" in line

    note_consent(ruth, here, said_by="herself", receiver=PRESS, purpose="a story", today=DAY)
    assert Permissions(ruth).permitting(here, PRESS)
    withdraw_consent(anna, absent, said_by="herself", today=DAY)
    joined.rounds(2)
    assert Permissions(ruth).is_withdrawn(here, PRESS)
    with pytest.raises(ProgramError, match="withdrew consent, and does not leave"):
        entities_to_refer(ruth, ReferralChoice([here], frozenset([here]), PRESS), today=DAY)

    remove_role(anna, absent, tip, SaidRole.HARMED, because="a mistake", today=DAY)
    joined.rounds(2)
    assert not Masks(ruth).hides(here), "it ends where it is taken back"
    add_role(anna, absent, tip, SaidRole.HARMED, because="beaten", today=DAY)
    undo(anna, decision, because="another scar", today=DAY)
    joined.rounds(2)
    assert not Masks(ruth).hides(here), "she is another person"


def test_a_number_that_a_tip_elsewhere_gives_to_a_harmed_person_is_protected_and_withdrawn_with_her(
    joined: Laptops,
) -> None:
    anna, _ben, ruth = joined.homes
    hers = person(anna, 2)
    tips = [tip_of(anna, 1), tip_of(anna, 2)]
    number = next(one for one in anna.casebook.findings.of(tips[0].number) if one.kind == "phone")
    elsewhere = next(one for one in anna.casebook.findings.of(tips[1].number) if one.kind == "phone")
    keep(anna, [number.number], entity=None, today=DAY)
    phone = anna.casebook.findings.find(number.number).entity or 0
    keep(anna, [elsewhere.number], entity=phone, today=DAY)
    add_role(anna, hers, tips[1], SaidRole.HARMED, because="beaten", today=DAY)
    relate(anna, hers, "uses", phone, finding=elsewhere.number, since=None, today=DAY)
    withdraw_consent(anna, hers, said_by="herself", today=DAY)
    joined.rounds(2)
    here = at(ruth, anna.casebook.entities.id_of(phone))
    assert Masks(ruth).is_protected(here)
    assert Permissions(ruth).is_withdrawn(here, PRESS)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_said_in_any_order_who_lacks_a_tip_shows_nobody_whom_the_others_hide(
    joined: Laptops, seed: int
) -> None:
    random = Random(f"protections {seed}")
    anna, _ben, ruth = joined.homes
    shown, absent = person(anna, 1), person(anna, 2)
    decide(anna, shown, absent, Verdict.SAME, because="one scar", is_sure=True, today=DAY)
    add_role(anna, absent, tip_of(anna, 2), SaidRole.HARMED, because="beaten", today=DAY)
    for step in range(40):
        act(random.choice(joined.homes[:2]), random, f"{seed}.{step}")
        if random.random() < 0.3:
            joined.write(random.choice(joined.homes))
        for envelope in random.choices(joined.written, k=min(2, len(joined.written))):
            joined.read(random.choice(joined.homes), envelope)
    joined.rounds(3)
    theirs, hers = Masks(anna), Masks(ruth)
    compared = 0
    for number in ruth.casebook.entities.kinds():
        there = anna.casebook.entities.number_of(ruth.casebook.entities.id_of(number) or b"")
        assert there is not None
        compared += theirs.hides(there)
        assert hers.hides(number) >= theirs.hides(there)
        assert Permissions(ruth).is_withdrawn(number, PRESS) >= Permissions(anna).is_withdrawn(there, PRESS)
    assert compared, "the control: the others hide some of them"
