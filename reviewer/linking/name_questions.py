"""Names of findings: their keys, and the questions that they raise with names of other tips.

A question is raised when a name is read or added. It joins nothing: a person answers it, or leaves it.
"""

from typing import Final

from reviewer.home.home import Home
from reviewer.matching.calibration import WEAK, YES, compare_names
from reviewer.matching.frequency import Strangers, strangers
from reviewer.matching.name_keys import is_one_word, name_keys, word_keys

PERSON: Final = "person"
MOST_QUESTIONS: Final = 50
"""Of one name; behind them it is too frequent to ask."""

_MOST_COMPARED: Final = 50
_THOUSAND: Final = 1000
_THE_TWO: Final = 2


class NameIndex:
    """The names here while some are compared: what does not change meanwhile is counted once."""

    def __init__(self, home: Home) -> None:
        self._names = home.casebook.names
        self._questions = home.casebook.link_questions
        self._count: int | None = None
        self._mailboxes: dict[str, int] = {}

    @property
    def count(self) -> int:
        """The number of names here."""
        if self._count is None:
            self._count = self._names.count()
        return self._count

    def put(self, finding: int, words: str) -> None:
        """Note the keys of a name and raise its questions, in the caller's transaction."""
        self.remove(finding)
        keys = name_keys(words)
        self._names.put(finding, keys)
        together = {key for some in keys for key in some}
        if not together:
            return
        found = []
        for other, other_words in self._names.words(
            self._names.alike(finding, together, most=_MOST_COMPARED)
        ).items():
            score = _score(words, other_words)
            if score >= WEAK:
                lowered = self.strangers(words, other_words, score).lowered(score)
                is_asked = lowered >= YES or self._names.share_identifier(finding, other)
                if is_asked or lowered >= WEAK:
                    found.append((lowered, other, is_asked))
        for lowered, other, is_asked in sorted(found, reverse=True)[:MOST_QUESTIONS]:
            self._questions.raise_of_names(finding, other, sureness=round(_THOUSAND * lowered), is_asked=is_asked)

    def remove(self, finding: int) -> None:
        """Remove the keys and questions of a finding that is no name any more."""
        self._names.put(finding, [])
        self._questions.drop_of_names(finding)

    def strangers(self, one: str, other: str, score: float) -> Strangers:
        """Chance for two names that look this alike, among the names here."""
        return strangers(
            self.count, score, self.frequencies(one, other), is_one_word=is_one_word(one) or is_one_word(other)
        )

    def frequencies(self, one: str, other: str) -> list[int]:
        """For each word that both names have: in how many mailboxes it stands, beside those of the two."""
        theirs = frozenset(key for some in word_keys(other) for key in some)
        shared = [some & theirs for some in word_keys(one)]
        return [max(0, max(map(self._in_mailboxes, some)) - _THE_TWO) for some in shared if some]

    def _in_mailboxes(self, key: str) -> int:
        if key not in self._mailboxes:
            self._mailboxes[key] = self._names.mailboxes(key)
        return self._mailboxes[key]


def _score(one: str, other: str) -> float:
    try:
        return compare_names(one, other).score
    except ValueError:  # the text was blacked out meanwhile
        return 0.0
