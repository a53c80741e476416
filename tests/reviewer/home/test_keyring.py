"""Key files: sealed, named, and gone when destroyed."""

from pathlib import Path

import pytest

from crypto.keys.at_rest import RestKey
from crypto.keys.keys import IntakeSecretKey
from crypto.primitives.week import Week
from reviewer.errors import HomeError
from reviewer.home.keyring import Keyring, intake_name

WEEK = Week(2026, 48)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path, key=RestKey(bytes(32)))


def test_a_key_comes_back_as_it_was_kept(keyring: Keyring) -> None:
    key = IntakeSecretKey.generate()
    keyring.keep(intake_name(WEEK), key.seed())
    assert keyring.intake_key(WEEK).seed() == key.seed()
    assert keyring.intake_weeks() == [WEEK]


def test_a_key_file_holds_the_key_sealed_and_nobody_else_may_read_it(keyring: Keyring) -> None:
    keyring.keep("reviewer", b"the secret itself".ljust(64))
    (path,) = keyring.folder.iterdir()
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_key_under_another_name_does_not_open(keyring: Keyring) -> None:
    keyring.keep(intake_name(WEEK), bytes(32))
    (path,) = keyring.folder.iterdir()
    path.rename(path.with_name("intake-2026-W49.key"))
    with pytest.raises(HomeError, match="does not open"):
        keyring.intake_key(Week(2026, 49))


def test_a_key_is_never_overwritten(keyring: Keyring) -> None:
    keyring.keep("reviewer", b"first".ljust(64))
    with pytest.raises(HomeError, match="already has a key"):
        keyring.keep("reviewer", b"second".ljust(64))
    assert keyring.secret("reviewer") == b"first".ljust(64)


def test_a_destroyed_key_is_overwritten_where_it_lay(keyring: Keyring) -> None:
    keyring.keep("reviewer", bytes(64))
    (path,) = keyring.folder.iterdir()
    before = path.read_bytes()
    with path.open("rb") as still_open:
        keyring.destroy("reviewer")
        assert still_open.read() != before
        still_open.seek(0)
        assert len(still_open.read()) == len(before)
    assert keyring.names() == []
    with pytest.raises(HomeError, match="no key named"):
        keyring.secret("reviewer")


def test_destroying_twice_is_harmless(keyring: Keyring) -> None:
    keyring.keep("reviewer", bytes(64))
    keyring.destroy("reviewer")
    keyring.destroy("reviewer")
    assert keyring.names() == []


@pytest.mark.parametrize("name", ["../reviewer", "Reviewer", "", "intake-2026-W48.key", "a b"])
def test_a_name_that_is_none_is_refused(keyring: Keyring, name: str) -> None:
    with pytest.raises(HomeError, match="name of a key"):
        keyring.keep(name, bytes(32))
