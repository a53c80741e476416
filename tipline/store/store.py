"""The two files of the store, opened together."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final, Self

from system.clock import SYSTEM_CLOCK, Clock
from tipline.store.arrival import Waits
from tipline.store.ballast import Ballast
from tipline.store.bulk_writer import BulkWriter
from tipline.store.database import Database
from tipline.store.errors import StoreError, StoreFull
from tipline.store.events import Event, Events
from tipline.store.incoming import Incoming
from tipline.store.manifests import Manifests
from tipline.store.outgoing import Outgoing
from tipline.store.replies import Replies
from tipline.store.settings import CountedDays, Settings
from tipline.store.submissions import Submissions

SMALL: Final = "tipline.db"
BULK: Final = "bulk.db"
SMALL_VERSION: Final = 3
BULK_VERSION: Final = 1
_RESERVE_BYTES: Final = 64 << 20
_FULL_BYTES: Final = 1 << 20
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
        waits: Waits = contextlib.nullcontext,
    ) -> None:
        """Open the store.

        ``reserve_bytes`` of the disk are left for the small file and for deletions, which need room themselves.
        ``waits`` is entered for as long as a thread waits for a file.

        Raises:
            WrongDatabaseKey, NewerStore, StoreError.
        """
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._ballast = Ballast(folder)
        self._ballast.give_up_when_full()
        with contextlib.ExitStack() as undo:
            self._small = open_small(folder, key, create=create)
            undo.callback(self._small.close)
            self._bulk = open_bulk(folder, key, create=create)
            undo.pop_all()
        self.settings = Settings(self._small)
        self.events = Events(self.settings, clock)
        self._small.waits = self._bulk.waits = waits
        self._small.on_trouble = self._bulk.on_trouble = self.events.note_trouble
        self._writer = BulkWriter(self._small, self._bulk, self._check_room)
        self._writer.on_shortage = lambda: self.events.note(Event.SHORTAGE)
        self.submissions = Submissions(self._small, self._bulk, self._writer, clock, waits)
        self.replies = Replies(self._small)
        self.outgoing = Outgoing(self._small)
        self.days = CountedDays(self._small)
        self.incoming = Incoming(self._small)
        self.manifests = Manifests(self._small)

    def spare_bytes(self) -> int:
        """Return the free disk space without the store's own reserve. It waits for no other thread."""
        disk = os.statvfs(self._folder)
        return max(0, disk.f_bavail * disk.f_frsize - self._reserve_bytes)

    def room_bytes(self) -> int:
        """Return roughly how many sealed bytes still fit.

        That is what is spare on the disk, plus the space of deleted submissions inside.
        The reserve for texts (``text_reserve_bytes``) is another one: the upload quota subtracts it.
        """
        room = self.spare_bytes() + self._bulk.free_bytes_inside()
        if room < _FULL_BYTES:
            # Noted here, as the caller refuses a source, and staff must hear of it too.
            self.events.note(Event.DISK_FULL)
        return room

    def beat(self) -> None:
        """Rewrite a row of noise in both files, and remove what could not be removed before.

        The files' times then tell only that the server was up.

        Raises:
            StoreFull, StoreBusy, StoreError: not this time.
        """
        try:
            self.make_way()
            self.submissions.sweep_left_over()
            for database in (self._small, self._bulk):
                with database.transaction() as connection:
                    connection.execute(
                        "INSERT OR REPLACE INTO heartbeat (only, noise) VALUES (1, ?)",
                        (secrets.token_bytes(_NOISE_BYTES),),
                    )
        finally:
            # A reader may have stood in the way of emptying the log after the last deletion, and may still.
            self._small.empty_log(patient=False)
        self.events.keep()
        self._ballast.take_when_plenty()

    def make_way(self) -> None:
        """Give up the ballast if the disk is full.

        To be called before an export or import, which take load off this server.
        """
        self._ballast.give_up_when_full()

    def damage(self) -> list[str]:
        """Return the faults that a check of every page finds in both files; reads all of them."""
        return [
            f"{name}: {found}"
            for name, database in ((SMALL, self._small), (BULK, self._bulk))
            for found in database.damage()
        ]

    def wipe_traces(self) -> None:
        """Empty the journals after deletions: no old page stays, and the disk gets its room back."""
        self._bulk.give_back()
        self._small.give_back()
        self._small.empty_log()

    def close(self) -> None:
        """Write what waits, then let go of both files."""
        self._writer.close()
        with contextlib.suppress(StoreError):
            self.events.keep()
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


def open_small(folder: Path, key: bytes, *, create: bool = False, version: int = SMALL_VERSION) -> Database:
    """The small tables; readers and the one writer do not wait for each other."""
    return Database(
        folder / SMALL,
        key,
        schema="schema.sql",
        version=version,
        journal_mode="WAL",
        page_bytes=8192,
        create=create,
    )


def open_bulk(folder: Path, key: bytes, *, create: bool = False) -> Database:
    """Open the file of sealed bytes.

    A write-ahead log would write them twice; a rollback journal leaves new pages alone.
    """
    return Database(
        folder / BULK,
        key,
        schema="bulk.sql",
        version=BULK_VERSION,
        journal_mode="TRUNCATE",
        page_bytes=65536,
        create=create,
    )
