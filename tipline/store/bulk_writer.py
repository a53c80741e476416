"""The one thread that writes sealed bytes, so that receiving, sealing and writing overlap.

Whatever waits when the disk is ready goes into one transaction: sixty texts at once cost the disk little more than
one. Texts go before files. Bytes are durable in ``bulk.db`` before ``tipline.db`` says complete, and that is
durable before the one who waits is told; a crash between leaves pieces that the next sweep removes.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, Protocol

from tipline.store.database import Database
from tipline.store.errors import StoreError

_LIGHT_BYTES: Final = 1 << 20
_HEAVY_BATCH_BYTES: Final = 8 << 20


class Digest(Protocol):
    """A SHA-256 under way."""

    def update(self, piece: bytes | bytearray, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Completion:
    """What ``tipline.db`` is told when all pieces are durable, beside their digest."""

    length: int
    day: str


@dataclass(frozen=True, slots=True)
class Piece:
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
        self._waiting: deque[Piece] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def put(self, piece: Piece) -> None:
        """Queue a piece; ``piece.written`` has the outcome."""
        with self._changed:
            if self._closing:
                raise StoreError("store is being closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
            self._waiting.append(piece)
            self._changed.notify()

    def close(self) -> None:
        """Write what waits, then end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    return
                batch = self._next_batch()
            for piece in batch:
                # Here, as the thread that receives and seals has more to do than this one.
                piece.digest.update(piece.sealed)
            self._write(batch)

    def _next_batch(self) -> list[Piece]:
        """All light pieces, and heavy ones up to some megabytes; a submission has one piece here at a time."""
        light = [piece for piece in self._waiting if len(piece.sealed) < _LIGHT_BYTES]
        heavy = [piece for piece in self._waiting if len(piece.sealed) >= _LIGHT_BYTES]
        batch = light
        taken_bytes = 0
        while heavy and (not batch or taken_bytes + len(heavy[0].sealed) <= _HEAVY_BATCH_BYTES):
            taken_bytes += len(heavy[0].sealed)
            batch.append(heavy.pop(0))
        self._waiting = deque(heavy)
        return batch

    def _write(self, batch: list[Piece]) -> None:
        try:
            self._commit(batch)
        except StoreError as error:
            if len(batch) == 1:
                batch[0].written.set_exception(error)
                return
            # One may fail for all: a file for which there is no room, beside a text for which there is.
            for piece in batch:
                self._write([piece])
        except BaseException as error:  # noqa: BLE001 -- whoever waits must not wait for ever
            for piece in batch:
                piece.written.set_exception(error)
        else:
            for piece in batch:
                piece.written.set_result(None)

    def _commit(self, batch: list[Piece]) -> None:
        self._check_room(sum(len(piece.sealed) for piece in batch))
        with self._bulk.transaction() as bulk:
            # There already when tipline.db failed after it was written, and the batch is done again piece by piece.
            bulk.executemany(
                "INSERT INTO pieces (id, submission, place, sealed) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (submission, place) DO NOTHING",
                [(secrets.randbits(63), piece.submission, piece.place, piece.sealed) for piece in batch],
            )
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
