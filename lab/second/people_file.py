"""The people of a home, after docs/formats/people-file.md."""

import unicodedata

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from lab.second import argon2id
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey
from lab.second.refused import Refused, malformed, newer

Opened = tuple[int, str, bytes, list[str | None] | None]
"""Place, name, both keys; and the names at all places, for a reader."""


def open_people(raw: bytes, passphrase: str) -> Opened:
    if raw[:20] != b"tipline people file\n" or len(raw) < 21 or raw[20] == 0:
        raise malformed()
    if raw[20] > 1:
        raise newer()
    if len(raw) != 42_106:
        raise malformed()
    memory_kib, passes, lanes = (int.from_bytes(raw[at : at + 4], "big") for at in (21, 25, 29))
    if not (65_536 <= memory_kib <= 1_048_576 and 3 <= passes <= 16 and 1 <= lanes <= 4):
        raise malformed()
    if not 1 <= len(passphrase) <= 1024:
        raise Refused("no key opens")
    password = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    wrapping = argon2id.derive(password, raw[33:49], memory_kib=memory_kib, passes=passes, lanes=lanes)
    place, seed = _place(raw, wrapping)
    wrap = raw[1201 + place * 1266 :][:1266]
    inside = HybridKey(seed).unwrap(wrap[:1120], wrap[1120:])
    if inside is None:
        raise Refused("no key opens")
    role, keys, name = inside[0], inside[1:65], inside[65:]
    if role not in (1, 2) or (role == 1 and any(keys[32:])):
        raise malformed()
    person = _name(name)
    return place, person, keys, _names(raw[21_457:], keys[:32]) if role == 1 else None


def _place(raw: bytes, wrapping: bytes) -> tuple[int, bytes]:
    for place in range(16):
        lock = raw[49 + place * 72 :][:72]
        try:
            return place, SecretBox(wrapping).decrypt(lock[24:], lock[:24])
        except CryptoError:
            continue
    raise Refused("no key opens")


def _name(field: bytes) -> str:
    if not 1 <= field[0] <= 64 or any(field[1 + field[0] :]):
        raise malformed()
    try:
        name = field[1 : 1 + field[0]].decode("utf-8")
    except UnicodeDecodeError:
        raise malformed() from None
    if not name.isprintable() or name != name.strip():
        raise malformed()
    return name


def _names(sealed: bytes, home_key: bytes) -> list[str | None]:
    try:
        inside = SecretBox(hkdf(home_key, b"tipline/v1/rest/people")).decrypt(sealed[24:], sealed[:24])
    except CryptoError:
        raise Refused("no key opens") from None
    former, rows = inside[:97], inside[97:]
    if former[0] > 1 or (former[0] == 0 and any(former)):
        raise malformed()
    names: list[str | None] = []
    for at in range(0, len(rows), 1282):
        row = rows[at : at + 1282]
        if row[0] not in (0, 1, 2) or (row[0] == 0 and any(row)):
            raise malformed()
        names.append(_name(row[1:66]) if row[0] else None)
    return names
