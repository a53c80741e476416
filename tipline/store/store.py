"""The two files of the store, opened together."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final, Self

from tipline.clock import SYSTEM_CLOCK, Clock
from tipline.store.bulk_writer import BulkWriter
from tipline.store.database import Database
from tipline.store.errors import StoreFull
from tipline.store.incoming import Incoming
from tipline.store.manifests import Manifests
from tipline.store.outgoing import Outgoing
from tipline.store.replies import Replies
from tipline.store.settings import Settings
from tipline.store.submissions import Submissions

_SMALL: Final = "tipline.db"
_BULK: Final = "bulk.db"
_VERSION: Final = 1
_RESERVE_BYTES: Final = 64 << 20
_NOISE_BYTES: Final = 64


class Store:
    """Everything that a server keeps, but for its keys.

    Usable by all threads of a process, and by several processes; only one of them may receive submissions.
    """

    def __init__(
        self,
        folder: Path,
        key: bytes,
        *,
        create: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        reserve_bytes: int = _RESERVE_BYTES,
    ) -> None:
        """``reserve_bytes`` of the disk are left for the small file and for deletions, which need room themselves.

        Raises:
            WrongDatabaseKey, NewerStore, StoreError.
        """
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        with contextlib.ExitStack() as undo:
            self._small = Database(
                folder / _SMALL,
                key,
                schema="schema.sql",
                version=_VERSION,
                journal_mode="WAL",
                page_bytes=8192,
                create=create,
            )
            undo.callback(self._small.close)
            # A write-ahead log would write every byte twice; a rollback journal leaves new pages alone.
            self._bulk = Database(
                folder / _BULK,
                key,
                schema="bulk.sql",
                version=_VERSION,
                journal_mode="TRUNCATE",
                page_bytes=65536,
                create=create,
            )
            undo.pop_all()
        self._writer = BulkWriter(self._small, self._bulk, self._check_room)
        self.submissions = Submissions(self._small, self._bulk, self._writer, clock)
        self.replies = Replies(self._small)
        self.outgoing = Outgoing(self._small)
        self.incoming = Incoming(self._small)
        self.manifests = Manifests(self._small)
        self.settings = Settings(self._small)

    def room_bytes(self) -> int:
        """How many sealed bytes still fit, roughly: what the disk has free, less the reserve, and what deleted
        submissions left inside."""
        disk = os.statvfs(self._folder)
        return max(0, disk.f_bavail * disk.f_frsize - self._reserve_bytes) + self._bulk.free_bytes_inside()

    def beat(self) -> None:
        """Rewrite a row of noise in both files, so that their times tell only that the server was up; and tidy up
        what could not be removed before.

        Raises:
            StoreFull, StoreBusy, StoreError: not this time.
        """
        self.submissions.sweep_left_over()
        for database in (self._small, self._bulk):
            with database.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO heartbeat (only, noise) VALUES (1, ?)",
                    (secrets.token_bytes(_NOISE_BYTES),),
                )
        # A reader may have stood in the way of emptying the log after the last deletion.
        self._small.empty_log()

    def wipe_traces(self) -> None:
        """After deletions: no old page stays in a journal, and the disk gets its room back."""
        self._bulk.give_back()
        self._small.give_back()
        self._small.empty_log()

    def close(self) -> None:
        """Write what waits, then let go of both files."""
        self._writer.close()
        self._small.close()
        self._bulk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _check_room(self, wanted_bytes: int) -> None:
        if self.room_bytes() < wanted_bytes:
            raise StoreFull(
                "the disk has no room for the store",
                hint="make room; the store works again by itself, nothing is lost",
            )
