"""One page of a list of tips: by default danger first, then newest day first."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.casebook.overview import RowMarks
from reviewer.casebook.submission import Submission
from reviewer.casebook.thread_marks import ThreadState
from reviewer.casebook.tip_filter import ALL, TipFilter
from reviewer.cases.preferences import SourcePreferences
from reviewer.cases.submission_text import first_words
from reviewer.home.home import Home
from system.errors import ProgramError

PAGE_ROWS = 50
EVERYTHING = TipFilter(box=ALL)
"""All tips: danger first, archived ones last."""

_AT_ONCE = 1000  # SQLite takes no more than 32,766 values in one statement
_NO_WISH = SourcePreferences()


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in a list. ``untrusted_words`` is the start of its message, or its act."""

    submission: Submission
    wishes: SourcePreferences
    file_count: int
    untrusted_words: str
    marks: RowMarks
    state: ThreadState
    """Of the whole thread."""

    case: int | None
    reads_like: str | None
    """The tag of the language that its text reads like; empty where unsure, None where there is no text."""

    @property
    def is_archived(self) -> bool:
        return self.marks.is_archived

    def first_words(self, *, letters: int) -> str:
        """For a terminal: its beginning, or the reason why it could not be opened."""
        return self.submission.unopenable or first_words(self.untrusted_words, letters=letters)


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` counts from 1; ``total`` is the number of submissions on all ``pages``."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int


def page_of(home: Home, wanted: TipFilter, *, number: int, rows: int = PAGE_ROWS, today: dt.date) -> Page:
    """One page of the submissions that the filter lets through.

    Raises:
        ProgramError: there is no such page.
    """
    inbox = home.casebook.inbox
    total = inbox.count(wanted, today=today)
    pages = pages_of(total, number, rows)
    return Page(
        listed(home, inbox.numbers(wanted, today=today, first=(number - 1) * rows, most=rows)), number, pages, total
    )


def pages_of(total: int, number: int, rows: int) -> int:
    """The number of pages.

    Raises:
        ProgramError: ``number`` is none of them.
    """
    pages = max(1, -(-total // rows))
    if not 1 <= number <= pages:
        raise ProgramError(f"there are {pages} pages, and no page {number}")
    return pages


def listed(home: Home, numbers: Sequence[int]) -> list[Row]:
    """The rows of these submissions, in this order."""
    return [
        row for start in range(0, len(numbers), _AT_ONCE) for row in _rows(home, numbers[start : start + _AT_ONCE])
    ]


def _rows(home: Home, numbers: Sequence[int]) -> Iterator[Row]:
    overview = home.casebook.overview
    wishes = SourcePreferences.by_submission(overview, numbers)
    files = overview.file_counts(numbers)
    languages = home.casebook.text_languages.some(numbers)
    words = overview.values("text", numbers) | overview.values("act", numbers)
    marks = overview.marks(numbers)
    states = home.casebook.threads.some(sorted({one.thread for one in marks.values()}))
    whole = home.casebook.cases.whole
    cases = {number: whole(one.case) for number, one in marks.items() if one.case is not None}
    hidden = overview.hidden()
    for one in overview.some(numbers):
        number = one.number
        yield Row(
            submission=one,
            wishes=wishes.get(number, _NO_WISH),
            file_count=files.get(number, 0),
            untrusted_words="" if number in hidden else words.get(number, ""),
            marks=marks[number],
            state=states[marks[number].thread],
            case=cases.get(number),
            reads_like=languages.get(number),
        )
