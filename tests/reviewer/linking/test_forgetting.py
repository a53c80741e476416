"""Forgetting an entity: no page of the home holds it, the control finds it before, and a hold refuses it."""

import pytest

from reviewer.casebook.folded_text import folded
from reviewer.home.home import open_home
from reviewer.linking.forgetting import forget_entity
from reviewer.linking.masking import entity_number
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, entities, findings, kept, kept_person, tell
from tests.reviewer.raw_pages import RawCasebook

NAME, SAID, REASON = "Zqxwvkj Hrtzp", "+44 7700-900-123", "Bqzwkvx says so"
TRACES = {
    "name": (NAME, folded(NAME)),
    "spelling": (SAID, "7700-900-123"),
    "reading": (NUMBER, NUMBER.removeprefix("+")),
    "shown as": ("Kqzxvwj of the farm",),
    "reason": (REASON,),
}


def holds(desk: Desk) -> set[str]:
    """The traces that a page of a file of the home has, used or free."""
    raw = RawCasebook(desk.home)
    assert raw.journals() == 0
    pages = [page for name in ("casebook.db", "contents.db", "envelopes.db") for page in raw.pages(name)]
    return {
        trace
        for trace, words in TRACES.items()
        for word in words
        if any(word.encode(code) in page for page in pages for code in ("utf-8", "utf-16-le", "utf-16-be"))
    }


def a_person_with_traces(desk: Desk) -> tuple[str, str, str]:
    """Two tips of which one has her name and number, and the other her number; the person, and the second tip."""
    first = tell(desk, f"they call her {NAME}, number {SAID}, at the Boston farm")
    second = tell(desk, f"again {SAID}, ask for Karel at boss@example.org", mailbox=2)
    person = kept_person(desk, first, NAME)
    desk.do("entities", "name", desk.home, person, "Kqzxvwj of the farm")
    phones = [one["finding"] for one in findings(desk, first) if one["kind"] == "phone"]
    (phone,) = kept(desk, phones[0])
    desk.do("relate", desk.home, person, "uses", phone, "--finding", str(phones[0]))
    other = kept_person(desk, second, "Karel")
    desk.do("links", "decide", desk.home, person, other, "different", "--because", REASON)
    return person, phone, second


def test_after_forgetting_no_page_of_the_home_holds_words_numbers_or_reasons(desk: Desk) -> None:
    person, phone, second = a_person_with_traces(desk)
    assert holds(desk) == set(TRACES)
    told = desk.do("forget", desk.home, person, "--dry-run")
    assert NAME in told
    assert holds(desk) == set(TRACES)
    desk.do("forget", desk.home, person)
    assert holds(desk) == {"spelling", "reading"}
    desk.do("forget", desk.home, phone)
    assert holds(desk) == set()
    assert "█" * len(SAID) in desk.do("show", desk.home, second)
    assert [one["kind"] for one in findings(desk, "--again")] == ["person", "email", "place"]
    assert [one["words"] for one in findings(desk)] == ["Karel", "boss@example.org", "Boston"]
    desk.do("log", "verify", desk.home)
    assert desk.run("raw", desk.home, second, "--out", desk.folder / "raw.age") == 1


def test_what_was_forgotten_is_not_read_again_in_a_later_tip_or_in_a_text_that_was_left(desk: Desk) -> None:
    tip = tell(desk, f"call {SAID}")
    (one,) = findings(desk)
    (phone,) = kept(desk, one["finding"])
    desk.do("forget", desk.home, phone, "--leave", str(one["finding"]))
    assert SAID in desk.do("show", desk.home, tip)
    assert findings(desk, "--again") == []
    tell(desk, f"once more {NUMBER}", mailbox=2)
    assert findings(desk) == []
    desk.do("findings", "mark", desk.home, "common", "other@example.org")
    assert desk.json("findings", "lookup", desk.home, NUMBER)["found"] == []


@pytest.mark.parametrize("mark", ["common", "stopped"])
def test_a_number_that_was_marked_is_forgotten_with_its_mark(desk: Desk, mark: str) -> None:
    tell(desk, f"call {SAID}")
    (one,) = findings(desk)
    (phone,) = kept(desk, one["finding"])
    desk.do("findings", "mark", desk.home, mark, NUMBER)
    assert holds(desk) == {"spelling", "reading"}
    desk.do("forget", desk.home, phone)
    assert holds(desk) == set()


def test_a_hold_refuses_forgetting_by_name_and_nothing_is_changed(desk: Desk) -> None:
    person, _phone, _second = a_person_with_traces(desk)
    tip = findings(desk)[-1]["tip"]
    desk.do("hold", desk.home, tip, "--because", "court")
    before = desk.fingerprint()
    assert desk.run("forget", desk.home, person) == 1
    assert f"{tip} is on hold" in desk.err
    assert desk.fingerprint() == before


