"""Replies of staff: sealed when they are written, kept with their text for the history of the case."""

import datetime as dt
from dataclasses import dataclass, field

from crypto.reply import ReplyRow
from reviewer.casebook.database import Database, Row


@dataclass(frozen=True, slots=True)
class SentReply:
    """A reply as staff wrote it; ``out_day`` is None while it waits for an outbox."""

    reply_id: bytes
    text: str = field(repr=False)
    day: dt.date
    out_day: dt.date | None


class Replies:
    """Each goes to all servers, in the next outbox."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def add(self, row: ReplyRow, text: str, *, submission: int, today: dt.date) -> None:
        self._small.run(
            "INSERT INTO replies (reply_id, submission, text, day, sealed_row) VALUES (?, ?, ?, ?, ?)",
            (row.reply_id, submission, text, today.isoformat(), row.to_bytes()),
        )

    def of(self, submission: int) -> list[SentReply]:
        rows = self._small.rows(
            "SELECT reply_id, text, day, out_day FROM replies WHERE submission = ? ORDER BY number", (submission,)
        )
        return [_sent_reply(row) for row in rows]

    def text_of(self, reply_id: bytes) -> SentReply | None:
        """The reply a source's act speaks of; None when it is none of ours."""
        row = self._small.row("SELECT reply_id, text, day, out_day FROM replies WHERE reply_id = ?", (reply_id,))
        return _sent_reply(row) if row else None

    def waiting(self) -> list[ReplyRow]:
        rows = self._small.rows("SELECT sealed_row FROM replies WHERE out_day IS NULL ORDER BY number")
        return [ReplyRow.parse(row[0]) for row in rows]

    def mark_out(self, rows: list[ReplyRow], *, today: dt.date) -> None:
        for row in rows:
            self._small.run("UPDATE replies SET out_day = ? WHERE reply_id = ?", (today.isoformat(), row.reply_id))


def _sent_reply(row: Row) -> SentReply:
    reply_id, text, day, out_day = row
    return SentReply(
        reply_id, text, dt.date.fromisoformat(day), dt.date.fromisoformat(out_day) if out_day else None
    )
