"""Commands that write files for others: two steps, and exactly what the preview showed."""

from pathlib import Path

import pytest

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import memory
from tests.reviewer.leaving.test_hand_over import key_of, other
from tests.reviewer.linking.invented_tips import findings, kept, kept_person, tell

__all__ = ("memory", "other")
TEXT = "Karel took us. On 3 March 2025 we came from Split to Hamburg. Otto hid."
PLAIN = ("--plain-because", "asked by the court")


@pytest.fixture
def tip(desk: Desk) -> str:
    """A tip with a person, a place, a day and another person whom the first one knows."""
    short_id = tell(desk, TEXT)
    person, friend = kept_person(desk, short_id, "Karel"), kept_person(desk, short_id, "Otto")
    found = {one["words"]: str(one["finding"]) for one in findings(desk, short_id)}
    desk.do("findings", "keep", desk.home, found["Hamburg"], found["3 March 2025"], "--to", person)
    desk.do("relate", desk.home, person, "knows", friend, "--finding", found["Otto"])
    return short_id


def change(desk: Desk, tip: str) -> None:
    """Something else is known of the same person and the same tip."""
    more = {one["words"]: one["finding"] for one in findings(desk, tip)}
    desk.do("findings", "keep", desk.home, str(more["Split"]), "--to", "E-1")
    (day,) = kept(desk, next(one["finding"] for one in findings(desk, tip) if one["words"] == "3 March 2025"))
    assert day
    desk.do("entities", "name", desk.home, "E-1", "the driver")
    third = kept_person(desk, tip, "took us")
    said = next(str(one["finding"]) for one in findings(desk, tip) if one["entity"] == third)
    desk.do("relate", desk.home, "E-1", "knows", third, "--finding", said, "--since", "2025-01-01")


@pytest.mark.parametrize("what", ["graph", "timeline", "map", "refer"])
def test_nothing_is_written_without_the_code_or_once_anything_has_changed(
    desk: Desk,
    tip: str,
    memory: Path,
    what: str,
) -> None:
    out = memory / f"{what}.csv"
    writes: tuple[str | Path, ...] = (what, desk.home, "E-1", "--out", out, "--on-disk")
    if what == "refer":
        writes = (what, desk.home, "E-1", "--names", "--for", "Court", "--format", "ftm", *PLAIN, "--to", out)
    assert desk.run(*writes) == 1
    assert "nothing leaves in one step" in desk.err
    code = desk.code_of(*writes)
    assert code == desk.code_of(*writes)
    assert not out.exists()
    change(desk, tip)
    for stale in (code, "", code[:-1]):
        assert desk.run(*writes, "--code", stale) == 1
        assert "one step" in desk.err or "has changed since" in desk.err
    assert not out.exists()
    desk.leave(*writes)
    assert out.exists()


def test_a_package_a_case_and_a_table_are_written_with_their_codes_only(
    desk: Desk,
    other: Desk,
    tip: str,
    memory: Path,
) -> None:
    key, words = key_of(other)
    hand_over = ("hand-over", "write", desk.home, tip, "--to", key, "--words", words, "--told", "agreed")
    for writes in (
        ("evidence", desk.home, tip, "--passages", "1", "--readable", "readable", "--for", "Court"),
        (*hand_over, "--fields", "all"),
    ):
        out = ("--out", memory / writes[0])
        assert desk.run(*writes, *out) == 1
        assert "nothing leaves in one step" in desk.err
        desk.leave(*writes, *out)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert len(home.casebook.departures.all()) == 2
    table = ("publish", desk.home, "language", "--quarter", "2020-Q1", "--out", memory / "table.csv")
    assert desk.run(*table) == 1
    assert not (memory / "table.csv").exists()
