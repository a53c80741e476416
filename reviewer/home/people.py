"""The people of an open home: each has a passphrase, and one of them has unlocked it now."""

from dataclasses import replace
from pathlib import Path

from crypto.errors import CryptoError, Malformed
from crypto.keys.at_rest import RestKey
from crypto.passphrases.people_file import PeopleFile, UnlockedPlace
from crypto.passphrases.people_roster import Role, Roster, name_bytes
from reviewer.casebook.log import UNNAMED
from reviewer.errors import HomeError
from reviewer.home import replacing_keys
from reviewer.home.keyring import Keyring, replace_and_overwrite
from reviewer.home.lock import PEOPLE_FILE, UnlockedHome, passphrase_taken, read_people


class HomePeople:
    """The people file of one home, as the reader sees it who unlocked the home."""

    def __init__(self, folder: Path, unlocked: UnlockedHome) -> None:
        self._folder = folder
        self.unlocked = unlocked

    @property
    def name(self) -> str:
        """The name of the person who unlocked it, as the log has it."""
        return self.unlocked.person

    def own_key(self) -> RestKey:
        """A key that no other person of the home has; without a passphrase there is one for all."""
        place = self.unlocked.place
        return self.unlocked.home_key if place is None else RestKey(place.own.seed())

    def all(self) -> Roster:
        """All people, by their places.

        Raises:
            HomeError: no passphrase protects the home, or the file was changed.
        """
        try:
            return read_people(self._folder).roster(self.unlocked.home_key)
        except CryptoError as error:
            raise HomeError(f"{PEOPLE_FILE} was changed", hint="copy it from the twin medium") from error

    def lock_by(self, passphrase: str) -> None:
        """Another passphrase for this person; killed at any moment, the new or the old one unlocks the home.

        Raises:
            HomeError: it unlocks the home already.
        """
        people, place = self.require_free(passphrase), self._place()
        self._write(people.with_passphrase(self.unlocked.home_key, place, passphrase))
        # A person who is alone gets another place.
        self.unlocked = UnlockedHome(self.unlocked.home_key, read_people(self._folder).unlock(passphrase))

    def add(self, name: str, role: Role, passphrase: str) -> None:
        """Let one more person in, from now on.

        Raises:
            HomeError: another person has this name or passphrase, or no place is empty.
        """
        people = self.require_new(name, passphrase)
        try:
            self._write(people.with_person(self.unlocked.home_key, passphrase, name=name, role=role))
        except ValueError as error:
            raise HomeError(str(error), hint="remove a person who does not work here any more") from error

    def rename(self, name: str) -> None:
        """Another name for this person, in the list and in the lines of the log from now on.

        Raises:
            HomeError: another person has this name.
        """
        self.require_new(name)
        roster, place = self.all(), self._place()
        named = {**roster.people, place.place: replace(roster.people[place.place], name=name)}
        changed = read_people(self._folder).with_roster(self.unlocked.home_key, replace(roster, people=named))
        self._write(changed)
        self.unlocked = UnlockedHome(self.unlocked.home_key, replace(place, name=name))

    def place_of(self, name: str) -> int:
        """The place of the person of this name.

        Raises:
            HomeError: there is none.
        """
        for place, person in self.all().people.items():
            if person.name == name:
                return place
        raise HomeError("no person of this home has that name", hint="tipline-review people list HOME names all")

    def require_removable(self, name: str) -> None:
        """Return when this person can be removed by the one who unlocked the home.

        Raises:
            HomeError: no such person, or the one who asks.
        """
        if self.place_of(name) == self._place().place:
            raise HomeError("you cannot remove yourself", hint="another reader of this home can")

    def begin_removal(self, name: str, keyring: Keyring) -> None:
        """Destroy the lock of a person, and give all others a new home key, in one step.

        What the former key seals is sealed again afterwards: see :mod:`reviewer.home.replacing_keys`.

        Raises:
            HomeError: no such person, or the one who asks.
        """
        self.require_removable(name)
        gone, mine, roster = self.place_of(name), self._place(), self.all()
        left = Roster({place: person for place, person in roster.people.items() if place != gone})
        home_key = replacing_keys.begin(
            self._folder, read_people(self._folder), left, keyring, old=self.unlocked.home_key, gone=gone
        )
        self.unlocked = UnlockedHome(home_key, replace(mine, keys=(home_key, None)))

    def _place(self) -> UnlockedPlace:
        read_people(self._folder)  # it says why, where no passphrase protects the home
        if self.unlocked.place is None:
            raise HomeError("this home was unlocked without a passphrase", hint="open it again with one")
        return self.unlocked.place

    def require_free(self, passphrase: str) -> PeopleFile:
        """Return the people file when no person has this passphrase.

        Raises:
            HomeError: it unlocks the home already.
        """
        people = read_people(self._folder)
        if people.is_taken(passphrase):
            raise passphrase_taken()
        return people

    def require_new(self, name: str, passphrase: str | None = None) -> PeopleFile:
        """Return the people file when a person can have this name, and this passphrase.

        Raises:
            HomeError: one of them is taken, or it is no name.
        """
        try:
            name_bytes(name)
        except Malformed as error:
            raise HomeError(str(error)) from error
        taken = {person.name.casefold() for person in self.all().people.values()} | {UNNAMED}
        if name.casefold() in taken:
            raise HomeError("a person of this home has that name already", hint="give another name")
        return read_people(self._folder) if passphrase is None else self.require_free(passphrase)

    def _write(self, people: PeopleFile) -> None:
        replace_and_overwrite(self._folder / PEOPLE_FILE, people.to_bytes())
