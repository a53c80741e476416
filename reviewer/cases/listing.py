"""One page of the list: urgent and open first, then newest day first, archived last."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import SourcePreferences
from reviewer.cases.submission_text import first_words
from reviewer.home.home import Home
from system.errors import ProgramError

PAGE_ROWS = 50
_AT_ONCE = 1000  # SQLite takes no more than 32,766 values in one statement
_NO_WISH = SourcePreferences()


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in a list. ``untrusted_words`` is the start of its message, or its act."""

    submission: Submission
    wishes: SourcePreferences
    file_count: int
    untrusted_words: str
    is_archived: bool
    reads_like: str | None
    """The tag of the language that its text reads like; empty where unsure, None where there is no text."""

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


def page_of(home: Home, order: Sequence[int], *, number: int, rows: int = PAGE_ROWS) -> Page:
    """One page of the submissions in ``order``.

    Raises:
        ProgramError: there is no such page.
    """
    pages = max(1, -(-len(order) // rows))
    if not 1 <= number <= pages:
        raise ProgramError(f"there are {pages} pages, and no page {number}")
    return Page(listed(home, order[(number - 1) * rows : number * rows]), number, pages, len(order))


def listing_order(home: Home) -> list[int]:
    """Numbers of all submissions, in the order in which staff should see them."""
    overview = home.casebook.overview
    archived, urgent = home.casebook.archived.all().keys(), overview.urgent_numbers()
    # Sorting keeps the order of those that are equal.
    return sorted(overview.numbers(), key=lambda number: (number in archived, number not in urgent))


def listed(home: Home, numbers: Sequence[int]) -> list[Row]:
    """The rows of these submissions, in this order."""
    archived = home.casebook.archived.all().keys()
    return [
        row
        for start in range(0, len(numbers), _AT_ONCE)
        for row in _rows(home, numbers[start : start + _AT_ONCE], archived)
    ]


def _rows(home: Home, numbers: Sequence[int], archived: Collection[int]) -> Iterator[Row]:
    overview = home.casebook.overview
    wishes = SourcePreferences.by_submission(overview, numbers)
    files = overview.file_counts(numbers)
    languages = home.casebook.text_languages.some(numbers)
    words = overview.values("text", numbers) | overview.values("act", numbers)
    for one in overview.some(numbers):
        number = one.number
        yield Row(
            one,
            wishes.get(number, _NO_WISH),
            files.get(number, 0),
            words.get(number, ""),
            number in archived,
            languages.get(number),
        )
