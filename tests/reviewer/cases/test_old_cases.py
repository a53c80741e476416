"""Old cases from a spreadsheet: a preview, then every row is an archived tip, or none is."""

from pathlib import Path

import pytest

from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.spreadsheets import packed, parts_of, texts_in_rows

ROWS = [
    ["When", "What", "Who", "Tongue", "Danger"],
    ["3.4.2019", "They call her Nadja", "+44 7700 900123", "ru", "yes"],
    ["2020-01-02", "Karel of the farm", "07700 900124", "", ""],
]
MAPPED = (
    "--text",
    "What",
    "--text",
    "Who",
    "--day",
    "When",
    "--language",
    "Tongue",
    "--danger",
    "Danger",
    "--days",
)


def spreadsheet(desk: Desk, rows: list[list[str]], name: str = "old.xlsx") -> Path:
    path = desk.folder / name
    path.write_bytes(packed(parts_of(texts_in_rows(rows))))
    return path


def test_a_preview_shows_columns_and_rows_and_keeps_nothing(desk: Desk) -> None:
    file = spreadsheet(desk, ROWS)
    told = desk.do("old-cases", "preview", desk.home, file)
    assert "column           What: They call her Nadja" in told
    shown = desk.json("old-cases", "preview", desk.home, file, *MAPPED, "dmy")
    assert (shown["rows"], [one["day"] for one in shown["cases"]]) == (2, ["2019-04-03", "2020-01-02"])
    assert shown["cases"][0]["fields"] == {
        "text": "What: They call her Nadja\nWho: +44 7700 900123",
        "language": "ru",
        "urgent": "yes",
    }
    assert desk.submissions() == []


def test_each_row_becomes_an_archived_tip_that_is_searched_and_read_for_findings(desk: Desk) -> None:
    file = spreadsheet(desk, ROWS)
    told = desk.do("old-cases", "import", desk.home, file, *MAPPED, "dmy", "--publisher", "our files, 2019 to 2020")
    assert "imported         2 old cases" in told
    tips = {str(one["day"]): one for one in desk.submissions()}
    assert sorted(tips) == ["2019-04-03", "2020-01-02"]
    assert {one["handled"] for one in tips.values()} == {True}
    (found,) = desk.json("findings", "list", desk.home, "--kind", "phone")["findings"]
    assert (found["tip"], found["readings"]) == (tips["2019-04-03"]["id"], ["+447700900123"])
    assert "+44 7700 900123" in desk.do("search", desk.home, "Nadja")
    (table,) = desk.json("old-cases", "list", desk.home)["tables"]
    assert (table["file"], table["rows"], table["publisher"]) == ("old.xlsx", 2, "our files, 2019 to 2020")
    assert desk.run("old-cases", "import", desk.home, file, *MAPPED, "dmy") == 1
    assert "was imported on" in desk.err
    desk.do("delete", desk.home, str(found["tip"]), "--because", "asked")
    assert len(desk.submissions()) == 1


FAULTS = [
    (["31.2.2020", "a", "", "", ""], "line 4: the day must be written like 2019-04-03"),
    (["1.2.2999", "a", "", "", ""], "line 4: the day of a case must not be after today"),
    (["1.2.2020", " ", "", "", ""], "line 4: the text of a case must not be empty"),
    (["1.2.2020", "x" * 65_537, "", "", ""], "line 4: the text of a case must have at most 65,536 bytes"),
    (["1.2.2020", "a", "", "russian!", ""], "line 4: a language must be a tag"),
    (["1.2.2020", "a", "", "", "", "more"], "line 4: a row must not have more cells"),
]


@pytest.mark.parametrize(("row", "said"), FAULTS, ids=[said[8:40] for _row, said in FAULTS])
def test_a_line_with_a_fault_is_named_and_nothing_is_kept(desk: Desk, row: list[str], said: str) -> None:
    file = spreadsheet(desk, [*ROWS, row])
    before = desk.fingerprint()
    assert desk.run("old-cases", "import", desk.home, file, *MAPPED, "dmy") == 1
    assert said in desk.err
    assert desk.fingerprint() == before
    assert desk.run("old-cases", "import", desk.home, file, "--text", "Missing") == 1
    assert "line 2: there is no column Missing" in desk.err
