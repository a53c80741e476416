"""Replies of staff: sealed when they are written, kept with their text for the history of the case."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from crypto.passphrases.mailbox import MailboxAddress
from crypto.submissions.reply import ReplyRow, dummy_reply
from reviewer.casebook.database import CasebookDatabase, Row
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.search_index import SearchIndex

_NUMBERS_FROM = "reply-numbers-from"
_NUMBERS_LEFT_OUT = 1000


@dataclass(frozen=True, slots=True)
class SentReply:
    """A reply by staff; ``out_day`` is None while it waits for an outbox.

    ``deleted_day`` is None until the source deletes it.
    """

    reply_id: bytes
    text: str = field(repr=False)
    day: dt.date
    out_day: dt.date | None
    deleted_day: dt.date | None


class SentReplies:
    """The replies of staff; each goes to all servers in the next outbox."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, row: ReplyRow, text: str, *, mailbox_number: int, submission: int, today: dt.date) -> None:
        """Keep a reply under the number that :meth:`next_mailbox_number` gave it."""
        self._small.run(
            "INSERT INTO replies (reply_id, submission, mailbox_number, text, day, sealed_row)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (row.reply_id, submission, mailbox_number, text, today.isoformat(), row.to_bytes()),
        )
        SearchIndex(self._small).put(submission)
        InboxRows(self._small).note_reach(submission)

    def next_mailbox_number(self, mailbox: MailboxAddress) -> int:
        """The number inside the next reply to this mailbox: one more than the last one, from 1 on."""
        row = self._small.row(
            "SELECT coalesce(max(mailbox_number), 0) + 1 FROM replies JOIN submissions"
            " ON submissions.number = replies.submission WHERE submissions.mailbox = ?",
            (mailbox.to_bytes(),),
        )
        above = self._small.row("SELECT value FROM settings WHERE name = ?", (_NUMBERS_FROM,))
        return max(int(row[0]) if row else 1, int(above[0]) if above else 1)

    def leave_numbers_out(self) -> None:
        """Skip a thousand reply numbers after a restore.

        Replies written since the backup may be on the servers, under the numbers that would come next.
        """
        self._small.run(
            "INSERT INTO settings SELECT ?, coalesce(max(mailbox_number), 0) + ? FROM replies WHERE true"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_NUMBERS_FROM, _NUMBERS_LEFT_OUT),
        )

    def of(self, submission: int) -> list[SentReply]:
        rows = self._small.rows(
            "SELECT reply_id, text, day, out_day, deleted_day FROM replies WHERE submission = ? ORDER BY number",
            (submission,),
        )
        return [_sent_reply(row) for row in rows]

    def not_shared(self, *, since: dt.date) -> list[tuple[int, SentReply]]:
        """Replies from this day on of which no operation tells, with the number of their submission."""
        rows = self._small.rows(
            "SELECT submission, reply_id, text, day, out_day, deleted_day FROM replies"
            " WHERE submission IS NOT NULL AND day >= ? AND NOT EXISTS (SELECT 1 FROM operations JOIN submissions"
            " ON submissions.envelope_sha256 = operations.tip WHERE submissions.number = replies.submission"
            " AND operations.kind = 'answer' AND (operations.body IS NULL"
            " OR json_extract(CAST(operations.body AS TEXT), '$.content.reply') = lower(hex(replies.reply_id))))"
            " ORDER BY replies.number",
            (since.isoformat(),),
        )
        return [(row[0], _sent_reply(row[1:])) for row in rows]

    def find(self, reply_id: bytes) -> SentReply | None:
        """The reply that a source's act names, or None if it is not ours."""
        row = self._small.row(
            "SELECT reply_id, text, day, out_day, deleted_day FROM replies WHERE reply_id = ?", (reply_id,)
        )
        return _sent_reply(row) if row else None

    def all_waiting(self) -> list[tuple[int, SentReply]]:
        """Each real reply that waits for an outbox, with the number of its submission."""
        rows = self._small.rows(
            "SELECT submission, reply_id, text, day, out_day, deleted_day FROM replies"
            " WHERE out_day IS NULL AND deleted_day IS NULL AND submission IS NOT NULL ORDER BY number"
        )
        return [(row[0], _sent_reply(row[1:])) for row in rows]

    def fill_up(self, *, multiple: int, today: dt.date, but: Collection[bytes] = ()) -> None:
        """Add dummies until the replies for an outbox are a multiple of this number, and not none.

        The replies ``but`` stay here.
        """
        row = self._small.row("SELECT count(*) FROM replies WHERE out_day IS NULL")
        waiting = (int(row[0]) if row else 0) - len(but)
        for _ in range(max(1, -(-waiting // multiple)) * multiple - waiting):
            dummy = dummy_reply()
            self._small.run(
                "INSERT INTO replies (reply_id, day, sealed_row) VALUES (?, ?, ?)",
                (dummy.reply_id, today.isoformat(), dummy.to_bytes()),
            )

    def after(self, number: int, *, since: dt.date, but: Collection[bytes] = ()) -> list[ReplyRow]:
        """Replies, real and dummy, that came after ``number`` or never left, written on ``since`` or later."""
        rows = self._small.rows(
            "SELECT sealed_row, reply_id FROM replies WHERE (number > ? OR out_day IS NULL)"
            " AND coalesce(out_day, ?) >= ? ORDER BY number",
            (number, since.isoformat(), since.isoformat()),
        )
        return [ReplyRow.parse(row[0]) for row in rows if row[1] not in but]

    def waiting(self) -> int:
        """The number of real replies that wait for the next outbox."""
        row = self._small.row("SELECT count(*) FROM replies WHERE out_day IS NULL AND submission IS NOT NULL")
        return int(row[0]) if row else 0

    def last_number(self) -> int:
        row = self._small.row("SELECT coalesce(max(number), 0) FROM replies")
        return int(row[0]) if row else 0

    def mark_out(self, *, today: dt.date, but: Collection[bytes] = ()) -> None:
        """Mark the waiting replies as sent with an outbox, without those ``but``."""
        self._small.run(
            "UPDATE replies SET out_day = ? WHERE out_day IS NULL"  # noqa: S608
            f" AND reply_id NOT IN ({', '.join('?' * len(but))})",
            (today.isoformat(), *but),
        )

    def drop_dummies(self, *, before: dt.date) -> None:
        """Forget dummies that have ended on the servers; real ones stay as part of the case."""
        self._small.run("DELETE FROM replies WHERE submission IS NULL AND out_day < ?", (before.isoformat(),))

    def mark_deleted(self, mailbox: MailboxAddress, reply_ids: frozenset[bytes] | None, *, today: dt.date) -> None:
        """The source deleted these replies to its mailbox; all of them when ``reply_ids`` is None."""
        rows = self._small.rows(
            "SELECT reply_id FROM replies JOIN submissions ON submissions.number = replies.submission"
            " WHERE submissions.mailbox = ? AND deleted_day IS NULL",
            (mailbox.to_bytes(),),
        )
        for (reply_id,) in rows:
            if reply_ids is None or reply_id in reply_ids:
                dummy = replace(dummy_reply(), reply_id=reply_id)
                self._small.run(
                    "UPDATE replies SET deleted_day = ?, sealed_row = ? WHERE reply_id = ?",
                    (today.isoformat(), dummy.to_bytes(), reply_id),
                )

    def let_go_of(self, submission: int, reply_id: bytes | None = None) -> None:
        """Make dummies of all replies of a submission, or of one: the rows say what each server was sent.

        What waits for an outbox never leaves. What left stays on the servers until it ends there.
        """
        rows = self._small.rows(
            "SELECT number, reply_id, mailbox_number, out_day FROM replies"
            " WHERE submission = ?1 AND (?2 IS NULL OR reply_id = ?2)",
            (submission, reply_id),
        )
        for number, former_id, mailbox_number, out_day in rows:
            dummy = dummy_reply() if out_day is None else replace(dummy_reply(), reply_id=former_id)
            self._small.run(
                "UPDATE replies SET reply_id = ?, submission = NULL, mailbox_number = NULL, text = NULL,"
                " sealed_row = ? WHERE number = ?",
                (dummy.reply_id, dummy.to_bytes(), number),
            )
            if out_day is not None:
                self._leave_numbers_out_after(mailbox_number)
        if reply_id is not None:
            InboxRows(self._small).put(submission)

    def _leave_numbers_out_after(self, mailbox_number: int) -> None:
        """A server may hold a reply of this number. The next thousand tells other mailboxes nothing exact."""
        self._small.run(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
            " SET value = CAST(max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)",
            (_NUMBERS_FROM, str((mailbox_number // _NUMBERS_LEFT_OUT + 1) * _NUMBERS_LEFT_OUT)),
        )

    def take_withdrawals(self, *, today: dt.date) -> list[bytes]:
        """Ids of replies whose deletion the servers were not told yet; they count as told from now on."""
        rows = self._small.rows(
            "SELECT reply_id FROM replies WHERE deleted_day IS NOT NULL AND out_day IS NOT NULL"
            " AND withdrawn_day IS NULL ORDER BY number"
        )
        self._small.run(
            "UPDATE replies SET withdrawn_day = ? WHERE deleted_day IS NOT NULL AND withdrawn_day IS NULL",
            (today.isoformat(),),
        )
        return [row[0] for row in rows]


def _sent_reply(row: Row) -> SentReply:
    reply_id, text, day, out_day, deleted_day = row
    return SentReply(reply_id, text, _day(day), _day_or_none(out_day), _day_or_none(deleted_day))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _day_or_none(text: str | None) -> dt.date | None:
    return _day(text) if text else None
