"""The two forms of a facility's name or address: one that must be equal, and words that are compared.

The strict form keeps every letter and every number; case, accents, punctuation and blanks go. The words are Latin
letters, with short forms written out, as "road" for "Rd". Numbers stand apart in both: unit 6 is not unit 10.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reviewer.matching.name_form import latin_letters
from reviewer.supply.facility_vocabulary import is_legal_form, without_legal_signs, written_out

MOST_WORDS: Final = 40
"""Of one name or address; the strict form has no such limit."""

_CACHED: Final = 1 << 14
_KANA_VOICES: Final = frozenset("\u3099\u309a")
"""Marks that change a letter of Japanese into another one: they are no accents."""

_STROKED: Final = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
_VARIANTS: Final = re.compile("[\ufe00-\ufe0f]")
_NUMBER: Final = re.compile("[0-9]+")
_WORD: Final = re.compile("[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class StrictForm:
    """All letters and digits in one row, and the numbers among them as they were parted."""

    letters: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacilityText:
    """A name or an address for comparison: words without legal forms, and numbers."""

    words: tuple[str, ...]
    numbers: frozenset[str]


@lru_cache(maxsize=_CACHED)
def strict_form(text: str) -> StrictForm:
    """The form in which texts are equal that differ in case, accents, punctuation and blanks only."""
    plain = _plain(text)
    letters = "".join(one for one in plain if one.isalnum() or unicodedata.category(one).startswith("M"))
    return StrictForm(letters, tuple(_NUMBER.findall(plain)))


def _plain(text: str) -> str:
    # A number sign, as ² or ½, stands apart: "5²" is not 52.
    parted = "".join(f" {one} " if unicodedata.category(one) == "No" else one for one in text)
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", parted).casefold())
    bare = "".join(one for one in folded if not unicodedata.combining(one) or one in _KANA_VOICES)
    whole = unicodedata.normalize("NFC", _VARIANTS.sub("", bare)).translate(_STROKED)
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in whole)


@lru_cache(maxsize=_CACHED)
def facility_text(text: str) -> FacilityText:
    """The words of a name or an address in Latin letters, at most 40, and its numbers."""
    # Letters that stand alone between dots are one word: "S.A." is "SA".
    joined = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", _plain(text))
    found = _WORD.findall(latin_letters(without_legal_signs(joined)).lower().replace("'", ""))[:MOST_WORDS]
    words = [written_out(word) for word in found if not word.isdecimal()]
    kept = [word for word in words if not is_legal_form(word)] or words
    return FacilityText(tuple(kept), frozenset(word.lstrip("0") or "0" for word in found if word.isdecimal()))
