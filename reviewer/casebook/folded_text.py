"""Folded text for searching: without case, accents, vowel points and punctuation; plain numerals.

What is looked for and what is looked through are folded alike. Each letter is folded by itself, so that a place in
the folded text leads back to the letter it came from.
"""

import re
import unicodedata
from typing import Final

SEARCHED_LETTERS: Final = 1 << 20
"""Of one submission, in all of its texts together; what stands behind is not found. That is five hundred pages."""

FEWEST_LETTERS: Final = 2
_PIECE: Final = 3  # what the index is cut into

# Accents of Latin, Greek and Cyrillic; vowel points of Hebrew and Arabic. Marks that are vowels of their own, as in
# Hindi, Bengali or Thai, stay: without them other words would be found.
_ACCENTS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_ALIKE: Final = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
        # Typed on an Arabic, a Persian or an Urdu keyboard.
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
    }
)
_HIDDEN: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
# Scripts that write no blank between words: there a word of two letters may stand anywhere.
NO_BLANKS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]{2,}"
)
_SHORT_WORD: Final = re.compile(r"(?<!\S)\S{2}(?!\S)")
_NUMBER: Final = re.compile(r"(?<!\d)\d++(?: \d++)+")  # never looked at twice: a hostile text may be all digits
SHORT: Final = "\ue000"
"""Stands before a short word. No folded text holds it: letters for private use are left out."""


class _Letters(dict[int, str]):
    """The folded form of each letter, computed at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _HIDDEN:
        return ""
    if (digit := unicodedata.decimal(letter, None)) is not None:
        return str(digit)
    if category[0] in "CZPS":
        return " "
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return _ACCENTS.sub("", whole).translate(_ALIKE)


_LETTERS: Final = _Letters()


def folded(text: str) -> str:
    """Letter by letter, each to nothing, one or several: the lengths differ, the order does not."""
    return text.translate(_LETTERS)


def spelled(word: str) -> str:
    """Case does not matter, nor which keyboard typed Arabic letters; accents do: "lan" is not "lần"."""
    composed = unicodedata.normalize("NFC", word).casefold()
    return composed if composed and composed[0] < "\u0600" else folded(composed)


def indexed(text: str) -> str:
    """The indexed form of a text: folded, numbers also without their blanks, short words marked."""
    words = " ".join(folded(text).split())
    numbers = (found[0].replace(" ", "") for found in _NUMBER.finditer(words))
    return "\n".join((words, *dict.fromkeys(numbers), "".join(sorted(_short_words(words)))))


def _short_words(words: str) -> set[str]:
    short = set(_SHORT_WORD.findall(words))
    for run in NO_BLANKS.findall(words):
        short.update(run[at : at + 2] for at in range(len(run) - 1))
    return {SHORT + word for word in short}


def wanted(words: str) -> str:
    """A search term in the form of :func:`indexed`; empty if it is too short."""
    plain = " ".join(folded(words).split())
    if plain.replace(" ", "").isdecimal():
        plain = plain.replace(" ", "")
    if len(plain) < FEWEST_LETTERS:
        return ""
    return plain if len(plain) >= _PIECE else SHORT + plain
