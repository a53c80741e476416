"""The people of one home, in a file of one length: ``docs/formats/people-file.md``.

A place holds a person's own seed, locked by the passphrase of that person, and the keys of the home, wrapped to the
public half. So the keys can be replaced for all, while each passphrase is known to one person only. An empty place
holds random bytes and a wrap that no key opens: without a passphrase it looks like the others.
"""

import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from crypto.errors import Malformed, NewerFormat, NoKeyOpens
from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HybridSecretKey
from crypto.passphrases import locked_key
from crypto.passphrases.people_roster import (
    NAME_BYTES,
    PLACES,
    SEALED_BYTES,
    Person,
    Role,
    Roster,
    name_bytes,
    read_name,
    read_role,
)
from crypto.primitives import _hybrid, _sodium

_MAGIC: Final = b"tipline people file\n"
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">BIII")
_SALT_BYTES: Final = 16
_LOCK_BYTES: Final = _sodium.SECRETBOX_NONCE_BYTES + _sodium.AEAD_TAG_BYTES + _hybrid.SEED_BYTES
_WRAPPED_BYTES: Final = 1 + 2 * _hybrid.SEED_BYTES + 1 + NAME_BYTES
_WRAP_BYTES: Final = _hybrid.WRAP_OVERHEAD_BYTES + _WRAPPED_BYTES
_LOCKS_AT: Final = len(_MAGIC) + _HEADER.size + _SALT_BYTES
_WRAPS_AT: Final = _LOCKS_AT + PLACES * _LOCK_BYTES
_ROSTER_AT: Final = _WRAPS_AT + PLACES * _WRAP_BYTES
FILE_BYTES: Final = _ROSTER_AT + SEALED_BYTES


