"""A reviewer who joined and comes back from its sheets has its backup key as a file again, and makes new sheets."""

import shutil
from pathlib import Path

import pytest

from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.keys.own_keys import own_keys

NAME = "casebook-backup-second.key"


class Lost:
    """The remains of a reviewer who joined: sheets, a backup, and what is public."""

    def __init__(self, desk: Desk, second: Colleague) -> None:
        self.second = second
        self.key = second.backup_key.read_bytes()
        self.own = own_keys(second.home)
        self.sheets = self.new_sheets(second.backup_key)
        self.backup = second.backup()
        self._public = ["--root-key", desk.root / "root.pub", "--manifest", desk.folder / "manifest.json"]
        self.beside = second.home.with_name(f"{second.home.name}-backup-key") / NAME
        shutil.rmtree(second.home)

    def new_sheets(self, key: Path) -> list[str | Path]:
        folder = self.second.folder / f"sheets-{key.parent.name}"
        made = ("--backup-key", key, "--need", "2", "--of", "3", "--to", folder, "--text")
        self.second.do("sheets", "make", self.second.home, *made)
        return [given for sheet in sorted(folder.iterdir())[:2] for given in ("--sheet-file", sheet)]

    def recover(self, *options: str | Path) -> int:
        return self.second.run("recover", self.second.home, *self._public, *options, *self.sheets)

    def says(self, key: Path) -> bool:
        return any(
            line.split()[:2] == ["backup", "key"] and str(key) in line for line in self.second.out.splitlines()
        )


@pytest.fixture
def lost(desk: Desk, second: Colleague) -> Lost:
    return Lost(desk, second)


def test_the_key_lies_beside_the_home_again_and_new_sheets_are_made_of_it(lost: Lost) -> None:
    assert lost.recover() == 0, lost.second.err
    assert lost.beside.read_bytes() == lost.key
    assert lost.beside.stat().st_mode & 0o777 == 0o400
    assert lost.says(lost.beside)
    assert f"{lost.beside} lies on this computer: move it to a medium of its own" in lost.second.err
    lost.sheets = lost.new_sheets(lost.beside)
    shutil.rmtree(lost.second.home)
    assert lost.recover() == 0, lost.second.err
    assert own_keys(lost.second.home) == lost.own


def test_the_key_alone_opens_the_backup_and_new_sheets_are_made_of_it(lost: Lost) -> None:
    medium = lost.second.folder / "another" / "medium"
    lost.second.do("recover", "--backup-medium", medium, "--name", "second", *lost.sheets)
    key = medium / NAME
    assert key.read_bytes() == lost.key
    assert key.stat().st_mode & 0o777 == 0o400
    assert lost.says(key)
    lost.second.do("restore", lost.second.home, "--from", lost.backup, "--identity", key)
    assert own_keys(lost.second.home) == lost.own
    lost.sheets = lost.new_sheets(key)
    shutil.rmtree(lost.second.home)
    assert lost.recover() == 0, lost.second.err


def test_a_home_in_the_folder_where_one_stands_has_it_beside_too(
    lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost.second.home.mkdir()
    monkeypatch.chdir(lost.second.home)
    lost.second.home = Path()
    assert lost.recover() == 0, lost.second.err
    assert lost.beside.read_bytes() == lost.key


def test_it_goes_to_the_medium_that_is_named(lost: Lost) -> None:
    medium = lost.second.folder / "another" / "medium"
    assert lost.recover("--backup-medium", medium) == 0, lost.second.err
    assert (medium / NAME).read_bytes() == lost.key
    assert lost.says(medium / NAME)
    assert "lies on this computer" not in lost.second.err
    assert not lost.beside.exists()


def test_one_that_is_still_there_stays_as_it_is(lost: Lost) -> None:
    medium = lost.second.backup_medium
    before = (medium / NAME).stat()
    assert lost.recover("--backup-medium", medium) == 0, lost.second.err
    assert lost.says(medium / NAME)
    assert (medium / NAME).stat().st_ino == before.st_ino
    assert [path.name for path in medium.iterdir()] == [NAME]


def test_another_key_under_its_name_is_never_overwritten_and_no_word_is_typed_again(lost: Lost) -> None:
    medium = lost.second.backup_medium
    (medium / NAME).chmod(0o600)
    (medium / NAME).write_bytes(b"another key\n")
    assert lost.recover("--backup-medium", medium) == 0, lost.second.err
    assert (medium / NAME).read_bytes() == b"another key\n"
    free = medium / "casebook-backup-second.2.key"
    assert free.read_bytes() == lost.key
    assert lost.says(free)


@pytest.mark.parametrize("place", ["in the home", "a file"])
def test_a_place_that_will_not_do_is_refused_before_a_word_is_typed(lost: Lost, place: str) -> None:
    named = lost.second.home / "keys" if place == "in the home" else lost.backup / "medium"
    assert lost.recover("--backup-medium", named) == 1
    assert "must not lie in the home" in lost.second.err or "is no folder that can be written" in lost.second.err
    assert "sheet" not in lost.second.out
    assert not lost.second.home.exists()


def test_a_medium_for_it_goes_with_sheets_of_who_joined_only(desk: Desk) -> None:
    folder = desk.folder
    code = desk.run("recover", folder / "new", "--root", folder / "new-root", "--backup-medium", folder / "medium")
    assert code == 2
    assert "--backup-medium goes with sheets of a reviewer who joined" in desk.err
