"""The people of one home as its readers see them: the sealed part of a people file.

See ``docs/formats/people-file.md`` for the bytes. Only the home key opens it.
"""

import enum
from dataclasses import dataclass, field
from typing import Final

from crypto.errors import Malformed
from crypto.keys.at_rest import RestKey
from crypto.keys.keys import HybridPublicKey
from crypto.primitives import _hybrid

PLACES: Final = 16
"""How many people one home can have."""
NAME_BYTES: Final = 64
_KEY_BYTES: Final = 32
_LABEL: Final = "people"
_FORMER_BYTES: Final = 3 * _KEY_BYTES
_ROW_BYTES: Final = 2 + NAME_BYTES + _hybrid.PUBLIC_KEY_BYTES
_LENGTH_BYTES: Final = 1 + _FORMER_BYTES + PLACES * _ROW_BYTES
SEALED_BYTES: Final = 40 + _LENGTH_BYTES


class Role(enum.IntEnum):
    """The rights of a person: a reader opens the home, a member only what was given to that member."""

    READER = 1
    MEMBER = 2


@dataclass(frozen=True, slots=True)
class Person:
    """One person; the home's keys are wrapped to ``public_key``."""

    name: str
    role: Role
    public_key: HybridPublicKey


@dataclass(frozen=True, slots=True)
class FormerKeys:
    """The keys before a removal, while what they seal is being sealed again."""

    home: RestKey = field(repr=False)
    casebook: RestKey = field(repr=False)
    envelopes: RestKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Roster:
    """All people by their place, and the former keys until nothing is left under them."""

    people: dict[int, Person]
    former: FormerKeys | None = None

    def seal(self, home_key: RestKey) -> bytes:
        """Always 20,649 bytes."""
        former = bytes(1 + _FORMER_BYTES)
        if self.former is not None:
            keys = (self.former.home, self.former.casebook, self.former.envelopes)
            former = b"\x01" + b"".join(key.seed() for key in keys)
        rows = b"".join(_row_bytes(self.people.get(place)) for place in range(PLACES))
        return home_key.seal(former + rows, label=_LABEL)

    @classmethod
    def open_sealed(cls, sealed: bytes, *, home_key: RestKey) -> "Roster":
        """Undo :meth:`seal`.

        Raises:
            NoKeyOpens: another key, or changed bytes.
            Malformed: a reader of the home wrote something else.
        """
        raw = home_key.open_sealed(sealed, label=_LABEL)
        if len(raw) != _LENGTH_BYTES:
            raise Malformed(f"list of people must have {_LENGTH_BYTES} bytes")
        rows = raw[1 + _FORMER_BYTES :]
        read = ((place, rows[place * _ROW_BYTES : (place + 1) * _ROW_BYTES]) for place in range(PLACES))
        people = {place: person for place, row in read if (person := _person(row)) is not None}
        return cls(people, _former(raw[: 1 + _FORMER_BYTES]))


def name_bytes(name: str) -> bytes:
    """A name with its length in front, filled up to 65 bytes.

    Raises:
        Malformed: it is empty, longer than 64 bytes in UTF-8, or has a character that is not printed.
    """
    raw = name.encode("utf-8", "replace")
    if not raw or len(raw) > NAME_BYTES or not name.isprintable() or name != name.strip():
        raise Malformed(f"name of a person must have 1 to {NAME_BYTES} bytes of printable text")
    return bytes([len(raw)]) + raw.ljust(NAME_BYTES, b"\0")


def read_name(raw: bytes) -> str:
    """Undo :func:`name_bytes`.

    Raises:
        Malformed: not what it gives.
    """
    try:
        name = raw[1 : 1 + raw[0]].decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("name of a person must be UTF-8") from error
    if name_bytes(name) != raw:
        raise Malformed("name of a person must be filled up with zeros")
    return name


def read_role(number: int) -> Role:
    """Raises Malformed where there is no such role."""
    try:
        return Role(number)
    except ValueError as error:
        raise Malformed("role of a person must be 1 or 2") from error


def _row_bytes(person: Person | None) -> bytes:
    if person is None:
        return bytes(_ROW_BYTES)
    return bytes([person.role]) + name_bytes(person.name) + person.public_key.to_bytes()


def _person(row: bytes) -> Person | None:
    if row[0] == 0:
        if any(row):
            raise Malformed("row without a person must be zeros")
        return None
    return Person(read_name(row[1 : 2 + NAME_BYTES]), read_role(row[0]), HybridPublicKey(row[2 + NAME_BYTES :]))


def _former(raw: bytes) -> FormerKeys | None:
    if raw[0] == 1:
        keys = (RestKey(raw[1 + at * _KEY_BYTES : 1 + (at + 1) * _KEY_BYTES]) for at in range(3))
        return FormerKeys(*keys)
    if any(raw):
        raise Malformed("former keys must be there as a whole, or be zeros")
    return None
