"""A ``--new-twin`` that was killed: what it left on the new medium is named, and goes."""

import json
import shutil
from pathlib import Path

import pytest

from tests.reviewer.desk_stage import Desk


@pytest.fixture
def begun(desk: Desk) -> Path:
    """A medium with keys on it, that is not the twin: killed before the last step."""
    desk.issue("--twin", desk.folder / "twin")
    twin_id = (desk.folder / "twin" / "twin.id").read_text(encoding="ascii").strip()
    begun = desk.folder / "begun"
    desk.issue("--twin", begun, "--new-twin")
    noted = json.dumps({(begun / "twin.id").read_text(encoding="ascii").strip(): str(begun)})
    desk.tamper(f"INSERT OR REPLACE INTO settings VALUES ('twins_begun', '{noted}')")  # noqa: S608 -- made here
    desk.tamper(f"UPDATE settings SET value = '{twin_id}' WHERE name = 'twin_id'")  # noqa: S608 -- hex digits
    return begun


def _files(medium: Path) -> list[Path]:
    return [path for path in medium.rglob("*") if path.is_file()]


def test_the_next_look_at_the_keys_destroys_what_lies_there_and_says_so(desk: Desk, begun: Path) -> None:
    assert _files(begun)
    desk.do("keys", "status", desk.home)
    assert f"{begun} was never finished as a twin: the keys on it were destroyed now" in desk.err
    assert _files(begun) == []
    desk.do("keys", "status", desk.home)
    assert "never finished" not in desk.err
    desk.issue("--twin", desk.folder / "twin")


def test_a_medium_that_is_not_plugged_in_is_named_until_it_is(desk: Desk, begun: Path) -> None:
    begun.rename(desk.folder / "pulled-out")
    for command in (("keys", "status", desk.home), ("keys", "offer", desk.home, "--out", desk.folder / "offer")):
        desk.do(*command)
        assert f"KEYS MAY LIE ON A MEDIUM THAT WAS AT {begun}" in desk.err
    begun.mkdir()  # another medium in the same place
    (begun / "holiday.jpg").write_bytes(b"a picture")
    desk.do("keys", "status", desk.home)
    assert f"KEYS MAY LIE ON A MEDIUM THAT WAS AT {begun}" in desk.err
    assert (begun / "holiday.jpg").read_bytes() == b"a picture"
    shutil.rmtree(begun)
    (desk.folder / "pulled-out").rename(begun)
    desk.do("keys", "status", desk.home)
    assert "were destroyed now" in desk.err
    assert _files(begun) == []


def test_the_same_command_again_goes_on_with_it(desk: Desk, begun: Path) -> None:
    desk.issue("--twin", begun, "--new-twin")
    assert "never finished" not in desk.err
    desk.do("keys", "status", desk.home)
    assert "never finished" not in desk.err
    assert {path.name for path in (begun / "keys").iterdir()} == {
        path.name for path in (desk.home / "keys").iterdir()
    }


def test_another_new_twin_makes_nobody_forget_it_not_even_in_the_same_place(desk: Desk, begun: Path) -> None:
    begun.rename(desk.folder / "pulled-out")
    desk.issue("--twin", begun, "--new-twin")
    assert f"KEYS MAY LIE ON A MEDIUM THAT WAS AT {begun}" in desk.err
    desk.do("keys", "status", desk.home)
    assert f"KEYS MAY LIE ON A MEDIUM THAT WAS AT {begun}" in desk.err
    begun.rename(desk.folder / "twin-of-now")
    (desk.folder / "pulled-out").rename(begun)
    desk.do("keys", "status", desk.home)
    assert "were destroyed now" in desk.err
    assert _files(begun) == []
    desk.do("keys", "status", desk.home)
    assert "KEYS MAY LIE" not in desk.err
    desk.issue("--twin", desk.folder / "twin-of-now")


def test_one_that_failed_and_was_emptied_is_not_spoken_of_again(desk: Desk) -> None:
    desk.issue("--twin", desk.folder / "twin")
    other = desk.folder / "other"
    (other / "home-unprotected.key" / "in-the-way").mkdir(parents=True)
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json")
    assert desk.run(*issue, "--twin", other, "--new-twin") == 1
    assert _files(other) == []
    shutil.rmtree(other)
    desk.do("keys", "status", desk.home)
    assert "never finished" not in desk.err


def test_one_with_a_key_that_the_home_lost_meanwhile_keeps_it_until_it_was_taken(desk: Desk, begun: Path) -> None:
    (lost,) = sorted((desk.home / "keys").glob("intake-*.key"))[:1]
    lost.unlink()
    before = {path: path.read_bytes() for path in _files(begun)}
    desk.do("keys", "status", desk.home)
    assert f"{begun}, never finished as a twin, has keys that this home lacks: {lost.stem}\n" in desk.err
    assert {path: path.read_bytes() for path in _files(begun)} == before
    desk.do("keys", "restore", desk.home, "--twin", begun)
    desk.do("keys", "status", desk.home)
    assert "were destroyed now" in desk.err
    assert _files(begun) == []
    assert lost.exists()
