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
def words_of(kind: str) -> frozenset[str]:
    """All words of one kind.

    ``name_particle`` stands inside of a name, as bin and van. With ``no_name`` a sentence goes on: it is no name.
    ``name_skip`` may stand between a cue and a name. ``plus`` is the sign in front of a country code.
    """
    return frozenset(word.casefold() for word in _words()[kind]["all"])


@cache
def cue_pattern(kind: str) -> re.Pattern[str]:
    """Matches each word that announces a finding of this kind, as ``phone`` or ``plate``, as a whole word.

    Words of scripts without blanks between words match anywhere.
    """
    words = sorted(words_of(kind), key=len, reverse=True)
    whole = "|".join(re.escape(word) for word in words if not _is_without_blanks(word))
    inside = "|".join(re.escape(word) for word in words if _is_without_blanks(word))
    pattern = rf"(?<!\w)(?:{whole})(?!\w)"
    return re.compile(rf"{pattern}|(?:{inside})" if inside else pattern, re.IGNORECASE)


def _is_without_blanks(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" or "\u3400" <= letter <= "\u9fff" for letter in word)
