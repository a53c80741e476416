"""Findings: places in texts that are read, kept and dismissed; nothing becomes an entity by itself."""

import pytest

from reviewer.casebook.proposals import QUARANTINE
from reviewer.home.home import open_home
from reviewer.linking.tip_reading import read_new_tips
from reviewer.linking.tip_texts import text_by_place
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_proposals import propose
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, SPELLINGS, entities, findings, kept, kept_person, tell
from tests.reviewer.older_casebook import as_version


def message(desk: Desk, short_id: str) -> str:
    text: str = next(one["value"] for one in desk.show(short_id)["fields"] if one["name"] == "text")
    return text


def test_one_number_in_twenty_spellings_is_one_entity_with_twenty_findings(desk: Desk) -> None:
    desk.do("findings", "regions", desk.home, "GB")
    tips = [tell(desk, f"call {words} at night", mailbox=place) for place, words in enumerate(SPELLINGS)]
    found = findings(desk)
    assert sorted(one["tip"] for one in found) == sorted(tips)
    for one in found:
        cut = message(desk, one["tip"])[one["first"] : one["first"] + one["length"]]
        assert cut == one["words"]
        assert NUMBER in one["readings"]
        assert cut in SPELLINGS[tips.index(one["tip"])]
    told = desk.do("findings", "keep", desk.home, "--all-like", str(found[0]["finding"]))
    assert "E-1, 20 findings" in told
    (entity,) = entities(desk)
    assert (entity["entity"], entity["tips"], entity["mailboxes"]) == ("E-1", 20, 20)


def test_after_taking_in_tips_there_is_no_entity_that_no_one_kept(desk: Desk) -> None:
    for place in range(30):
        tell(desk, f"{NUMBER} and nadja{place % 3}@example.org", mailbox=place)
    assert len(findings(desk)) == 60
    assert entities(desk) == []
    told = {"questions": [], "decisions": [], "same": [], "opposite": []}
    assert desk.json("links", "list", desk.home) == told


def test_a_dismissed_finding_stays_dismissed_when_tips_are_read_again(desk: Desk) -> None:
    tell(desk, f"{NUMBER} or mail@example.org")
    first, second = findings(desk)
    desk.do("findings", "dismiss", desk.home, str(first["finding"]))
    kept(desk, second["finding"])
    again = findings(desk, "--again")
    assert [(one["finding"], one["state"]) for one in again] == [
        (first["finding"], "dismissed"),
        (second["finding"], "kept"),
    ]
    desk.do("findings", "dismiss", desk.home, str(first["finding"]), "--undo")
    assert [one["state"] for one in findings(desk)] == ["new", "kept"]


def test_words_that_do_not_stand_in_the_tip_are_no_finding(desk: Desk) -> None:
    tip = tell(desk, "they call her Nadja at the Boston farm")
    before = desk.fingerprint()
    assert desk.run("findings", "add", desk.home, tip, "Nadia", "--kind", "person") == 1
    assert "do not stand in the tip" in desk.err
    assert desk.fingerprint() == before
    desk.do("findings", "add", desk.home, tip, "Nadja", "--kind", "person")
    (one,) = findings(desk, "--kind", "person")
    assert (one["words"], one["kind"], one["state"], one["entity"]) == ("Nadja", "person", "kept", "E-1")
    assert desk.run("findings", "add", desk.home, tip, "Nadja", "--kind", "person") == 1
    assert "a finding already" in desk.err


def test_a_number_without_country_code_has_a_reading_for_each_home_region(desk: Desk) -> None:
    tip = tell(desk, "ring 0151 23456789")
    assert findings(desk, tip) == []
    desk.do("findings", "regions", desk.home, "DE", "AT")
    (one,) = findings(desk, tip)
    assert len(one["readings"]) == 2
    assert desk.run("findings", "regions", desk.home, "DE", "AT", "CH", "FR", "IT", "ES") == 1
    assert "at most 5 home regions" in desk.err
    assert desk.do("findings", "regions", desk.home).split()[-2:] == ["DE", "AT"]


def test_an_identifier_in_two_tips_is_told_with_tips_and_mailboxes_and_many_come_first(desk: Desk) -> None:
    tips = [tell(desk, f"write to boss@example.org, {place}", mailbox=1) for place in range(10)]
    last = tell(desk, "boss@example.org", mailbox=2)
    (also,) = desk.json("findings", "list", desk.home, last)["also_in"]
    assert (also["tips"], also["mailboxes"], also["key"]) == (11, 2, "boss@example.org")
    assert set(also["others"]) == set(tips)
    assert "email boss@example.org: 11 tips, 2 mailboxes" in desk.do("findings", desk.home, last)
    for place in range(14):
        tell(desk, "boss@example.org or other@example.org", mailbox=20 + place % 8)
    tell(desk, "boss@example.org and two@example.org", mailbox=2)
    desk.do("findings", "mark", desk.home, "common", "two@example.org")
    places = desk.json("findings", "list", desk.home, last)["also_in"]
    assert (places[0]["tips"], places[0]["mailboxes"], places[0]["others"]) == (26, 10, [])


