"""The commonest words of the site's languages, the words of street addresses and those of numbers.

``common_words.txt`` is written by ``scripts/word-data``; LICENCES.md beside it names its sources.
"""

import importlib.resources
from functools import cache
from typing import Final

TAGS: Final = (
    "ar", "bn", "en", "es", "fa", "fr", "hi", "pt", "ro", "ru", "th", "tl", "uk", "ur", "vi", "zh-Hans",
)  # fmt: skip
"""The languages of the site, as its pages name them."""

NAMES: Final = {
    "ar": "Arabic",
    "bn": "Bengali",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "hi": "Hindi",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "th": "Thai",
    "tl": "Filipino",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh-Hans": "Chinese",
}
"""In English, for staff."""


def common_words(tag: str) -> tuple[str, ...]:
    """The commonest words of a language as they are written, by frequency; none for another tag."""
    return _table("common_words.txt").get(tag, ())


def street_words(tag: str) -> tuple[str, ...]:
    """Words that stand in the address of a house, in the forms in which an answer would have them."""
    return _table("street_words.txt").get(tag, ())


def number_words(tag: str) -> tuple[str, ...]:
    """Words of numbers above one; none for languages that write signs.

    A word that is more often another word is left out.
    """
    return _table("number_words.txt").get(tag, ())


@cache
def _table(name: str) -> dict[str, tuple[str, ...]]:
    text = importlib.resources.files("reviewer.languages").joinpath(name).read_text(encoding="utf-8")
    return {tag: tuple(words.split()) for tag, words in (line.split("\t") for line in text.splitlines())}
