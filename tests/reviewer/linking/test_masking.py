"""Masking: a harmed person and what belongs to her have no words until a person gives a reason."""

import json

from reviewer.casebook.proposals import QUARANTINE
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_proposals import propose
from tests.reviewer.desk.open_desk import open_desk
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, entities, findings, kept, kept_person, tell


def harmed_person(desk: Desk) -> tuple[str, str, str]:
    """A tip, a person whom it calls harmed, and her number."""
    tip = tell(desk, f"Nadja is locked up, her number is {NUMBER}")
    person = kept_person(desk, tip, "Nadja")
    phone = next(one for one in findings(desk, tip) if one["kind"] == "phone")
    (number,) = kept(desk, phone["finding"])
    desk.do("relate", desk.home, person, "uses", number, "--finding", str(phone["finding"]))
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    return tip, person, number


def test_a_harmed_person_and_her_number_have_no_words_in_any_list(desk: Desk) -> None:
    tip, person, number = harmed_person(desk)
    other = tell(desk, f"text {NUMBER}", mailbox=2)
    name, phone = person.replace("E", "P"), number.replace("E", "P")
    assert {one["entity"]: one["name"] for one in entities(desk)} == {name: None, phone: None}
    lists = [
        ("findings", "list", desk.home),
        ("findings", "list", desk.home, tip),
        ("findings", "list", desk.home, other),
        ("entities", "list", desk.home),
        ("entities", "list", desk.home, "Nadja"),
        ("entities", "show", desk.home, person),
        ("entities", "show", desk.home, phone),
        ("links", "list", desk.home),
    ]
    for arguments in lists:
        for told in (desk.do(*arguments), desk.do(*arguments, "--json")):
            assert "Nadja" not in told, arguments
            assert "7700" not in told, arguments
    assert desk.json("findings", "list", desk.home, other)["also_in"][0]["entity"] == phone
    # A tip that no one has looked at yet is read before anything of it is shown as what leaves.
    late = tell(desk, f"where is Nadja? {NUMBER}", mailbox=3)
    desk.tamper("DELETE FROM findings WHERE state = 'new'", "DELETE FROM tip_readings")
    preview = desk.do("evidence", desk.home, late)
    assert "7700" not in preview
    assert "Nadja" not in preview


def test_an_entity_is_opened_alone_with_a_reason_and_the_log_says_so(desk: Desk) -> None:
    _tip, person, number = harmed_person(desk)
    assert desk.run("entities", "open", desk.home, person, "--because", " ") == 1
    shown = desk.json("entities", "open", desk.home, person, "--because", "call of her lawyer")
    assert shown["name"] == "Nadja"
    assert "7700" not in json.dumps(shown)  # her number is another entity
    line = desk.json("log", "show", desk.home)[-1]
    assert (line["act"], line["subject"]) == ("entity opened", person)
    assert desk.json("entities", "show", desk.home, number)["name"] is None


def test_a_number_that_another_person_uses_too_is_not_masked(desk: Desk) -> None:
    tip, person, number = harmed_person(desk)
    boss = kept_person(desk, tell(desk, f"the boss Karel has {NUMBER}", mailbox=2), "Karel")
    phone = next(one["finding"] for one in findings(desk, tip) if one["kind"] == "phone")
    uses = ("relate", desk.home, boss, "uses", number, "--finding", str(phone))
    for shows in (uses, ("relate", desk.home, person, "uses", number, "--undo")):
        assert desk.run(*shows) == 1
        assert f"{number.replace('E', 'P')} would be masked no longer: this needs a reason" in desk.err
    desk.do(*uses, "--because", "he told us so")
    names = {one["entity"]: one["name"] for one in entities(desk)}
    assert names == {person.replace("E", "P"): None, number: NUMBER, boss: "Karel"}
    assert ("mask removed", number) in {(one["act"], one["subject"]) for one in desk.json("log", "show", desk.home)}
    (removal,) = desk.json("entities", "show", desk.home, number)["mask_removals"]
    assert removal["because"] == "he told us so"


def test_her_name_is_kept_as_another_persons_with_a_reason_only(desk: Desk) -> None:
    _tip, person, _number = harmed_person(desk)
    other = tell(desk, "they call her Nadja", mailbox=2)
    name = next(one["finding"] for one in findings(desk, other) if one["kind"] == "person")
    kinds = (("Nadja", "person"), ("Nadja", "organisation"), ("call her Nadja", "place"))
    added = [("add", desk.home, other, words, "--kind", kind) for words, kind in kinds]
    for shows in [("keep", desk.home, str(name)), *added]:
        assert desk.run("findings", *shows) == 1
        assert f"masked as {person.replace('E', 'P')}, and its words would be shown" in desk.err
    assert len(entities(desk)) == 2
    desk.do("findings", "keep", desk.home, str(name), "--because", "the guard of that name")
    assert "Nadja" in {one["name"] for one in entities(desk)}
    desk.do("findings", "keep", desk.home, str(name), "--to", person)


