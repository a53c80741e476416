"""Vectors of ``docs/formats/people-file.md``, made with PyNaCl; only the wrap is the program's own.

The sound file has a reader at place 3 and a member at place 9. All other vectors are edits of it.
"""

import struct
from typing import Any

from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from crypto.primitives import _hybrid
from tests.vectors.book import (
    HERE,
    MALFORMED,
    NEWER,
    NO_KEY_OPENS,
    OPENS,
    Piece,
    VectorBook,
    differing,
    part_of,
    plain,
)
from tests.vectors.foreign_primitives import hkdf

FILE = "people_file_sound.bin"
MAGIC = b"tipline people file\n"
HOME_KEY = bytes(range(32))
SALT, NONCE = bytes(range(100, 116)), bytes(range(200, 224))
READER, MEMBER = 3, 9
COMPOSED = "a na\N{LATIN SMALL LETTER I WITH DIAERESIS}ve member"
COMPOSED = "a na\N{LATIN SMALL LETTER I WITH DIAERESIS}ve member"
PASSPHRASES = {READER: "correct horse battery staple", MEMBER: COMPOSED}
NAMES = {READER: "Amal", MEMBER: "N\N{LATIN SMALL LETTER U WITH CIRCUMFLEX}r"}
SEEDS = {READER: b"\x31" * 32, MEMBER: b"\x32" * 32}
LOCKS_AT, WRAPS_AT, ROSTER_AT, LENGTH = 49, 1201, 21457, 42106
LOCK, WRAP = 72, 1266


def _name(text: str) -> bytes:
    return bytes([len(text.encode())]) + text.encode().ljust(64, b"\0")


def _rest(label: bytes) -> bytes:
    return hkdf(HOME_KEY, salt=b"", label=b"tipline/v1/rest/" + label)


def _keys(place: int) -> bytes:
    if place == READER:
        return HOME_KEY + bytes(32)
    return _rest(b"member %d" % place) + _rest(b"store of members")


def _wrap(place: int, plaintext: bytes) -> bytes:
    return b"".join(_hybrid.wrap(plaintext, to=_hybrid.public_key(SEEDS[place])))


def _wrapped(place: int, *, role: int | None = None, keys: bytes = b"", name: bytes = b"") -> bytes:
    number = role or (1 if place == READER else 2)
    return _wrap(place, bytes([number]) + (keys or _keys(place)) + (name or _name(NAMES[place])))


def _roster(*, former: bytes = bytes(97)) -> bytes:
    rows = b"".join(
        bytes([1 if place == READER else 2]) + _name(NAMES[place]) + _hybrid.public_key(SEEDS[place])
        if place in NAMES
        else bytes(1282)
        for place in range(16)
    )
    return SecretBox(_rest(b"people")).encrypt(former + rows, NONCE)


def sound() -> bytes:
    """The whole file; kept once it was made, because a wrap cannot be made again."""
    path = HERE / FILE
    if not path.exists():
        locks = [hkdf(bytes([place]), salt=b"", label=b"noise") * 3 for place in range(16)]
        locks = [lock[:LOCK] for lock in locks]
        for place, passphrase in PASSPHRASES.items():
            wrapping = argon2id.kdf(32, passphrase.encode(), SALT, opslimit=4, memlimit=65536 * 1024)
            locks[place] = SecretBox(wrapping).encrypt(SEEDS[place], NONCE)
        nobody = _hybrid.public_key(b"\x33" * 32)
        wraps = [
            _wrapped(place) if place in NAMES else b"".join(_hybrid.wrap(bytes(130), to=nobody))
            for place in range(16)
        ]
        header = struct.pack(">BIII", 1, 65536, 4, 1)
        path.write_bytes(MAGIC + header + SALT + b"".join(locks) + b"".join(wraps) + _roster())
    raw = path.read_bytes()
    assert len(raw) == LENGTH
    return raw


def _put(at: int, new: bytes) -> bytes:
    raw = sound()
    return raw[:at] + new + raw[at + len(new) :]


def _flipped(at: int) -> bytes:
    return _put(at, bytes([sound()[at] ^ 1]))


def _wrap_of(place: int, **changed: Any) -> bytes:
    return _put(WRAPS_AT + place * WRAP, _wrapped(place, **changed))


