"""A submission that is being received: its sealed rows on the way into the store."""

import copy
import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from tipline.store.bulk_writer import BulkWriter, Completion, SealedRow

ROW_BYTES: Final = 2 << 20
_SMALLEST_ROW_BYTES: Final = 256 << 10
_ALL_ROWS_BYTES: Final = 64 << 20
Waits = Callable[[], AbstractContextManager[None]]


class Arrivals:
    """The running uploads of this process; their number limits the memory that all of them hold together."""

    def __init__(self, waits: Waits = nullcontext) -> None:
        """``waits`` is entered for as long as a thread waits for the disk."""
        self.waits = waits
        self._lock = threading.Lock()
        self._running: set[bytes] = set()

    def begin(self, submission: bytes) -> None:
        with self._lock:
            self._running.add(submission)

    def end(self, submission: bytes) -> None:
        with self._lock:
            self._running.discard(submission)

    def is_running(self, submission: bytes) -> bool:
        with self._lock:
            return submission in self._running

    def row_bytes(self) -> int:
        """Rows are short when many write: 2 MiB alone, 256 KiB from the 256th on."""
        return max(_SMALLEST_ROW_BYTES, min(ROW_BYTES, _ALL_ROWS_BYTES // max(1, len(self._running))))


class Arrival:
    """Takes sealed bytes; nothing of them is listed anywhere before :meth:`complete` returns.

    For one thread at a time. Ended by :meth:`complete` or :meth:`discard`; a context manager discards what was not
    completed. At most two rows are in memory: one being filled, one being written.
    """

    def __init__(
        self,
        submission: bytes,
        *,
        writer: BulkWriter,
        arrivals: Arrivals,
        day: Callable[[], str],
        sweep: Callable[[bytes], None],
    ) -> None:
        """Use ``Submissions.receive``. ``sweep`` removes every trace of an incomplete submission."""
        self._submission = submission
        self._writer = writer
        self._arrivals = arrivals
        self._day = day
        self._sweep = sweep
        self._row = bytearray()
        self._place = 0
        self._length = 0
        self._digest = hashlib.sha256()
        self._being_written: Future[None] | None = None
        self._ended = False
        arrivals.begin(submission)

    @property
    def length(self) -> int:
        """Sealed bytes so far."""
        return self._length

    def write(self, piece: bytes) -> None:
        """Take the next sealed bytes; returns at once unless the store is two rows behind.

        Raises:
            StoreFull, StoreError: this or an earlier piece could not be written; the arrival can only be discarded.
        """
        self._must_be_open()
        self._row += piece
        self._length += len(piece)
        if len(self._row) >= self._arrivals.row_bytes():
            self._send(None)

    def complete(self) -> None:
        """Return when everything is on the disk for good, and listed.

        Raises:
            StoreFull, StoreError: it is not, and :meth:`discard` removes what is there.
        """
        self._must_be_open()
        if not self._length:
            raise RuntimeError("nothing was written to this arrival")
        self._send(Completion(self._length, self._day()))
        try:
            self._await()
        except Exception:
            # Where memory is too short to wait in our way: it is what the writer says that counts.
            if self._being_written is None or self._being_written.exception() is not None:
                raise
        self._end()

    def discard(self) -> None:
        """Remove every trace; does nothing after :meth:`complete` or another :meth:`discard`. Does not fail.

        What cannot be removed now (a full disk) is removed by the next sweep, and is never listed.
        """
        if self._ended:
            return
        with self._arrivals.waits():
            if self._being_written is not None:
                self._being_written.exception()  # only waits: the outcome no longer matters
            self._row = bytearray()
            self._end()
            self._sweep(self._submission)

    def __enter__(self) -> "Arrival":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.discard()

    def _send(self, completion: Completion | None) -> None:
        self._await()
        piece = SealedRow(self._submission, self._place, self._row, self._digest, completion)
        self._place += 1
        self._row = bytearray()
        self._writer.put(piece)
        # Not before it is queued: the wait for any other would never end.
        self._being_written = piece.written

    def _await(self) -> None:
        # Kept, so that a failure stays one for all later calls.
        if self._being_written is None:
            return
        if not self._being_written.done():
            with self._arrivals.waits():
                self._being_written.exception()
        if (failure := self._being_written.exception()) is not None:
            # A copy: an error holds the frames that it goes through, and these hold what is being received. The one
            # that is kept would hold all of that in a circle, until the garbage collector came by.
            raise copy.copy(failure) from failure

    def _must_be_open(self) -> None:
        if self._ended:
            raise RuntimeError("this arrival has ended")

    def _end(self) -> None:
        self._ended = True
        self._writer.forget(self._submission)
        self._arrivals.end(self._submission)
