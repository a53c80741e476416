"""Equal names: findings whose name has the same form, and the places of the same words in a text.

Two names have the same form if their words sound alike, in any order and alphabet. An equal name may be another
person's: it hides words and offers passages, and joins nothing.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final

from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.casebook.folded_text import NO_BLANKS, folded
from reviewer.home.home import Home
from reviewer.linking.name_questions import PERSON
from reviewer.matching.name_keys import name_form

_CUT_AT_ONCE: Final = 500


def words_of_findings(home: Home, numbers: Collection[int]) -> dict[int, str]:
    """The words of findings by their numbers, cut from the stored texts."""
    wanted = list(numbers)
    cut: dict[int, str] = {}
    for first in range(0, len(wanted), _CUT_AT_ONCE):
        cut |= home.casebook.names.words(wanted[first : first + _CUT_AT_ONCE])
    return cut


def unkept_names(home: Home) -> Iterator[tuple[StoredFinding, str]]:
    """Every name that belongs to no entity, new or dismissed, with its words; those of hidden tips too."""
    found = {one.number: one for one in home.casebook.findings.unkept(PERSON)}
    for number, words in words_of_findings(home, found).items():
        yield found[number], words


def new_with_name(home: Home, finding: StoredFinding, *, most: int) -> list[int]:
    """New names with the form of this one, in tips that are shown; their numbers."""
    form = name_form(words_of_findings(home, [finding.number]).get(finding.number, ""))
    hidden = home.casebook.overview.hidden()
    like = [
        one.number
        for one, words in unkept_names(home)
        if form and one.state is FindingState.NEW and one.submission not in hidden and name_form(words) == form
    ]
    return sorted(like)[:most]


def has_words(text: str, names: Iterable[str]) -> bool:
    """True if one of these names stands in a text, as :func:`places_of_words` finds it."""
    pattern = _pattern(frozenset(names))
    return pattern is not None and pattern.search(folded(text)) is not None


def folded_words(name: str) -> str:
    """A name as it is looked for: folded, with one blank between its words."""
    return " ".join(folded(name).split())


def places_of_words(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """The places of words in a text: first letter, and the place behind the last.

    Case, accents and blanks do not count. A single word must stand alone, as it may be a part of another word.
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
