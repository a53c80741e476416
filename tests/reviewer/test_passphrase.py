"""The passphrase of a home: from a file or a terminal, never an argument, and needed for everything."""

from pathlib import Path

import pytest

from tests.reviewer.desk import Desk

PASSPHRASE = "a long enough phrase"


@pytest.fixture
def locked(bare_desk: Desk) -> Path:
    """A locked home; the file that unlocks it."""
    file = bare_desk.folder / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    bare_desk.found("--passphrase-file", file)
    return file


def test_the_passphrase_unlocks_the_home(bare_desk: Desk, locked: Path) -> None:
    assert bare_desk.json("keys", "status", bare_desk.home, "--passphrase-file", locked)["protected"] is True
    assert "NOT PROTECTED" not in bare_desk.err


def test_without_the_passphrase_nothing_opens(bare_desk: Desk, locked: Path) -> None:
    assert bare_desk.run("list", bare_desk.home) == 1
    assert "locked by a passphrase" in bare_desk.err
    locked.write_text("another long phrase", encoding="utf-8")
    assert bare_desk.run("list", bare_desk.home, "--passphrase-file", locked) == 1
    assert "does not unlock" in bare_desk.err
    assert PASSPHRASE not in bare_desk.err


def test_no_file_of_a_locked_home_holds_its_keys_open(bare_desk: Desk, locked: Path) -> None:
    key = bare_desk.folder / "identity"
    bare_desk.do("keys", "issue", bare_desk.home, "--root", bare_desk.root, "--out", bare_desk.folder / "m.json",
                 "--passphrase-file", locked)  # fmt: skip
    week = bare_desk.json("keys", "status", bare_desk.home, "--passphrase-file", locked)["weeks"][0]["week"]
    identity = bare_desk.do("keys", "identity", bare_desk.home, "--week", week, "--passphrase-file", locked)
    assert identity.startswith("AGE-SECRET-KEY-PQ-1")
    assert not key.exists()
    assert not (bare_desk.home / "home-unprotected.key").exists()
    for path in bare_desk.home.rglob("*.key"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 2_000, b"short"])
def test_a_passphrase_file_that_is_none_is_refused(bare_desk: Desk, content: bytes) -> None:
    file = bare_desk.folder / "passphrase"
    file.write_bytes(content)
    code = bare_desk.run(
        "init", bare_desk.home, "--root", bare_desk.root, "--organisation", "Example", "--passphrase-file", file
    )
    assert code == 1
    assert "passphrase" in bare_desk.err
    assert not bare_desk.home.exists()


def test_a_changed_home_key_says_so(bare_desk: Desk, locked: Path) -> None:
    (bare_desk.home / "home.key").write_bytes(b"something else")
    assert bare_desk.run("list", bare_desk.home, "--passphrase-file", locked) == 1
    assert "home.key was changed" in bare_desk.err


def test_a_folder_that_is_no_home_is_refused(bare_desk: Desk) -> None:
    assert bare_desk.run("list", bare_desk.folder) == 1
    assert "is not a home" in bare_desk.err
