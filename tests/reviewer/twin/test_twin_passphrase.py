"""A twin medium and the new home have a passphrase each, and that of the twin is tried before anything is made."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reviewer.desk_stage import PROGRAM, Desk
from tests.reviewer.furniture import Furniture

OLD, NEW = "what the old laptop knew", "what the new laptop knows"


class Locked:
    """A home with a twin, both locked, and its backup; then the laptop is gone."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.old, self.new = self._file("old", OLD), self._file("new", NEW)
        self.backup = desk.folder / "casebook.age"

    def make(self) -> None:
        self.desk.found("--passphrase-file", self.old)
        self.desk.issue("--twin", self.twin, "--passphrase-file", self.old)
        self.desk.do("backup", self.desk.home, "--to", self.backup, "--passphrase-file", self.old)

    @property
    def twin(self) -> Path:
        return self.desk.folder / "twin"

    @property
    def made(self) -> Path:
        return self.desk.folder / "made"

    def _file(self, name: str, passphrase: str) -> Path:
        path = self.desk.folder / name
        path.write_text(f"{passphrase}\n", encoding="utf-8")
        return path

    @property
    def restore(self) -> list[str | Path]:
        identity = self.desk.root / "casebook-backup-reviewer.key"
        return ["restore", self.made, "--from", self.backup, "--identity", identity]

    @property
    def recover(self) -> list[str | Path]:
        root, manifest = self.desk.folder / "new-root", self.desk.folder / "manifest.json"
        return ["recover", self.made, "--root", root, "--manifest", manifest]

    @property
    def bring(self) -> list[str | Path]:
        """Takes the twin's keys into the home that was made."""
        return ["keys", "restore", self.made, "--twin", self.twin]

    def sheets(self) -> list[str | Path]:
        folder = self.desk.folder / "sheets"
        self.desk.do("sheets", "make", self.desk.home, "--root", self.desk.root, "--need", "2", "--of", "2",
                     "--to", folder, "--text", "--passphrase-file", self.old)  # fmt: skip
        return [given for sheet in sorted(folder.iterdir()) for given in ("--sheet-file", sheet)]

    def make_again(self, how: str = "restore") -> None:
        """A home that is locked by the new passphrase, and has no keys of weeks."""
        command = self.restore if how == "restore" else [*self.recover, *self.sheets()]
        self.desk.do(*command, "--passphrase-file", self.new)

    def has_keys_of_weeks(self) -> bool:
        return any((self.made / "keys").glob("intake-*"))

    def weeks_that_open(self) -> int:
        status = self.desk.json("keys", "status", self.made, "--passphrase-file", self.new)
        assert status["protected"] is True
        own: int = status["own_weeks_left"]
        return own


@pytest.fixture(scope="module")
def furnish_locked(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    return Furniture(tmp_path_factory.mktemp("locked"), lambda desk: Locked(desk).make())


@pytest.fixture
def locked(bare_desk: Desk, furnish_locked: Furniture) -> Locked:
    furnish_locked(bare_desk)
    return Locked(bare_desk)


@pytest.mark.parametrize("how", ["restore", "recover"])
def test_the_new_home_gets_another_passphrase_than_the_twin_has(locked: Locked, how: str) -> None:
    locked.make_again(how)
    locked.desk.do(*locked.bring, "--passphrase-file", locked.new, "--twin-passphrase-file", locked.old)
    assert f" {locked.desk.keys_issued()} new, 0 known" in locked.desk.out
    assert locked.weeks_that_open() == 8


def test_a_wrong_passphrase_of_the_twin_is_refused_before_any_key_is_taken(locked: Locked) -> None:
    locked.make_again()
    given = ("--passphrase-file", locked.new, "--twin-passphrase-file", locked.new)
    assert locked.desk.run(*locked.bring, *given) == 1
    assert f"the passphrase does not unlock the home that wrote {locked.twin}" in locked.desk.err
    assert not locked.has_keys_of_weeks()


def test_without_it_the_option_that_is_missing_is_named(locked: Locked) -> None:
    locked.make_again()
    assert locked.desk.run(*locked.bring, "--passphrase-file", locked.new) == 1
    assert f"the home that wrote {locked.twin} is locked by a passphrase" in locked.desk.err
    assert "--twin-passphrase-file FILE" in locked.desk.err
    assert not locked.has_keys_of_weeks()


def test_both_come_from_one_standard_input_that_of_the_home_first(locked: Locked) -> None:
    locked.make_again()
    lines = locked.desk.folder / "lines"
    lines.write_text(f"{NEW}\n{OLD}\n", encoding="utf-8")
    locked.desk.pipe(*locked.bring, "--passphrase-file", "-", "--twin-passphrase-file", "-", source=lines)
    assert locked.weeks_that_open() == 8


def test_at_a_terminal_each_is_asked_for_by_its_name(locked: Locked) -> None:
    assert _at_a_terminal(locked.restore, [NEW, NEW]) == ["New passphrase for this home", "The same again"]
    asked = _at_a_terminal(locked.bring, [NEW, OLD])
    assert asked[-1] == f"Passphrase of the home that wrote {locked.twin}"
    assert len(asked) == 2
    assert locked.weeks_that_open() == 8


def _at_a_terminal(arguments: list[str | Path], answers: list[str]) -> list[str]:
    """The questions that were asked, each answered once the program waits for it."""
    mine, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--beside-network", *map(str, arguments)],
        stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        assert process.stderr is not None
        asked = []
        for answer in answers:
            seen = b""
            while not seen.endswith(b": "):
                piece = os.read(process.stderr.fileno(), 65536)
                assert piece, seen.decode()
                seen += piece
            asked.append(seen.decode().splitlines()[-1].removesuffix(": "))
            os.write(mine, f"{answer}\n".encode())
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 0, rest.decode()
    os.close(mine)
    return asked


def test_a_folder_that_is_no_twin_is_named(locked: Locked) -> None:
    locked.make_again()
    assert locked.desk.run(*locked.bring[:-1], locked.desk.folder, "--passphrase-file", locked.new) == 1
    assert "is no twin medium" in locked.desk.err
    assert not locked.has_keys_of_weeks()


@pytest.mark.parametrize("how", ["restore", "recover"])
def test_a_new_passphrase_that_is_none_is_refused_before_anything_is_made_or_any_sheet_is_typed(
    locked: Locked, how: str
) -> None:
    locked.new.write_text("short\n", encoding="utf-8")
    command = locked.restore if how == "restore" else locked.recover
    locked.backup.write_bytes(b"what no one has begun to unpack")
    assert locked.desk.run(*command, "--passphrase-file", locked.new) == 1
    assert "the passphrase must have at least 8 letters" in locked.desk.err
    assert not locked.made.exists()
