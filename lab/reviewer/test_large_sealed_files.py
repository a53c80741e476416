"""Sealed files that hold text without end, or thousands of files."""

import json

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_sealed_files import container, contents_of, taken_in
from tests.reviewer.desk_stage import Desk


def test_text_without_end_in_sealed_files_is_kept_as_it_came_and_holds_up_no_later_tip(desk: Desk) -> None:
    endless = container(desk, more=[(f"field {number}", "x" * (256 << 10)) for number in range(1023)])
    short_id = taken_in(desk, endless, container(desk, "A short one."))
    kept, opened = desk.show(short_id)["files"]
    assert (kept["sealed"]["outcome"], kept["sealed"]["fields"]) == ("too long", [])
    assert opened["sealed"]["outcome"] == "opened"
    assert kept["bytes"] == len(endless)
    assert contents_of(desk) == 1, "the submission's"
    assert "NOT OPENED (too long)" in desk.do("show", desk.home, short_id)


def test_what_thousands_of_sealed_files_hold_is_put_into_the_index_once(desk: Desk) -> None:
    """The entry holds a million letters, so one for each sealed file would take hours."""
    desk.tamper("CREATE TABLE entries (submission INTEGER)")
    desk.tamper(
        "CREATE TRIGGER entry AFTER INSERT ON same_contents BEGIN INSERT INTO entries VALUES (NEW.submission); END"
    )
    short_id = taken_in(desk, *[container(desk, f"Words of letter {number}.") for number in range(20)])
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        (made,) = home.casebook._files.small.rows("SELECT count(*) FROM entries")
    assert made == (2,), "one with the submission, and one after all of its sealed files"
    found = json.loads(desk.do("search", desk.home, "letter 19", "--json"))
    assert [one["id"] for one in found["submissions"]] == [short_id]


def test_nor_more_fields_and_files_than_that_though_none_has_a_name(desk: Desk) -> None:
    """Each takes a row and memory on every page that shows the tip: sixteen million could come in one gigabyte."""
    many = container(desk, "", [("", "", b"")] * 4096)
    short_id = taken_in(desk, *[many] * 17)
    shown = desk.show(short_id)["files"]
    assert [file["sealed"]["outcome"] for file in shown] == ["opened"] * 15 + ["too long"] * 2
