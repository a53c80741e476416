"""The twin medium after a restore: nothing is written over before it was taken, and nothing old stays on it."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.desk_stage import Desk
from tests.reviewer.twin.late_twin import bring, reasons, restore_home, status_warnings
from tests.reviewer.weeks import close_week, first_week


@pytest.fixture
def twin(desk: Desk) -> Path:
    """Written before the home dies."""
    desk.issue("--twin", desk.folder / "twin")
    return desk.folder / "twin"


def test_a_twin_that_is_written_over_keeps_no_old_key_in_a_file_that_was_only_renamed_away(
    desk: Desk, twin: Path
) -> None:
    restore_home(desk)
    desk.issue()
    assert bring(desk, twin) == 0, desk.err
    week = first_week(desk)
    old = [twin / "keys" / f"intake-{week}.key", *twin.glob("home*.key")]
    with ExitStack() as stack:
        still_open = [(stack.enter_context(path.open("rb")), path.read_bytes()) for path in old]
        desk.issue("--twin", twin)
        for path, (file, content) in zip(old, still_open, strict=True):
            assert path.read_bytes() != content
            assert file.read() != content


def test_the_twin_of_another_reviewer_or_organisation_is_refused(desk: Desk, twin: Path, tmp_path: Path) -> None:
    other = desk.beside(tmp_path / "other")
    other.found()
    other.know_server()
    other.issue("--twin", other.folder / "twin")
    before = sorted((desk.home / "keys").iterdir())
    assert bring(desk, other.folder / "twin") == 1
    assert "of another reviewer, or of another organisation" in desk.err
    assert bring(desk, desk.folder) == 1
    assert "is no twin medium" in desk.err
    assert sorted((desk.home / "keys").iterdir()) == before


def test_a_damaged_key_is_named_and_the_others_are_taken(desk: Desk, twin: Path) -> None:
    week = first_week(desk)
    restore_home(desk)
    desk.take_in(desk.server.seal())
    damaged = twin / "keys" / f"intake-{week.next()}.key"
    raw = bytearray(damaged.read_bytes())
    raw[40] ^= 1
    damaged.write_bytes(raw)
    assert bring(desk, twin) == 1
    assert f"damaged, and were not taken: intake-{week.next()}" in desk.err
    assert reasons(desk) == [None]
    # It may be read again one day: nothing is written over.
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json")
    assert desk.run(*issue, "--twin", twin) == 1
    assert damaged.read_bytes() == raw


def test_a_twin_from_before_a_restore_is_not_written_over_before_its_keys_were_taken(
    desk: Desk, twin: Path
) -> None:
    kept = sorted(path.read_bytes() for path in (twin / "keys").iterdir())
    restore_home(desk)
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json")
    assert desk.run(*issue, "--twin", twin) == 1
    assert "may hold keys that are nowhere else" in desk.err
    assert f"keys restore HOME --twin {twin}" in desk.err
    assert sorted(path.read_bytes() for path in (twin / "keys").iterdir()) == kept
    assert bring(desk, twin) == 0
    desk.do(*issue, "--twin", twin)
    assert {path.name for path in (twin / "keys").iterdir()} == {
        path.name for path in (desk.home / "keys").iterdir()
    }
    # And once more: what was taken before the second restore is not here after it.
    restore_home(desk, "restored-again")
    assert desk.run("keys", "offer", desk.home, "--out", desk.folder / "offer", "--twin", twin) == 1
    assert "may hold keys that are nowhere else" in desk.err


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_key_that_was_taken_and_is_lost_again_stays_on_the_twin_that_it_came_from(
    desk: Desk, twin: Path, is_replaced: bool
) -> None:
    """Its files open with the key of the home that died: nothing but what was noted tells what is in them."""
    before = desk.server.seal()
    kept = sorted(path.read_bytes() for path in (twin / "keys").iterdir())
    restore_home(desk)
    assert bring(desk, twin) == 0, desk.err
    week = first_week(desk)
    (desk.home / "keys" / f"intake-{week}.key").unlink()
    if is_replaced:
        desk.issue()
    issue = ("keys", "issue", desk.home, "--root", desk.root, "--out", desk.folder / "manifest.json")
    assert desk.run(*issue, "--twin", twin) == 1
    assert f"or has otherwise, and never retired: intake-{week}\n" in desk.err
    assert sorted(path.read_bytes() for path in (twin / "keys").iterdir()) == kept
    assert bring(desk, twin) == 0, desk.err
    desk.do(*issue, "--twin", twin)
    desk.take_in(before)
    assert reasons(desk) == [None]


@pytest.mark.parametrize("is_lost", [True, False])
def test_after_a_restore_the_twin_lacks_every_key_until_it_was_written_again(
    desk: Desk, twin: Path, is_lost: bool
) -> None:
    """New keys have the names of the old ones: the warning had looked at names, and no medium held the keys."""
    restore_home(desk)
    if is_lost:
        shutil.rmtree(twin)
    else:
        assert bring(desk, twin) == 0, desk.err
    for told in (desk.issue, lambda: status_warnings(desk)):
        told()
        assert "the twin medium does not have the new keys" in desk.err
        assert "if it is lost or stolen: --twin FOLDER --new-twin" in desk.err
    status = desk.json("keys", "status", desk.home)
    assert status["missing_on_twin"] == sorted(path.stem for path in (desk.home / "keys").iterdir())
    if is_lost:
        desk.issue("--twin", desk.folder / "another", "--new-twin")
    else:
        desk.issue("--twin", twin)
    assert "does not have the new keys" not in desk.err
    assert desk.json("keys", "status", desk.home)["missing_on_twin"] == []


def test_old_keys_on_the_twin_are_overwritten_where_they_lay_when_it_is_written_after_a_restore(
    desk: Desk, twin: Path
) -> None:
    restore_home(desk)
    assert bring(desk, twin) == 0, desk.err
    before = {}
    for path in (twin / "keys").iterdir():
        kept = desk.folder / f"kept-{path.name}"
        kept.hardlink_to(path)
        before[kept] = kept.read_bytes()
    desk.issue("--twin", twin)
    assert len(before) > 8
    for kept, content in before.items():
        assert len(kept.read_bytes()) == len(content)
        assert kept.read_bytes()[:32] != content[:32], kept


def test_keys_of_retired_weeks_and_quarters_never_come_back(desk: Desk, twin: Path) -> None:
    old = desk.folder / "old-twin"
    shutil.copytree(twin, old)
    week = first_week(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        quarter = home.keyring.sealed_quarters()[0]
        home.casebook.log.add("keys retired", f"sealed-{quarter}", today=week.monday)
        home.keyring.destroy(f"sealed-{quarter}")
    close_week(desk, week)
    desk.do("keys", "retire", desk.home, "--week", str(week), "--twin", twin)
    restore_home(desk)
    for _ in range(2):
        assert bring(desk, old) == 0, desk.err
        told = f"THERE ARE KEYS OF RETIRED WEEKS ON {old}, which were not taken: intake-{week}, sealed-{quarter}"
        assert told in desk.err
        assert not (desk.home / "keys" / f"intake-{week}.key").exists()
        assert not (desk.home / "keys" / f"sealed-{quarter}.key").exists()
        assert (desk.home / "keys" / f"intake-{week.next()}.key").exists()
