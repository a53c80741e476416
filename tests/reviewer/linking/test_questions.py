"""Questions between names: raised by likeness, answered by people, silent about protected ones."""

import json
from typing import Any

from reviewer.casebook.proposals import QUARANTINE
from reviewer.home.home import open_home
from reviewer.linking.link_question import question_number
from reviewer.matching.name_keys import name_keys
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_proposals import propose
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import (
    NUMBER,
    entities,
    findings,
    kept,
    kept_person,
    next_id,
    tell,
    tell_many,
)
from tests.reviewer.raw_pages import RawCasebook

LATIN, CYRILLIC = "Nadezhda Petrovna Ivanova", "Надежда Иванова"


def questions(desk: Desk, *options: str) -> list[dict[str, Any]]:
    """The open questions as the command lists them."""
    listed: list[dict[str, Any]] = desk.json("links", "list", desk.home, *options)["questions"]
    return listed


def two_spellings(desk: Desk) -> tuple[str, str]:
    """Two tips of two mailboxes that name one person in two alphabets."""
    return tell(desk, f"they call her {LATIN}"), tell(desk, f"её зовут {CYRILLIC}, она там", mailbox=2)


def test_two_spellings_of_a_name_raise_a_question_with_both_passages_and_what_speaks_against(desk: Desk) -> None:
    tips = two_spellings(desk)
    tell(desk, "the boss is Karel Novak", mailbox=3)
    (asked,) = questions(desk)
    assert [side["tip"] for side in asked["sides"]] == list(tips)
    assert [side["words"] for side in asked["sides"]] == [LATIN, CYRILLIC]
    assert [one["code"] for one in asked["for"]] == ["same-words"]
    assert [one["code"] for one in asked["against"]] == ["left-over-in-one"]
    assert (asked["names"], asked["stranger_pairs"]) == (3, 0)
    told = desk.do("links", "show", desk.home, asked["question"])
    assert "Among the 3 names here, fewer than 1 pair of strangers looks this alike." in told
    assert "%" not in told
    assert entities(desk) == []


def test_an_answer_keeps_both_names_and_its_undo_opens_the_question_again(desk: Desk) -> None:
    two_spellings(desk)
    (asked,) = questions(desk)
    before = desk.fingerprint()
    assert desk.run("links", "answer", desk.home, asked["question"], "same", "--because", " ") == 1
    assert "needs a reason" in desk.err
    assert desk.fingerprint() == before
    desk.do("links", "answer", desk.home, asked["question"], "same", "--because", "one scar")
    assert questions(desk) == []
    assert desk.json("links", "list", desk.home)["same"] == [["E-1", "E-2"]]
    assert desk.run("links", "answer", desk.home, asked["question"], "different", "--because", "no") == 1
    desk.do("links", "undo", desk.home, "D-1")
    (again,) = questions(desk)
    assert (again["question"], again["sides"][0]["entity"]) == (asked["question"], "E-1")
    for verdict in ("different", "unsure"):
        desk.do("links", "answer", desk.home, asked["question"], verdict, "--because", "as told")
        assert questions(desk) == []
        desk.do("links", "undo", desk.home, desk.json("links", "list", desk.home)["decisions"][-1]["decision"])
    assert desk.run("links", "answer", desk.home, "Q-99", "same", "--because", "no") == 1
    assert "no question Q-99" in desk.err


def test_a_chain_of_decisions_answers_a_question_and_an_answer_against_it_is_refused(desk: Desk) -> None:
    for place in range(3):
        tell(desk, f"her name is {LATIN}", mailbox=place)
    first, second, third = questions(desk)
    for one, verdict in ((first, "same"), (second, "different")):
        desk.do("links", "answer", desk.home, one["question"], verdict, "--because", "as told")
    assert questions(desk) == []
    assert desk.run("links", "answer", desk.home, third["question"], "same", "--because", "no") == 1
    assert "contradicts D-" in desk.err


def test_the_same_number_in_both_tips_is_shown_and_lists_a_weak_question_but_never_counts(desk: Desk) -> None:
    tell(desk, f"my friend Nadja, {NUMBER}")
    tell(desk, "her name is Nadja Kovac", mailbox=2)
    assert questions(desk) == []
    (weak,) = questions(desk, "--weak")
    assert weak["weak"]
    tell(desk, f"call her Nadja Lutz at {NUMBER}", mailbox=3)
    (asked,) = questions(desk)
    assert asked["weak"]
    assert {"code": "same-identifier", "kind": "phone", "key": NUMBER} in asked["for"]
    assert "one-word" in {one["code"] for one in asked["against"]}


def test_a_frequent_name_is_asked_less_and_says_how_frequent_it_is(desk: Desk) -> None:
    tell(desk, "his name is Karel", mailbox=1)
    tell(desk, "his name is Karel", mailbox=2)
    (asked,) = questions(desk)
    assert not asked["weak"]
    tell_many(desk, [f"my friend Karel knows {place}" for place in range(8)])
    assert all(one["weak"] for one in questions(desk, "--weak"))
    assert {"code": "frequent", "count": 8} in questions(desk, "--weak")[0]["against"]
    tell_many(desk, [f"my friend Karel saw {place}" for place in range(40)])
    assert questions(desk, "--weak") == []
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        still_asked = {one.number for one in home.casebook.link_questions.surest(with_weak=False)}
    assert question_number(asked["question"]) not in still_asked


