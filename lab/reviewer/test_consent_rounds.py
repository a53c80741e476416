"""Consents, withdrawals and referrals travel in rounds: a withdrawal on one laptop refuses on every other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.casebook.consents import ConsentKind
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.link_operations import CONSENT, CONSENT_WITHDRAWN, REFERRAL
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.linking.consent_work import Permissions, note_consent, note_reason, shown_consents, withdraw_consent
from reviewer.linking.entity_work import add_role
from reviewer.linking.finding_work import add_finding
from reviewer.linking.forgetting import forget_entity
from reviewer.linking.referral import ReferralChoice, entities_to_refer
from reviewer.linking.referral_package import write_referral
from reviewer.linking.tip_reading import read_new_tips
from reviewer.sharing.record import record_for_all
from system.errors import ProgramError
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops
from tests.reviewer.leaving.conftest import memory

__all__ = ["memory"]

FOR = "Shelter North"


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    with three_laptops(desk, second, "tip {n}: Nadja was there") as three:
        yield three


def nadja(laptops: Laptops) -> list[int]:
    """A person whom a tip calls harmed, known to all three; her number at each."""
    here = laptops.homes[0]
    for home in laptops.homes:
        read_new_tips(home)
    tip = here.casebook.submissions.all()[0]
    number = here.casebook.findings.find(add_finding(here, tip, "person", "Nadja", today=DAY)).entity or 0
    add_role(here, number, tip, SaidRole.HARMED, today=DAY)
    laptops.rounds(1)
    entity_id = here.casebook.entities.id_of(number) or b""
    return [home.casebook.entities.number_of(entity_id) or 0 for home in laptops.homes]


def consents(home: Home, number: int) -> None:
    note_consent(home, number, said_by="herself", receiver=FOR, purpose="a bed", today=DAY)


def refers(home: Home, number: int) -> str:
    """The lines that would leave, or why none does."""
    try:
        lines = entities_to_refer(home, ReferralChoice([], frozenset({number}), FOR), today=DAY).lines
    except ProgramError as error:
        return str(error)
    return " ".join(one.schema for one in lines)


def test_a_consent_counts_at_every_reviewer_and_a_withdrawal_on_one_laptop_refuses_on_the_others(
    laptops: Laptops, memory: Path
) -> None:
    here, there, third = laptops.homes
    numbers = nadja(laptops)
    consents(there, numbers[1])
    note_reason(third, numbers[2], receiver="Police", because="court order 12", today=DAY)
    laptops.rounds(2)
    choice = ReferralChoice([], frozenset({numbers[0]}), FOR)
    assert refers(here, numbers[0]) == "Person"
    write_referral(
        here, choice, memory / "a", to=None, plain_because="her own stick", children=Children(), today=DAY
    )
    laptops.rounds(2)
    received = withdraw_consent(third, numbers[2], said_by="her lawyer", today=DAY)
    assert [(one.receiver, one.properties, one.reviewer) for one in received] == [
        (FOR, "name", here.party_keys().name)
    ]
    laptops.rounds(2)
    for home, number in zip(laptops.homes, numbers, strict=True):
        assert "withdrew consent" in refers(home, number)
        assert f"{FOR} (name)" in refers(home, number)
    # Reasons stay with the one who typed them.
    assert [ConsentKind.REASON in {one.consent.kind for one in shown_consents(home)} for home in laptops.homes] == [
        *(False, False, True)
    ]
    consents(there, numbers[1])
    laptops.rounds(2)
    assert {refers(home, number) for home, number in zip(laptops.homes, numbers, strict=True)} == {"Person"}


def test_of_a_consent_and_a_withdrawal_that_do_not_know_of_each_other_the_withdrawal_counts(
    laptops: Laptops,
) -> None:
    here, there, _third = laptops.homes
    numbers = nadja(laptops)
    withdraw_consent(here, numbers[0], said_by="herself", today=DAY)
    consents(there, numbers[1])  # with the higher counter, and before the withdrawal came
    assert refers(there, numbers[1]) == "Person"
    laptops.rounds(2)
    for home, number in zip(laptops.homes, numbers, strict=True):
        assert "withdrew consent" in refers(home, number)
        assert Permissions(home).permitting(number, FOR) == []


def test_what_a_colleague_says_in_no_form_of_the_page_has_no_effect_but_a_withdrawal(laptops: Laptops) -> None:
    here, there, _third = laptops.homes
    numbers = nadja(laptops)
    entity = (here.casebook.entities.id_of(numbers[0]) or b"").hex()
    said = {"consent": "c1" * 16, "entity": entity, "said-by": "x", "said-on": "2026-11-25", "receiver": FOR}
    for spoilt in (
        {"purpose": "a bed", "knows": "all"},
        {"purpose": "a bed", "knows": ["c1"]},
        {"purpose": "", "knows": []},
        {"purpose": "a bed", "knows": [], "said-on": "tomorrow"},
        {"purpose": "a bed", "knows": [], "entity": entity[2:]},
    ):
        record_for_all(there, CONSENT, said | spoilt, replaces=(), today=DAY)
    record_for_all(there, REFERRAL, {"referral": "c1", "entity": entity}, replaces=(), today=DAY)
    laptops.rounds(2)
    assert here.casebook.consents.all() == []
    assert here.casebook.consents.referrals([bytes.fromhex(entity)]) == []
    consents(here, numbers[0])
    withdrawn = {"consent": "c2" * 16, "entity": entity, "said-on": "never", "said-by": 7}
    record_for_all(there, CONSENT_WITHDRAWN, withdrawn, replaces=(), today=DAY)
    laptops.rounds(2)
    assert "withdrew consent" in refers(here, numbers[0])


def test_a_withdrawal_counts_before_its_tip_is_here_and_forgetting_destroys_the_words_at_each(
    laptops: Laptops,
) -> None:
    here, there, _third = laptops.homes
    numbers = nadja(laptops)
    consents(here, numbers[0])
    withdraw_consent(here, numbers[0], said_by="Zqxwv", today=DAY)
    entity_id = here.casebook.entities.id_of(numbers[0]) or b""
    laptops.rounds(2)
    forget_entity(there, numbers[1], today=DAY)
    assert there.casebook.consents.of([entity_id]) == []
    kept = [one for kind in (CONSENT, CONSENT_WITHDRAWN) for one in there.casebook.operations.of_kind(kind)]
    assert json.dumps([dict(one.content) for one in kept]) == "[]"
    withdraw_consent(here, numbers[0], said_by="Zqxwv", today=DAY)
    laptops.rounds(2)
    assert there.casebook.consents.of([entity_id]) == []
