"""Lists of facilities: every row or none, questions that join nothing, answers that are undone, and forgetting."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reviewer.desk_stage import Desk
from tests.reviewer.raw_pages import RawCasebook
from tests.reviewer.viewers.spreadsheets import packed, parts_of, texts_in_rows

HUB = """os_id,name,address,country_code,sector
QQ2026001AAAA1,Quillon Garments Ltd.,"Plot 6, Marrow Road, Vessby",BD,Apparel
QQ2026001BBBB2,Ostrava Pelt Works,"12 Tannery Lane, Vessby",BD,Leather
"""
SUPPLIERS = [
    ["Factory", "Street", "Town", "Land", "Hub", "Since"],
    ["QUILLON GARMENTS LTD", "Plot 6 Marrow Road", "Vessby", "Bangladesh", "n/a", "2019"],
    ["Quillon Garments Limited", "Plot 16 Marrow Road", "Vessby", "Bangladesh", "", "2020"],
    ["Pelt Works (new name)", "Tannery Lane", "Vessby", "Bangladesh", "qq2026001bbbb2", "2021"],
    ["Sorrel Bakery", "1 Harbour Street", "Nyhaven", "Denmark", "", "2022"],
    ["Sorrel Bakery", "1 Harbour Street", "Nyhaven", "Denmark", "", "spring of 2023"],
]
COLUMNS = """name = "Factory"
address = ["Street", "Town"]
country = "Land"
[identifiers]
os_id = "Hub"
[countries]
"Bangladesh" = "BD"
"Denmark" = "DK"
"""
ORIGIN = ("--publisher", "Invented Lists", "--licence", "CC0", "--edition", "2026-11")
QUILLON, PELT, SAME_QUILLON, OTHER_PLOT, RENAMED = "F-1", "F-2", "F-3", "F-4", "F-5"


def hub(desk: Desk) -> dict[str, Any]:
    path = desk.folder / "hub.csv"
    path.write_text(HUB, encoding="utf-8")
    told: dict[str, Any] = desk.json("supply", "import", desk.home, path, "--kind", "os-hub", *ORIGIN)
    return told


def suppliers(desk: Desk, rows: list[list[str]] = SUPPLIERS, *options: str) -> tuple[str | Path, ...]:
    path, columns = desk.folder / "suppliers.xlsx", desk.folder / "columns.toml"
    path.write_bytes(packed(parts_of(texts_in_rows(rows))))
    columns.write_text(COLUMNS, encoding="utf-8")
    return ("supply", "import", desk.home, path, "--kind", "suppliers", "--columns", columns, *ORIGIN, *options)


@pytest.fixture
def two_lists(desk: Desk) -> Desk:
    hub(desk)
    desk.do(*suppliers(desk))
    return desk


def pairs(desk: Desk) -> list[list[str]]:
    asked = desk.json("supply", "questions", desk.home)["questions"]
    return [[side["facility"] for side in one["facilities"]] for one in asked]


def same_as(desk: Desk, facility: str) -> list[str]:
    return [one["facility"] for one in desk.json("supply", "show", desk.home, facility)["same"]]


def test_a_list_is_kept_with_the_origin_of_each_row_and_twice_gives_nothing_new(desk: Desk) -> None:
    assert hub(desk) == {"list": "L-1", "rows": 2, "facilities": 2, "same_by_rule": 0, "questions": 0}
    told = desk.json(*suppliers(desk))
    assert (told["list"], told["rows"], told["facilities"], told["same_by_rule"]) == ("L-2", 5, 4, 2)
    shown = desk.json("supply", "show", desk.home, "F-6")
    assert [row["line"] for row in shown["rows"]] == [5, 6]
    assert shown["rows"][1]["cells"]["Since"] == "spring of 2023"
    origin = shown["provenance"]
    assert [origin[key] for key in ("publisher", "licence", "edition")] == ["Invented Lists", "CC0", "2026-11"]
    assert len(origin["sha256"]) == 64
    assert origin["imported"] == desk.json("supply", "lists", desk.home)["lists"][0]["imported"]
    before = desk.fingerprint()
    assert desk.run("supply", "import", desk.home, desk.folder / "hub.csv", "--kind", "os-hub", *ORIGIN) == 1
    assert "this sheet is here already" in desk.err
    assert desk.fingerprint() == before


def test_equal_names_and_place_identifiers_are_the_same_by_rule_and_a_likeness_is_only_asked(
    two_lists: Desk,
) -> None:
    assert same_as(two_lists, QUILLON) == [SAME_QUILLON]
    assert same_as(two_lists, PELT) == [RENAMED]
    (decision,) = two_lists.json("supply", "show", two_lists.home, PELT)["decisions"]
    assert (decision["by"], decision["rule"]) == ("rule", "os_id")
    assert same_as(two_lists, OTHER_PLOT) == []
    assert pairs(two_lists) == [[QUILLON, OTHER_PLOT]]


def test_an_answer_and_the_undoing_of_it_leave_everything_as_it_was(two_lists: Desk) -> None:
    def state() -> list[str]:
        shown = [two_lists.json("supply", "show", two_lists.home, f"F-{one}") for one in range(1, 7)]
        return [json.dumps(one) for one in (*shown, two_lists.json("supply", "questions", two_lists.home))]

    before = state()
    for answer in ("same", "different", "later"):
        two_lists.do("supply", "decide", two_lists.home, QUILLON, OTHER_PLOT, answer, "--because", "asked there")
        assert state() != before
        two_lists.do("supply", "undo", two_lists.home, QUILLON, OTHER_PLOT)
        assert state() == before
    assert two_lists.run("supply", "decide", two_lists.home, QUILLON, QUILLON, "same", "--because", "x") == 1
    assert two_lists.run("supply", "undo", two_lists.home, QUILLON, OTHER_PLOT) == 1
    assert state() == before


def test_what_a_rule_wrote_is_undone_and_asked_and_the_rule_does_not_come_back(two_lists: Desk) -> None:
    two_lists.do("supply", "undo", two_lists.home, SAME_QUILLON, QUILLON)
    assert same_as(two_lists, QUILLON) == []
    assert [QUILLON, SAME_QUILLON] in pairs(two_lists)
    two_lists.do(*suppliers(two_lists, [*SUPPLIERS, ["Another", "2 Elm Street", "Vessby", "Bangladesh", "", ""]]))
    new = two_lists.json("supply", "questions", two_lists.home, "--most", "100")["questions"]
    assert same_as(two_lists, QUILLON) == same_as(two_lists, SAME_QUILLON) == []
    assert {"F-7"} <= {side["facility"] for one in new for side in one["facilities"]}


def test_a_persons_different_beats_three_chained_same(two_lists: Desk) -> None:
    for one, other in ((SAME_QUILLON, OTHER_PLOT), (OTHER_PLOT, "F-6")):
        two_lists.do("supply", "decide", two_lists.home, one, other, "same", "--because", "seen")
    assert same_as(two_lists, QUILLON) == [SAME_QUILLON, OTHER_PLOT, "F-6"]
    two_lists.do("supply", "decide", two_lists.home, QUILLON, "F-6", "different", "--because", "two gates")
    assert "F-1 and F-6 are different, so these join nothing" in two_lists.err
    assert "F-6" not in same_as(two_lists, QUILLON)


def test_a_forgotten_list_leaves_no_trace_in_the_casebook_and_its_number_is_not_given_again(
    two_lists: Desk,
) -> None:
    two_lists.do("supply", "decide", two_lists.home, QUILLON, OTHER_PLOT, "same", "--because", "Bqzwkvx says so")
    traces = [b"Sorrel", b"Plot 16", b"spring of 2023", b"suppliers.xlsx", b"Bqzwkvx"]
    assert all(RawCasebook(two_lists.home).holds("casebook.db", trace) for trace in traces)
    two_lists.do("supply", "forget", two_lists.home, "L-2")
    raw = RawCasebook(two_lists.home)
    assert raw.journals() == 0
    assert [trace for trace in traces if raw.holds("casebook.db", trace)] == []
    (left,) = two_lists.json("supply", "lists", two_lists.home)["lists"]
    assert left["list"] == "L-1"
    assert pairs(two_lists) == []
    shown = two_lists.json("supply", "show", two_lists.home, QUILLON)
    assert (shown["same"], shown["decisions"]) == ([], [])
    assert two_lists.run("supply", "show", two_lists.home, SAME_QUILLON) == 1
    assert two_lists.json(*suppliers(two_lists))["list"] == "L-3"
    two_lists.do("log", "verify", two_lists.home)


def test_a_backup_brings_lists_and_answers(two_lists: Desk) -> None:
    two_lists.do("supply", "decide", two_lists.home, QUILLON, OTHER_PLOT, "different", "--because", "two gates")
    before = two_lists.json("supply", "show", two_lists.home, QUILLON)
    restored = two_lists.folder / "restored"
    identity = two_lists.root / "casebook-backup-reviewer.key"
    two_lists.do("restore", restored, "--from", two_lists.backup(), "--identity", identity)
    two_lists.home = restored
    assert two_lists.json("supply", "show", restored, QUILLON) == before


FAULTS = [
    (["", "a", "b", "BD", "", ""], "line 7: the name of a facility must have a letter or a digit"),
    (["x" * 1001, "a", "b", "BD", "", ""], "line 7: name and address must have at most 1,000 letters"),
    (["Works", "a", "b", "Atlantis", "", ""], "line 7: the country must be a code of two letters"),
    (["Works", "a", "b", "BD", "4.01E+12!", ""], "line 7: os_id must be a whole identifier"),
]


@pytest.mark.parametrize(("row", "said"), FAULTS, ids=[said[8:30] for _row, said in FAULTS])
def test_a_row_with_a_fault_is_named_by_its_line_and_nothing_changes(desk: Desk, row: list[str], said: str) -> None:
    before = desk.fingerprint()
    assert desk.run(*suppliers(desk, [*SUPPLIERS, row])) == 1
    assert said in desk.err
    assert desk.fingerprint() == before
