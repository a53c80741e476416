"""The normal form in which names of places and months are compared."""

import unicodedata
from functools import lru_cache
from typing import Final

LETTER_MARKS: Final = r"\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e4e"
"""Indic and Thai marks: they belong to the letter before them, and are no word letters to ``re``."""

ALIKE: Final = ("اأإآٱ", "يیىئ", "كک", "هةۀہۃ")
"""Arabic letters that are written for each other; the first of each row is the folded one."""

_FOLDED: Final = {ord(letter): one[0] for one in ALIKE for letter in one} | {
    0x640: None,
    0x200C: " ",
    ord("’"): "'",
    ord("ʼ"): "'",
}


def fold(name: str) -> str:
    """A name in small letters with single blanks, without marks on Latin, Cyrillic and Arabic letters."""
    if name.isascii():
        return " ".join(name.lower().split())
    marked = unicodedata.normalize("NFD", name.casefold().translate(_FOLDED))
    kept = "".join(one for one in marked if not ("\u0300" <= one <= "\u036f" or "\u064b" <= one <= "\u0670"))
    return " ".join(unicodedata.normalize("NFC", kept).translate(_FOLDED).split())


@lru_cache(maxsize=1 << 14)
def place_key(name: str) -> str:
    """The key of a place: folded, and with a blank for each hyphen."""
    return fold(name.replace("-", " ").replace("\u2010", " ").replace("\u2013", " "))


class _EvenLetters(dict[int, int]):
    """The letter without marks for each letter, one for one, computed at its first use."""

    def __missing__(self, code: int) -> int:
        self[code] = even = _even(code)
        return even


def _even(code: int) -> int:
    told = _FOLDED.get(code)
    if isinstance(told, str):
        return ord(told)
    base = unicodedata.normalize("NFD", chr(code))
    has_marks = len(base) > 1 and all(
        "\u0300" <= mark <= "\u036f" or "\u064b" <= mark <= "\u0670" for mark in base[1:]
    )
    if not has_marks:
        return code
    told = _FOLDED.get(ord(base[0]))
    return ord(told) if isinstance(told, str) else ord(base[0])


_EVEN: Final = _EvenLetters()


def even(text: str) -> str:
    """The text without marks on its letters, letter for letter: each letter keeps its place and its size."""
    return text if text.isascii() else text.translate(_EVEN)