def test_many_days_before_it_keep_no_number_from_being_told_as_in_other_tips(desk: Desk) -> None:
    tell(desk, f"call {NUMBER}")
    tip = tell(
        desk, ", ".join(f"{1 + day % 28}.{1 + day // 28}.2026" for day in range(120)) + f" {NUMBER}", mailbox=2
    )
    assert [one["key"] for one in desk.json("findings", "list", desk.home, tip)["also_in"]] == [NUMBER]


def test_only_a_person_marks_an_identifier_as_common_and_stops_our_own_numbers(desk: Desk) -> None:
    tips = [tell(desk, f"{NUMBER} and help@example.org", mailbox=place) for place in range(3)]
    desk.do("findings", "mark", desk.home, "stopped", "help@example.org")
    assert {one["kind"] for one in findings(desk)} == {"phone"}
    assert {one["kind"] for one in findings(desk, "--again")} == {"phone"}
    desk.do("findings", "mark", desk.home, "common", NUMBER)
    (also,) = desk.json("findings", "list", desk.home, tips[0])["also_in"]
    assert (also["common"], also["others"]) == (True, [])
    assert desk.json("findings", "list", desk.home)["new"]["stood_before"] == 0
    desk.do("findings", "mark", desk.home, "common", NUMBER, "--undo")
    assert desk.json("findings", "list", desk.home)["new"] == {"findings": 3, "tips": 3, "stood_before": 2}


def test_looking_up_an_identifier_is_logged_without_the_identifier(desk: Desk) -> None:
    tip = tell(desk, "tel 0044 7700 900123")
    (found,) = desk.json("findings", "lookup", desk.home, "+44 (0)7700 900123")["found"]
    assert (found["others"], found["key"]) == ([tip], NUMBER)
    line = desk.json("log", "show", desk.home)[-1]
    assert (line["act"], line["subject"]) == ("identifier looked up", "phone, 1 tips")
    (phone,) = kept(desk, found["finding"])
    desk.do("entities", "close", desk.home, phone)
    assert desk.json("findings", "lookup", desk.home, NUMBER)["found"] == []
    assert desk.json("log", "show", desk.home)[-1]["subject"] == "phone, 0 tips"
    assert desk.run("findings", "lookup", desk.home, "the farm") == 1
    assert "country code" in desk.err


@pytest.mark.parametrize(
    "hostile", ["1" * 262_144, "+" + "4" * 400, " ".join(f"+447700900{n % 1000:03d}" for n in range(10_000))]
)
def test_a_hostile_text_is_read_within_limits(desk: Desk, hostile: str) -> None:
    tip = tell(desk, hostile)
    listed = desk.json("findings", "list", desk.home, tip)
    assert len(listed["findings"]) <= 2000
    assert listed["more"] == (len(listed["findings"]) == 2000)


def test_reading_goes_on_where_it_was_cut_short(desk: Desk) -> None:
    tips = [tell(desk, f"a{place}@example.org", mailbox=place) for place in range(4)]
    desk.tamper("DELETE FROM findings WHERE submission > 2")
    desk.tamper("DELETE FROM tip_readings WHERE submission > 2")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert read_new_tips(home) == 2
        assert read_new_tips(home) == 0
        texts = text_by_place(home, home.casebook.submissions.find(tips[0]))
        assert list(texts.values()) == ["a0@example.org"]
    assert len(findings(desk)) == 4


def test_a_tip_that_a_colleague_hides_tells_nothing_in_any_count_list_or_lookup(desk: Desk) -> None:
    shown = tell(desk, f"call {NUMBER}")
    hidden = tell(desk, f"call {NUMBER} or Karel", mailbox=2)
    person = kept_person(desk, hidden, "Karel")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, hidden, number=1, reason=QUARANTINE)
    listed = desk.json("findings", "list", desk.home, shown)
    assert (listed["new"], listed["also_in"]) == ({"findings": 1, "tips": 1, "stood_before": 0}, [])
    assert {one["tip"] for one in findings(desk)} == {shown}
    assert desk.json("findings", "lookup", desk.home, NUMBER)["found"][0]["others"] == [shown]
    assert entities(desk) == []
    assert desk.run("entities", "show", desk.home, person) == 1


def test_an_earlier_casebook_is_read_at_its_first_opening_of_the_findings(desk: Desk) -> None:
    tip = tell(desk, f"call {NUMBER}")
    desk.tamper(*as_version(3))
    assert [one["tip"] for one in findings(desk)] == [tip]
    assert desk.json("findings", "list", desk.home)["read_now"] == 0
