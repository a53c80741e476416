"""The home folder: a home key, a keyring, a casebook, and envelopes that could not be opened.

The lock (:mod:`reviewer.home.lock`) gives the home key. All other secrets of the folder are sealed under it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.keys import HybridSecretKey, RootVerifyKey
from crypto.keys.party import PartyKeys
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.database import ENVELOPES_FILE
from reviewer.casebook.member_store import MEMBERS_FILE, MemberStore
from reviewer.errors import CasebookError, HomeError
from reviewer.files.incomplete_marker import MARK, is_incomplete, mark_complete, mark_incomplete
from reviewer.home import replacing_keys
from reviewer.home.keyring import (
    CASEBOOK_KEY,
    ENVELOPES_KEY,
    KEYRING_LABEL,
    Keyring,
    overwrite_and_unlink,
)
from reviewer.home.lock import UnlockedHome, lock_files, lock_home, unlock_home_key
from reviewer.home.mailbox_names import begin_names, keep_first_day
from reviewer.home.member_channels import Channels, store_key
from reviewer.home.people import HomePeople
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today

KEYS_FOLDER = "keys"
UNOPENED_FOLDER = "unopened"
_LOCK_FILE = "lock"
_NOT_OURS = frozenset({"lost+found"})  # a home may be a disk of its own
_NOTHING_YET = _NOT_OURS | {_LOCK_FILE}
_EARLIER_ENVELOPES_KEY = "envelopes"
UNPROTECTED = (
    "the keys in this home are NOT PROTECTED by a passphrase: anyone with this disk can read everything in it"
)


class Home:
    """An unlocked home folder, used by one process at a time; see :func:`create_home`, :func:`open_home`."""

    def __init__(self, folder: Path, *, people: HomePeople, keyring: Keyring, casebook: Casebook) -> None:
        self.folder = folder
        self.people = people
        self.keyring = keyring
        self.casebook = casebook
        casebook.log.written_by(people.name)
        if not (folder / MEMBERS_FILE).exists():  # it is there also where there are no members
            with self.member_store():
                pass

    @property
    def is_protected(self) -> bool:
        return self.people.unlocked.is_protected

    @property
    def unopened(self) -> Path:
        """The folder of envelopes that could not be opened."""
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
        return PartyKeys.from_seeds(self.casebook.settings.require("name"), self.keyring.secret(PARTY_KEYS))

    def drafts_key(self) -> HybridSecretKey:
        """Opens form drafts of this person; a locked desk has only its public half."""
        return HybridSecretKey(self.people.own_key().derive("drafts of the desk").seed())

    @contextmanager
    def member_store(self) -> Iterator[MemberStore]:
        """The store of members, for the length of the block."""
        store = MemberStore.open(self.folder, key=store_key(self.people.unlocked.home_key))
        try:
            yield store
        finally:
            store.close()

    def channels_of(self, place: int) -> Channels:
        """Both directions of the member at this place."""
        return Channels.at(self.people.unlocked.home_key, place)

    def require_room(self) -> None:
        """Return when the disk has room for :meth:`remove_person`.

        Raises:
            HomeError: it has not.
        """
        replacing_keys.require_room(self.folder)

    def remove_person(self, name: str) -> None:
        """Take a person out, and replace every key of this home.

        Killed at any moment, the person is still there, or the next reader who unlocks the home finishes it.

        Raises:
            HomeError: no such person, or the one who asks.
        """
        self.people.begin_removal(name, self.keyring)
        self.casebook.close()
        self.keyring, self.casebook = _opened(self.folder, self.people.unlocked)
        self.casebook.log.written_by(self.people.name)
        _finish_replacing(self)


@contextmanager
def create_home(folder: Path, *, entry: SecretEntry) -> Iterator[Home]:
    """A new home, whole when the block ends well.

    Raises:
        HomeError: the folder is not empty, or no good passphrase was given.
    """
    with new_home_folder(folder), fill_home(folder, entry=entry, casebook_key=None) as home:
        yield home


def require_new_home(folder: Path) -> None:
    """Return when a home can be made in ``folder``.

    Raises:
        HomeError: something is there already.
    """
    try:
        found = {path.name for path in folder.iterdir()} - _NOTHING_YET if folder.exists() else set()
    except OSError as error:
        raise HomeError(f"{folder} cannot be used as a home: {(error.strerror or '').lower()}") from error
    if any(not name.startswith(f".{MARK}.") for name in found) and MARK not in found:
        raise HomeError(f"{folder} is not empty", hint="name a folder that does not exist yet")


@contextmanager
def new_home_folder(folder: Path) -> Iterator[None]:
    """A folder that is a home if the block succeeds. If it fails, its content is destroyed.

    The content of an interrupted attempt is destroyed first: its mark says that nothing of it was ever used.

    Raises:
        HomeError: the folder is not empty.
    """
    require_new_home(folder)
    with locked_folder(folder):
        try:
            _destroy_content(folder, but=_LOCK_FILE)
            mark_incomplete(folder)
            yield
            mark_complete(folder)
        except BaseException:
            _destroy_content(folder)
            with suppress(OSError):  # where it is a medium of its own, the folder itself stays
                folder.rmdir()
            raise


@contextmanager
def fill_home(folder: Path, *, entry: SecretEntry, casebook_key: RestKey | None) -> Iterator[Home]:
    """Make keys and casebook in a new home; ``casebook_key``: the casebook files come from a backup."""
    unlocked = lock_home(folder, RestKey.generate(), entry.choose())
    (folder / KEYS_FOLDER).mkdir(mode=0o700)
    (folder / UNOPENED_FOLDER).mkdir(mode=0o700, exist_ok=True)
    keyring = Keyring(folder / KEYS_FOLDER, key=unlocked.home_key.derive(KEYRING_LABEL))
    key = casebook_key or RestKey.generate()
    envelopes_key = RestKey.generate()
    keyring.keep(CASEBOOK_KEY, key.seed())
    keyring.keep(ENVELOPES_KEY, envelopes_key.seed())
    make = Casebook.create if casebook_key is None else Casebook.open_existing
    casebook = make(folder, key=key, envelopes_key=envelopes_key)
    try:
        if casebook_key is None:
            begin_names(casebook)
        yield Home(folder, people=HomePeople(folder, unlocked), keyring=keyring, casebook=casebook)
    finally:
        casebook.close()


@contextmanager
def open_home(folder: Path, *, entry: SecretEntry) -> Iterator[Home]:
    """Unlock a home for the length of the block.

    Raises:
        HomeError: no home, in use, or another passphrase.
    """
    if is_incomplete(folder):
        raise HomeError(
            f"{folder} was never finished: the command was interrupted",
            hint="do that again; what is there now is destroyed then, and nothing of it was ever used",
        )
    if not lock_files(folder):
        raise HomeError(f"{folder} is not a home of this program", hint="make one with tipline-review init")
    with locked_folder(folder):
        unlocked = unlock_home_key(folder, entry, is_home=True)
        keyring, casebook = _opened(folder, unlocked)
        home = Home(folder, people=HomePeople(folder, unlocked), keyring=keyring, casebook=casebook)
        try:
            _finish_replacing(home)
            _sweep_unopened(home)
            keep_first_day(casebook, today=today())
            with suppress(CasebookError):  # on a full disk the home opens all the same
                casebook.opened_days.note(today())
                casebook.deletions.finish()
            yield home
        finally:
            home.casebook.close()


def _opened(folder: Path, unlocked: UnlockedHome) -> tuple[Keyring, Casebook]:
    """Keyring and casebook, after the keys were replaced where that was cut short."""
    keyring = Keyring(folder / KEYS_FOLDER, key=unlocked.home_key.derive(KEYRING_LABEL))
    if unlocked.is_protected and (former := replacing_keys.former_keys(folder, unlocked.home_key)) is not None:
        keyring = replacing_keys.finish(folder, folder / KEYS_FOLDER, home_key=unlocked.home_key, former=former)
    _destroy_file_keys(folder, keyring)
    casebook = Casebook.open_existing(
        folder,
        key=RestKey(keyring.secret(CASEBOOK_KEY)),
        envelopes_key=RestKey(keyring.secret(ENVELOPES_KEY)),
    )
    return keyring, casebook


def _finish_replacing(home: Home) -> None:
    """Log that all keys were replaced, and let the former ones go."""
    home_key = home.people.unlocked.home_key
    if home.is_protected and replacing_keys.former_keys(home.folder, home_key) is not None:
        home.casebook.log.add("keys of the home replaced", "", today=today())
        replacing_keys.forget_former(home.folder, home_key)


def _destroy_file_keys(folder: Path, keyring: Keyring) -> None:
    """Destroy the file keys of envelopes that an earlier version kept, with the key of their file.

    Deleted database content stays in free blocks of the disk. Submissions imported until then give no raw envelope.
    """
    if _EARLIER_ENVELOPES_KEY in keyring.names():
        (folder / ENVELOPES_FILE).unlink(missing_ok=True)
        keyring.destroy(_EARLIER_ENVELOPES_KEY)
    if ENVELOPES_KEY not in keyring.names():
        keyring.keep(ENVELOPES_KEY, RestKey.generate().seed())


def _destroy_content(folder: Path, *, but: str | None = None) -> None:
    """Everything that a home has, keys first."""
    for path in [*lock_files(folder), *folder.glob(".*.part"), *(folder / KEYS_FOLDER).glob("*")]:
        overwrite_and_unlink(path)
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _NOT_OURS:
                shutil.rmtree(path)
        elif path.name not in (but, MARK):
            path.unlink()
    # The mark goes last: what is still there until then is known as unfinished.
    if but is None:
        (folder / MARK).unlink(missing_ok=True)


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Lock the folder for one process, and make it private to its owner."""
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
                "another tipline-review is at work in this home",
                hint="a desk counts as well: stop it, or wait",
            ) from error
        yield
    finally:
        os.close(descriptor)


def _sweep_unopened(home: Home) -> None:
    """Remove what an interrupted import or retirement left behind."""
    kept = home.casebook.unopened.file_names()
    for path in home.unopened.iterdir():
        if path.name not in kept:
            path.unlink()
