"""Open tables stand beside our own pattern with their source, as sums, and are joined to no one."""

import pytest

from crypto.keys.at_rest import RestKey
from reviewer.casebook.kept_figures import ALL, CITIZENSHIP, EXPLOITED_IN, INDICATOR, FigureKey
from reviewer.lists.list_entries import BadEntry
from reviewer.lists.open_sums import NO_PLACE, OpenSums, guessed_figures
from reviewer.lists.world_regions import WORLD_REGIONS, country_named, region_named
from reviewer.publication.counted_table import CountedTable
from reviewer.publication.own_pattern import OwnFigure, own_figures
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import entities, findings, kept, tell
from tests.reviewer.lists.test_lists import ORIGIN, written
from tests.reviewer.raw_pages import RawCasebook
from tests.template_rules import faults

RECORDS = """gender,ageBroad,citizenship,CountryOfExploitation,meansDebtBondageEarnings,meansThreats
Woman,30--38,UKR,POL,1.0,
Zqgender,9--17,PHL,USA,,1
Man,18--20,-99,USA,0,1
Woman,,Freedonia,,,
"""
"""As the global synthetic dataset of CTDC has it; the records are invented."""

ESTIMATES = """ref_area.label,source.label,sex.label,classif1.label,time,obs_value
World,Zq,Total,Forced labour,2021,100
Africa,Zq,Total,Forced labour,2021,12.5
Asia and the Pacific,Zq,Total,Forced labour,2021,"1 000"
Africa,Zq,Female,Forced labour,2021,6
"""
"""As ILOSTAT writes a table; the figures are invented."""


def test_countries_of_kept_places_stand_beside_goods_and_few_mailboxes_are_no_number(
    desk: Desk,
) -> None:
    for mailbox in (1, 1, 2):
        tell(desk, "They brought us from Brazil to Hamburg.", mailbox=mailbox)
    places = [one["finding"] for one in findings(desk) if one["kind"] == "place"]
    kept(desk, *places)
    told = desk.json("open-tables", desk.home, "--indicators")
    assert told["countries"] == [], "the quarter is not over, and two mailboxes are too few"
    assert len(told["indicators"]) == 11
    assert {one["number"] for part in ("indicators", "exploited_in", "recruited_in") for one in told[part]} == {
        None
    }
    assert all(one["publisher"] and one["edition"] and one["licence"] for one in told["sources"])
    assert "Brazil: too few mailboxes" in desk.do("open-tables", desk.home)
    with open_desk(desk.home) as opened:
        assert "/published/open-tables" in opened.page("/published")
        page = opened.page("/published/open-tables?indicators=1")
        assert "US Department of Labor, ILAB, 2021, public domain in the US. Shipped" in seen(page)
        assert "Brazil too few" in seen(page)
        assert faults(page, source=False) == []


