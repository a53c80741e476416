"""A reviewer's signature and transport keys follow from the key for its backups, and earlier ones stay good."""

from pathlib import Path

import pytest

from crypto.keys.identity_file import IdentityFile
from crypto.recovery.backup_key import reviewer_keys
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.keys.own_keys import make_as_before, own_keys


@pytest.mark.parametrize("name", ["reviewer", "berlin"])
def test_the_founders_keys_follow_from_the_key_on_the_root_medium(bare_desk: Desk, name: str) -> None:
    bare_desk.found("--name", name)
    (backup_key,) = IdentityFile.parse((bare_desk.root / f"casebook-backup-{name}.key").read_bytes()).keys
    assert own_keys(bare_desk.home) == (name, reviewer_keys(backup_key, name=name).seeds())


@pytest.mark.parametrize("named", [(), ("--name", "berlin")])
def test_the_keys_of_who_joins_follow_from_the_key_on_its_own_medium(desk: Desk, named: tuple[str, ...]) -> None:
    home, medium = desk.folder / "joined", desk.folder / "medium"
    desk.do("init", home, "--root-key", desk.root / "root.pub", "--organisation", "Example Watch",
            "--backup-medium", medium, *named)  # fmt: skip
    (file,) = medium.iterdir()
    (backup_key,) = IdentityFile.parse(file.read_bytes()).keys
    keys = reviewer_keys(backup_key, name="any")
    name = "berlin" if named else f"reviewer-{str(keys.party().verify_key)[:6]}"
    assert own_keys(home) == (name, keys.seeds())
    assert file.name == f"casebook-backup-{name}.key"


def test_random_keys_of_a_home_that_was_made_before_stay_what_they_are(desk: Desk) -> None:
    """Nothing that a home does gives it other keys; a backup brings back those that were in it."""
    second = Colleague(desk, "second")
    second.join()
    old = make_as_before(second)
    second.adopt(desk.issue("--with", second.offer()))
    second.do("restore", second.folder / "new", "--from", second.backup(), "--identity", second.backup_key)
    second.home = second.folder / "new"
    assert own_keys(second.home) == (old.name, old.seeds())
    second.adopt(desk.issue("--with", second.offer()))
    second.take_in(desk.server.seal())
    assert [row["unopenable"] for row in second.submissions()] == [None]


def _make_sheets(desk: Desk, *key: str | Path) -> str:
    """Make the sheets; return what the command says on the side."""
    folder = desk.folder / f"sheets-{sum(1 for _ in desk.folder.iterdir())}"
    desk.do("sheets", "make", desk.home, *key, "--to", folder, "--text")
    return desk.err


def test_sheets_that_do_not_give_a_reviewers_own_keys_say_so_when_they_are_made(
    desk: Desk, second: Colleague
) -> None:
    warning = "signature and transport keys do not follow from these sheets"
    assert warning not in _make_sheets(desk, "--root", desk.root)
    assert warning not in _make_sheets(second, "--backup-key", second.backup_key)
    assert warning in _make_sheets(second, "--root", desk.root)
    make_as_before(desk)
    make_as_before(second)
    assert warning in _make_sheets(desk, "--root", desk.root)
    assert warning in _make_sheets(second, "--backup-key", second.backup_key)
