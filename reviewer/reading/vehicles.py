"""Ships, vehicles and documents: IMO and MMSI numbers, plates, VINs, numbers of passports.

A plate or a document number has no checksum, so most forms count only behind a word that announces one, as "plate"
or "passport" in many languages (``words.toml``). Plates of a form that hardly anything else has count without.
"""

import re
from collections.abc import Iterator
from typing import Final

from reviewer.reading.cues import cue_pattern
from reviewer.reading.plain_text import near_figures

_CUE_LETTERS: Final = 40
"""How far in front of a number a word may stand that announces it."""

_SHIP: Final = re.compile(
    r"(?<!\w)(IMO|MMSI)[ :#.\-]{0,3}(?:no\.?|nr\.?|number)?[ :#.]{0,2}([0-9]{7,9})(?!\w)", re.IGNORECASE
)
_IMO_WEIGHTS: Final = range(7, 1, -1)
_IMO_DIGITS, _MMSI_DIGITS = 7, 9

_VIN: Final = re.compile(r"(?<!\w)[A-HJ-NPR-Z0-9]{17}(?!\w)")
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))

_PLATES: Final = re.compile(
    "|".join(
        (
            r"[A-ZÄÖÜ]{1,3}[ ]?-[ ]?[A-ZÄÖÜ]{1,2}[ \-]?[0-9]{1,4}[EH]?",  # Germany
            r"[A-Z]{2}[0-9]{2}[ ]?[A-Z]{3}",  # Great Britain
            r"[A-Z]{2}[ \-][0-9]{3}[ \-][A-Z]{2}",  # France, Italy
            r"[A-Z]{1,2}[ \-][0-9]{2,3}[ \-][A-Z]{3}",  # Romania
            r"[АВЕКМНОРСТУХ][ ]?[0-9]{3}[ ]?[АВЕКМНОРСТУХ]{2}[ ]?[0-9]{2,3}",  # Russia
            r"[АВСЕНІКМОРТХ]{2}[ ]?[0-9]{4}[ ]?[АВСЕНІКМОРТХ]{2}",  # Ukraine
        )
    )
)
_ANY_PLATE: Final = re.compile(r"[^\W\d_]{0,4}[ \-]?[0-9]{1,5}(?:[ \-]?[^\W\d_]{1,3}(?:[ \-]?[0-9]{1,4})?)?(?!\w)")
_DOCUMENT: Final = re.compile(r"(?<!\w)[A-Z]{0,3}[ ]?[0-9][0-9A-Z]{4,13}(?!\w)", re.IGNORECASE)

_PLATE_CUES: Final = cue_pattern("plate")
_DOCUMENT_CUES: Final = cue_pattern("document")
_FILLING: Final = re.compile(r"[\s:.#№\-]*(?:(?:no|nr|number|is|ist|es|номер|n°|nº)[\s:.]*)?", re.IGNORECASE)

Stretch = tuple[int, int, str]


def ships(text: str) -> Iterator[Stretch]:
    """Begin, end and reading of each IMO number and each MMSI of nine digits.

    The reading is empty where the check digit of an IMO number is wrong.
    """
    for found in near_figures(_SHIP, text):
        name, digits = found[1].lower(), found[2]
        is_imo = name == "imo" and len(digits) == _IMO_DIGITS
        total = sum(weight * int(digit) for weight, digit in zip(_IMO_WEIGHTS, digits, strict=False))
        if is_imo or (name == "mmsi" and len(digits) == _MMSI_DIGITS):
            is_right = not is_imo or total % 10 == int(digits[-1])
            yield found.start(), found.end(), f"{name}:{digits}" if is_right else ""


def plates(text: str) -> Iterator[Stretch]:
    """Begin, end and reading of each plate and VIN: capitals and digits without blanks and hyphens."""
    for found in near_figures(_VIN, text):
        if _is_vin(found[0]):
            yield found.start(), found.end(), f"vin:{found[0]}"
    for found in near_figures(_PLATES, text):
        around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
        if not any(letter.isalnum() for letter in around) and any(letter.isdigit() for letter in found[0]):
            yield found.start(), found.end(), _compact(found[0])
    for first, end in _behind(text, _PLATE_CUES, _ANY_PLATE):
        if any(letter.isalpha() for letter in text[first:end]) and end - first > 3:
            yield first, end, _compact(text[first:end])


def documents(text: str) -> Iterator[Stretch]:
    """Begin, end and reading of each number behind a word for a passport or an identity card."""
    for first, end in _behind(text, _DOCUMENT_CUES, _DOCUMENT):
        yield first, end, _compact(text[first:end])


def _behind(text: str, cues: re.Pattern[str], form: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for cue in cues.finditer(text):
        begins = _FILLING.match(text, cue.end())
        at = begins.end() if begins is not None else cue.end()
        if at - cue.end() <= _CUE_LETTERS and (found := form.match(text, at)) is not None:
            yield found.start(), found.end()


def _compact(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _is_vin(vin: str) -> bool:
    """Check digit of ISO 3779 as used in North America; a VIN from elsewhere counts only where it has one."""
    values = [int(letter) if letter.isdigit() else int(_VIN_VALUES[letter]) for letter in vin]
    rest = sum(value * weight for value, weight in zip(values, _VIN_WEIGHTS, strict=True)) % 11
    return vin[8] == ("X" if rest == 10 else str(rest)) and not vin.isdigit()
