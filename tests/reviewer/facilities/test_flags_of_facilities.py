"""Flags of a facility: tips once accepted, lists, findings, documents; and what takes them away again."""

import pytest

from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import GOODS, NAMED, PELT, QUILLON, ChainDesk
from tests.reviewer.raw_pages import RawCasebook


@pytest.fixture
def chain(desk: Desk) -> ChainDesk:
    return ChainDesk(desk)


def test_a_tick_counts_once_its_tip_is_accepted_and_words_never(chain: ChainDesk) -> None:
    (tip,) = chain.tips(("debt_bondage",), words="They withhold wages, there are threats and violence.")
    chain.desk.do("show", chain.desk.home, tip)
    before = chain.why()
    assert (before["level"], before["points"], before["flags"]) == ("nothing known", 0, [])
    chain.link(tip)
    (flag,) = chain.why()["flags"]
    assert (flag["rule"], flag["points"], flag["indicator"]) == ("tip", 8, "debt_bondage")
    assert (flag["tips"], flag["derives_from_tip"]) == ([tip], True)
    assert chain.levels() == [(QUILLON, "look", 8)]
    assert chain.desk.run("supply", "link", chain.desk.home, tip, QUILLON, "--because", "twice") == 1
    chain.desk.do("supply", "unlink", chain.desk.home, tip, QUILLON)
    assert chain.why() == before
    assert chain.desk.run("supply", "link", chain.desk.home, tip, QUILLON) == 1
    assert chain.why() == before


def test_fifty_junk_tips_change_no_level_and_no_order(chain: ChainDesk) -> None:
    chain.link(*chain.tips(("debt_bondage",)), PELT)
    before = chain.levels()
    chain.tips(*[("threats", "violence")] * 50)
    assert chain.levels() == before == [(PELT, "look", 8)]
    assert chain.weighed() == ("nothing known", 0)


def test_tips_of_one_mailbox_or_with_the_same_contents_count_once(chain: ChainDesk) -> None:
    for tip in (*chain.tips(("threats",), ("threats",), mailbox=1), *chain.tips(("threats",), mailbox=1)):
        chain.link(tip)
    assert chain.weighed() == ("look", 8)
    one, other = (
        *chain.tips(("threats",), mailbox=7, words="Same"),
        *chain.tips(("threats",), mailbox=8, words="Same"),
    )
    chain.link(one)
    assert chain.weighed() == ("serious", 16)
    chain.link(other)
    assert chain.weighed() == ("serious", 16)


def test_the_link_goes_with_its_tip_into_the_bin_and_back_or_with_the_list_of_its_place(chain: ChainDesk) -> None:
    (tip,) = chain.tips(("threats",))
    chain.link(tip)
    before = chain.why()
    chain.desk.do("bin", chain.desk.home, "--put", tip)
    assert chain.weighed() == ("nothing known", 0)
    assert not RawCasebook(chain.desk.home).holds("casebook.db", b"names the gate")
    chain.desk.do("bin", chain.desk.home, "--back", tip)
    assert chain.why() == before
    assert "tip accepted" in chain.desk.do("log", "show", chain.desk.home)
    assert [line for line in chain.desk.out.splitlines() if tip in line and "F-1" in line] == []
    chain.desk.do("bin", chain.desk.home, "--put", tip)
    chain.desk.do("supply", "forget", chain.desk.home, "L-1")
    chain.desk.do("bin", chain.desk.home, "--back", tip)
    assert chain.desk.show(tip)["id"] == tip
    assert chain.levels() == []


def test_a_listed_company_gives_no_points_and_a_question_until_a_person_confirms_it(chain: ChainDesk) -> None:
    chain.bring("uflpa", NAMED.format(name="Quillon Garments Ltd", street="Plot 6 Marrow Road Vessby"))
    (flag,) = chain.why()["flags"]
    assert (flag["rule"], flag["points"]) == ("maybe-listed", 0)
    assert chain.weighed() == ("nothing known", 0)
    chain.same(QUILLON, "F-3")
    (flag,) = chain.why()["flags"]
    assert (flag["rule"], "edition 2026-11, line 2" in flag["source"]) == ("listed", True)
    assert chain.weighed() == ("listed", 0)
    assert chain.desk.json("supply", "row", chain.desk.home, "L-2", "2")["cells"]["Land"] == "BD"
    banned = chain.importing(
        "uflpa", NAMED.format(name="Other House", street="9 Harbour Street"), edition="2026-12"
    )
    chain.desk.do(*banned, "--follows", "L-2")
    (flag,) = chain.why()["flags"]
    assert flag["rule"] == "listed", "the flag stays"
    assert "no longer listed since edition 2026-12 (L-3)" in flag["warning"]
    assert chain.desk.json("supply", "show", chain.desk.home, "F-3")["no_longer_listed_since"]["list"] == "L-3"
    older = chain.importing("uflpa", NAMED.format(name="Third House", street="1 Quay"), edition="2025")
    assert chain.desk.run(*older) == 1
    assert "edition 2026-12 of a list of this publisher is here as L-3, and this one is older" in chain.desk.err
    assert chain.desk.run(*older, "--older", "--follows", "L-1") == 1, "another kind"
    assert chain.desk.json(*older, "--older")["list"] == "L-4"
    undone = chain.desk.json("supply", "undo", chain.desk.home, QUILLON, "F-3")
    assert (undone["undone"]["answer"], undone["still_connected"]) == ("same", True), "the rule still says so"
    assert chain.weighed() == ("nothing known", 0)


