"""Submissions in the store: sealed bytes with a week, a manifest, a day, a length and a digest."""

import datetime as dt
import secrets
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from system.clock import Clock
from tipline.store.arrival import Arrival, Arrivals, Waits
from tipline.store.bulk_writer import BulkWriter
from tipline.store.database import Database
from tipline.store.errors import StoreError, WeekIsClosed

_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """A complete one. ``submission`` is the store's own random name for it and means nothing elsewhere."""

    submission: bytes
    week: str
    manifest_sha256: bytes
    day: dt.date
    length: int
    sha256: bytes

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "StoredSubmission":
        """Make it from a row of ``SELECT_STORED``."""
        submission, week, manifest_sha256, day, length, sha256 = row
        return cls(submission, week, manifest_sha256, dt.date.fromisoformat(day), length, sha256)


SELECT_STORED: Final = "SELECT id, week, manifest_sha256, day, length, sha256 FROM submissions"


class Submissions:
    """The table of submissions, and their bytes."""

    def __init__(
        self, small: Database, bulk: Database, writer: BulkWriter, clock: Clock, waits: Waits = nullcontext
    ) -> None:
        self._small = small
        self._bulk = bulk
        self._writer = writer
        self._clock = clock
        self._arrivals = Arrivals(waits)
        self._left_over: set[bytes] = set()
        self._left_over_lock = threading.Lock()

    def receive(self, week: str, manifest_sha256: bytes) -> Arrival:
        """Begin to receive a submission that is sealed to this week's keys of this manifest.

        Raises:
            WeekIsClosed: this server has signed that nothing more comes for the week.
            StoreFull, StoreError.
        """
        self.sweep_left_over()
        submission = secrets.token_bytes(_ID_BYTES)
        # Before its row is there: the sweep of dead ones must never take it for one.
        arrival = Arrival(
            submission,
            writer=self._writer,
            arrivals=self._arrivals,
            day=lambda: self._clock.today().isoformat(),
            sweep=self._sweep_or_remember,
        )
        try:
            self._begin(submission, week, manifest_sha256)
        except BaseException:
            self._arrivals.end(submission)
            raise
        return arrival

    def _begin(self, submission: bytes, week: str, manifest_sha256: bytes) -> None:
        # Not durable: should a power failure forget this row, then the sweep finds pieces that belong to nothing.
        with self._small.transaction(durable=False) as small:
            if small.execute("SELECT 1 FROM closed_weeks WHERE week = ?", (week,)).fetchone():
                raise WeekIsClosed(f"week {week} is closed on this server")
            small.execute(
                "INSERT INTO submissions (id, state, week, manifest_sha256) VALUES (?, 'receiving', ?, ?)",
                (submission, week, manifest_sha256),
            )

    def is_closed(self, week: str) -> bool:
        """Return whether this server has signed that the week is closed."""
        return self._small.row("SELECT 1 FROM closed_weeks WHERE week = ?", (week,)) is not None

    def waiting(self) -> list[StoredSubmission]:
        """Return all complete ones, in random order."""
        found = [StoredSubmission.of(row) for row in self._small.rows(f"{SELECT_STORED} WHERE state = 'complete'")]
        secrets.SystemRandom().shuffle(found)
        return found

    def kept_bytes(self, day: dt.date, longer_than_bytes: int = 0) -> int:
        """Sealed bytes of the complete ones of this day that are still here and longer than that."""
        row = self._small.row(
            "SELECT coalesce(sum(length), 0) FROM submissions WHERE state = 'complete' AND day = ? AND length > ?",
            (day.isoformat(), longer_than_bytes),
        )
        return int(row[0]) if row else 0

    def by_sha256(self, sha256: bytes) -> StoredSubmission | None:
        """The complete one with this digest, unless it was deleted."""
        row = self._small.row(f"{SELECT_STORED} WHERE sha256 = ? AND state = 'complete'", (sha256,))
        return None if row is None else StoredSubmission.of(row)

    def is_known(self, sha256: bytes) -> bool:
        """Return whether a submission with this digest is here, or is being deleted."""
        return self._small.row("SELECT 1 FROM submissions WHERE sha256 = ?", (sha256,)) is not None

    def is_kept(self, submission: bytes) -> bool:
        """Return whether a complete one is still here; one that is being deleted is not."""
        return (
            self._small.row("SELECT 1 FROM submissions WHERE id = ? AND state = 'complete'", (submission,))
            is not None
        )

    def pieces(self, submission: bytes) -> Iterator[bytes]:
        """Yield the sealed bytes, a row at a time; each row is read by itself, so that no writer waits.

        Raises:
            StoreError: a row is missing; it was deleted meanwhile, unless it :meth:`is_kept`.
        """
        row = self._small.row("SELECT length FROM submissions WHERE id = ? AND state = 'complete'", (submission,))
        if row is None:
            raise StoreError("submission is not in the store")
        left_bytes, place = row[0], 0
        while left_bytes > 0:
            piece = self._bulk.row(
                "SELECT sealed FROM pieces WHERE submission = ? AND place = ?", (submission, place)
            )
            if piece is None:
                raise StoreError("sealed bytes of a submission are missing from bulk.db")
            yield piece[0]
            left_bytes -= len(piece[0])
            place += 1

    def delete(self, submission: bytes) -> None:
        """Remove a complete submission for good: no longer listed at once, then its bytes, row by row.

        The rule of who must have it first is not the store's: see ``tipline.carry``.
        """
        with self._small.transaction() as small:
            small.execute(
                "UPDATE submissions SET state = 'deleting' WHERE id = ? AND state = 'complete'", (submission,)
            )
        self._sweep(submission)

    def resume_deletions(self) -> None:
        """Go on with deletions that were cut short."""
        for (submission,) in self._small.rows("SELECT id FROM submissions WHERE state = 'deleting'"):
            self._sweep(submission)

    def any_unfinished(self) -> bool:
        """Return whether something is being received, or was when a server died."""
        return self._small.row("SELECT 1 FROM submissions WHERE state = 'receiving' LIMIT 1") is not None

    def sweep_unfinished(self) -> None:
        """Remove what a crash left: begun and not completed, begun to be deleted, and pieces of nothing.

        Only while nothing is being received by any process: at the start of the server. What cannot be removed now,
        as a full disk has no room for the journal of a deletion, is tried again by :meth:`sweep_left_over`.
        """
        for (submission,) in self._small.rows(
            "SELECT id FROM submissions WHERE state IN ('receiving', 'deleting')"
        ):
            self._sweep_or_remember(submission)
        known = {row[0] for row in self._small.rows("SELECT id FROM submissions")}
        for (submission,) in self._bulk.rows("SELECT DISTINCT submission FROM pieces"):
            if submission not in known:
                self._sweep_or_remember(submission)

    def sweep_dead(self) -> None:
        """Remove what a killed import left, or one without room to remove it.

        It keeps its week open. Only in the process that serves, and while none imports.

        Raises:
            StoreError: the rows cannot be read.
        """
        for (submission,) in self._small.rows("SELECT id FROM submissions WHERE state = 'receiving'"):
            if not self._arrivals.is_running(submission):
                self._sweep_or_remember(submission)

    def sweep_left_over(self) -> None:
        """Try again to remove what this process could not remove before; does not fail."""
        with self._left_over_lock:
            left_over, self._left_over = self._left_over, set()
        for submission in left_over:
            self._sweep_or_remember(submission)

    def _sweep(self, submission: bytes) -> None:
        # An unfinished one stops being so before its bytes go. A web process that is ending may complete it at this
        # very moment: then either that fails, or nothing is removed here.
        with self._small.transaction(durable=False) as small:
            small.execute("DELETE FROM submissions WHERE id = ? AND state = 'receiving'", (submission,))
            kept = small.execute("SELECT state FROM submissions WHERE id = ?", (submission,)).fetchone()
        if kept == ("complete",):
            return
        for (piece,) in self._bulk.rows("SELECT id FROM pieces WHERE submission = ?", (submission,)):
            with self._bulk.transaction() as bulk:
                bulk.execute("DELETE FROM pieces WHERE id = ?", (piece,))
        if kept is not None:
            with self._small.transaction() as small:
                small.execute("DELETE FROM submissions WHERE id = ? AND state = 'deleting'", (submission,))

    def _sweep_or_remember(self, submission: bytes) -> None:
        try:
            self._sweep(submission)
        except StoreError:
            with self._left_over_lock:
                self._left_over.add(submission)
