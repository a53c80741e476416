"""An answer as the source will see it: in parts, on a page with a language and a direction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import SourcePreferences
from reviewer.home.home import Home
from reviewer.languages.word_lists import NAMES, TAGS
from reviewer.terminal.plain_text import plain_lines

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur"})
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class SourcePage:
    """The mailbox page of a source: its language and the direction in which it is written."""

    language: str

    @classmethod
    def of(cls, home: Home, submission: Submission) -> "SourcePage":
        """The page that the source used last; English where that is no language of the site."""
        untrusted = SourcePreferences.from_fields(home.casebook.submissions.fields(submission)).language
        return cls(untrusted if untrusted in TAGS and untrusted else ENGLISH)

    @property
    def direction(self) -> str:
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr"

    @property
    def language_name(self) -> str:
        return NAMES[self.language]


def preview_lines(home: Home, submission: Submission, parts: Sequence[str]) -> Iterator[str]:
    """For a terminal: each part, as the mailbox page shows them from top to bottom."""
    shown = SourcePage.of(home, submission)
    written = "right to left" if shown.direction == "rtl" else "left to right"
    yield f"the source sees this in its mailbox; the page is in {shown.language_name}, {written}:"
    for number, part in enumerate(parts, start=1):
        yield ""
        if len(parts) > 1:
            yield f"answer {number} of {len(parts)}:"
        yield from plain_lines(part)
    yield ""
