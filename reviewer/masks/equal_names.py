"""Equal names: findings whose name has the same form.

Two names have the same form if their words sound alike, in any order and alphabet. An equal name may be another
person's: it hides words and offers passages, and joins nothing.
"""

from collections.abc import Collection, Iterator
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.matching.name_keys import name_form, name_keys

_MOST_ALIKE: Final = 10_000
"""Names that share one key with a name that is asked for."""


def equal_names(casebook: Casebook, names: Collection[str]) -> Iterator[tuple[StoredFinding, str]]:
    """Names that are equal to one of these and belong to no entity, new or dismissed, with their words.

    Those of tips that a colleague's quarantine hides are among them.
    """
    forms = {name_form(name) for name in names} - {""}
    keys = sorted({key for name in names for some in name_keys(name) for key in some})
    alike = casebook.names.unkept_with(keys, most=_MOST_ALIKE) if forms else []
    for number, words in casebook.names.words(alike).items():
        if name_form(words) in forms:
            yield casebook.findings.find(number, with_hidden=True), words


def new_with_name(casebook: Casebook, finding: StoredFinding, *, most: int) -> list[int]:
    """The numbers of new names that are equal to this one, in tips that are shown."""
    hidden = casebook.overview.hidden()
    words = casebook.names.words([finding.number])
    like = [
        one.number
        for one, _words in equal_names(casebook, words.values())
        if one.state is FindingState.NEW and one.submission not in hidden
    ]
    return sorted(like)[:most]
