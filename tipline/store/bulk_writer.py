"""The one thread that writes sealed bytes, so that receiving, sealing and writing overlap.

Whatever waits when the disk is ready goes into one transaction: sixty texts at once cost the disk little more than
one. Texts go before files. The rows of a long file share a transaction as well, until something waits to be
complete. Bytes are durable in ``bulk.db`` before ``tipline.db`` says complete, and that is
durable before the one who waits is told; a crash between leaves pieces that the next sweep removes.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from tipline.store.database import Database
from tipline.store.errors import StoreError, StoreFull

_LIGHT_BYTES: Final = 1 << 20
_HEAVY_BATCH_BYTES: Final = 8 << 20
_TRANSACTION_BYTES: Final = 32 << 20
_LINGER_SECONDS: Final = 0.05
_TURN_OF_OTHERS_SECONDS: Final = 0.005


class Digest(Protocol):
    """A SHA-256 under way."""

    def update(self, piece: bytes | bytearray, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """The record for ``tipline.db`` once all rows are durable, beside their digest."""

    length: int
    day: str


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A row of sealed bytes; the last one of a submission carries its completion.

    ``digest`` is of all its pieces, and grows as they are written.
    """

    submission: bytes
    place: int
    sealed: bytes | bytearray
    digest: Digest
    completion: Completion | None = None
    written: Future[None] = field(default_factory=Future)


class BulkWriter:
    """Started with the first piece; pieces are written in the order in which each submission gave them."""

    def __init__(self, small: Database, bulk: Database, check_room: Callable[[int], None]) -> None:
        self._small = small
        self._bulk = bulk
        self._check_room = check_room
        self.on_shortage: Callable[[], object] = lambda: None
        """Called each time that the system gives no thread to write in."""
        self._waiting: deque[SealedRow] = deque()
        self._taken: list[SealedRow] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._lost: dict[bytes, StoreError] = {}

    def put(self, piece: SealedRow) -> None:
        """Queue a row; ``piece.written`` has the outcome.

        For the last row of a submission it means that all of it is durable, for an earlier one that the next may
        come.

        Raises:
            StoreError: it was not queued, and has no outcome.
        """
        with self._changed:
            if self._closing:
                raise StoreError("store is being closed")
            if self._thread is None:
                self._thread = self._started()
            self._waiting.append(piece)
            self._changed.notify()

    def forget(self, submission: bytes) -> None:
        """This submission has ended: nothing more of it comes."""
        self._lost.pop(submission, None)

    def close(self) -> None:
        """Write what waits, then end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _started(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError) as error:
            # Kept only once it runs: else the next row tries again, and no upload waits for a missing thread.
            self.on_shortage()
            raise StoreError("the system gave no thread to write in") from error
        return thread

    def _run(self) -> None:
        with self._changed:  # the starting thread holds this until it is kept or given up
            if self._thread is not threading.current_thread():
                return
        while True:
            try:
                if not self._taken and not self._next_batch(None):
                    return
                # The next may come in hours. An error on a row holds the frames of the upload that waited, and so
                # all that it was sent: nothing here keeps a row that was written.
                self._taken = self._write(self._taken)
            except BaseException as error:  # noqa: BLE001 -- no memory, perhaps; without this thread all would wait
                self._fail_taken(error)

    def _fail_taken(self, error: BaseException) -> None:
        for piece in self._taken:
            if not piece.written.done():
                piece.written.set_exception(error)
        self._taken = []

    def _next_batch(self, wait_seconds: float | None) -> list[SealedRow]:
        """Return all light rows, and heavy ones up to some megabytes; a submission has one row here at a time.

        Empty if none came in time, or if the writer is being closed and nothing waits.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing, wait_seconds)
            batch = [piece for piece in self._waiting if len(piece.sealed) < _LIGHT_BYTES]
            heavy = deque(piece for piece in self._waiting if len(piece.sealed) >= _LIGHT_BYTES)
            taken_bytes = 0
            while heavy and (not batch or taken_bytes + len(heavy[0].sealed) <= _HEAVY_BATCH_BYTES):
                taken_bytes += len(heavy[0].sealed)
                batch.append(heavy.popleft())
            self._taken += batch
            self._waiting = heavy
        for piece in batch:
            # Here, as the thread that receives and seals has more to do than this one.
            piece.digest.update(piece.sealed)
        return batch

    def _write(self, batch: list[SealedRow]) -> list[SealedRow]:
        """Write one transaction; return a batch that was taken for it and did not fit."""
        turn = _Transaction(self._fail_lost(batch))
        try:
            self._check_room(_size(turn.at_hand))
            with self._bulk.transaction() as bulk:
                self._insert_while_it_lasts(bulk, turn)
            self._complete(turn.at_hand)
        except StoreError as error:
            self._lost |= dict.fromkeys(turn.ahead, error)
            if turn.ahead or len(turn.at_hand) > 1:
                self._write_each(turn.at_hand)
            elif turn.at_hand:
                turn.at_hand[0].written.set_exception(error)
        except BaseException:
            failure = StoreError("store failed in an unexpected way")
            self._lost |= dict.fromkeys(turn.ahead, failure)
            raise  # to where all that was taken is told so, also what is in no turn yet
        else:
            _told_as_written(turn.at_hand)
        if turn.ahead:
            # Other processes ask for the lock again and again: there must be a moment in which they can have it.
            time.sleep(_TURN_OF_OTHERS_SECONDS)
        return turn.left

    def _insert_while_it_lasts(self, bulk: Any, turn: "_Transaction") -> None:
        """Insert the batch, and more rows as long as they only add to unfinished files.

        Each commit costs the disk four flushes. The upload of such a row goes on at once.
        """
        taken_bytes = 0
        while turn.at_hand:
            _insert(bulk, turn.at_hand)
            taken_bytes += _size(turn.at_hand)
            if taken_bytes >= _TRANSACTION_BYTES or any(piece.completion for piece in turn.at_hand):
                return
            for piece in turn.at_hand:
                piece.written.set_result(None)
            turn.ahead.update(piece.submission for piece in turn.at_hand)
            # What was inserted leaves memory, however long the transaction goes on.
            self._taken.clear()
            turn.at_hand = []
            turn.at_hand = self._fail_lost(self._next_batch(_LINGER_SECONDS))
            if not self._has_room(turn.at_hand):
                turn.left, turn.at_hand = turn.at_hand, []

    def _write_each(self, batch: list[SealedRow]) -> None:
        """Write each row by itself: a file without room must not fail a text that has room."""
        for piece in self._fail_lost(batch):
            try:
                self._check_room(len(piece.sealed))
                with self._bulk.transaction() as bulk:
                    _insert(bulk, [piece])
                self._complete([piece])
            except BaseException as its_own:  # noqa: BLE001 -- the upload must not wait for ever
                if not piece.written.done():
                    piece.written.set_exception(its_own)
            else:
                _told_as_written([piece])

    def _fail_lost(self, batch: list[SealedRow]) -> list[SealedRow]:
        """Fail rows of submissions whose earlier rows did not become durable; return the others."""
        good = [piece for piece in batch if piece.submission not in self._lost]
        for piece in batch:
            if piece.submission in self._lost:
                piece.written.set_exception(self._lost[piece.submission])
        return good

    def _has_room(self, batch: list[SealedRow]) -> bool:
        try:
            self._check_room(_size(batch))
        except StoreFull:
            return False
        return True

    def _complete(self, batch: list[SealedRow]) -> None:
        """Say in ``tipline.db`` what is now durable in ``bulk.db``."""
        completed = [(piece, piece.completion) for piece in batch if piece.completion is not None]
        if not completed:
            return
        with self._small.transaction() as small:
            for piece, completion in completed:
                found = small.execute(
                    "UPDATE submissions SET state = 'complete', length = ?, sha256 = ?, day = ?"
                    " WHERE id = ? AND state = 'receiving'",
                    (completion.length, piece.digest.digest(), completion.day, piece.submission),
                )
                if found.rowcount != 1:
                    raise StoreError("submission was swept while it was being received")
        for piece, _ in completed:
            # Told right now: whatever fails from here on, nothing of it is undone.
            piece.written.set_result(None)


