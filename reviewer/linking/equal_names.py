"""Equal names: findings whose name has the same form, and the places of the same words in a text.

Two names have the same form if their words sound alike, in any order and alphabet. An equal name may be another
person's: it hides words and offers passages, and joins nothing.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.casebook.folded_text import NO_BLANKS, folded
from reviewer.home.home import Home
from reviewer.linking.name_questions import PERSON
from reviewer.matching.name_keys import name_form

_CUT_AT_ONCE: Final = 500
_FEWEST_LETTERS: Final = 2


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


def places_of_words(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """The places of words in a text: first letter, and the place behind the last.

    Case, accents and blanks do not count. A single word must stand alone, as it may be a part of another word.
    """
    patterns = {pattern for name in names if (pattern := _pattern(name))}
    if not patterns:
        return []
    letters, origin = _folded_with_places(text)
    found = {
        (origin[one.start()], origin[one.end() - 1] + 1)
        for pattern in patterns
        for one in re.finditer(pattern, letters)
    }
    return sorted(found)


def _pattern(name: str) -> str:
    words = folded(name).split()
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return ""
    together = r"\s+".join(map(re.escape, words))
    stands_alone = len(words) == 1 and NO_BLANKS.search(words[0]) is None
    return rf"(?<!\w){together}(?!\w)" if stands_alone else together


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """A text, folded, and for each of its letters the place in the text from which it came."""
    pieces = [folded(letter) for letter in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _letter in piece]
