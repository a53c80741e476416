"""Bech32 (BIP 173) without its length limit, as age prints recipients and identities.

Our own, and short, because the packages of that name keep the limit of 90 characters; a hybrid key has 1,959.
"""

import base64
from collections.abc import Iterable
from functools import reduce
from operator import xor

from crypto.errors import Malformed

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_LETTERS = frozenset(_ALPHABET)
_TO_PLACES = str.maketrans({letter: chr(place) for place, letter in enumerate(_ALPHABET)})
_TO_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_FROM_BASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)
"""Base32 of RFC 4648 groups the bits in the same way, under other letters."""
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# What the five top bits of the checksum add to it: a look-up for each letter, as a manifest has hundreds of keys.
_ADDED = tuple(
    reduce(xor, (generator for bit, generator in enumerate(_GENERATOR) if top >> bit & 1), 0) for top in range(32)
)
_CHECKSUM_LETTERS = 6
_LONGEST = 4096


def encode(prefix: str, payload: bytes) -> str:
    """``prefix``, ``1``, the payload in 5-bit letters and a checksum, in lower case."""
    letters = base64.b32encode(payload).decode().rstrip("=").translate(_FROM_BASE32)
    checksum = _polymod([*_spread(prefix), *_places(letters), *[0] * _CHECKSUM_LETTERS]) ^ 1
    tail = [(checksum >> 5 * (5 - place)) & 31 for place in range(_CHECKSUM_LETTERS)]
    return prefix + "1" + letters + "".join(_ALPHABET[place] for place in tail)


def decode(prefix: str, untrusted_text: str) -> bytes:
    """The payload behind ``prefix``; all upper case or all lower case, as BIP 173 demands.

    Raises:
        Malformed: another prefix, a foreign letter, mixed case, a wrong checksum, padding that is not zero.
    """
    if len(untrusted_text) > _LONGEST or not untrusted_text.isascii():
        # Without this a Kelvin sign would pass for a k: Unicode calls that its lower case.
        raise Malformed("key text must be plain letters, at most 4,096 of them")
    if untrusted_text not in (untrusted_text.lower(), untrusted_text.upper()):
        raise Malformed("key text must be in one case")
    text = untrusted_text.lower()
    start, separator, tail = text.rpartition("1")
    if not separator or start != prefix or len(tail) < _CHECKSUM_LETTERS:
        raise Malformed(f"key text must begin with {prefix}1")
    if not _LETTERS.issuperset(tail):
        raise Malformed("key text has a letter that bech32 does not use")
    if _polymod([*_spread(prefix), *_places(tail)]) != 1:
        raise Malformed("checksum of the key text is wrong: was it cut or mistyped?")
    return _payload_of(tail[:-_CHECKSUM_LETTERS])


def _places(letters: str) -> bytes:
    """The position of each letter in the alphabet."""
    return letters.translate(_TO_PLACES).encode("ascii")


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value ^ _ADDED[checksum >> 25]
    return checksum


def _payload_of(letters: str) -> bytes:
    """The bytes that stand in these letters, five bits in each, the first ones first.

    Python reads a number of any length to the base of 32 in one go; letter by letter it would cost half of the time
    that a manifest takes.
    """
    spare = 5 * len(letters) % 8
    number = int(letters.translate(_TO_DIGITS), 32) if letters else 0
    if spare >= 5 or number & (1 << spare) - 1:
        raise Malformed("key text has padding that is not zero")
    return (number >> spare).to_bytes(5 * len(letters) // 8, "big")
