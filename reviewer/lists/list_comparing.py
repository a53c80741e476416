"""Compares findings with lists: an equal identifier is a hit, and a name that looks alike a question.

Both ways end in the same matches: a whole list against the findings that are here, and a new tip against all lists.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.list_matches import SURE
from reviewer.casebook.listed_entities import ListedEntity
from reviewer.home.home import Home
from reviewer.lists.list_entries import OTHER
from reviewer.matching.calibration import WEAK, NameComparison, compare_names
from reviewer.matching.frequency import strangers
from reviewer.matching.name_keys import is_one_word, name_form, name_keys, word_keys

NAMED: Final = ("person", "organisation")
"""The kinds of findings whose words are a name."""

MOST_QUESTIONS: Final = 20
"""Of one name on one list; behind them it is too frequent to ask."""

_MOST_COMPARED: Final = 40
_MOST_HITS: Final = 50
"""Of one list, as the two above."""

_CUT_AT_ONCE: Final = 500
_TIPS_AT_ONCE: Final = 50
_SHARED: Final = 2


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    score: float
    listed: int
    name: str = field(compare=False, repr=False)


def named_keys(names: Iterable[str]) -> dict[str, frozenset[str]]:
    """Names, each with the keys of its words; of names that sound alike in any order only the first."""
    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(name_form(name), name)
    return {name: frozenset(key for some in name_keys(name) for key in some) for name in by_form.values()}


def best_name(words: str, names: Mapping[str, frozenset[str]]) -> tuple[str, NameComparison] | None:
    """The name of an entry that looks most like these words; None if none shares two keys with them.

    ``names`` have their keys, as :func:`named_keys` gives them.
    """
    slots = name_keys(words)
    best: tuple[str, NameComparison] | None = None
    for name, keys in names.items():
        if not _shares_two(slots, keys):
            continue
        try:
            compared = compare_names(words, name)
        except ValueError:  # the text was blacked out
            continue
        if best is None or compared.score > best[1].score:
            best = name, compared
    return best


def _shares_two(slots: Sequence[frozenset[str]], keys: Collection[str]) -> bool:
    """True if two words of a name share a key each, and not the same one.

    Two neighbours as one word often have the key of the first of them.
    """
    shared = [some.intersection(keys) for some in slots]
    return sum(map(bool, shared)) >= _SHARED and len(frozenset().union(*shared)) >= _SHARED


class ListFrequency:
    """How frequent a name is on the lists: what does not change meanwhile is counted once."""

    def __init__(self, home: Home) -> None:
        self._listed = home.casebook.listed
        self._count: int | None = None
        self._with_key: dict[str, int] = {}

    def lowered(self, words: str, name: str, score: float) -> float:
        """The score, lowered by the chance that some entry of all looks alike."""
        if self._count is None:
            self._count = self._listed.count()
        one_word = is_one_word(words) or is_one_word(name)
        return strangers(self._count, score, self._frequencies(words, name), is_one_word=one_word).lowered(score)

    def _frequencies(self, words: str, name: str) -> list[int]:
        theirs = frozenset(key for some in word_keys(name) for key in some)
        shared = [some & theirs for some in word_keys(words)]
        return [max(0, max(map(self._entries, some)) - 1) for some in shared if some]

    def _entries(self, key: str) -> int:
        if key not in self._with_key:
            self._with_key[key] = self._listed.count_with_key(key)
        return self._with_key[key]


class NamesHere:
    """The names of all findings, while a list is brought in: each entry is looked up among them."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._findings: dict[str, list[int]] = {}
        numbers = home.casebook.list_matches.named_findings(NAMED)
        for first in range(0, len(numbers), _CUT_AT_ONCE):
            for number, words in home.casebook.names.words(numbers[first : first + _CUT_AT_ONCE]).items():
                self._findings.setdefault(" ".join(words.split()), []).append(number)
        self._words = list(self._findings)
        self._found: list[list[_Candidate]] = [[] for _ in self._words]
        self._with_key: dict[str, list[int]] = {}
        for at, words in enumerate(self._words):
            for key in frozenset().union(*name_keys(words)):
                self._with_key.setdefault(key, []).append(at)

    def compare(self, listed: int, names: Mapping[str, frozenset[str]]) -> None:
        """Look an entry up; what looks alike is kept until :meth:`keep`."""
        shared: dict[int, set[str]] = {}
        for key in frozenset().union(*names.values()):
            for at in self._with_key.get(key, ()):
                shared.setdefault(at, set()).add(key)
        for at, keys in shared.items():
            if len(keys) < _SHARED:
                continue
            best = best_name(self._words[at], names)
            if best is not None and best[1].score >= WEAK:
                found = self._found[at]
                heapq.heappush(found, _Candidate(best[1].score, listed, best[0]))
                if len(found) > _MOST_COMPARED:
                    heapq.heappop(found)

    def keep(self) -> None:
        """Keep the questions, in the caller's transaction, when the whole list is there."""
        frequency = ListFrequency(self._home)
        for at, found in enumerate(self._found):
            for finding in self._findings[self._words[at]]:
                _ask(self._home, finding, self._words[at], found, frequency)


def compare_new_tips(home: Home, *, most: int | None = None) -> int:
    """Compare at most ``most`` new tips with all lists, or all of them; returns their number.

    It goes on where it was killed.
    """
    casebook = home.casebook
    count = 0
    if not (newest := casebook.listed.newest()):
        return 0
    frequency = ListFrequency(home)
    while (most is None or count < most) and (some := casebook.list_matches.uncompared(newest, most=_TIPS_AT_ONCE)):
        with casebook.changing():
            for submission, above in some:
                _compare_tip(home, submission, above, frequency)
                casebook.list_matches.note_compared(submission, newest)
        count += len(some)
    return count


def _compare_tip(home: Home, submission: int, above: int, frequency: ListFrequency) -> None:
    casebook = home.casebook
    for finding in casebook.list_matches.findings_of(submission):
        for identifier in casebook.identifiers.of(finding):
            for listed in casebook.listed.with_identifier(identifier, above=above, most=_MOST_HITS):
                casebook.list_matches.add(finding, listed, kind=identifier.kind, sureness=SURE)
    named = casebook.list_matches.named_findings(NAMED, submission=submission)
    for finding, words in casebook.names.words(named).items():
        found: dict[int, list[_Candidate]] = {}
        for entry in _alike(home, words, above):
            best = best_name(words, named_keys(entry.names))
            if best is not None and best[1].score >= WEAK:
                found.setdefault(entry.watched_list, []).append(_Candidate(best[1].score, entry.number, best[0]))
        for of_list in found.values():
            _ask(home, finding, words, of_list, frequency)


def _alike(home: Home, words: str, above: int) -> Iterator[ListedEntity]:
    keys = name_keys(words)
    if len(keys) >= _SHARED:
        for number in home.casebook.listed.alike(keys, above=above, most=_MOST_COMPARED):
            entry = home.casebook.listed.entity(number)
            if entry is not None and entry.kind != OTHER:
                yield entry


def _ask(home: Home, finding: int, words: str, found: Sequence[_Candidate], frequency: ListFrequency) -> None:
    lowered = [(frequency.lowered(words, one.name, one.score), one.listed) for one in found]
    surest = heapq.nlargest(MOST_QUESTIONS, (one for one in lowered if one[0] >= WEAK))
    for sureness, listed in surest:
        # Below the sureness of an equal identifier, which is a fact.
        home.casebook.list_matches.add(finding, listed, kind="", sureness=min(round(SURE * sureness), SURE - 1))
