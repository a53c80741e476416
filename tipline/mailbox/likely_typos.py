"""Finds mistyped words or digits of a passphrase by the public word list, without any secret."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from crypto.passphrases.passphrase import ALL_WORDS, DIGITS_A_GROUP
from crypto.primitives import wordlist

_WORD = re.compile(r"[^\W\d_]+")
_GROUP = re.compile(r"\d+")
_SHOWN_LETTERS = 30
_MOST_COUNTED = 20
_ROW_NUMBERS = list(range(1, ALL_WORDS + 1))


@dataclass(frozen=True, slots=True)
class LikelyTypo:
    """A word that this site never gives out, or a group of digits.

    It has its number, from 1; its beginning as it was typed; and the one listed word that is a single slip away,
    empty if there is none or several.
    """

    number: int
    word: str
    nearest: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class WrongWordCount:
    """The number of words or groups of digits, if it is not eight; 0 if it is right or unknown."""

    words: int = 0
    groups: int = 0


def likely_typos(untrusted_words: str) -> tuple[LikelyTypo, ...]:
    """Return the words that are in no list, or the mistyped groups of digits.

    Empty when that says nothing: not eight apart from each other, or all of them are in the list.
    """
    words, groups = _apart(untrusted_words)
    if len(words) == ALL_WORDS:
        return tuple(
            LikelyTypo(number, word[:_SHOWN_LETTERS], _nearest(word))
            for number, word in enumerate(words, start=1)
            if word not in wordlist.PLACE_OF
        )
    if not words and len(groups) == ALL_WORDS:
        return tuple(
            LikelyTypo(number, group[:_SHOWN_LETTERS], is_group=True)
            for number, group in enumerate(groups, start=1)
            if len(group) != DIGITS_A_GROUP or not 1 <= int(group) <= wordlist.WORDS
        )
    return ()


def wrong_count(untrusted_words: str) -> WrongWordCount:
    """Return the number of words or groups, if they stand apart from each other and are not eight."""
    words, groups = _apart(untrusted_words)
    if words and not groups and 1 < len(words) <= _MOST_COUNTED and len(words) != ALL_WORDS:
        return WrongWordCount(words=len(words))
    if groups and not words and 1 < len(groups) <= _MOST_COUNTED and len(groups) != ALL_WORDS:
        return WrongWordCount(groups=len(groups))
    return WrongWordCount()


def _apart(untrusted_words: str) -> tuple[list[str], list[str]]:
    """Split the text into words and groups of digits.

    Digits beside words are the numbers of a list, and are kept; numbers beside groups are left out.
    """
    words, groups = _WORD.findall(untrusted_words.casefold()), _GROUP.findall(untrusted_words)
    if words and [int(group[:4]) for group in groups] == list(range(1, len(words) + 1)):
        groups = []
    if [int(group[:4]) for group in groups[::2]] == _ROW_NUMBERS and len(groups) == 2 * ALL_WORDS:
        groups = groups[1::2]
    return words, groups


def _nearest(untrusted_word: str) -> str:
    if len(untrusted_word) > wordlist.LONGEST_LETTERS + 1:
        return ""
    found = {slip for slip in _one_slip_away(untrusted_word) if slip in wordlist.PLACE_OF}
    return found.pop() if len(found) == 1 else ""


def _one_slip_away(word: str) -> Iterator[str]:
    """A letter too many, too few, another one, or two that changed places."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
