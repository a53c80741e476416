"""After the laptop is gone, servers and reviewers are those of the newest manifest, not those of the backup."""

import shutil
from pathlib import Path

import pytest

from tests.fakes_server import FakeServer
from tests.reviewer.colleagues import Colleague, a_colleague, manifest_of
from tests.reviewer.desk_stage import Desk


@pytest.fixture
def sheets(desk: Desk) -> list[str | Path]:
    """Three of five, as they are given to ``recover``."""
    return _sheets(desk, "--root", desk.root)


def _sheets(desk: Desk, *key: str | Path) -> list[str | Path]:
    folder = desk.folder / "sheets"
    desk.do("sheets", "make", desk.home, *key, "--to", folder, "--text")
    return [given for sheet in sorted(folder.iterdir())[:3] for given in ("--sheet-file", sheet)]


def _recover(desk: Desk, backup: Path, *options: str | Path, root: Path | None = None) -> None:
    """The medium from ``options``, then the home from ``backup``; the desk goes on with what was made."""
    new, medium = desk.folder / "new", root or desk.folder / "new-root"
    desk.do("recover", "--root", medium, *options)
    desk.do("restore", new, "--from", backup, "--identity", medium / "casebook-backup-reviewer.key")
    desk.home, desk.root = new, medium


def _listed(desk: Desk) -> list[str]:
    return [party.name for party in manifest_of(desk).manifest.servers]


def _one_comes_and_one_goes(desk: Desk) -> None:
    desk.know_server(FakeServer("late"))
    desk.issue()
    desk.do("servers", "remove", desk.home, "server")
    desk.issue()
    assert _listed(desk) == ["late"]


@pytest.mark.parametrize("how", ["manifest", "keys issue"])
@pytest.mark.parametrize("medium", ["lost", "found again"])
def test_a_server_that_came_after_the_backup_is_listed_again_and_one_that_went_is_not(
    desk: Desk, sheets: list[str | Path], medium: str, how: str
) -> None:
    """The next manifest would have closed the one, and opened the other to anyone who seized it."""
    backup = desk.backup()
    _one_comes_and_one_goes(desk)
    if medium == "lost":
        _recover(desk, backup, "--manifest", desk.folder / "manifest.json", *sheets)
    else:
        _recover(desk, backup, *sheets, root=desk.root)
    if how == "manifest":
        desk.do("manifest", desk.home, desk.folder / "manifest.json")
        assert [row["name"] for row in desk.json("servers", "list", desk.home)["servers"]] == ["late"]
    desk.issue()
    assert _listed(desk) == ["late"]
    assert "late" in desk.json("servers", "list", desk.home)["servers"][0]["name"]


def test_a_server_that_was_to_come_when_the_backup_was_written_and_went_since_stays_away(
    desk: Desk, sheets: list[str | Path]
) -> None:
    desk.know_server(FakeServer("brief"))
    backup = desk.backup()
    desk.issue()
    desk.do("servers", "remove", desk.home, "brief")
    desk.issue()
    _recover(desk, backup, "--manifest", desk.folder / "manifest.json", *sheets)
    desk.issue()
    assert _listed(desk) == ["server"]


def test_a_server_that_was_to_come_and_is_in_no_manifest_still_waits_for_the_next(
    desk: Desk, sheets: list[str | Path]
) -> None:
    desk.issue()
    desk.know_server(FakeServer("late"))
    _recover(desk, desk.backup(), "--manifest", desk.folder / "manifest.json", *sheets)
    desk.issue()
    assert _listed(desk) == ["late", "server"]


def test_servers_that_come_or_go_with_a_manifest_are_named_when_it_is_issued(desk: Desk) -> None:
    late = FakeServer("late")
    desk.know_server(late)
    desk.issue()
    assert f"new server       late, with the server key {late.keys.party().fingerprint}" in desk.out
    desk.issue()
    assert "new server" not in desk.out
    desk.do("servers", "remove", desk.home, "server")
    desk.issue()
    assert "server server is not listed any more: it closes when it has this manifest" in desk.err


@pytest.mark.parametrize("how", ["restore", "recover"])
def test_who_is_known_after_it_is_named_for_the_operators_to_compare(
    desk: Desk, sheets: list[str | Path], how: str
) -> None:
    a_colleague(desk)
    third = Colleague(desk, "third")
    third.join()
    desk.do("reviewers", "add", desk.home, third.offer())
    desk.do("reviewers", "remove", desk.home, "second")
    backup = desk.backup()
    if how == "recover":
        _recover(desk, backup, "--manifest", desk.folder / "manifest.json", *sheets)
    else:
        identity = desk.root / "casebook-backup-reviewer.key"
        desk.do("restore", desk.folder / "new", "--from", backup, "--identity", identity)
    assert "known here       manifest 2\n" in desk.out
    assert "servers          server\n" in desk.out
    reviewers = "reviewer, second (leaves at the next issue), third (joins at the next issue)"
    assert f"reviewers        {reviewers}\n" in desk.out
    assert "compare these with each server's operator" in desk.out


def test_a_reviewer_who_joined_goes_by_the_newest_manifest_after_its_backup_was_restored(
    desk: Desk, second: Colleague
) -> None:
    sheets = _sheets(second, "--backup-key", second.backup_key)
    backup = second.backup()
    _one_comes_and_one_goes(desk)
    new, medium = second.folder / "new", second.folder / "medium"
    second.do("recover", "--backup-medium", medium, "--name", "second", *sheets)
    second.do("restore", new, "--from", backup, "--identity", medium / "casebook-backup-second.key")
    second.do("manifest", new, desk.folder / "manifest.json")
    assert second.json("keys", "status", new)["manifest_version"] == 4
    assert [row["name"] for row in second.json("servers", "list", new)["servers"]] == ["late"]


def test_a_reviewer_who_joined_is_told_its_own_next_steps(desk: Desk, second: Colleague) -> None:
    sheets = _sheets(second, "--backup-key", second.backup_key)
    public = ("--root-key", desk.root / "root.pub", "--manifest", desk.folder / "manifest.json")
    second.do("recover", second.folder / "new", *public, *sheets)
    assert "servers          server\n" in second.out
    assert "keys offer" in second.out
    assert "keys issue" not in second.out


def test_a_manifest_that_a_reviewer_who_joined_cannot_go_by_is_named_and_no_sheet_is_typed_again(
    desk: Desk, second: Colleague
) -> None:
    sheets = _sheets(second, "--backup-key", second.backup_key)
    backup = second.backup()
    _one_comes_and_one_goes(desk)
    shutil.rmtree(desk.folder / "manifest.json.chain")
    new, medium = second.folder / "new", second.folder / "medium"
    second.do("recover", "--backup-medium", medium, "--name", "second", *sheets)
    second.do("restore", new, "--from", backup, "--identity", medium / "casebook-backup-second.key")
    assert second.run("manifest", new, desk.folder / "manifest.json") == 1
    assert "out of order" in second.err
    assert second.json("keys", "status", new)["manifest_version"] == 2
