"""Bank accounts and crypto accounts: found by their form, and taken only where the checksum is right.

IBAN: ISO 13616, checked by ISO 7064 (97-10). Bitcoin: Base58Check, and Bech32 and Bech32m (BIP 173, BIP 350). Tron:
Base58Check of version 0x41. Ethereum addresses have a form only: their checksum needs a hash that is not in Python.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from reviewer.reading.cues import cue_pattern
from reviewer.reading.plain_text import near_figures

_GAP: Final = r"(?:[ \-.]|\r?\n)"
_IBAN: Final = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}[0-9]{{2}}(?:{_GAP}?[A-Za-z0-9]){{11,30}}(?![A-Za-z0-9])")
_IBAN_HEAD: Final = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[0-9]{2}[A-Za-z0-9]{0,36}(?![A-Za-z0-9])")
_IBAN_GROUP: Final = re.compile(rf"{_GAP}((?=[A-Za-z]*[0-9])[A-Za-z0-9]{{1,34}}|[A-Z]{{3,4}})(?![A-Za-z0-9])")
_MOST_AMISS: Final = 4
"""Letters that an IBAN may lack or have too many, so that its digits are still those of an account."""

_GROUPS_OF_FOUR: Final = re.compile(
    r"(?<![\w+])(?<![0-9][ \-.])(?:[A-Za-z]{1,2}[0-9]{0,2}[ \-.])?"
    r"[0-9]{4}(?: [0-9]{4}){3,7}(?: [0-9]{1,3})?(?!\w)"
)
_PHONES_OF_FOUR: Final = re.compile(
    r"00[0-9]{2}(?: [0-9]{4}){3}(?: [0-9])?|(0[0-9])[0-9]{2} [0-9]{4} [0-9]{4} \1[0-9]{2} [0-9]{4} [0-9]{4}"
)
"""Figures in groups of four, but one telephone number with 00 and a country code, or two that begin alike. No word
for an account stands in front."""

_WORD_LETTERS: Final = 24

_IBAN_TABLE: Final = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
    ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25
    QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
"""Country, and letters of an IBAN of it: SWIFT, IBAN Registry."""

_IBAN_LENGTHS: Final = {row[:2]: int(row[2:]) for row in _IBAN_TABLE.split()}
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_ADDRESS: Final = re.compile(rf"(?<![A-Za-z0-9])[13T][{_BASE58}]{{25,33}}(?![A-Za-z0-9])")
_BASE58_BYTES, _CHECK_BYTES = 25, 4
_VERSIONS: Final = {0x00: "btc", 0x05: "btc", 0x41: "trx"}

_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_ADDRESS: Final = re.compile(r"(?<![A-Za-z0-9])(?:bc1[a-z0-9]{11,71}|BC1[A-Z0-9]{11,71})(?![A-Za-z0-9])")
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS: Final = {True: 1, False: 0x2BC830A3}
"""The constant of the checksum: of Bech32 for witness version 0, of Bech32m for all later ones."""

_ETHEREUM: Final = re.compile(r"(?<![A-Za-z0-9])0x[0-9A-Fa-f]{40}(?![A-Za-z0-9])")

Stretch = tuple[int, int, str]


def ibans(text: str) -> Iterator[Stretch]:
    """Begin, end and compact form of each IBAN; an empty form where only the check digits are wrong."""
    at = 0
    while (found := _IBAN.search(text, at)) is not None:
        at = found.start() + 2
        compact, ends = [], []
        for place in range(found.start(), found.end()):
            if text[place].isalnum():
                compact.append(text[place].upper())
                ends.append(place + 1)
        length = _IBAN_LENGTHS.get("".join(compact[:2]), 0)
        if 0 < length <= len(compact):
            iban = "".join(compact[:length])
            # Words may follow without a break that the form shows; the length of the country decides.
            if length == len(compact) or not text[ends[length - 1]].isalnum():
                is_right = _is_checked(iban)
                if not is_right and "\n" in text[found.start() : ends[length - 1]]:
                    continue
                yield found.start(), ends[length - 1], iban if is_right else ""
                at = ends[length - 1]


def unchecked_accounts(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each stretch that looks like an account and is none.

    It is an IBAN of a wrong length, or has at least 16 digits in groups of four, as a card or an IBAN without its
    head. No other kind takes its digits.
    """
    for head in near_figures(_IBAN_HEAD, text):
        length, end = _IBAN_LENGTHS.get(head[1].upper(), 0), head.end()
        count = len(head[0])
        while count < length - 1 and (group := _IBAN_GROUP.match(text, end)) is not None:
            is_other_line = "\n" in group[0] and count >= length - _MOST_AMISS
            if is_other_line or count + len(group[1]) > length + _MOST_AMISS:
                break
            count, end = count + len(group[1]), group.end()
        if length and abs(count - length) <= _MOST_AMISS:
            yield head.start(), end
    for groups in near_figures(_GROUPS_OF_FOUR, text):
        before = text[max(0, groups.start() - _WORD_LETTERS) : groups.start()]
        if _PHONES_OF_FOUR.fullmatch(groups[0]) is None or cue_pattern("account").search(before) is not None:
            yield groups.span()


def _is_checked(iban: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1


def crypto_accounts(text: str) -> Iterator[Stretch]:
    """Begin, end and reading (``btc:``, ``trx:`` or ``eth:`` and the address) of each account."""
    for found in near_figures(_BASE58_ADDRESS, text):
        if (kind := _base58_kind(found[0])) is not None:
            yield found.start(), found.end(), f"{kind}:{found[0]}"
    for found in near_figures(_BECH32_ADDRESS, text):
        if _is_bech32(found[0].lower()):
            yield found.start(), found.end(), f"btc:{found[0].lower()}"
    for found in near_figures(_ETHEREUM, text):
        yield found.start(), found.end(), f"eth:{found[0].lower()}"


def _base58_kind(address: str) -> str | None:
    number = 0
    for letter in address:
        number = number * 58 + _BASE58.index(letter)
    if number >> (8 * _BASE58_BYTES):
        return None
    whole = number.to_bytes(_BASE58_BYTES, "big")
    content, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
    if hashlib.sha256(hashlib.sha256(content).digest()).digest()[:_CHECK_BYTES] != check:
        return None
    return _VERSIONS.get(content[0])


def _is_bech32(address: str) -> bool:
    prefix, _, data = address.rpartition("1")
    if prefix != "bc" or any(letter not in _BECH32 for letter in data):
        return False
    values = [_BECH32.index(letter) for letter in data]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    checksum = 1
    for value in spread + values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum == _BECH32_CONSTANTS[values[0] == 0]
