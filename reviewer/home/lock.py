"""The lock of a home, or of its twin: the people file, or one key.

``people.keys`` gives each person of the home a passphrase of that person's own. ``home.key``, from an earlier
version of this program, is locked by one passphrase; the first unlocking makes a people file with one reader.
``home-unprotected.key`` is not locked, for homes made without a passphrase.
"""

from dataclasses import dataclass, field
from pathlib import Path

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.at_rest import RestKey
from crypto.passphrases.locked_key import unlock_key
from crypto.passphrases.people_file import PeopleFile, UnlockedPlace
from crypto.passphrases.people_roster import Role
from reviewer.casebook.log import UNNAMED
from reviewer.errors import HomeError
from reviewer.home.keyring import overwrite_and_unlink
from reviewer.terminal.secret_entry import SecretEntry
from system.atomic_files import write_whole

PEOPLE_FILE = "people.keys"
LOCKED_KEY_FILE = "home.key"
OPEN_KEY_FILE = "home-unprotected.key"
LOCK_FILES = (PEOPLE_FILE, LOCKED_KEY_FILE, OPEN_KEY_FILE)
FIRST_READER = "first reader"
"""The name of the person who made a home, until that person gives another one."""


@dataclass(frozen=True, slots=True)
class UnlockedHome:
    """The home key and the person who unlocked it; ``place`` is None without a passphrase."""

    home_key: RestKey = field(repr=False)
    place: UnlockedPlace | None = None

    @property
    def is_protected(self) -> bool:
        return self.place is not None

    @property
    def person(self) -> str:
        """The name that the log gets."""
        return self.place.name if self.place is not None else UNNAMED


class MemberPassphrase(HomeError):
    """It is the passphrase of a member, which opens no home."""

    def __init__(self, place: UnlockedPlace) -> None:
        super().__init__(
            "this passphrase is a member's: it opens only what readers gave to that member",
            hint="open the desk with it, or let a reader do this",
        )
        self.place = place


def lock_files(folder: Path) -> list[Path]:
    """The files that hold the home key, locked or not: what a twin medium needs besides the keys."""
    return [folder / name for name in LOCK_FILES if (folder / name).exists()]


def lock_home(folder: Path, home_key: RestKey, passphrase: str | None) -> UnlockedHome:
    """Write the lock of a new home; without a passphrase its key lies open."""
    if passphrase is None:
        write_whole(folder / OPEN_KEY_FILE, home_key.seed())
        return UnlockedHome(home_key)
    people = PeopleFile.begin(home_key, passphrase, name=FIRST_READER)
    write_whole(folder / PEOPLE_FILE, people.to_bytes())
    return UnlockedHome(home_key, people.unlock(passphrase))


def unlock_home_key(folder: Path, entry: SecretEntry, *, is_home: bool = False) -> UnlockedHome:
    """The home key in ``folder``, a home or its twin. In a home an earlier lock is upgraded.

    Raises:
        MemberPassphrase: a member's, which has no home key.
        HomeError: no passphrase, or no person's.
    """
    if (folder / OPEN_KEY_FILE).exists():
        return UnlockedHome(RestKey((folder / OPEN_KEY_FILE).read_bytes()))
    passphrase = entry.ask()
    if passphrase is None:
        raise HomeError(
            f"{entry.home} is locked by a passphrase", hint=f"give it with {entry.option} FILE, or - for input"
        )
    name = PEOPLE_FILE if (folder / PEOPLE_FILE).exists() else LOCKED_KEY_FILE
    try:
        if name == PEOPLE_FILE:
            unlocked = _unlock_people(folder, passphrase)
        else:
            unlocked = UnlockedHome(RestKey(unlock_key((folder / LOCKED_KEY_FILE).read_bytes(), passphrase)), None)
    except NoKeyOpens as error:
        raise HomeError(
            f"the passphrase does not unlock {entry.home}", hint="try again; nothing was changed"
        ) from error
    except CryptoError as error:
        raise HomeError(
            f"{name} was changed, or written by a newer program", hint="copy it from the twin medium"
        ) from error
    if name == LOCKED_KEY_FILE:
        return _upgraded(folder, unlocked.home_key, passphrase, is_home=is_home)
    if is_home:  # a killed upgrade leaves it behind
        overwrite_and_unlink(folder / LOCKED_KEY_FILE)
    return unlocked


def read_people(folder: Path) -> PeopleFile:
    """The people file of an unlocked home.

    Raises:
        HomeError: no passphrase protects this home, or the file was changed since.
    """
    try:
        return PeopleFile.parse((folder / PEOPLE_FILE).read_bytes())
    except FileNotFoundError as error:
        raise HomeError(
            "the key of this home has lain open on this disk: no passphrase would protect it now",
            hint="make a new home: backup, then restore with --passphrase-file FILE, or at a terminal",
        ) from error
    except CryptoError as error:
        raise HomeError(f"{PEOPLE_FILE} was changed", hint="copy it from the twin medium") from error


def passphrase_taken() -> HomeError:
    """The error for a new passphrase that unlocks the home already, that of any person."""
    return HomeError(
        "this passphrase unlocks this home already", hint="choose its words by dice: then it is no other person's"
    )


def _unlock_people(folder: Path, passphrase: str) -> UnlockedHome:
    place = PeopleFile.parse((folder / PEOPLE_FILE).read_bytes()).unlock(passphrase)
    if place.role is Role.MEMBER:
        raise MemberPassphrase(place)
    return UnlockedHome(place.keys[0], place)


def _upgraded(folder: Path, home_key: RestKey, passphrase: str, *, is_home: bool) -> UnlockedHome:
    """Of a lock from before: the people file is on the disk before the old one is destroyed."""
    people = PeopleFile.begin(home_key, passphrase, name=FIRST_READER)
    if is_home:
        write_whole(folder / PEOPLE_FILE, people.to_bytes())
        overwrite_and_unlink(folder / LOCKED_KEY_FILE)
    return UnlockedHome(home_key, people.unlock(passphrase))
