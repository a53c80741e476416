"""Place codes: a code stands for five places or more, and cards tell nothing of one of them."""

import re
from pathlib import Path

import pytest

from crypto.questions.place_code import read_place_code
from tests.reviewer.desk.open_desk import OURS, open_desk
from tests.reviewer.desk_stage import Desk

ORIGIN = ("--kind", "os-hub", "--publisher", "Invented Lists", "--licence", "CC0", "--edition", "2026-11")
ADDRESS = "a" * 55 + "2.onion"


@pytest.fixture
def seven(desk: Desk) -> Desk:
    """Seven facilities, of which the last two have one OS ID: six places."""
    rows = [f"QQ2026001AAAA{number},Works {number},{number} Quay Lane,BD" for number in range(1, 7)]
    rows.append("QQ2026001AAAA6,Sixth Works again,6 Quay Lane,BD")
    path = desk.folder / "hub.csv"
    path.write_text("\n".join(["os_id,name,address,country_code", *rows]), encoding="utf-8")
    desk.do("supply", "import", desk.home, path, *ORIGIN)
    return desk


def codes(desk: Desk, *words: str | Path) -> str:
    return desk.do("supply", "codes", words[0], desk.home, *words[1:])


def make(desk: Desk, *facilities: str) -> str:
    made = desk.json("supply", "codes", "make", desk.home, "--name", "east bank", *facilities)
    code: str = made["group"]["code"]
    return code


def test_a_group_has_at_least_five_places_and_facilities_that_are_the_same_are_one(seven: Desk) -> None:
    for few in (("F-1", "F-2", "F-3", "F-4"), ("F-1", "F-2", "F-3", "F-6", "F-7"), ("F-1",) * 5):
        assert seven.run("supply", "codes", "make", seven.home, "--name", "few", *few) == 1
    code = make(seven, "F-1", "F-2", "F-3", "F-6", "F-7", "F-4")
    assert read_place_code(code) == code
    assert seven.json("supply", "codes", "find", seven.home, code)["group"]["places"] == 5


def test_two_places_that_may_be_the_same_are_one_until_a_person_answers_the_question(seven: Desk) -> None:
    path = seven.folder / "again.csv"
    path.write_text(
        "os_id,name,address,country_code\nQQ2026009ZZZZ9,Works 1 Annex,1 Quay Lane,BD\n", encoding="utf-8"
    )
    seven.do("supply", "import", seven.home, path, *ORIGIN)
    words = ("supply", "codes", "make", seven.home, "--name", "east bank", "F-1", "F-8", "F-2", "F-3", "F-4")
    assert seven.json("supply", "questions", seven.home)["open"]
    assert seven.run(*words) == 1
    assert "answer their question first" in seven.err
    seven.do("supply", "decide", seven.home, "F-1", "F-8", "different", "--because", "two gates")
    for other in ("F-2", "F-3", "F-4"):
        seven.do("supply", "decide", seven.home, other, "F-8", "different", "--because", "another lane")
    assert seven.run(*words) == 0, seven.err


def test_cards_are_printed_once_three_places_hand_them_out_and_say_nothing_but_the_number(
    seven: Desk, on_disk: Path
) -> None:
    code = make(seven, "F-1", "F-2", "F-3", "F-4", "F-6", "F-7")
    out = on_disk / "cards.html"
    words = ("supply", "codes", "cards", seven.home, "G-1", "--out", out, "--on-disk")
    codes(seven, "hand-out", "G-1", "F-1", "F-6", "F-7")
    assert seven.run(*words) == 1, "the two last are one place"
    assert seven.run("supply", "codes", "hand-out", seven.home, "G-1", "F-5") == 1, "of no group"
    codes(seven, "hand-out", "G-1", "F-2")
    assert seven.run("supply", "codes", "cards", seven.home, "G-1", "--out", out) == 1, "a disk is confirmed"
    seven.do(*words)
    card = out.read_text(encoding="utf-8")
    assert card.count(f"{code[:3]} {code[3:]}") == 12
    letters = card.lower()
    assert not [one for one in ("tor", "onion", "east bank", "works", "quay", "ngo", "tip") if one in letters]
    codes(seven, "hand-out", "G-1", "F-2", "--ended")
    assert seven.run(*words[:-2], seven.folder / "more.html", "--on-disk") == 1


def test_cards_carry_the_address_only_where_it_is_asked_for_and_the_danger_is_named(seven: Desk) -> None:
    make(seven, "F-1", "F-2", "F-3", "F-4", "F-5")
    codes(seven, "hand-out", "G-1", "F-1", "F-2", "F-3")
    words = ("supply", "codes", "cards", seven.home, "G-1", "--on-disk", "--out")
    assert seven.run(*words, seven.folder / "a.html", "--address", "example.org") == 1
    told = seven.do(*words, seven.folder / "b.html", "--address", f"HTTP://{ADDRESS}/")
    assert "a person who finds one learns where its owner writes" in told
    card = (seven.folder / "b.html").read_text(encoding="utf-8")
    assert card.count(ADDRESS[28:]) == 12
    assert "http" not in card
    assert "Tor" not in card


def test_a_code_is_given_once_and_is_understood_after_its_group_is_retired(seven: Desk) -> None:
    five = ("F-1", "F-2", "F-3", "F-4", "F-5")
    given = {make(seven, *five) for _ in range(4)}
    assert len(given) == 4
    code = min(given)
    name = seven.json("supply", "codes", "find", seven.home, code)["group"]["group"]
    codes(seven, "retire", name)
    assert seven.json("supply", "codes", "find", seven.home, code)["group"]["retired"]
    assert seven.run("supply", "codes", "add", seven.home, name, "F-6") == 1
    assert seven.run("supply", "codes", "find", seven.home, "123456") == 1, "no check digit"


def test_a_list_that_is_forgotten_takes_its_places_out_of_groups_and_no_cards_are_printed(seven: Desk) -> None:
    make(seven, "F-1", "F-2", "F-3", "F-4", "F-5")
    codes(seven, "hand-out", "G-1", "F-1", "F-2", "F-3")
    seven.do("supply", "forget", seven.home, "L-1")
    (group,) = seven.json("supply", "codes", "list", seven.home)["groups"]
    assert (group["facilities"], group["places"]) == ([], 0)
    assert "at least 5 places" in group["no_cards_because"]


def test_the_desk_makes_a_group_prints_its_cards_and_finds_the_code_again(seven: Desk) -> None:
    with open_desk(seven.home) as desk:
        few = desk.post("/supply/codes/make", name="few", facilities="F-1 F-2")
        assert few.status_code == 422
        assert 'value="few"' in few.text
        made = desk.done("/supply/codes/make", name="east bank", facilities="F-1 F-2 F-3\nF-4 F-5")
        assert "No cards yet" in made
        assert desk.post("/supply/codes/G-1/cards", sheets="1", with_address="no").status_code == 422
        desk.browser.post("/supply/codes/G-1/hand-out", data={"at": ["F-1", "F-2", "F-3"]}, headers=OURS)
        assert desk.post("/supply/codes/G-1/cards", sheets="1", with_address="yes").status_code == 422
        cards = desk.post("/supply/codes/G-1/cards", sheets="2", with_address="no").text
        code = code_on(cards)
        assert cards.count(code) == 24
        assert ADDRESS[:28] not in cards
        assert ">G-1, " in desk.page(f"/supply/codes?code={code}")
        assert "fit together" in desk.page("/supply/codes?code=000000")


def code_on(cards: str) -> str:
    found = re.search(r"<strong dir=.ltr.>(\d{3} \d{3})</strong>", cards)
    assert found
    return found[1]
