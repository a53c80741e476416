"""Answers that staff took back before the outbox: gone from what is sent, and kept as drafts."""

import datetime as dt
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.search_index import SearchIndex


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """The text of an answer that was taken back, and the day of that."""

    day: dt.date
    text: str = field(repr=False)


class AnswerDrafts:
    """At most one draft for each submission."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def of(self, submission: int) -> AnswerDraft | None:
        row = self._small.row("SELECT day, text FROM answer_drafts WHERE submission = ?", (submission,))
        return AnswerDraft(dt.date.fromisoformat(row[0]), row[1]) if row else None

    def take_back(self, reply_id: bytes) -> bool:
        """Remove a reply that waits for an outbox, sealed row and all; False if it does not wait.

        A bundle that was signed holds every reply that has an out_day, even where its FILE was never completed.
        """
        row = self._small.row(
            "SELECT submission, number FROM replies"
            " WHERE reply_id = ? AND out_day IS NULL AND submission IS NOT NULL",
            (reply_id,),
        )
        if row is None:
            return False
        self._small.run("DELETE FROM reply_reach WHERE reply = ?", (row[1],))
        self._small.run("DELETE FROM replies WHERE number = ?", (row[1],))
        rows = InboxRows(self._small)
        rows.put_waiting(rows.thread_of(row[0]))
        index = SearchIndex(self._small)
        index.put(row[0])
        index.wipe_leavings()
        return True

    def keep(self, submission: int, text: str, *, today: dt.date) -> None:
        """Keep this text as the draft of a submission, instead of an earlier one."""
        self._small.run(
            "INSERT OR REPLACE INTO answer_drafts VALUES (?, ?, ?)", (submission, today.isoformat(), text)
        )

    def drop(self, submission: int) -> None:
        """Forget the draft; nothing happens where there is none."""
        self._small.run("DELETE FROM answer_drafts WHERE submission = ?", (submission,))
