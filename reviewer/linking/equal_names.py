"""Equal names: findings whose name has the same form.

Two names have the same form if their words sound alike, in any order and alphabet. An equal name may be another
person's: it hides words and offers passages, and joins nothing.
"""

from collections.abc import Collection, Iterator
from typing import Final

from reviewer.casebook.findings import FindingState, StoredFinding
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
