"""The places of words in a text, however they are spelled: case, accents and blanks do not count."""

import re
from collections.abc import Iterable
from functools import lru_cache

from reviewer.casebook.folded_text import NO_BLANKS, folded


def has_words(text: str, names: Iterable[str]) -> bool:
    """True if one of these names stands in a text, as :func:`places_of_words` finds it."""
    pattern = _pattern(frozenset(names))
    return pattern is not None and pattern.search(folded(text)) is not None


def folded_words(name: str) -> str:
    """A name as it is looked for: folded, with one blank between its words."""
    return " ".join(folded(name).split())


def places_of_words(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """The places of words in a text: first letter, and the place behind the last.

    A single word must stand alone, as it may be a part of another word.
    """
    pattern = _pattern(frozenset(names))
    if pattern is None or pattern.search(folded(text)) is None:
        return []
    letters, origin = _folded_with_places(text)
    return [(origin[one.start()], origin[one.end() - 1] + 1) for one in pattern.finditer(letters)]


@lru_cache(maxsize=1 << 10)
def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    """Finds any of these names in a folded text, a longer one before a shorter one."""
    some = {folded_words(name) for name in names}
    patterns = [_pattern_of(one) for one in sorted(some, key=lambda one: (-len(one), one)) if len(one) > 1]
    return re.compile("|".join(patterns)) if patterns else None


def _pattern_of(name: str) -> str:
    words = name.split()
    together = r"\s+".join(map(re.escape, words))
    stands_alone = len(words) == 1 and NO_BLANKS.search(words[0]) is None
    before = r"(?<!\w)" if stands_alone or name[0].isdigit() else ""
    behind = r"(?!\w)" if stands_alone or name[-1].isdigit() else ""
    return f"{before}{together}{behind}"


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """A text, folded, and for each of its letters the place in the text from which it came."""
    pieces = [folded(letter) for letter in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _letter in piece]