def test_an_open_table_is_kept_as_sums_with_its_source_and_goes_without_a_trace(desk: Desk) -> None:
    tell(desk, "I am from Ukraine")
    path = written(desk, "ctdc.csv", RECORDS)
    shown = desk.json("lists", "import", desk.home, path, "--kind", "table", "--dry-run")
    assert shown["not_kept"] == {NO_PLACE: 1}
    assert ["exploited in", "US", 2.0] in shown["figures"]
    done = desk.json("lists", "import", desk.home, path, "--kind", "table", *ORIGIN)
    assert (done["rows"], done["hits"], done["questions"]) == (4, 0, 0)
    estimates = written(desk, "ilo.csv", ESTIMATES)
    assert desk.run("lists", "import", desk.home, estimates, "--kind", "table", *ORIGIN) == 1
    assert "line 5: another row has a figure of the same place" in desk.err
    only = ("--only", "sex.label=Total", "--only", "time=2021")
    desk.do("lists", "import", desk.home, estimates, "--kind", "table", *ORIGIN, *only)
    told = desk.json("open-tables", desk.home)
    assert [one["list"] for one in told["tables"]] == ["L-1", "L-2"]
    assert {(one["publisher"], one["licence"], one["version"]) for one in told["tables"]} == {ORIGIN[1::2]}
    by_region = {one["label"]: one["tables"] for one in told["exploited_in"]}
    assert by_region["Americas"][0] == {"amount": "2", "of_100": 67}
    assert by_region["Africa"] == [None, {"amount": "12.5", "of_100": 1}]
    assert entities(desk) == []
    with open_desk(desk.home) as opened:
        page = opened.page("/published/open-tables")
        assert "67 of 100 2" in seen(page)
        assert all(one in page for one in (*ORIGIN[1::2], told["tables"][0]["sha256"]))
        assert faults(page, source=False) == []
        given = {"file": str(estimates), "sheet": "1", "kind": "table", "only": "sex.label=Total"}
        assert "exploited in: Africa 12.5" in seen(opened.post("/lists/look", **given).text)
    raw = RawCasebook(desk.home)
    assert raw.holds("casebook.db", b"ctdc.csv")
    assert not any(raw.holds("casebook.db", one) for one in (b"Zqgender", b"30--38", b"Freedonia"))
    for name in ("L-1", "L-2"):
        desk.do("lists", "remove", desk.home, name)
    assert not RawCasebook(desk.home).holds("casebook.db", b"ctdc.csv")
    assert desk.json("open-tables", desk.home)["tables"] == []


def test_columns_of_others_are_read_by_their_headings_and_a_wrong_cell_is_refused() -> None:
    names = RECORDS.splitlines()[0].split(",")
    columns = dict.fromkeys(names, "") | guessed_figures(names)
    assert set(columns.values()) == {"", CITIZENSHIP, EXPLOITED_IN, "debt_bondage", "threats"}
    sums = OpenSums(columns)
    assert sums.add({"citizenship": "UKR", "CountryOfExploitation": "Poland", "meansThreats": "1.0"})
    assert dict(sums.figures) == {
        FigureKey(ALL, ""): 1,
        FigureKey(CITIZENSHIP, "UA"): 1,
        FigureKey(EXPLOITED_IN, "PL"): 1,
        FigureKey(INDICATOR, "threats"): 1,
    }
    for cells, said in (
        ({"meansThreats": "often"}, "must hold 1 or 0"),
        ({"CountryOfExploitation": "Africa"}, "countries only, or regions only"),
    ):
        with pytest.raises(BadEntry, match=said):
            sums.add(cells)
    counted = OpenSums({"r": EXPLOITED_IN, "n": "count"})
    assert not counted.add({"r": "World: Low income", "n": "7"}), "it may be a sum of others"
    assert counted.add({"r": "USA", "n": "1,234.5"})
    with pytest.raises(BadEntry, match="figure of the same place"):
        counted.add({"r": "United States", "n": "2"})
    assert counted.figures == {FigureKey(ALL, ""): 1234.5, FigureKey(EXPLOITED_IN, "US"): 1234.5}
    for figure in ("1,5", "-3", "9" * 400, "1e9"):
        with pytest.raises(BadEntry, match="must be a number"):
            OpenSums({"r": EXPLOITED_IN, "n": "count"}).add({"r": "Africa", "n": figure})
    assert [country_named(one) for one in ("DEU", "de", "Germany", "Deutschland", "ZZZ", "")] == ["DE"] * 4 + [
        None
    ] * 2
    assert region_named("Europe & Central Asia") == WORLD_REGIONS[4]


def test_our_side_leaves_out_small_numbers_and_those_that_would_tell_them() -> None:
    cells = {(0, 0): (61, 55), (1, 0): (30, 30), (2, 0): (3, 3)}
    figures = own_figures(CountedTable(WORLD_REGIONS, (), ("persons", "mailboxes"), cells), RestKey(bytes(32)))
    assert figures[:3] == [
        OwnFigure(WORLD_REGIONS[0], 60, 63),
        OwnFigure(WORLD_REGIONS[1], None, None),
        OwnFigure(WORLD_REGIONS[2], None, None),
    ], "of 95 in all, the 3 could be worked out if the 30 were shown, and from 61 with what was published"