def test_the_whole_tip_goes_where_a_person_says_so(desk: Desk) -> None:
    _person, phone, second = a_person_with_traces(desk)
    number = next(one["finding"] for one in findings(desk, second) if one["kind"] == "phone")
    desk.do("forget", desk.home, phone, "--whole-tip", str(number))
    assert desk.run("show", desk.home, second) == 1
    assert len(desk.submissions()) == 1
    assert desk.run("forget", desk.home, "E-99") == 1
    assert "no entity E-99" in desk.err


def test_forgetting_that_is_cut_short_forgets_nothing(desk: Desk) -> None:
    person, _phone, _second = a_person_with_traces(desk)
    before = entities(desk)
    with pytest.raises(KeyboardInterrupt):
        _forget_and_cut_short(desk, entity_number(person))
    assert entities(desk) == before
    assert holds(desk) == set(TRACES)


def _forget_and_cut_short(desk: Desk, number: int) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home, home.casebook.changing():
        forget_entity(home, number, today=today())
        raise KeyboardInterrupt


def test_a_deleted_tip_takes_its_findings_with_it_and_one_from_the_bin_brings_them_back(desk: Desk) -> None:
    person, phone, second = a_person_with_traces(desk)
    first = next(one["tip"] for one in findings(desk) if one["entity"] == person)
    before = [(one["words"], one["state"], one["entity"]) for one in findings(desk, first)]
    desk.do("bin", desk.home, "--put", first)
    assert {one["entity"] for one in entities(desk)} == {"E-3"}
    assert {one["tip"] for one in findings(desk)} == {second}
    desk.do("bin", desk.home, "--back", first)
    assert [(one["words"], one["state"], one["entity"]) for one in findings(desk, first)] == before
    assert {one["entity"] for one in entities(desk)} == {person, phone, "E-3"}
    desk.do("delete", desk.home, first, "--because", "asked")
    assert {one["entity"] for one in entities(desk)} == {"E-3"}
    assert "name" not in holds(desk)


def test_her_name_elsewhere_in_the_tip_and_in_other_tips_goes_too_unless_a_person_leaves_it(desk: Desk) -> None:
    tip = tell(desk, f"She is called {NAME}. My friend {NAME} lives there. They hit {NAME.upper()} and left")
    other = tell(desk, f"my friend {NAME} is gone", mailbox=2)
    first = next(one for one in findings(desk, tip) if one["words"] == NAME)
    (person,) = kept(desk, first["finding"])
    desk.do("findings", "dismiss", desk.home, str(next(iter(findings(desk, other)))["finding"]))
    told = desk.do("forget", desk.home, person, "--dry-run")
    assert "4 passages in 2 tips: blacked out, unless you say otherwise" in told
    left = next(line.split()[0] for line in told.splitlines() if f"[{NAME.upper()}]" in line)
    desk.do("forget", desk.home, person, "--leave", left)
    assert NAME not in desk.do("show", desk.home, tip) + desk.do("show", desk.home, other)
    assert NAME.upper() in desk.do("show", desk.home, tip)
    assert desk.json("links", "list", desk.home)["questions"] == []
    assert [one["kind"] for one in findings(desk, "--again") if one["kind"] == "person"] == []


def test_words_that_staff_typed_and_that_stay_are_named_by_their_places(desk: Desk) -> None:
    tip = tell(desk, f"they call her {NAME}, the boss is called Karel Vyrostek")
    person, boss = kept_person(desk, tip, NAME), kept_person(desk, tip, "Karel Vyrostek")
    desk.do("mark", desk.home, tip, "--label", NAME)
    desk.do("entities", "name", desk.home, boss, f"boss of {NAME}")
    desk.do("entities", "role", desk.home, boss, tip, "does-harm", "--because", f"he hit {NAME}")
    desk.do("case", "new", desk.home, f"about {NAME}", tip)
    desk.do("view", "save", desk.home, f"of {NAME}", "--label", NAME)
    desk.do("consents", "add", desk.home, boss, "--for", "Office", "--by", f"sister of {NAME}", "--what", "help")
    told = desk.do("forget", desk.home, person, "--dry-run")
    for place in (
        f"the label of tip {tip}", f"the name of {boss}", f"the reason of a role of {boss}", "the name of case 1",
        "the name of a saved view", "the filter of a saved view",
        f"the consent of {boss}",
    ):  # fmt: skip
        assert f"the same words stay in {place}: change it there" in told
