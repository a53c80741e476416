"""Texts of staff that leave are compared with the tips, so that no words of a source leave with them.

Found are four words in a row, a number, and a day. A person can say the same in other words: this is a net with
holes, and the page says so.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.folded_text import NO_BLANKS, folded
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked
from reviewer.languages.word_lists import NAMES
from reviewer.linking.tip_texts import texts_of

WORDS_OF_A_TIP: Final = marked("it has words in a row that stand in a tip")
NUMBER_OF_A_TIP: Final = marked("it has a number that stands in a tip")
NAMES_A_DAY: Final = marked("it names a day: write the quarter")
"""Or a month."""
TELLS_TOO_MUCH: Final = marked("it tells of an age or a shift, or gives a verdict")
NAMES_A_LANGUAGE: Final = marked("it names a language")
WHY_NOT: Final = (WORDS_OF_A_TIP, NUMBER_OF_A_TIP, NAMES_A_DAY, TELLS_TOO_MUCH, NAMES_A_LANGUAGE)
_WORDS_IN_A_ROW: Final = 4
_LETTERS_IN_A_ROW: Final = 8
_FEWEST_DIGITS: Final = 3
_MOST_OTHERS: Final = 2_000
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_NUMBER: Final = re.compile(r"\d+")
_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = re.compile(
    r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
    r"|\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?\b(?! ?\d)"
    # A month is finer than a quarter, and a day of the week is a day.
    rf"|{_MONTH}\.?,? \d{{4}}\b|(?:in|since|until|during|before|after|early|late) {_MONTH}\b|\d{{4}}-\d{{2}}\b"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b)",
    re.IGNORECASE,
)
_LANGUAGES: Final = frozenset(
    word for name in (*NAMES.values(), "Tagalog", "Mandarin", "Farsi", "Dari") for word in name.lower().split()
)
_TELLING: Final = re.compile(r"\b(?:shifts?|aged?|years? old|underage|compliant|compliance)\b", re.IGNORECASE)


class TipOverlap:
    """The texts, answers and names of files of some tips, and of all tips of their mailboxes."""

    def __init__(self, home: Home, tips: Collection[int]) -> None:
        casebook = home.casebook
        self._rows: set[str] = set()
        self._numbers: set[str] = set()
        for number in _with_their_mailboxes(casebook, tips):
            for text in texts_of(home, casebook.submissions.by_number(number)):
                self._rows.update(_rows_of(text.value))
                self._numbers.update(_numbers_of(text.value))

    def why_not(self, text: str) -> str:
        """Why a text of staff stays inside; empty: it may leave."""
        if not self._rows.isdisjoint(_rows_of(text)):
            return WORDS_OF_A_TIP
        if not self._numbers.isdisjoint(_numbers_of(text)):
            return NUMBER_OF_A_TIP
        return why_never(text)


def why_never(text: str) -> str:
    """Why a text may not leave whatever the tips say; empty: it may."""
    if _DAY.search(text):
        return NAMES_A_DAY
    if _TELLING.search(text):
        return TELLS_TOO_MUCH
    if not _LANGUAGES.isdisjoint(re.findall(r"[a-z]+", text.lower())):
        return NAMES_A_LANGUAGE
    return ""


def _with_their_mailboxes(casebook: Casebook, tips: Collection[int]) -> Iterator[int]:
    # The accepted tips first, all of them: the others of a mailbox may be very many.
    yield from tips
    seen = set(tips)
    most = len(seen) + _MOST_OTHERS
    for tip in tips:
        for number in casebook.threads.submissions(casebook.inbox_rows.thread_of(tip)):
            if number not in seen and len(seen) < most:
                seen.add(number)
                yield number


def _rows_of(text: str) -> Iterable[str]:
    plain = folded(text)
    words = re.findall(r"\w+", plain)
    for at in range(len(words) - _WORDS_IN_A_ROW + 1):
        yield " ".join(words[at : at + _WORDS_IN_A_ROW])
    for run in NO_BLANKS.findall(plain):
        for at in range(len(run) - _LETTERS_IN_A_ROW + 1):
            yield run[at : at + _LETTERS_IN_A_ROW]


def _numbers_of(text: str) -> Iterable[str]:
    joined = re.sub(r"(?<=\d)[ .\-](?=\d)", "", folded(text))
    for found in (*_NUMBER.findall(joined), *_NUMBER.findall(folded(text))):
        if len(found) >= _FEWEST_DIGITS and not _YEAR.fullmatch(found):
            yield found
