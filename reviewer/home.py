"""The home folder: a key, a ring of keys, a casebook, and the envelopes that could not be opened.

``home.key`` is locked by the passphrase; ``home-unprotected.key`` lies open, when there was nobody to ask for
one. All other secrets of the folder are sealed under it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crypto.at_rest import RestKey
from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys import RootVerifyKey
from crypto.locked_key import lock_key, unlock_key
from crypto.party import PartyKeys
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.database import CASEBOOK_FILE, CONTENTS_FILE
from reviewer.errors import HomeError
from reviewer.keyring import Keyring, overwrite_and_unlink
from reviewer.secret_entry import SecretEntry
from reviewer.whole_file import write_whole

LOCKED_KEY_FILE = "home.key"
OPEN_KEY_FILE = "home-unprotected.key"
KEYS_FOLDER = "keys"
UNOPENED_FOLDER = "unopened"
_LOCK_FILE = "lock"
PARTY_KEY = "reviewer"
CASEBOOK_KEY = "casebook"
ENVELOPES_KEY = "envelopes"
UNPROTECTED = (
    "the keys in this home are NOT PROTECTED by a passphrase: whoever has this disk can read everything in it"
)


class Home:
    """An unlocked home folder, used by one process at a time. Made by :func:`create_home` and :func:`open_home`."""

    def __init__(self, folder: Path, *, keyring: Keyring, casebook: Casebook, is_protected: bool) -> None:
        self.folder = folder
        self.keyring = keyring
        self.casebook = casebook
        self.is_protected = is_protected

    @property
    def unopened(self) -> Path:
        """Where envelopes lie that could not be opened."""
        return self.folder / UNOPENED_FOLDER

    @property
    def root_key(self) -> RootVerifyKey:
        """The organisation's root key that this home pins."""
        return RootVerifyKey.parse(self.casebook.settings.require("root_key"))

    @property
    def organisation(self) -> str:
        return self.casebook.settings.require("organisation")

    def party_keys(self) -> PartyKeys:
        """This reviewer's own signature and transport keys."""
        return PartyKeys.from_seeds(self.casebook.settings.require("name"), self.keyring.secret(PARTY_KEY))


def lock_files(folder: Path) -> list[Path]:
    """The file that holds the home key, locked or not: what a twin medium needs besides the keys."""
    return [path for path in (folder / LOCKED_KEY_FILE, folder / OPEN_KEY_FILE) if path.exists()]


@contextmanager
def create_home(folder: Path, *, entry: SecretEntry, casebook_key: RestKey | None = None) -> Iterator[Home]:
    """A new home. With ``casebook_key`` the casebook files are there already, from a backup.

    When the block fails, everything that was made is removed again.

    Raises:
        HomeError: the folder is not empty, or no good passphrase was given.
    """
    expected = set() if casebook_key is None else {CASEBOOK_FILE, CONTENTS_FILE}
    if folder.exists() and (not folder.is_dir() or {path.name for path in folder.iterdir()} - expected):
        raise HomeError(f"{folder} is not empty", hint="name a folder that does not exist yet")
    try:
        yield from _fill_home(folder, entry, casebook_key)
    except BaseException:
        for path in [*lock_files(folder), *(folder / KEYS_FOLDER).glob("*")]:
            overwrite_and_unlink(path)
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill_home(folder: Path, entry: SecretEntry, casebook_key: RestKey | None) -> Iterator[Home]:
    with _locked(folder):
        passphrase = entry.choose()
        home_key = RestKey.generate()
        if passphrase is None:
            write_whole(folder / OPEN_KEY_FILE, home_key.seed())
        else:
            write_whole(folder / LOCKED_KEY_FILE, lock_key(home_key.seed(), passphrase))
        (folder / KEYS_FOLDER).mkdir(mode=0o700)
        (folder / UNOPENED_FOLDER).mkdir(mode=0o700, exist_ok=True)
        keyring = Keyring(folder / KEYS_FOLDER, key=home_key.derive("keyring"))
        key = casebook_key or RestKey.generate()
        envelopes_key = RestKey.generate()
        keyring.keep(CASEBOOK_KEY, key.seed())
        keyring.keep(ENVELOPES_KEY, envelopes_key.seed())
        make = Casebook.create if casebook_key is None else Casebook.open_existing
        casebook = make(folder, key=key, envelopes_key=envelopes_key)
        try:
            yield Home(folder, keyring=keyring, casebook=casebook, is_protected=passphrase is not None)
        finally:
            casebook.close()


@contextmanager
def open_home(folder: Path, *, entry: SecretEntry) -> Iterator[Home]:
    """Unlock a home for the length of the block.

    Raises:
        HomeError: no home, in use, or another passphrase.
    """
    if not lock_files(folder):
        raise HomeError(f"{folder} is not a home of this program", hint="make one with tipline-review init")
    with _locked(folder):
        home_key, is_protected = unlock_home_key(folder, entry)
        keyring = Keyring(folder / KEYS_FOLDER, key=home_key.derive("keyring"))
        casebook = Casebook.open_existing(
            folder,
            key=RestKey(keyring.secret(CASEBOOK_KEY)),
            envelopes_key=RestKey(keyring.secret(ENVELOPES_KEY)),
        )
        home = Home(folder, keyring=keyring, casebook=casebook, is_protected=is_protected)
        try:
            _sweep_unopened(home)
            yield home
        finally:
            casebook.close()


def unlock_home_key(folder: Path, entry: SecretEntry) -> tuple[RestKey, bool]:
    """The home key in ``folder``, a home or its twin, and whether a passphrase protects it.

    Raises:
        HomeError: no passphrase, or another one.
    """
    if (folder / OPEN_KEY_FILE).exists():
        return RestKey((folder / OPEN_KEY_FILE).read_bytes()), False
    passphrase = entry.ask()
    if passphrase is None:
        raise HomeError(
            "this home is locked by a passphrase", hint="give it with --passphrase-file FILE, or - for input"
        )
    try:
        return RestKey(unlock_key((folder / LOCKED_KEY_FILE).read_bytes(), passphrase)), True
    except NoKeyOpens as error:
        raise HomeError(
            "the passphrase does not unlock this home", hint="try again; nothing was changed"
        ) from error
    except CryptoError as error:
        raise HomeError(
            f"{LOCKED_KEY_FILE} was changed, or written by a newer program", hint="copy it from the twin medium"
        ) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time, and a folder that nobody else can list."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        descriptor = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise HomeError(f"{folder} cannot be used as a home: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HomeError(
                "another tipline-review is at work in this home", hint="wait until it has ended"
            ) from error
        yield
    finally:
        os.close(descriptor)


def _sweep_unopened(home: Home) -> None:
    """Remove what an interrupted import or retirement left behind."""
    kept = home.casebook.submissions.unopened_files()
    for path in home.unopened.iterdir():
        if path.name not in kept:
            path.unlink()
