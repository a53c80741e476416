"""Shares of SLIP-39, after docs/formats/recovery-sheet.md; groups and exponents after SLIP-39 itself."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.second.refused import Refused, malformed

LIST = (Path(__file__).parents[2] / "tests" / "vectors" / "slip39_words.txt").read_bytes()
if hashlib.sha256(LIST).hexdigest() != "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3":
    raise ImportError("the word list is another one")
WORDS = LIST.decode("ascii").split()
GENERATOR = (
    0xE0E040,
    0x1C1C080,
    0x3838100,
    0x7070200,
    0xE0E0009,
    0x1C0C2412,
    0x38086C24,
    0x3090FC48,
    0x21B1F890,
    0x3F3F120,
)
HEAD_WORDS, CHECKSUM_WORDS = 4, 3
SHORTEST_VALUE = 16
DIGEST_AT, SECRET_AT = 254, 255
DIGEST = 4
ROUNDS = 4
ITERATIONS = 2_500


@dataclass(frozen=True)
class Share:
    """Counts and thresholds as people count them; `group` and `place` from 0."""

    set_number: int
    extendable: bool
    exponent: int
    group: int
    groups_needed: int
    groups: int
    place: int
    need: int
    value: bytes


def remainder(symbols: list[int]) -> int:
    """RS1024 over symbols of 10 bits: 1 when they end with their checksum."""
    state = 1
    for symbol in symbols:
        top = state >> 20
        state = (state & 0xFFFFF) << 10 ^ symbol
        for bit, constant in enumerate(GENERATOR):
            if top >> bit & 1:
                state ^= constant
    return state


def is_sound(places: list[int]) -> bool:
    """True if the checksum fits, by the customization string that the flag in the second word asks for."""
    if len(places) < HEAD_WORDS + CHECKSUM_WORDS:
        return False
    customization = b"shamir_extendable" if places[1] >> 4 & 1 else b"shamir"
    return remainder([*customization, *places]) == 1


def number_of(places: Sequence[int]) -> int:
    number = 0
    for place in places:
        number = number << 10 | place
    return number


def share_of(places: list[int]) -> Share:
    """The fields of a share, whose checksum is looked at elsewhere."""
    spare = (len(places) - HEAD_WORDS - CHECKSUM_WORDS) * 10
    padding = spare % 16
    length = (spare - padding) // 8
    if length < SHORTEST_VALUE or padding > 8:
        raise malformed()
    head = number_of(places[:HEAD_WORDS])
    value = number_of(places[HEAD_WORDS:-CHECKSUM_WORDS])
    if value >> 8 * length:
        raise malformed()
    group, groups_needed, groups, place, need = (head >> shift & 15 for shift in (16, 12, 8, 4, 0))
    if groups_needed > groups:
        raise malformed()
    return Share(
        set_number=head >> 25,
        extendable=bool(head >> 24 & 1),
        exponent=head >> 20 & 15,
        group=group,
        groups_needed=groups_needed + 1,
        groups=groups + 1,
        place=place,
        need=need + 1,
        value=value.to_bytes(length, "big"),
    )


def times(one: int, other: int) -> int:
    """In GF(256) with x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (0x11B if one & 0x80 else 0)
        other >>= 1
    return product


def inverse(one: int) -> int:
    """Its power 254."""
    power = 1
    for _ in range(254):
        power = times(power, one)
    return power


def at(x: int, points: dict[int, bytes]) -> bytes:
    """Lagrange's interpolation, byte by byte."""
    found = bytes(len(next(iter(points.values()))))
    for own, value in points.items():
        weight = 1
        for other in points:
            if other != own:
                weight = times(weight, times(x ^ other, inverse(own ^ other)))
        found = bytes(left ^ times(weight, right) for left, right in zip(found, value, strict=True))
    return found


def join(points: dict[int, bytes], need: int) -> bytes:
    """The secret of enough points, when its digest is right. One point alone is the thing itself."""
    if len(points) != need or len({len(value) for value in points.values()}) != 1:
        raise Refused("no key opens")
    if need == 1:
        return next(iter(points.values()))
    secret, digest = at(SECRET_AT, points), at(DIGEST_AT, points)
    if not hmac.compare_digest(hmac.digest(digest[DIGEST:], secret, "sha256")[:DIGEST], digest[:DIGEST]):
        raise Refused("no key opens")
    return secret


def unseal(sealed: bytes, *, passphrase: bytes, share: Share) -> bytes:
    """The secret, by four Feistel rounds. Any passphrase opens; another one gives another secret."""
    half = len(sealed) // 2
    left, right = sealed[:half], sealed[half:]
    salt = b"" if share.extendable else b"shamir" + share.set_number.to_bytes(2, "big")
    for step in reversed(range(ROUNDS)):
        password = bytes([step]) + passphrase
        mask = hashlib.pbkdf2_hmac("sha256", password, salt + right, ITERATIONS << share.exponent, half)
        left, right = right, bytes(one ^ other for one, other in zip(left, mask, strict=True))
    return right + left


def secret_of(shares: list[Share], *, passphrase: bytes = b"") -> bytes:
    """Of exactly as many groups, and in each of exactly as many members, as it takes."""
    if not shares:
        raise Refused("no key opens")
    if len({common(share) for share in shares}) != 1:
        raise Refused("not for us")
    members: dict[int, list[Share]] = {}
    for share in shares:
        members.setdefault(share.group, []).append(share)
    groups = {group: group_value(inside) for group, inside in members.items()}
    return unseal(join(groups, shares[0].groups_needed), passphrase=passphrase, share=shares[0])


def common(share: Share) -> tuple[int, ...]:
    """The fields that are the same on all shares of a set."""
    return (
        share.set_number,
        share.extendable,
        share.exponent,
        share.groups_needed,
        share.groups,
        len(share.value),
    )


def group_value(members: Sequence[Share]) -> bytes:
    points: dict[int, bytes] = {}
    for share in members:
        if share.need != members[0].need:
            raise Refused("not for us")
        if share.place in points:
            raise Refused("replayed" if points[share.place] == share.value else "forked")
        points[share.place] = share.value
    return join(points, members[0].need)
