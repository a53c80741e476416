"""Reply rows, real and dummy alike: the store cannot tell one from the other, nor two mailboxes apart."""

import contextlib
import datetime as dt
from collections.abc import Sequence
from typing import Final

from tipline.store.database import Database
from tipline.store.errors import StoreError

_UNFINISHED: Final = "pending IS NOT NULL AND pending NOT IN (SELECT sha256 FROM held_statements)"
"""Rows of a bundle that was not read to its end; not those that wait for a manifest."""


class Replies:
    """The table of replies."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def put(self, reply_id: bytes, salt: bytes, tag: bytes, envelope: bytes, day: dt.date) -> None:
        """Keep a reply that came on ``day``. A known one stays as it is, as a source may have deleted it."""
        self.put_pending([(reply_id, salt, tag, envelope)], day, None)

    def put_pending(
        self, rows: Sequence[tuple[bytes, bytes, bytes, bytes]], day: dt.date, statement_sha256: bytes | None
    ) -> None:
        """Keep rows (reply id, salt, tag, envelope) of a bundle that is still being read.

        They are invisible until ``Incoming.finish`` names the same statement. Known ones stay as they are.
        """
        with self._small.transaction() as small:
            for reply_id, salt, tag, envelope in rows:
                # One that an import left unfinished is taken over by the next.
                small.execute(f"DELETE FROM replies WHERE id = ? AND {_UNFINISHED}", (reply_id,))  # noqa: S608
                fresh = small.execute(
                    "INSERT INTO replies (id, salt, tag, day, pending) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (id) DO NOTHING",
                    (reply_id, salt, tag, day.isoformat(), statement_sha256),
                )
                if fresh.rowcount == 1:
                    small.execute("INSERT INTO reply_envelopes (id, envelope) VALUES (?, ?)", (reply_id, envelope))

    def drop_pending(self) -> None:
        """Forget what unfinished imports left."""
        with self._small.transaction() as small:
            small.execute(f"DELETE FROM replies WHERE {_UNFINISHED}")  # noqa: S608 -- ours

    def tags(self) -> list[tuple[bytes, bytes, bytes]]:
        """Reply id, salt and tag of every row."""
        return [
            (row[0], row[1], row[2])
            for row in self._small.rows("SELECT id, salt, tag FROM replies WHERE pending IS NULL")
        ]

    def rows(self, reply_ids: Sequence[bytes]) -> list[tuple[bytes, bytes, bytes, bytes]]:
        """Reply id, salt, tag and envelope of each of them; an id that is gone is left out.

        The store is waited for once, for none as for many: a wait for each would tell how many there are, and the
        more clearly the more others come."""
        with self._small.snapshot() as small:
            found = [
                small.execute(
                    "SELECT id, salt, tag, envelope FROM replies JOIN reply_envelopes USING (id)"
                    " WHERE id = ? AND pending IS NULL",
                    (reply_id,),
                ).fetchone()
                for reply_id in reply_ids
            ]
        return [(row[0], row[1], row[2], row[3]) for row in found if row is not None]

    def replace(self, rows: Sequence[tuple[bytes, bytes, bytes, bytes]]) -> None:
        """Replace each of these replies with other bytes (id, salt, tag and envelope of a dummy); all or none.

        The dummy lives until the same day. A reply that is gone stays so. Waits for the store as :meth:`rows` does.
        While another process reads, the old bytes stay in the write-ahead log until a heartbeat finds no reader.
        """
        with self._small.transaction() as small:
            for reply_id, salt, tag, envelope in rows:
                found = small.execute("UPDATE replies SET salt = ?, tag = ? WHERE id = ?", (salt, tag, reply_id))
                if found.rowcount == 1:
                    small.execute("UPDATE reply_envelopes SET envelope = ? WHERE id = ?", (envelope, reply_id))
        with contextlib.suppress(StoreError):  # they are replaced, and the trouble is noted
            self._small.empty_log(patient=False)

    def drop_older_than(self, day: dt.date) -> None:
        """Forget the replies that came before ``day``."""
        with self._small.transaction() as small:
            dropped = small.execute("DELETE FROM replies WHERE day < ?", (day.isoformat(),)).rowcount
        if dropped:
            self._small.empty_log(patient=False)