def test_harm_done_by_a_harmed_person_needs_a_reason_and_joining_the_two_is_asked_twice(desk: Desk) -> None:
    tip, person, _number = harmed_person(desk)
    assert desk.run("entities", "role", desk.home, person, tip, "does-harm") == 1
    assert "made to recruit" in desk.err
    with open_desk(desk.home) as opened:  # her page shows nothing again, but says what was refused
        refused = opened.post(f"/entity/{person[2:]}/role", tip=tip, role="does-harm")
        assert "made to recruit" in refused.text
    other_tip = tell(desk, "Nadja guards the others", mailbox=2)
    other = kept_person(desk, other_tip, "Nadja")
    desk.do("entities", "role", desk.home, other, other_tip, "does-harm")
    decision = ("links", "decide", desk.home, person, other, "same", "--because", "one number")
    assert desk.run(*decision) == 1
    assert "--sure" in desk.err
    desk.do(*decision, "--sure")
    assert {one["state"] for one in entities(desk)} == {"protected"}
    assert desk.run("links", "undo", desk.home, "D-1") == 1
    assert "needs a reason" in desk.err
    desk.do("links", "undo", desk.home, "D-1", "--because", "another Nadja")
    assert other in {one["entity"] for one in entities(desk)}


def test_a_closed_entity_shows_neither_name_nor_tips_until_it_is_opened(desk: Desk) -> None:
    person = kept_person(desk, tell(desk, "ask for Karel"), "Karel")
    desk.do("entities", "close", desk.home, person)
    assert "Karel" not in desk.do("entities", "show", desk.home, person, "--json")
    assert [one["words"] for one in findings(desk)] == [None]
    assert desk.json("entities", "open", desk.home, person, "--because", "review")["name"] == "Karel"
    desk.do("entities", "close", desk.home, person, "--undo")
    assert entities(desk)[0]["name"] == "Karel"


def test_a_role_is_given_by_a_tip_in_which_the_person_stands(desk: Desk) -> None:
    person = kept_person(desk, tell(desk, "ask for Karel"), "Karel")
    other = tell(desk, "nothing of him", mailbox=2)
    assert desk.run("entities", "role", desk.home, person, other, "helps") == 1
    assert "says nothing of" in desk.err


def test_her_number_stays_hidden_and_withdrawn_where_a_colleagues_quarantine_hides_the_tip(desk: Desk) -> None:
    tip, person, number = harmed_person(desk)
    kept_here = next(one["finding"] for one in findings(desk, tell(desk, f"call {NUMBER}", mailbox=2)))
    no_one_kept = tell(desk, f"text {NUMBER}", mailbox=3)
    desk.do("findings", "keep", desk.home, str(kept_here), "--to", number)
    desk.do("consents", "withdraw", desk.home, person, "--by", "herself")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, tip, number=1, reason=QUARANTINE)
    assert {one["entity"]: one["name"] for one in entities(desk)} == {number.replace("E", "P"): None}
    assert [one["words"] for one in findings(desk, no_one_kept)] == [None]
    assert desk.run("refer", desk.home, "--with", number, "--for", "Police", "--format", "ftm") == 1
    assert "withdrew consent" in desk.err


def test_the_preview_of_a_deletion_names_a_person_whose_mask_stays(desk: Desk) -> None:
    tip, person, _number = harmed_person(desk)
    preview = ("delete", desk.home, tip)
    assert "was harmed" not in desk.do(*preview)  # she goes with the tip
    other = tell(desk, "Nadja again", mailbox=2)
    again = kept_person(desk, other, "Nadja")
    finding = next(str(one["finding"]) for one in findings(desk, other) if one["entity"] == again)
    desk.do("findings", "keep", desk.home, finding, "--to", person)
    name = person.replace("E", "P")
    assert f"no other tip says that {name} was harmed: the mask stays" in desk.do(*preview)
    desk.do("entities", "role", desk.home, person, other, "harmed")
    assert "was harmed" not in desk.do(*preview)


def test_a_person_who_is_called_by_signs_alone_is_masked_in_what_leaves(desk: Desk) -> None:
    tip = tell(desk, "ask for 🌸🌸 at the farm")
    person = kept_person(desk, tip, "🌸🌸")
    assert "🌸" in desk.do("evidence", desk.home, tip)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    assert "🌸" not in desk.do("evidence", desk.home, tip)
