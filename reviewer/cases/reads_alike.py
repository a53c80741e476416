"""Tips whose texts read alike: one was changed a little, or both follow one pattern.

They are only shown, and nothing is joined: two people may copy one advertisement, or one person may write twice.
"""

from dataclasses import dataclass
from typing import Final

from reviewer.casebook.submission import Submission
from reviewer.casebook.text_sketches import pieces_of
from reviewer.home.home import Home
from reviewer.languages.staff_language import said

MOST_SHOWN: Final = 5
LEAST_PERCENT: Final = 40
_MOST_COMPARED: Final = 20


@dataclass(frozen=True, slots=True)
class AlikeTip:
    """A tip, and how much of both texts is the same: pieces in common, in percent of all pieces."""

    submission: Submission
    percent: int

    def sentence(self) -> str:
        """How much is the same, for staff."""
        return said("%(percent)s %% of the text is the same", percent=self.percent)


def reads_alike(home: Home, submission: Submission) -> list[AlikeTip]:
    """Tips of other conversations whose texts read alike, at most five, the likest first."""
    sketches, inbox = home.casebook.text_sketches, home.casebook.inbox_rows
    candidates = sketches.candidates(submission.number, most=_MOST_COMPARED)
    if not candidates:
        return []
    thread, hidden = inbox.thread_of(submission.number), home.casebook.overview.hidden()
    own = pieces_of(sketches.text(submission.number))
    found = []
    for number in candidates:
        if number in hidden or inbox.thread_of(number) == thread:
            continue
        other = pieces_of(sketches.text(number))
        percent = 100 * len(own & other) // len(own | other)
        if percent >= LEAST_PERCENT:
            found.append(AlikeTip(home.casebook.submissions.by_number(number), percent))
    return sorted(found, key=lambda one: (-one.percent, one.submission.number))[:MOST_SHOWN]