@dataclass(frozen=True, slots=True)
class UnlockedPlace:
    """One opened place.

    ``keys``: of a reader the home key and None; of a member its own key and that of the store.
    """

    place: int
    name: str
    role: Role
    own: HybridSecretKey = field(repr=False)
    keys: tuple[RestKey, RestKey | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """The file in its parts; a change gives another one."""

    costs: tuple[int, int, int]
    """Memory in KiB, passes and lanes of Argon2id."""
    salt: bytes
    locks: tuple[bytes, ...]
    wraps: tuple[bytes, ...]
    sealed_roster: bytes

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "PeopleFile":
        """Read the parts; nothing is derived or opened.

        Raises:
            Malformed, NewerFormat: no people file, or one that this program does not know.
        """
        raw = untrusted_bytes
        if not raw.startswith(_MAGIC) or len(raw) <= len(_MAGIC):
            raise Malformed("people file must begin with its magic")
        if raw[len(_MAGIC)] > _VERSION:
            raise NewerFormat(f"people file is of a newer version than {_VERSION}")
        if raw[len(_MAGIC)] < _VERSION:
            raise Malformed(f"version of a people file must be {_VERSION}")
        if len(raw) != FILE_BYTES:
            raise Malformed(f"people file must have {FILE_BYTES} bytes")
        _version, memory_kib, passes, lanes = _HEADER.unpack_from(raw, len(_MAGIC))
        locked_key.check_costs(memory_kib, passes, lanes)
        return cls(
            (memory_kib, passes, lanes),
            raw[_LOCKS_AT - _SALT_BYTES : _LOCKS_AT],
            _cut(raw[_LOCKS_AT:_WRAPS_AT], _LOCK_BYTES),
            _cut(raw[_WRAPS_AT:_ROSTER_AT], _WRAP_BYTES),
            raw[_ROSTER_AT:],
        )

    def to_bytes(self) -> bytes:
        """The file: 42,106 bytes."""
        header = _HEADER.pack(_VERSION, *self.costs)
        return b"".join((_MAGIC, header, self.salt, *self.locks, *self.wraps, self.sealed_roster))

    @classmethod
    def begin(cls, home_key: RestKey, passphrase: str, *, name: str) -> "PeopleFile":
        """A file with one reader, at a random place, and a new salt.

        Raises:
            ValueError: the passphrase is empty or longer than 1,024 characters.
            Malformed: no name of a person.
        """
        empty = cls(locked_key.WRITTEN_COSTS, _sodium.random_bytes(_SALT_BYTES), _noise(), (), b"")
        return empty._with_new_person(home_key, Roster({}), passphrase, name=name, role=Role.READER)

    def unlock(self, passphrase: str) -> UnlockedPlace:
        """The person of this passphrase.

        Raises:
            NoKeyOpens: no person's, or changed bytes.
            Malformed: its wrap holds something else.
        """
        place, own = self._find(self._stretch(passphrase))
        wrap, cut = self.wraps[place], _hybrid.ENCAPSULATION_BYTES
        raw = own.unwrap([(wrap[:cut], wrap[cut:])])
        if len(raw) != _WRAPPED_BYTES:
            raise Malformed(f"wrap of a person must hold {_WRAPPED_BYTES} bytes")
        role = read_role(raw[0])
        first, second = RestKey(raw[1:33]), raw[33:65]
        if role is Role.READER and any(second):
            raise Malformed("second key of a reader must be zeros")
        return UnlockedPlace(
            place,
            read_name(raw[65:]),
            role,
            own,
            (first, None if role is Role.READER else RestKey(second)),
        )

    def is_taken(self, passphrase: str) -> bool:
        """True if it opens a place: two people may not have the same passphrase."""
        try:
            self._find(self._stretch(passphrase))
        except NoKeyOpens:
            return False
        return True

    def roster(self, home_key: RestKey) -> Roster:
        """All people.

        Raises:
            NoKeyOpens, Malformed: another home key, or changed bytes.
        """
        return Roster.open_sealed(self.sealed_roster, home_key=home_key)

    def with_person(self, home_key: RestKey, passphrase: str, *, name: str, role: Role) -> "PeopleFile":
        """One person more, at a random empty place.

        Raises:
            ValueError: the passphrase is empty or too long, or no place is empty.
            Malformed: no name of a person.
        """
        return self._with_new_person(home_key, self.roster(home_key), passphrase, name=name, role=role)

    def with_passphrase(self, home_key: RestKey, unlocked: UnlockedPlace, passphrase: str) -> "PeopleFile":
        """Another passphrase for one person. A person who is alone gets a new salt as well.

        Raises:
            ValueError: the passphrase is empty or too long.
        """
        roster = self.roster(home_key)
        if len(roster.people) == 1:
            return PeopleFile.begin(home_key, passphrase, name=unlocked.name)
        return replace(self, locks=self._with_lock(unlocked.place, unlocked.own, passphrase))

    def with_own_passphrase(self, unlocked: UnlockedPlace, passphrase: str) -> "PeopleFile":
        """Another passphrase for a member, who has no home key. No wrap changes.

        Raises:
            ValueError: the passphrase is empty or too long.
        """
        return replace(self, locks=self._with_lock(unlocked.place, unlocked.own, passphrase))

    def with_roster(self, home_key: RestKey, roster: Roster, *, gone: int | None = None) -> "PeopleFile":
        """The people of ``roster`` under ``home_key``, each wrap new; the lock at ``gone`` is destroyed.

        All other locks stay: two copies of the file do not show which of them are empty.
        """
        noise = _noise()
        locks = tuple(noise[place] if place == gone else lock for place, lock in enumerate(self.locks))
        return replace(
            self, locks=locks, wraps=_wraps(home_key, roster.people), sealed_roster=roster.seal(home_key)
        )

    def _with_new_person(
        self, home_key: RestKey, roster: Roster, passphrase: str, *, name: str, role: Role
    ) -> "PeopleFile":
        free = [place for place in range(PLACES) if place not in roster.people]
        if not free:
            raise ValueError(f"a home has at most {PLACES} people")
        name_bytes(name)
        place, own = secrets.choice(free), HybridSecretKey.generate()
        people = {**roster.people, place: Person(name, role, own.public_key())}
        grown = replace(roster, people=people)
        return replace(
            self,
            locks=self._with_lock(place, own, passphrase),
            wraps=_wraps(home_key, people),
            sealed_roster=grown.seal(home_key),
        )

    def _with_lock(self, place: int, own: HybridSecretKey, passphrase: str) -> tuple[bytes, ...]:
        if not passphrase or len(passphrase) > locked_key.LONGEST_PASSPHRASE:
            raise ValueError(f"passphrase must have 1 to {locked_key.LONGEST_PASSPHRASE} characters")
        lock = _sodium.secretbox_seal(own.seed(), key=self._stretch(passphrase))
        return (*self.locks[:place], lock, *self.locks[place + 1 :])

    def _stretch(self, passphrase: str) -> bytes:
        """One derivation for all places: each of its own would cost a tenth of a second and more."""
        if not passphrase or len(passphrase) > locked_key.LONGEST_PASSPHRASE:
            raise NoKeyOpens(f"passphrase must have 1 to {locked_key.LONGEST_PASSPHRASE} characters")
        return locked_key.stretch(passphrase, salt=self.salt, costs=self.costs)

    def _find(self, wrapping: bytes) -> tuple[int, HybridSecretKey]:
        for place, lock in enumerate(self.locks):
            try:
                return place, HybridSecretKey(_sodium.secretbox_open(lock, key=wrapping))
            except NoKeyOpens:
                continue
        raise NoKeyOpens("passphrase opens no place of the people file")


def member_keys(home_key: RestKey, place: int) -> tuple[RestKey, RestKey]:
    """The keys of a member: its own, and the one of the store that all members share."""
    return home_key.derive(f"member {place}"), home_key.derive("store of members")


def _wraps(home_key: RestKey, people: Mapping[int, Person]) -> tuple[bytes, ...]:
    return tuple(_wrap(home_key, place, people.get(place)) for place in range(PLACES))


def _wrap(home_key: RestKey, place: int, person: Person | None) -> bytes:
    if person is None:
        # The secret half of this key is forgotten. The length and the form are those of every other wrap.
        plaintext, public_key = bytes(_WRAPPED_BYTES), HybridSecretKey.generate().public_key()
    else:
        keys = home_key.seed() + bytes(_hybrid.SEED_BYTES)
        if person.role is Role.MEMBER:
            keys = b"".join(key.seed() for key in member_keys(home_key, place))
        plaintext, public_key = bytes([person.role]) + keys + name_bytes(person.name), person.public_key
    return b"".join(_hybrid.wrap(plaintext, to=public_key.to_bytes()))


def _noise() -> tuple[bytes, ...]:
    return tuple(_sodium.random_bytes(_LOCK_BYTES) for _place in range(PLACES))


def _cut(raw: bytes, length: int) -> tuple[bytes, ...]:
    return tuple(raw[at : at + length] for at in range(0, len(raw), length))