@dataclass(slots=True)
class _Transaction:
    """A running transaction: rows whose uploads wait, submissions whose uploads went on, and the rest."""

    at_hand: list[SealedRow]
    ahead: set[bytes] = field(default_factory=set)
    left: list[SealedRow] = field(default_factory=list)


def _told_as_written(batch: list[SealedRow]) -> None:
    for piece in batch:
        if not piece.written.done():
            piece.written.set_result(None)


def _size(batch: list[SealedRow]) -> int:
    return sum(len(piece.sealed) for piece in batch)


def _insert(bulk: Any, batch: list[SealedRow]) -> None:
    # There already when tipline.db failed after it was written, and the batch is done again piece by piece.
    bulk.executemany(
        "INSERT INTO pieces (id, submission, place, sealed) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (submission, place) DO NOTHING",
        [(secrets.randbits(63), piece.submission, piece.place, piece.sealed) for piece in batch],
    )
    for piece in batch:
        if piece.completion is not None:
            _require_all_rows(bulk, piece)


def _require_all_rows(bulk: Any, last: SealedRow) -> None:
    """Whatever went wrong before: nothing is called complete of which a row is missing."""
    (rows,) = bulk.execute("SELECT count(*) FROM pieces WHERE submission = ?", (last.submission,)).fetchone()
    if rows != last.place + 1:
        raise StoreError("a row of the submission is missing")
