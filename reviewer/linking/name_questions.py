"""Names of findings: their keys, and the questions that they raise with names of other tips.

A question is raised when a name is read or added. It joins nothing: a person answers it, or leaves it.
"""

from itertools import islice
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
_GRADED_AGAIN: Final = 20
"""Few, so that a new tip is read at once."""


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
            lowered, is_asked = self._grade((finding, words), (other, other_words))
            if is_asked or lowered >= WEAK:
                found.append((lowered, other, is_asked))
        for lowered, other, is_asked in sorted(found, reverse=True)[:MOST_QUESTIONS]:
            self._questions.raise_of_names(finding, other, sureness=round(_THOUSAND * lowered), is_asked=is_asked)

    def grade_again(self) -> None:
        """Grade the surest questions by today's names: a name that has become frequent sinks in the list."""
        stored = list(islice(self._questions.surest(with_weak=False, of_pictures=False), _GRADED_AGAIN))
        words = self._names.words({number for one in stored for number in one.sides})
        for one in stored:
            first, second = ((number, words.get(number, "")) for number in one.sides)
            lowered, is_asked = self._grade(first, second)
            if round(_THOUSAND * lowered) != one.sureness or not is_asked:
                self._questions.grade(one.number, sureness=round(_THOUSAND * lowered), is_asked=is_asked)

    def _grade(self, one: tuple[int, str], other: tuple[int, str]) -> tuple[float, bool]:
        """The likeness of two findings with their words, lowered by chance here; and True if it is asked."""
        score = _score(one[1], other[1])
        if score < WEAK:
            return score, False
        lowered = self.strangers(one[1], other[1], score).lowered(score)
        return lowered, lowered >= YES or self._names.share_identifier(one[0], other[0])

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
