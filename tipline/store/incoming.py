"""Positions in the reviewers' streams, and the content of their bundles."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tipline.store.database import Database


@dataclass(frozen=True, slots=True)
class SenderPlace:
    """The position in one sender's stream: digests of statements by number, and the replaced streams."""

    stream: bytes
    statements: dict[int, bytes]
    ended: frozenset[bytes]


class Incoming:
    """The streams from the reviewers."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def place(self, sender: bytes) -> SenderPlace | None:
        """Return the position in a sender's stream; None if nothing of it was read."""
        row = self._small.row("SELECT stream FROM senders WHERE sender = ?", (sender,))
        if row is None:
            return None
        read = self._small.rows("SELECT number, sha256 FROM statements_read WHERE sender = ?", (sender,))
        ended = self._small.rows("SELECT stream FROM ended_streams WHERE sender = ?", (sender,))
        return SenderPlace(row[0], dict(read), frozenset(each for (each,) in ended))

    def begin_stream(self, sender: bytes, stream: bytes) -> None:
        """Go on with another stream of a known sender, as staff confirmed; the one before is ended for good.

        A reviewer who was restored may lack what it had receipted since its backup: all its receipts are forgotten,
        so that it is sent all that is still here, and says in the new stream what it has. Where the stream is the
        present one its receipts stay. Either way they count from now on.
        """
        with self._small.transaction() as small:
            small.execute("DELETE FROM unaccepted WHERE reviewer = ?", (sender,))
            known = small.execute("SELECT stream FROM senders WHERE sender = ?", (sender,)).fetchone()
            if known is None or known[0] == stream:
                return
            small.execute("INSERT INTO ended_streams (sender, stream) VALUES (?, ?)", (sender, known[0]))
            small.execute("DELETE FROM statements_read WHERE sender = ?", (sender,))
            small.execute("DELETE FROM receipts WHERE reviewer = ?", (sender,))
            small.execute("DELETE FROM reached WHERE reviewer = ?", (sender,))
            small.execute("UPDATE senders SET stream = ? WHERE sender = ?", (stream, sender))

    def await_acceptance(self, reviewers: Iterable[bytes]) -> None:
        """Let the receipts of these count for nothing until staff accept them: :meth:`begin_stream`."""
        with self._small.transaction() as small:
            small.executemany(
                "INSERT OR IGNORE INTO unaccepted (reviewer) VALUES (?)", [(each,) for each in reviewers]
            )

    def unaccepted(self) -> frozenset[bytes]:
        """Reviewers whose receipts count for nothing yet."""
        return frozenset(row[0] for row in self._small.rows("SELECT reviewer FROM unaccepted"))

    def release(self, listed: Collection[bytes]) -> None:
        """Show the replies that waited for a manifest: those of the reviewers it lists. Forget the others."""
        with self._small.transaction() as small:
            for sha256, sender in small.execute("SELECT sha256, sender FROM held_statements").fetchall():
                if sender in listed:
                    small.execute("UPDATE replies SET pending = NULL WHERE pending = ?", (sha256,))
                else:
                    small.execute("DELETE FROM replies WHERE pending = ?", (sha256,))
            small.execute("DELETE FROM held_statements")

    def finish(
        self,
        *,
        sender: bytes,
        stream: bytes,
        number: int,
        sha256: bytes,
        receipted: Sequence[bytes],
        replies_wait: bool = False,
    ) -> int:
        """Record a whole bundle at once; return how many receipts were new.

        Its replies become visible, unless they wait for a manifest, its receipts are kept, its statement counts as
        read. ``receipted`` are digests of envelopes; those that no statement of ours lists are ignored.
        """
        with self._small.transaction() as small:
            small.execute(
                "INSERT INTO senders (sender, stream) VALUES (?, ?) ON CONFLICT (sender) DO NOTHING",
                (sender, stream),
            )
            small.execute(
                "INSERT INTO statements_read (sender, number, sha256) VALUES (?, ?, ?)", (sender, number, sha256)
            )
            if replies_wait:
                small.execute("INSERT INTO held_statements (sha256, sender) VALUES (?, ?)", (sha256, sender))
            else:
                small.execute("UPDATE replies SET pending = NULL WHERE pending = ?", (sha256,))
            fresh = 0
            for digest in receipted:
                listed = small.execute(
                    "SELECT bundle FROM submissions WHERE sha256 = ? AND bundle IS NOT NULL", (digest,)
                ).fetchone()
                if listed is None:
                    continue
                added = small.execute(
                    "INSERT OR IGNORE INTO receipts (sha256, reviewer, counted)"
                    " SELECT ?, ?, days FROM counted_days",
                    (digest, sender),
                )
                fresh += int(added.rowcount)
                small.execute(
                    "INSERT INTO reached (reviewer, number) VALUES (?, ?)"
                    " ON CONFLICT (reviewer) DO UPDATE SET number = max(number, excluded.number)",
                    (sender, listed[0]),
                )
            return fresh