def fill() -> None:
    book = VectorBook("people_file")
    _add(book, "place_of_a_reader", OPENS, sound(), READER)
    _add(book, "place_of_a_member", OPENS, sound(), MEMBER)
    _add(book, "former_keys_there", OPENS, _put(ROSTER_AT, _roster(former=b"\x01" + b"\x44" * 96)), READER)
    for name, raw in (
        ("lock_flipped", _flipped(LOCKS_AT + READER * LOCK + 71)),
        ("lock_at_another_place", _moved_lock()),
        ("salt_flipped", _flipped(33)),
        ("passes_changed", _put(25, struct.pack(">I", 5))),
        ("wrap_flipped", _flipped(WRAPS_AT + READER * WRAP + WRAP - 1)),
        ("roster_flipped", _flipped(LENGTH - 1)),
        ("roster_nonce_flipped", _flipped(ROSTER_AT)),
    ):
        _add(book, name, NO_KEY_OPENS, raw, READER)
    _add(book, "passphrase_wrong", NO_KEY_OPENS, sound(), READER, passphrase="correct horse battery")
    _add(book, "passphrase_empty", NO_KEY_OPENS, sound(), READER, passphrase="")
    _add(book, "passphrase_of_1025_letters", NO_KEY_OPENS, sound(), READER, passphrase="x" * 1025)
    for name, raw in (
        ("magic_flipped", _flipped(0)),
        ("version_0", _put(20, b"\0")),
        ("memory_below_limit", _put(21, struct.pack(">I", 65535))),
        ("memory_above_limit", _put(21, struct.pack(">I", 1048577))),
        ("passes_below_limit", _put(25, struct.pack(">I", 2))),
        ("lanes_5", _put(29, struct.pack(">I", 5))),
        ("wrap_with_role_3", _wrap_of(READER, role=3)),
        ("wrap_of_a_reader_with_a_second_key", _wrap_of(READER, keys=HOME_KEY + b"\x01" * 32)),
        ("wrap_with_a_name_of_no_letters", _wrap_of(READER, name=bytes(65))),
        ("wrap_with_a_name_not_filled_up_with_zeros", _wrap_of(READER, name=_name("Amal")[:-1] + b"x")),
        ("wrap_with_a_name_of_bytes_that_are_no_text", _wrap_of(READER, name=b"\x02\xff\xfe" + bytes(62))),
        ("former_keys_there_in_part", _put(ROSTER_AT, _roster(former=b"\0" + b"\x44" * 96))),
        ("former_keys_with_mark_2", _put(ROSTER_AT, _roster(former=b"\x02" + b"\x44" * 96))),
    ):
        _add(book, name, MALFORMED, raw, READER)
    _add(book, "version_2", NEWER, _put(20, b"\x02"), READER)
    _add(book, "version_2_and_cut", NEWER, MAGIC + b"\x02", READER)
    for name, raw in (("length_one_short", sound()[:-1]), ("length_magic_only", MAGIC), ("length_0", b"")):
        _add(book, name, MALFORMED, raw, READER)
    book.save()


def _pieces(raw: bytes) -> list[Piece]:
    """A beginning of the sound file, or bytes that are short."""
    return [part_of(FILE, 0, len(raw))] if len(raw) > 1000 else [plain(raw)]


def _moved_lock() -> bytes:
    """The wrap beside it is another person's then."""
    at, to = LOCKS_AT + READER * LOCK, LOCKS_AT + MEMBER * LOCK
    raw = _put(to, sound()[at : at + LOCK])
    return raw[:at] + bytes(LOCK) + raw[at + LOCK :]


def _add(
    book: VectorBook, title: str, outcome: str, raw: bytes, place: int, *, passphrase: str | None = None
) -> None:
    told: dict[str, Any] = {
        "people": differing(raw, FILE) if len(raw) == LENGTH else _pieces(raw),
        "passphrase": PASSPHRASES[place] if passphrase is None else passphrase,
    }
    if outcome == OPENS:
        names = [NAMES.get(one) for one in range(16)] if place == READER else None
        told |= {"place": place, "person": NAMES[place], "keys": _keys(place).hex(), "names": names}
    book.add(title, outcome, lambda: told)
