"""The home folder: a home key, a keyring, a casebook, and envelopes that could not be opened.

``home.key`` is locked by the passphrase; ``home-unprotected.key`` is not locked, for homes made without a
passphrase. All other secrets of the folder are sealed under it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.keys import HybridSecretKey, RootVerifyKey
from crypto.keys.party import PartyKeys
from crypto.passphrases.locked_key import lock_key, unlock_key
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.database import ENVELOPES_FILE
from reviewer.errors import CasebookError, HomeError
from reviewer.files.incomplete_marker import MARK, is_incomplete, mark_complete, mark_incomplete
from reviewer.home.keyring import Keyring, overwrite_and_unlink, replace_and_overwrite
from reviewer.home.mailbox_names import begin_names, keep_first_day
from reviewer.terminal.secret_entry import SecretEntry
from system.atomic_files import write_whole
from system.clock import today

LOCKED_KEY_FILE = "home.key"
OPEN_KEY_FILE = "home-unprotected.key"
KEYS_FOLDER = "keys"
UNOPENED_FOLDER = "unopened"
_LOCK_FILE = "lock"
_NOT_OURS = frozenset({"lost+found"})  # a home may be a disk of its own
_NOTHING_YET = _NOT_OURS | {_LOCK_FILE}
CASEBOOK_KEY = "casebook"
ENVELOPES_KEY = "beginnings"
_EARLIER_ENVELOPES_KEY = "envelopes"
UNPROTECTED = (
    "the keys in this home are NOT PROTECTED by a passphrase: anyone with this disk can read everything in it"
)


class Home:
    """An unlocked home folder, used by one process at a time; see :func:`create_home`, :func:`open_home`."""

    def __init__(
        self, folder: Path, *, home_key: RestKey, keyring: Keyring, casebook: Casebook, is_protected: bool
    ) -> None:
        self.folder = folder
        self._home_key = home_key
        self.keyring = keyring
        self.casebook = casebook
        self.is_protected = is_protected

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
        """Opens form drafts; a locked desk has only its public half."""
        return HybridSecretKey(self._home_key.derive("drafts of the desk").seed())

    def lock_by(self, passphrase: str) -> None:
        """Lock the home by this passphrase; killed at any moment, the new or the old one unlocks it."""
        replace_and_overwrite(self.folder / LOCKED_KEY_FILE, lock_key(self._home_key.seed(), passphrase))


def lock_files(folder: Path) -> list[Path]:
    """The file that holds the home key, locked or not: what a twin medium needs besides the keys."""
    return [path for path in (folder / LOCKED_KEY_FILE, folder / OPEN_KEY_FILE) if path.exists()]


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
    with _locked(folder):
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
        if casebook_key is None:
            begin_names(casebook)
        yield Home(
            folder, home_key=home_key, keyring=keyring, casebook=casebook, is_protected=passphrase is not None
        )
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
    with _locked(folder):
        home_key, is_protected = unlock_home_key(folder, entry)
        keyring = Keyring(folder / KEYS_FOLDER, key=home_key.derive("keyring"))
        _destroy_file_keys(folder, keyring)
        casebook = Casebook.open_existing(
            folder,
            key=RestKey(keyring.secret(CASEBOOK_KEY)),
            envelopes_key=RestKey(keyring.secret(ENVELOPES_KEY)),
        )
        home = Home(folder, home_key=home_key, keyring=keyring, casebook=casebook, is_protected=is_protected)
        try:
            _sweep_unopened(home)
            keep_first_day(casebook, today=today())
            with suppress(CasebookError):  # on a full disk the home opens all the same
                casebook.opened_days.note(today())
                casebook.deletions.finish()
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
            f"{entry.home} is locked by a passphrase", hint=f"give it with {entry.option} FILE, or - for input"
        )
    try:
        return RestKey(unlock_key((folder / LOCKED_KEY_FILE).read_bytes(), passphrase)), True
    except NoKeyOpens as error:
        raise HomeError(
            f"the passphrase does not unlock {entry.home}", hint="try again; nothing was changed"
        ) from error
    except CryptoError as error:
        raise HomeError(
            f"{LOCKED_KEY_FILE} was changed, or written by a newer program", hint="copy it from the twin medium"
        ) from error


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
def _locked(folder: Path) -> Iterator[None]:
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
