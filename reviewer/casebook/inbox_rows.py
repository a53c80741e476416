"""The rows that lists are read from: one for each submission, and one for each thread.

Like the search index, a row is made from the records of its submission in the same transaction, and can be made
again at any time. Code that changes fields, files, replies or the archive must call
:meth:`InboxRows.put`. A trigger copies the state of a thread into its rows.
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from crypto.questions.answers import FORM_FIELD
from crypto.submissions.submission import Kind
from reviewer.casebook.shared_marks import ENTERED, SharedMarks
from reviewer.casebook.shared_operations import SharedOperations

if TYPE_CHECKING:
    from reviewer.casebook.database import CasebookDatabase

LANGUAGE_LETTERS: Final = 20
FORM_LETTERS: Final = 60
_MAILBOX_ID: Final = 32
_SHORT_ID: Final = re.compile(r"[0-9a-f]{12}")

_VALUE: Final = """coalesce((SELECT substr(value, 1, {letters}) FROM fields
    WHERE submission = s.number AND name = '{name}' ORDER BY place LIMIT 1), '')"""
_ROW: Final = f"""
    INSERT OR REPLACE INTO inbox_rows
    SELECT s.number, ?2, coalesce(s.day, s.imported_day),
        CASE WHEN s.unopenable IS NOT NULL THEN 'unopened' WHEN s.server IN {ENTERED} THEN 'telephone'
            WHEN s.kind = {int(Kind.ACT)} THEN 'act' ELSE 'tip' END,
        EXISTS (SELECT 1 FROM handled WHERE submission = s.number),
        coalesce((SELECT is_read FROM inbox_rows WHERE submission = s.number), 0),
        EXISTS (SELECT 1 FROM fields WHERE submission = s.number
            AND ((name = 'urgent' AND value = 'yes') OR (name = 'act' AND value = 'not-safe'))),
        {_VALUE.format(letters=LANGUAGE_LETTERS, name="language")},
        {_VALUE.format(letters=FORM_LETTERS, name=FORM_FIELD)},
        (SELECT count(*) FROM files WHERE submission = s.number),
        t.owner, t.status, t.is_starred, t.due_day, t.waits_for_us, t.waits_for_source, t.is_answered
    FROM submissions AS s JOIN inbox_threads AS t ON t.thread = ?2 WHERE s.number = ?1"""  # noqa: S608 -- constants of ours

# A message, or the act "I am not safe", waits for an answer. Any act but a deletion is a sign of the source.
_WAIT: Final = (None, "not-safe")
_MEMBERS: Final = """
    SELECT r.submission, r.day, f.value, s.mailbox IS NOT NULL FROM inbox_rows AS r
    JOIN submissions AS s ON s.number = r.submission
    LEFT JOIN fields AS f ON f.submission = r.submission AND f.name = 'act' AND r.kind = 'act'
    WHERE r.thread = ? AND r.kind IN ('tip', 'act') AND r.submission > ? ORDER BY r.submission"""
_REPLIES: Final = """
    SELECT max(replies.day), max(coalesce(reach.submission,
        (SELECT max(submission) FROM inbox_rows AS o WHERE o.thread = r.thread AND o.day <= replies.day), 0))
    FROM replies JOIN inbox_rows AS r ON r.submission = replies.submission
    LEFT JOIN reply_reach AS reach ON reach.reply = replies.number WHERE r.thread = ?"""
_NEWEST: Final = """
    SELECT r.submission, r.day, f.value, s.mailbox IS NOT NULL FROM inbox_rows AS r
    JOIN submissions AS s ON s.number = r.submission
    LEFT JOIN fields AS f ON f.submission = r.submission AND f.name = 'act' AND r.kind = 'act'
    WHERE r.thread = ? ORDER BY r.submission DESC LIMIT 1"""
_ANSWER, _TAKEN_BACK = "answer", "answer-taken-back"  # kinds of operations
_OWN_REPLY: Final = "SELECT 1 FROM replies WHERE lower(hex(reply_id)) = ?"
_REACHED: Final = """
    SELECT max(r.submission) FROM inbox_rows AS r JOIN submissions AS s ON s.number = r.submission
    WHERE r.thread = ? AND (s.envelope_sha256 = ? OR r.day < ?)"""
# CROSS JOIN keeps the order: the thread first, and not the acts of all threads.
_WORDS_KNOWN: Final = """
    SELECT 1 FROM inbox_rows AS r CROSS JOIN fields AS f ON f.submission = r.submission
    WHERE r.thread = ? AND r.kind = 'act' AND f.name = 'act' AND f.value = 'words-known' LIMIT 1"""


class InboxRows:
    """Writes the rows; :mod:`reviewer.cases.listing` reads them."""

    def __init__(self, small: "CasebookDatabase") -> None:
        self._small = small

    def put(self, submission: int) -> int:
        """Make the row of a submission, and what is computed of its thread; the number of the thread."""
        thread = self._put_row(submission)
        self.put_waiting(thread)
        return thread

    def put_new(self, submission: int) -> None:
        """As :meth:`put`, for a submission that has just come: it opens a thread that was closed without it.

        Its time does not grow with the thread: a source may send ten thousand messages to one mailbox.
        """
        thread = self._put_row(submission)
        newest = self._small.row(_NEWEST, (thread,))
        if newest is None or newest[0] != submission or newest[2] == "words-known":
            self.put_waiting(thread)
        else:
            self._put_one_more(thread, *newest[1:])
        SharedMarks(self._small).put_new(thread, submission)

    def put_waiting(self, thread: int) -> None:
        """Compute since when the thread waits for us or for the source, and whether it is answered."""
        found = self._small.row(_REPLIES, (thread,))
        own_day, own_reach = found or (None, None)
        day, reach = self._answers_of_colleagues(thread)
        reply_day, reach = max(own_day or "", day) or None, max(own_reach or 0, reach)
        later = self._small.rows(_MEMBERS, (thread, reach))
        may_be_answered = self._small.row(_WORDS_KNOWN, (thread,)) is None
        waiting = [day for _number, day, act, mailbox in later if mailbox and act in _WAIT]
        signs = [act for _number, _day, act, _mailbox in later if act != "delete"]
        self._small.run(
            "UPDATE inbox_threads SET may_be_answered = ?, waits_for_us = ?, waits_for_source = ?, is_answered = ?"
            " WHERE thread = ?",
            (
                may_be_answered,
                min(waiting, default=None) if may_be_answered else None,
                reply_day if reply_day and not signs and may_be_answered else None,
                bool(reply_day and not waiting),
                thread,
            ),
        )

    def _answers_of_colleagues(self, thread: int) -> tuple[str, int]:
        """The day of their last answer, empty for none, and the last submission that it reaches.

        An answer reaches the tip to which it was written, and what came on days before it.
        """
        said = SharedOperations(self._small).in_force_in_thread(thread, (_ANSWER, _TAKEN_BACK))
        back = {(one.author, one.text("reply")) for one in said if one.kind == _TAKEN_BACK}
        days, reach = [""], [0]
        for one in said:
            reply = one.text("reply")
            if one.kind == _TAKEN_BACK or (one.author, reply) in back or self._small.row(_OWN_REPLY, (reply,)):
                continue
            day = one.day.isoformat()
            days.append(day)
            row = self._small.row(_REACHED, (thread, one.tip, day))
            reach.append(row[0] if row and row[0] else 0)
        return max(days), max(reach)

    def _put_one_more(self, thread: int, day: str, act: str | None, has_mailbox: bool) -> None:
        """As :meth:`put_waiting`, for one newer message: only it is added to the stored result."""
        waits = bool(has_mailbox and act in _WAIT)
        self._small.run(
            "UPDATE inbox_threads SET"
            " waits_for_us = CASE WHEN ?1 AND may_be_answered THEN min(coalesce(waits_for_us, ?2), ?2)"
            " ELSE waits_for_us END,"
            " waits_for_source = CASE WHEN ?3 THEN NULL ELSE waits_for_source END,"
            " is_answered = is_answered AND NOT ?1 WHERE thread = ?4",
            (waits, day, act != "delete", thread),
        )

    def put_all(self) -> None:
        """Make all rows of a casebook that had none. The log says which tips were opened."""
        newest = self._small.row("SELECT raw FROM manifests ORDER BY version DESC LIMIT 1")
        if newest is not None:
            SharedMarks(self._small).note_reviewers(newest[0])
        for (number,) in self._small.rows("SELECT number FROM submissions ORDER BY number"):
            self.put(number)
        opened = {
            short_id
            for (subject,) in self._small.rows("SELECT subject FROM log WHERE act IN ('show', 'save')")
            for short_id in _SHORT_ID.findall(subject)
        }
        for number, short_id in self._small.rows(
            "SELECT number, lower(substr(hex(envelope_sha256), 1, 12)) FROM submissions"
        ):
            if short_id in opened:
                self.set_read(number, is_read=True)

    def put_back(self, submission: int) -> None:
        """Bring the row of a submission that came back from the bin up to the state of its thread."""
        SharedMarks(self._small).put(self.thread_of(submission))
        self._small.run(
            "UPDATE inbox_rows SET (owner, status, is_starred, due_day) ="
            " (SELECT owner, status, is_starred, due_day FROM inbox_threads"
            " WHERE inbox_threads.thread = inbox_rows.thread) WHERE submission = ?",
            (submission,),
        )
        self.put_waiting(self.thread_of(submission))

    def set_read(self, submission: int, *, is_read: bool) -> bool:
        """Mark a submission as read or unread; True if it was not so before."""
        return (
            self._small.run(
                "UPDATE inbox_rows SET is_read = ?1 WHERE submission = ?2 AND is_read <> ?1", (is_read, submission)
            )
            > 0
        )

    def with_form(self) -> list[tuple[int, int]]:
        """Submission and thread of each tip that came with a questionnaire."""
        rows = self._small.rows("SELECT submission, thread FROM inbox_rows WHERE form <> '' ORDER BY submission")
        return [(row[0], row[1]) for row in rows]

    def thread_of(self, submission: int) -> int:
        """The number of the thread."""
        row = self._small.row("SELECT thread FROM inbox_rows WHERE submission = ?", (submission,))
        return int(row[0]) if row else submission

    def count_since(self, day: dt.date) -> tuple[int, int, int]:
        """Tips that were imported after a day, their mailboxes, and how many of them tell of danger."""
        row = self._small.row(
            "SELECT count(*), count(DISTINCT thread), coalesce(sum(is_urgent), 0) FROM inbox_rows"
            " JOIN submissions ON number = submission WHERE imported_day > ? AND inbox_rows.kind <> 'unopened'",
            (day.isoformat(),),
        )
        return (row[0], row[1], row[2]) if row else (0, 0, 0)

    def note_reach(self, submission: int) -> None:
        """Note that the newest reply to ``submission`` answers every tip of its thread so far."""
        thread = self.thread_of(submission)
        self._small.run(
            "INSERT OR REPLACE INTO reply_reach SELECT max(number),"
            " (SELECT max(submission) FROM inbox_rows WHERE thread = ?) FROM replies WHERE submission = ?",
            (thread, submission),
        )
        self.put_waiting(thread)

    def _put_row(self, submission: int) -> int:
        thread = self._find_thread(submission)
        is_new = self._small.run("INSERT OR IGNORE INTO inbox_threads (thread) VALUES (?)", (thread,)) > 0
        self._small.run(_ROW, (submission, thread))
        if is_new:
            SharedMarks(self._small).put_owner(thread)
        return thread

    def _find_thread(self, submission: int) -> int:
        row = self._small.row(
            f"SELECT r.thread FROM submissions AS s JOIN submissions AS o"  # noqa: S608
            f" ON substr(o.mailbox, 1, {_MAILBOX_ID}) = substr(s.mailbox, 1, {_MAILBOX_ID})"
            " AND o.mailbox = s.mailbox AND o.number <> s.number"
            " JOIN inbox_rows AS r ON r.submission = o.number WHERE s.number = ? LIMIT 1",
            (submission,),
        )
        return int(row[0]) if row else submission
