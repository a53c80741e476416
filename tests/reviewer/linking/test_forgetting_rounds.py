"""Forgetting at colleagues: it goes as a deletion goes, with a person, a hold, or fourteen days."""

import datetime as dt
from typing import Any

from reviewer.casebook.entity_proposals import SharedPassage
from reviewer.casebook.proposals import SHOWN_DAYS
from reviewer.home.home import Home, open_home
from reviewer.linking.colleagues_forgetting import (
    carry_out_due_forgettings,
    show_forgettings_today,
    waiting_forgettings,
)
from reviewer.sharing.link_appliers import shared_place
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import entities, findings, kept, kept_person
from tests.reviewer.linking.test_forgetting import NAME, SAID, holds
from tests.reviewer.sharing.test_shared_deletion import carry, proposals

PART = b"second part of 1"


def at_both(desk: Desk, second: Colleague) -> str:
    """Both took in one tip, in which the first keeps her name and number; the name of the entity."""
    text = f"they call her {NAME}, number {SAID}, at the Boston farm"
    bundle = desk.server.submissions(desk.server.seal(fields=[("text", text)], mailbox=a_mailbox()))
    for one in (desk, second):
        one.do("import", one.home, one.write(bundle))
    tip = str(desk.submissions()[0]["id"])
    person = kept_person(desk, tip, NAME)
    desk.do("entities", "name", desk.home, person, "Kqzxvwj of the farm")
    return person


def forgettings(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.json("proposals", desk.home)["forgettings"]
    return found


def test_forgetting_reaches_the_colleague_who_confirms_and_no_page_there_holds_it(
    desk: Desk, second: Colleague
) -> None:
    person = at_both(desk, second)
    carry(desk, second)
    assert [one["name"] for one in entities(second)] == ["Kqzxvwj of the farm"]
    desk.do("forget", desk.home, person)
    carry(desk, second)
    assert proposals(second) == []
    (told,) = forgettings(second)
    assert (told["entities"], told["passages"], told["reviewer"]) == ([person], 1, "reviewer")
    assert {"name", "shown as"} <= holds(second)
    second.do("proposals", second.home, "--confirm", told["name"])
    assert not {"name", "shown as"} & holds(second)
    assert "█" * len(NAME) in second.do("show", second.home, str(second.submissions()[0]["id"]))
    assert forgettings(second) == entities(second) == []
    carry(second, desk)
    carry(desk, second)
    assert forgettings(desk) == forgettings(second) == entities(second) == []


def test_a_colleague_who_never_heard_of_the_entity_blacks_out_its_passages(desk: Desk, second: Colleague) -> None:
    at_both(desk, second)
    (phone,) = kept(desk, next(one["finding"] for one in findings(desk) if one["kind"] == "phone"))
    desk.do("forget", desk.home, phone)
    carry(desk, second)
    (told,) = forgettings(second)
    second.do("proposals", second.home, "--confirm", told["name"])
    assert "█" * len(SAID) in second.do("show", second.home, str(second.submissions()[0]["id"]))
    assert [one["words"] for one in findings(second, "--again")] == [NAME, "Boston"]


def test_a_hold_of_the_colleague_refuses_it_by_name_and_keeps_it_for_all(desk: Desk, second: Colleague) -> None:
    person = at_both(desk, second)
    carry(desk, second)
    tip = str(second.submissions()[0]["id"])
    second.do("hold", second.home, tip, "--because", "a hearing")
    desk.do("forget", desk.home, person)
    carry(desk, second)
    name = str(forgettings(second)[0]["name"])
    assert second.run("proposals", second.home, "--confirm", name) == 1
    assert f"{tip} is on hold" in second.err
    assert [one["held_by"] for one in forgettings(second)] == ["second"]
    assert NAME in second.do("show", second.home, tip)


def receive_a_second_part(home: Home) -> None:
    """The numbers of the tip come as a part of their own, with an entity that never came here."""
    (told,) = waiting_forgettings(home)
    (tip,) = told.tips
    passages = [
        SharedPassage(tip.envelope.sha256, one.kind, shared_place(one.text, one.first, one.length))
        for one in home.casebook.findings.of(tip.number)
        if one.kind == "phone"
    ]
    entities = [bytes(16), *told.waiting.entities]
    home.casebook.entity_proposals.receive(PART, entities, passages, reviewer="reviewer", today=today())


def test_without_a_person_it_takes_fourteen_days_on_which_it_was_shown(desk: Desk, second: Colleague) -> None:
    person = at_both(desk, second)
    carry(desk, second)
    second.do("show", second.home, str(second.submissions()[0]["id"]))
    desk.do("forget", desk.home, person)
    carry(desk, second)
    with open_home(second.home, entry=SecretEntry(None)) as home:
        receive_a_second_part(home)
        for day in range(SHOWN_DAYS):
            assert carry_out_due_forgettings(home, today=today() + dt.timedelta(days=day)) == 0
            show_forgettings_today(home, today=today() + dt.timedelta(days=day))
        last = today() + dt.timedelta(days=SHOWN_DAYS)
        home.casebook.proposals.hold(PART, by="second")  # against one part, and so against all
        assert {one.fate() for one in waiting_forgettings(home)} == {"second keeps it"}
        assert carry_out_due_forgettings(home, today=last) == 0
        home.casebook.proposals.confirm(PART)
        assert carry_out_due_forgettings(home, today=last) == 1
    assert entities(second) == forgettings(second) == []
    told = second.do("show", second.home, str(second.submissions()[0]["id"]))
    assert not [words for words in (NAME, SAID) if words in told]