def test_ten_tips_of_one_mailbox_make_no_name_frequent_and_say_that_they_are_one_witness(desk: Desk) -> None:
    for place in range(10):
        tell(desk, f"his name is Karel Novak, {place}", mailbox=1)
    asked = questions(desk)
    assert asked
    assert all([one["code"] for one in each["against"]] == ["one-mailbox"] for each in asked)


def test_a_protected_person_hides_both_sides_until_a_reason_is_given_for_this_one(desk: Desk) -> None:
    tip, _other = two_spellings(desk)
    person = kept_person(desk, tip, LATIN)
    desk.do("entities", "role", desk.home, person, tip, "harmed")
    (asked,) = questions(desk)
    assert asked["masked"]
    name = asked["question"]
    for arguments in (("list", desk.home), ("show", desk.home, name)):
        for told in (desk.do("links", *arguments), desk.do("links", *arguments, "--json")):
            assert "Ivanova" not in told
            assert "Иванова" not in told
            assert "P-1" in told
    opened = desk.json("links", "show", desk.home, name, "--because", "call of her lawyer")
    assert {side["words"] for side in opened["sides"]} == {LATIN, CYRILLIC}
    lines = [(line["act"], line["subject"]) for line in desk.json("log", "show", desk.home)]
    assert ("entity opened", "E-1") in lines
    assert "Ivanova" not in json.dumps(questions(desk))


def test_a_closed_entity_and_a_tip_that_a_colleague_hides_raise_no_question_and_count_for_none(desk: Desk) -> None:
    tip, other = two_spellings(desk)
    person = kept_person(desk, tip, LATIN)
    desk.do("entities", "close", desk.home, person)
    assert questions(desk, "--weak") == []
    assert desk.run("links", "show", desk.home, "Q-1") == 1
    desk.do("entities", "close", desk.home, person, "--undo")
    (asked,) = questions(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, other, number=1, reason=QUARANTINE)
    assert questions(desk, "--weak") == []
    assert desk.run("links", "show", desk.home, asked["question"]) == 1
    assert "Иванова" not in desk.out + desk.err
    tell(desk, f"again {CYRILLIC} и ещё: зовут {CYRILLIC}", mailbox=4)
    assert {one["names"] for one in questions(desk)} == {2}


def test_dismissing_a_name_ends_its_questions_and_reading_again_raises_the_others_once(desk: Desk) -> None:
    two_spellings(desk)
    tell(desk, f"зовут {CYRILLIC}", mailbox=3)
    assert len(questions(desk)) == 3
    assert len(desk.json("findings", "list", desk.home, "--again")["findings"]) == 3
    assert len(questions(desk)) == 3
    desk.do("findings", "dismiss", desk.home, str(findings(desk)[0]["finding"]))
    assert len(questions(desk)) == 1
    desk.do("findings", "dismiss", desk.home, str(findings(desk)[0]["finding"]), "--undo")
    assert len(questions(desk)) == 3


def test_words_added_by_hand_take_the_place_of_a_name_that_was_read_short(desk: Desk) -> None:
    tip = tell(desk, "her name is Nadja, they say Nadja of the farm")
    tell(desk, "her name is Karel", mailbox=2)
    desk.do("findings", "add", desk.home, tip, "Nadja, they say Nadja of the farm", "--kind", "person")
    assert [one["words"] for one in findings(desk, tip)] == ["Nadja, they say Nadja of the farm"]
    assert desk.run("findings", "add", desk.home, tip, "Nadja of the farm", "--kind", "person") == 1
    (number,) = (one["finding"] for one in findings(desk, tip))
    desk.do("findings", "keep", desk.home, str(number), "--as", "place")
    assert questions(desk, "--weak") == []
    assert kept(desk, number)


def test_after_forgetting_a_name_its_keys_are_on_no_page_and_a_later_reading_finds_it_no_more(desk: Desk) -> None:
    name = "Zqxwvkj Hrtzpolu"
    keys = [key.encode() for some in name_keys(name) for key in some if len(key) > 2]
    tip = tell(desk, f"her name is {name}, she is there")
    tell(desk, f"call her {name}", mailbox=2)
    person = kept_person(desk, tip, name)
    assert len(questions(desk)) == 1
    assert all(any(key in page for page in pages_of(desk)) for key in keys)
    told = desk.do("forget", desk.home, person, "--dry-run")
    assert "2 passages in 2 tips" in told
    other = next(one["finding"] for one in findings(desk) if one["tip"] != tip)
    desk.do("forget", desk.home, person, "--leave", str(other))
    assert not any(key in page for page in pages_of(desk) for key in keys)
    assert questions(desk, "--weak") == []
    tell(desk, f"again {name}: her name is {name}", mailbox=3)
    assert findings(desk, "--again") == []
    assert questions(desk, "--weak") == []


def pages_of(desk: Desk) -> list[bytes]:
    """Every page of the casebook, used or free."""
    return list(RawCasebook(desk.home).pages("casebook.db"))


def test_an_answer_to_a_question_for_a_name_is_a_name_without_any_cue(desk: Desk) -> None:
    told = [("text", "see below"), ("q:boss_name", "karel novak"), ("q:company", "Karel Novak")]
    desk.take_in(desk.server.seal(fields=told, submission_id=next_id()))
    tell(desk, "the boss is Karel Novak", mailbox=2)
    (asked,) = questions(desk)
    assert [side["words"] for side in asked["sides"]] == ["karel novak", "Karel Novak"]
