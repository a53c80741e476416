"""Acts of a reader on the people of a home; each has its line in the log first.

The removal of a person replaces every key of the home. What was copied before stays open to that person: a copy of
the disk, a twin medium, the keys of weeks that were noted. :data:`AFTER_REMOVAL` says what staff must do.
"""

import datetime as dt
from contextlib import suppress

from crypto.passphrases.people_roster import Person, Role
from reviewer.home.home import Home
from reviewer.home.keyring import FORMER_KEY
from reviewer.people.giving import take_in, take_in_acts, waiting
from reviewer.twin.twin import has_twin, note_old_passphrase
from system.errors import ProgramError

ROLES = {"reader": Role.READER, "member": Role.MEMBER}
AFTER_REMOVAL = (
    "Copies made before still open with the removed passphrase: copies of this disk, old twin media, old backups.",
    "Bring the twin medium and write it again: tipline-review keys issue or keys offer, with --twin FOLDER.",
    "Make a new backup, and destroy the ones before.",
    "The removed person may have copied the keys of open weeks: issue new keys.",
    "If this person may work against you, join as a new reviewer, and remove this reviewer from the manifest.",
)


def list_people(home: Home) -> list[Person]:
    """All people of the home by name.

    Raises:
        HomeError: no passphrase protects it.
    """
    return sorted(home.people.all().people.values(), key=lambda person: person.name.casefold())


def add_person(home: Home, name: str, role: Role, passphrase: str, *, today: dt.date) -> None:
    """Let one more person in.

    Raises:
        HomeError: the name or the passphrase is taken, or there is no place.
    """
    home.people.require_new(name, passphrase)
    home.casebook.log.add(f"{role.name.lower()} added", name, today=today)
    home.people.add(name, role, passphrase)


def remove_person(home: Home, name: str, *, today: dt.date) -> None:
    """Remove a person and replace every key of the home. Long, where the casebook is large.

    Raises:
        HomeError: no such person, the one who asks, or a disk without room; nothing is changed then.
    """
    home.people.require_removable(name)
    home.require_room()
    with suppress(ProgramError):  # a damaged store of members keeps no removal back
        take_in_acts(home, today=today)
        for one in waiting(home):
            if one.person == name:
                with suppress(ProgramError):  # its tip is gone, and the note with it
                    take_in(home, one, today=today)
    with home.casebook.changing():
        home.casebook.log.add("person removed", name, today=today)
        note_old_passphrase(home)
    home.remove_person(name)
    if not has_twin(home):
        home.keyring.destroy(FORMER_KEY)


def rename_self(home: Home, name: str, *, today: dt.date) -> None:
    """Another name for the person who unlocked the home.

    Raises:
        HomeError: it is taken, or no name.
    """
    home.people.require_new(name)
    home.casebook.log.add("name changed", f"now {name}", today=today)
    home.people.rename(name)
    home.casebook.log.written_by(name)


def change_passphrase(home: Home, passphrase: str, *, today: dt.date) -> None:
    """Another passphrase for the person who unlocked the home.

    Raises:
        HomeError: it unlocks the home already.
    """
    home.people.require_free(passphrase)
    with home.casebook.changing():
        home.casebook.log.add("passphrase changed", "", today=today)
        note_old_passphrase(home)
    home.people.lock_by(passphrase)
