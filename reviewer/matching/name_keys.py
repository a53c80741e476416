"""Keys by which names that may look alike are found among many, without comparing every pair.

A key is made of the consonants of one word, in classes of like sounds: what :mod:`reviewer.matching.word_likeness`
holds for nearly the same is one class. A key can be read as a name, more or less: it is forgotten with the name.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from reviewer.matching.name_form import NameWord, name_words, sound_of
from reviewer.matching.nicknames import nickname_rows

_LONGEST: Final = 4
"""Consonants of a word that count: behind them names differ by endings and typing errors."""

_CLASSES: Final = str.maketrans(
    {"Z": "S", "C": "S", "J": "S", "s": "S", "z": "S"}
    | dict.fromkeys("kgq", "K")
    | dict.fromkeys("bpf", "P")
    | dict.fromkeys("td", "T")
    | dict.fromkeys("nm", "N")
    | dict.fromkeys("rl", "L")
    | dict.fromkeys("aeiouhy")
)
_MOST_JOINED: Final = 4
"""Names with more words are not tried with two of them joined."""


def word_keys(name: str) -> list[frozenset[str]]:
    """The keys of each word of a name; an initial has none."""
    return [_keys(word) for word in name_words(name)]


def name_keys(name: str) -> list[frozenset[str]]:
    """The keys of each word, and then of each two neighbours, which may be one word elsewhere.

    Two names that look alike share at least one key.
    """
    words = name_words(name)
    keys = word_keys(name)
    if len(words) <= _MOST_JOINED:
        keys += [_keys(_joined(one, other)) for one, other in pairwise(words)]
    return keys


def name_form(name: str) -> str:
    """The words of a name by their sound, in one order; empty for a name without a letter."""
    return " ".join(sorted(word.sound for word in name_words(name)))


def is_one_word(name: str) -> bool:
    """True for a name of one word, beside initials: a given name, as a rule."""
    return sum(not word.is_initial for word in name_words(name)) <= 1


def _joined(one: NameWord, other: NameWord) -> NameWord:
    written = one.written + other.written
    has_vowels = one.has_vowels and other.has_vowels
    return NameWord(written, sound_of(written, has_vowels=has_vowels), has_vowels)


@lru_cache(maxsize=1 << 14)
def _keys(word: NameWord) -> frozenset[str]:
    if word.is_initial:
        return frozenset()
    return frozenset(_of_sound(word.sound)) | {f"#{row}" for row in nickname_rows(word.written)}


def _of_sound(sound: str) -> Iterator[str]:
    """With and without the letter that is a consonant in one script and a vowel in another."""
    for put in ("P", "") if "v" in sound else ("",):
        letters = sound.replace("v", put).translate(_CLASSES)
        folded = "".join(letter for at, letter in enumerate(letters) if at == 0 or letters[at - 1] != letter)
        yield folded[:_LONGEST] or "-"
