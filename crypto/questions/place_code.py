"""Place codes: five digits and a check digit, as they stand on a card: ``docs/formats/place-code.md``.

A code stands for a group of places, and only a reviewer knows which. Anyone else can verify the check digit.
"""

import unicodedata
from typing import Final

from crypto.errors import Malformed, Mistyped

NUMBER_DIGITS: Final = 5
CODE_DIGITS: Final = NUMBER_DIGITS + 1
LONGEST_TYPED: Final = 40
"""Letters that are looked at, blanks and hyphens among them."""

TABLE: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""The quasigroup of order 10 that H. M. Damm published in 2004: row is the digit so far, column the next one."""

_BETWEEN: Final = frozenset(" -‐‑‒–—·.\u00a0\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\u061c")
"""Marks that may stand between digits: blanks, dashes, dots, and those that keyboards of other directions add."""


def check_digit(digits: str) -> str:
    """The check digit of ASCII ``digits``; of a number with its own check digit it is ``0``."""
    interim = 0
    for digit in digits:
        interim = int(TABLE[interim][int(digit)])
    return str(interim)


def place_code_of(number: int) -> str:
    """The code, six ASCII digits, of a number from 0 to 99,999."""
    if not 0 <= number < 10**NUMBER_DIGITS:
        raise ValueError(f"the number of a place code must have at most {NUMBER_DIGITS} digits")
    digits = f"{number:0{NUMBER_DIGITS}}"
    return digits + check_digit(digits)


def read_place_code(untrusted_text: str) -> str:
    """The code, six ASCII digits, from what a person typed.

    Digits of any script count, with blanks or dashes between.

    Raises:
        Malformed: it has not six digits, or something else among them.
        Mistyped: the check digit does not belong to the others.
    """
    if len(untrusted_text) > LONGEST_TYPED:
        raise Malformed(f"a place code must have {CODE_DIGITS} digits")
    digits = "".join(_digit(letter) for letter in untrusted_text if letter not in _BETWEEN)
    if len(digits) != CODE_DIGITS:
        raise Malformed(f"a place code must have {CODE_DIGITS} digits")
    if check_digit(digits) != "0":
        raise Mistyped("the digits of this place code do not belong together")
    return digits


def _digit(letter: str) -> str:
    try:
        return str(unicodedata.decimal(letter))
    except ValueError:
        raise Malformed(f"a place code must have {CODE_DIGITS} digits and nothing else") from None
