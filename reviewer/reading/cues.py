"""Words of many languages that help to read a text: digits in words, and cues before a finding."""

import importlib.resources
import re
import tomllib
from functools import cache
from typing import Any, Final

_FILE: Final = "words.toml"


@cache
def _words() -> dict[str, Any]:
    text = importlib.resources.files("reviewer.reading").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def digit_words(language: str = "") -> dict[str, str]:
    """The digit for each word of it, in lower case, of one language or of all together."""
    found: dict[str, str] = {}
    listed = _words()["digits"]
    for words in [listed.get(language.partition("-")[0], [])] if language else listed.values():
        for digit, spellings in enumerate(words):
            for spelling in spellings.split():
                found.setdefault(spelling.casefold(), str(digit))
    return found


@cache
def name_particles() -> frozenset[str]:
    """Words inside of a name, as bin and van."""
    return _all("name_particle")


@cache
def words_behind_names() -> frozenset[str]:
    """Words with which a sentence goes on: none of them is a name."""
    return _all("no_name")


@cache
def words_before_names() -> frozenset[str]:
    """Words that may stand between a cue and a name."""
    return _all("name_skip")


@cache
def plus_words() -> frozenset[str]:
    """Words for the sign in front of a country code."""
    return _all("plus")


@cache
def cue_pattern(kind: str) -> re.Pattern[str]:
    """Matches each word that announces a finding of this kind, as ``phone`` or ``plate``, as a whole word.

    Words of scripts without blanks between words match anywhere.
    """
    words = sorted({word.casefold() for word in _words()[kind]["all"]}, key=len, reverse=True)
    whole = "|".join(re.escape(word) for word in words if not _is_without_blanks(word))
    inside = "|".join(re.escape(word) for word in words if _is_without_blanks(word))
    pattern = rf"(?<!\w)(?:{whole})(?!\w)"
    return re.compile(rf"{pattern}|(?:{inside})" if inside else pattern, re.IGNORECASE)


def _all(kind: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _words()[kind]["all"])


def _is_without_blanks(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" or "\u3400" <= letter <= "\u9fff" for letter in word)
