"""Bech32 (BIP 173) without its length limit, as age prints recipients and identities.

Our own, and short, because the packages of that name keep the limit of 90 characters; a hybrid key has 1,959.
"""

from collections.abc import Iterable

from crypto.errors import Malformed

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PLACE = {letter: place for place, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LETTERS = 6
_LONGEST = 4096


def encode(prefix: str, payload: bytes) -> str:
    """``prefix``, ``1``, the payload in 5-bit letters and a checksum, in lower case."""
    letters = _regroup(payload, from_bits=8, to_bits=5, pad=True)
    checksum = _polymod([*_spread(prefix), *letters, *[0] * _CHECKSUM_LETTERS]) ^ 1
    tail = [(checksum >> 5 * (5 - place)) & 31 for place in range(_CHECKSUM_LETTERS)]
    return prefix + "1" + "".join(_ALPHABET[letter] for letter in [*letters, *tail])


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
    try:
        letters = [_PLACE[letter] for letter in tail]
    except KeyError as error:
        raise Malformed("key text has a letter that bech32 does not use") from error
    if _polymod([*_spread(prefix), *letters]) != 1:
        raise Malformed("checksum of the key text is wrong: was it cut or mistyped?")
    return bytes(_regroup(letters[:-_CHECKSUM_LETTERS], from_bits=5, to_bits=8, pad=False))


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if top >> bit & 1:
                checksum ^= generator
    return checksum


def _regroup(values: Iterable[int], *, from_bits: int, to_bits: int, pad: bool) -> list[int]:
    kept = bits = 0
    groups: list[int] = []
    for value in values:
        kept = kept << from_bits | value
        bits += from_bits
        while bits >= to_bits:
            bits -= to_bits
            groups.append(kept >> bits & (1 << to_bits) - 1)
        kept &= (1 << bits) - 1
    if pad and bits:
        groups.append(kept << to_bits - bits & (1 << to_bits) - 1)
    elif not pad and (bits >= from_bits or kept):
        raise Malformed("key text has padding that is not zero")
    return groups