def test_an_accusation_passes_along_no_same_that_no_person_confirmed(chain: ChainDesk) -> None:
    chain.bring("suppliers", "Factory,Street,Land,Makes\nQUILLON GARMENTS LTD,Plot 6 Marrow Road Vessby,BD,\n")
    chain.bring("uflpa", NAMED.format(name="Quillon Export House", street="9 Harbour Street"))
    chain.same("F-3", "F-4")
    chain.link(*chain.tips(("threats",)), "F-3")
    assert chain.weighed("F-3") == ("listed", 8)
    assert [one["facility"] for one in chain.desk.json("supply", "show", chain.desk.home, QUILLON)["same"]] == [
        "F-3",
        "F-4",
    ]
    assert chain.weighed(QUILLON) == ("nothing known", 0)
    chain.same(QUILLON, "F-3")
    assert chain.weighed(QUILLON) == ("listed", 8)


def test_a_good_of_the_country_is_context_with_its_edition_and_goes_with_its_list(chain: ChainDesk) -> None:
    chain.bring("suppliers", "Factory,Street,Land,Makes\nSorrel Mill,1 Elm Street,BD,Garments; Leather\n")
    goods = chain.bring("us-goods", GOODS, edition="2021")
    shown = chain.desk.json("supply", "show", chain.desk.home, "F-3")
    assert shown["buyers"] == [{"buyer": "Example Brand", "good": "Garments; Leather", "since": "", "line": 2}]
    found = chain.desk.json("supply", "find", chain.desk.home, "example brand")["facilities"]
    assert [one["facility"] for one in found] == ["F-3"]
    told = chain.why("F-3")
    assert (told["level"], told["points"]) == ("look", 10)
    assert [one["points"] for one in told["flags"]] == [10, 0]
    assert "edition 2021, line 2" in told["flags"][0]["source"]
    assert "old" in told["flags"][0]["warning"]
    assert chain.weighed(QUILLON) == ("nothing known", 0)
    kept = chain.desk.json("supply", "good", chain.desk.home, QUILLON, "leather", "--because", "seen there")
    assert (kept["good"], kept["level"]) == ("leather", "look")
    assert chain.desk.json("supply", "row", chain.desk.home, goods, "2")["cells"]["good"] == "Garments"
    assert chain.levels() == [("F-3", "look", 10), (QUILLON, "look", 5)]
    chain.link(*chain.tips(("threats",)))
    assert chain.levels() == [(QUILLON, "look", 13), ("F-3", "look", 10)]
    assert chain.weighed(QUILLON) == ("look", 13)
    nothing = chain.desk.json("supply", "flags", chain.desk.home, "--level", "nothing known")["places"]
    assert [one["facility"] for one in nothing] == [PELT]
    assert chain.desk.json("supply", "forget", chain.desk.home, goods)["forgotten"]["list"] == goods
    assert chain.levels() == [(QUILLON, "look", 8)]


def test_a_withdrawn_finding_takes_exactly_its_points_and_stays_readable(chain: ChainDesk) -> None:
    finding = ("--day", "2026-11-02", "--source", "our visit", "--text", "Passports lay in the office.")
    told = chain.desk.json(
        "supply", "finding", chain.desk.home, QUILLON, "--kind", "visit", "--points", "7", *finding
    )
    assert (told["finding"], told["points"], told["withdrawn"]) == ("S-1", 7, None)
    before = chain.why()
    chain.desk.do(
        "supply",
        "document",
        chain.desk.home,
        QUILLON,
        "Fire certificate",
        "--until",
        "2020-01-01",
        "--source",
        "company",
    )
    missing = ("supply", "document", chain.desk.home, QUILLON, "Wage list", "--missing", "--source", "asked twice")
    assert chain.desk.json(*missing)["finding"] == "S-3"
    assert chain.weighed() == ("look", 13)
    for name in ("S-2", "S-3"):
        gone = chain.desk.json("supply", "withdraw", chain.desk.home, name, "--because", "another factory")
        assert (gone["finding"], bool(gone["withdrawn"]), gone["left_with_it"]) == (name, True, [])
    assert chain.why() == before
    assert chain.desk.run("supply", "withdraw", chain.desk.home, "S-2", "--because", "again") == 1
    late = ("--day", "2999-01-01", *finding[2:])
    assert (
        chain.desk.run("supply", "finding", chain.desk.home, QUILLON, "--kind", "visit", "--points", "7", *late)
        == 1
    )
    assert chain.why() == before


def test_places_are_proposed_by_the_names_in_a_tip_and_nothing_is_linked(chain: ChainDesk) -> None:
    (tip,) = chain.tips(("threats",))
    before = chain.desk.fingerprint()[1:]
    proposed = chain.desk.json("supply", "suggest", chain.desk.home, tip)["proposed"]
    assert [one["facility"] for one in proposed] == [QUILLON]
    assert chain.weighed() == ("nothing known", 0)
    assert chain.desk.fingerprint()[1:] == before
    found = chain.desk.json("supply", "find", chain.desk.home, "quilon garments")["facilities"]
    assert [one["facility"] for one in found] == [QUILLON]
