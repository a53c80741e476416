"""Search in all submissions: messages, answers, file names, our replies and notes.

Every word must be found, even inside a longer word or number. Case, accents and the script of numerals do not
matter (:mod:`reviewer.casebook.folded_text`). Consecutive numbers are searched as one, because telephone numbers
are written with and without blanks.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reviewer.casebook.case_register import CaseRecord
from reviewer.casebook.folded_text import SHORT, folded, indexed, wanted
from reviewer.casebook.search_index import NOT_WORDS
from reviewer.casebook.submission import Submission
from reviewer.cases.listing import PAGE_ROWS, Page, listed, pages_of
from reviewer.home.home import Home
from system.errors import ProgramError

MOST_WORDS = 16
LONGEST_LETTERS = 200
MOST_FOUND = 1000
"""Of one search: of a hundred thousand tips a common word would find most."""

_AROUND = 60
_STRIDE = 64
_QUOTED = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words around a match: pieces of untrusted text, each marked as match or context."""

    where: str
    pieces: Sequence[tuple[str, bool]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One page of matches, newest first, with an excerpt for each row.

    ``has_more``: more fit than a search gives; those that came here last are on its pages.
    """

    page: Page
    excerpts: Sequence[Excerpt]
    has_more: bool


def words_in(untrusted_line: str) -> list[str]:
    """The words of a typed query; text in quotation marks is one word."""
    return [quoted or word for quoted, word in _QUOTED.findall(untrusted_line) if (quoted or word).strip()]


def search(home: Home, words: Sequence[str], *, page: int, rows: int = PAGE_ROWS) -> SearchHit:
    """Find the submissions in which all of ``words`` stand.

    Raises:
        ProgramError: nothing to look for, too much, or no such page.
    """
    terms = _terms(words)
    matching = home.casebook.search.matching(" ".join(f'"{term}"' for term in terms), most=MOST_FOUND + 1)
    order = home.casebook.search.newest_first(matching[:MOST_FOUND])
    pages = pages_of(len(order), page, rows)
    found = Page(listed(home, order[(page - 1) * rows : page * rows]), page, pages, len(order))
    pattern = _pattern(terms)
    excerpts = [_excerpt(home, row.submission, pattern) for row in found.rows]
    return SearchHit(found, excerpts, has_more=len(matching) > MOST_FOUND)


def cases_with(home: Home, words: Sequence[str]) -> list[CaseRecord]:
    """Cases in whose name and notes all of ``words`` stand, the newest first.

    They are read one after the other: there are far fewer of them than of tips.

    Raises:
        ProgramError: nothing to look for, or too much.
    """
    terms = _terms(words)
    cases = home.casebook.cases
    return [
        case
        for case in cases.all()
        if _all_stand_in(terms, [case.name, *(n.text for n in cases.notes(case.number))])
    ]


def _all_stand_in(terms: Sequence[str], texts: Sequence[str]) -> bool:
    whole = indexed("\n".join(texts))
    return all(term in whole for term in terms)


def _terms(words: Sequence[str]) -> list[str]:
    if sum(map(len, words)) > LONGEST_LETTERS or len(words) > MOST_WORDS:
        raise ProgramError(f"a search takes at most {MOST_WORDS} words and {LONGEST_LETTERS} letters")
    terms: list[str] = []
    for are_numbers, group in itertools.groupby(words, key=_is_number):
        some = list(group)
        terms += [wanted(" ".join(some))] if are_numbers else map(wanted, some)
    if not terms or "" in terms:
        raise ProgramError("each word to look for must have at least two letters or digits")
    return list(dict.fromkeys(terms))


def _is_number(word: str) -> bool:
    return folded(word).replace(" ", "").isdecimal()


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """Matches any of the terms in folded text, with any blanks inside numbers."""
    return re.compile("|".join(map(_spelled, sorted(terms, key=len, reverse=True))))


def _spelled(term: str) -> str:
    plain = term.removeprefix(SHORT)
    return r"\s*".join(plain) if plain.isdecimal() else r"\s+".join(map(re.escape, plain.split()))


def _excerpt(home: Home, submission: Submission, pattern: re.Pattern[str]) -> Excerpt:
    if submission.number in home.casebook.overview.hidden():
        return Excerpt("", ())
    for where, untrusted_text in _texts(home, submission):
        if (cut := _cut(untrusted_text, pattern)) is not None:
            return Excerpt(where, cut)
    return Excerpt("", ())


def _texts(home: Home, submission: Submission) -> Iterator[tuple[str, str]]:
    """All searched texts, each with its place in words for staff."""
    casebook = home.casebook
    fields = [one for one in casebook.submissions.fields(submission) if one.name not in NOT_WORDS]
    yield from (("message" if one.name == "text" else "answer", one.value) for one in fields)
    yield from (("file name", one.name) for one in casebook.submissions.stored_files(submission))
    for sealed in casebook.sealed_files.of(submission).values():
        yield from (("sealed by the source", one.value) for one in sealed.fields)
        yield from (("file name, sealed by the source", one.name) for one in sealed.files)
    yield from (("our reply", one.text) for one in casebook.replies.of(submission.number))
    yield from (("translation", one.text) for one in casebook.translations.of(submission.number))
    yield from (("our note", one.text) for one in casebook.notes.of(submission.number))


def _cut(text: str, pattern: re.Pattern[str]) -> list[tuple[str, bool]] | None:
    """The text around the first place that fits, cut where something was found; None when nothing was."""
    found = pattern.search(folded(text))
    if found is None:
        return None
    first = _place(text, found.start())
    begin, end = max(0, first - _AROUND), min(len(text), first + 2 * _AROUND)
    # Whole words, where there are blanks to cut at.
    if begin and (blank := text.find(" ", begin, first)) >= 0:
        begin = blank + 1
    if end < len(text) and (blank := text.rfind(" ", first + _AROUND, end)) >= 0:
        end = blank
    pieces = list(_marked(text[begin:end], pattern))
    return [*([("… ", False)] if begin else []), *pieces, *([(" …", False)] if end < len(text) else [])]


def _marked(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    ends = list(itertools.accumulate(len(folded(letter)) for letter in text))
    at = 0
    for found in pattern.finditer(folded(text)):
        first, behind = bisect_right(ends, found.start()), bisect_right(ends, found.end() - 1) + 1
        if first < at:
            continue
        if text[at:first]:
            yield text[at:first], False
        yield text[first:behind], True
        at = behind
    if text[at:]:
        yield text[at:], False


def _place(text: str, folded_at: int) -> int:
    """The letter that made the one at a place of the folded text: found without looking at every letter."""
    left = folded_at
    for start in range(0, len(text), _STRIDE):
        some = text[start : start + _STRIDE]
        length = len(folded(some))
        if left < length:
            return start + bisect_right(list(itertools.accumulate(len(folded(letter)) for letter in some)), left)
        left -= length
    raise RuntimeError("a place of the folded text lies in the text")
