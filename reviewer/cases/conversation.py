"""The conversation of a submission: its mailbox, our replies, and repeated submissions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reviewer.casebook.replies import SentReply
from reviewer.casebook.submission import Submission
from reviewer.cases.reply_to import words_may_be_known
from reviewer.home.home import Home
from reviewer.sharing.said import ColleagueAnswer, answers_of_colleagues

Entry: TypeAlias = Submission | SentReply | ColleagueAnswer
MOST_SHOWN = 30
_PAIR_DAYS = 7
_MOST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Conversation:
    """``submissions``, our ``replies`` and those of ``colleagues``, oldest first.

    ``left_out`` more submissions are not among them.

    ``pairs`` say exactly the same under another mailbox: either a server stopped before it could answer and the
    source sent again, or two people wrote the same.
    """

    submissions: Sequence[Submission]
    replies: Sequence[SentReply]
    colleagues: Sequence[ColleagueAnswer]
    left_out: int
    pairs: Sequence[Submission]
    other_keys: Sequence[Submission]
    """Some that came under the same mailbox id with another key: one of the two may be forged."""

    words_may_be_known: bool

    def in_order(self) -> list[Entry]:
        """By day; of one day, the source's messages stand before the replies."""
        # Sorting keeps the order of those that are equal.
        return sorted([*self.submissions, *self.colleagues, *self.replies], key=_entry_day)


def conversation_of(home: Home, submission: Submission) -> Conversation:
    """The thread of one submission; it is always in it."""
    casebook = home.casebook
    hidden = casebook.overview.hidden()
    whole = [one for one in casebook.overview.of_mailbox(submission) if one.number not in hidden]
    newest = whole[-MOST_SHOWN:]
    if submission not in newest:
        newest = [submission, *newest[1:]]
    replies = [reply for one in whole for reply in casebook.replies.of(one.number)]
    return Conversation(
        submissions=newest,
        replies=replies,
        colleagues=answers_of_colleagues(home, whole),
        left_out=len(whole) - len(newest),
        pairs=_pairs(home, submission),
        other_keys=home.casebook.overview.other_keys(submission),
        words_may_be_known=submission.mailbox_bytes is not None and words_may_be_known(home, submission),
    )


def _pairs(home: Home, submission: Submission) -> list[Submission]:
    near = [
        other
        for other in home.casebook.overview.same_as(submission)
        if other.mailbox_bytes != submission.mailbox_bytes
        and abs((_day(other) - _day(submission)).days) <= _PAIR_DAYS
    ]
    return near[:_MOST_PAIRS]


def _entry_day(entry: Entry) -> dt.date:
    return _day(entry) if isinstance(entry, Submission) else entry.day


def _day(submission: Submission) -> dt.date:
    return submission.day or submission.imported_day
