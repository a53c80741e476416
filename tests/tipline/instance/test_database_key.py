"""The source of the store's key, and the error when there is none."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from crypto.keys.keys import RootSigningKey
from crypto.keys.minisign import public_key_file
from crypto.passphrases.locked_key import lock_key
from reviewer.terminal import secret_entry
from tipline.errors import DatabaseKeyError
from tipline.instance.database_key import FEWEST_LETTERS, ask_database_key, is_protected, make_database_key
from tipline.instance.folder import SiteFolder

PASSPHRASE = "a passphrase for tests"

# The first terminal that the leader of a new session opens becomes its own: only then can it be asked.
AT_A_TERMINAL = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))
from tipline.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path)


def written(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "passphrase"
    path.write_bytes(content)
    return str(path)


def test_the_passphrase_that_made_the_key_gives_it_back(folder: SiteFolder, tmp_path: Path) -> None:
    given = written(tmp_path, PASSPHRASE.encode() + b"\n")
    key = make_database_key(folder, given)
    assert is_protected(folder)
    assert key not in folder.database_key.read_bytes()
    for same in (PASSPHRASE.encode(), PASSPHRASE.encode() + b"\r\n", PASSPHRASE.encode() + b"\nanother line\n"):
        assert ask_database_key(folder, written(tmp_path, same)) == key


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\n" + PASSPHRASE.encode(), b"\xff\xfe", b"x" * 1025, b"x" * 100_000]
)
def test_a_passphrase_file_without_a_usable_first_line_is_refused(
    folder: SiteFolder, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(DatabaseKeyError):
        make_database_key(folder, written(tmp_path, content))
    assert not folder.database_key.exists()


def test_a_new_passphrase_is_no_shorter_than_a_reviewers_and_an_old_one_still_opens(
    folder: SiteFolder, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseKeyError, match="8 to 1024 characters") as caught:
        make_database_key(folder, written(tmp_path, b"1234567"))
    assert "1234567" not in f"{caught.value} {caught.value.hint}"
    assert not folder.database_key.exists()
    make_database_key(folder, written(tmp_path, b"12345678"))
    assert FEWEST_LETTERS == secret_entry.FEWEST_LETTERS
    folder.database_key.write_bytes(lock_key(bytes(32), "a"))
    assert ask_database_key(folder, written(tmp_path, b"a")) == bytes(32)


@pytest.mark.parametrize(
    "content", [b"", b"tipline database key, unprotected\n", b"tipline locked key\n\x01", b"?" * 120]
)
def test_a_damaged_key_file_is_a_clear_error(folder: SiteFolder, tmp_path: Path, content: bytes) -> None:
    folder.database_key.write_bytes(content)
    with pytest.raises(DatabaseKeyError):
        ask_database_key(folder, written(tmp_path, PASSPHRASE.encode()))


def test_an_error_never_quotes_the_passphrase(folder: SiteFolder, tmp_path: Path) -> None:
    make_database_key(folder, written(tmp_path, PASSPHRASE.encode()))
    with pytest.raises(DatabaseKeyError) as caught:
        ask_database_key(folder, written(tmp_path, b"some other words"))
    assert "some other words" not in f"{caught.value} {caught.value.hint}"


def test_at_a_terminal_the_passphrase_is_asked_for_twice_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "root.pub").write_bytes(public_key_file(RootSigningKey.generate().verify_key()))
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL, "init", "site", "--root-key", "root.pub"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = b""
        for prompt in (b"New passphrase for the database key", b"Once more"):
            while prompt + b": " not in shown:
                shown += os.read(ours, 4096)
            os.write(ours, PASSPHRASE.encode() + b"\n")
        while b"next: " not in shown:
            shown += os.read(ours, 4096)
        assert child.wait() == 0
    finally:
        os.close(ours)
        child.kill()
        child.wait()
    assert PASSPHRASE.encode() not in shown
    assert is_protected(SiteFolder(tmp_path / "site"))
