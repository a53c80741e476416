"""One SQLCipher file: opened, keyed and versioned. SQLite's errors become ours here and nowhere else.

A connection is shared by all threads of the process, one at a time: 1,500 request threads would otherwise be 1,500
connections. Other processes (the command line beside the running server) have their own; SQLite's locks and a busy
timeout stand between them, so transactions are short.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlcipher

from tipline.store.errors import (
    NewerStore,
    OlderStore,
    StoreBroken,
    StoreBusy,
    StoreError,
    StoreFull,
    WrongDatabaseKey,
)

KEY_BYTES: Final = 32
_BUSY_SECONDS: Final = 15.0
_EMPTY_LOG: Final = "PRAGMA wal_checkpoint(TRUNCATE)"
_PAGES_AT_ONCE: Final = 64

# In the order in which SQLCipher wants them: the page layout before the file is read for the first time.
_LAYOUT: Final = (
    # SHA-512, the default, has no processor instructions on the machines that we know; SHA-256 has, and is a third
    # faster for the whole write. Each page carries 32 bytes of it, which is not less than the cipher needs.
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA256",
    # Wiping each buffer of SQLite costs more than it gives here: what passes through are sealed bytes, and the key
    # itself is wiped by SQLCipher in any case.
    "PRAGMA cipher_memory_security = OFF",
)
_BEHAVIOUR: Final = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    # Sorting happens in RAM: SQLite's temporary files are not encrypted.
    "PRAGMA temp_store = MEMORY",
    "PRAGMA synchronous = FULL",
    "PRAGMA cell_size_check = ON",
    # One row of sealed bytes and little more: what is written here is not read again soon.
    "PRAGMA cache_size = -6144",
)


class Database:
    """An open SQLCipher file."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        schema: str,
        version: int,
        journal_mode: str,
        page_bytes: int,
        create: bool = False,
    ) -> None:
        """``schema`` names a file of this package; ``version`` is its number; ``key`` has 32 bytes.

        Raises:
            StoreError: the file is missing (or there already, with ``create``).
            WrongDatabaseKey, NewerStore, OlderStore, StoreBusy, StoreFull, StoreBroken.
        """
        if len(key) != KEY_BYTES:
            raise ValueError(f"database key must have {KEY_BYTES} bytes")
        if path.exists() == create:
            raise StoreError(f"{path.name} is there already" if create else f"{path.name} is missing")
        self._lock = threading.RLock()
        self._name = path.name
        self.on_trouble: Callable[[StoreError], None] = lambda _trouble: None
        """Hears of every error of SQLite's before it is raised."""
        self.waits: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
        """Entered for as long as a thread waits for this file."""
        if create:
            # SQLite would use the umask; its journals take the mode of the file that they belong to.
            path.touch(mode=0o600, exist_ok=False)
        with self._errors():
            self._connection: Any = sqlcipher.connect(
                str(path), isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
            )
        try:
            with self._errors():
                self._key_and_shape(key, page_bytes, new=create)
                self._check_or_create(schema, version, journal_mode, create=create)
        except BaseException:
            self._connection.close()
            raise

    def _key_and_shape(self, key: bytes, page_bytes: int, *, new: bool) -> None:
        # It would write to standard error, with the time of day.
        self._connection.execute("PRAGMA cipher_log_level = NONE")
        self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        self._connection.execute(f"PRAGMA cipher_page_size = {page_bytes}")
        for pragma in _LAYOUT:
            self._connection.execute(pragma)
        if new:
            # Free pages can be given back to the disk later; this cannot be switched on afterwards.
            self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for pragma in _BEHAVIOUR:
            self._connection.execute(pragma)

    def _check_or_create(self, schema: str, version: int, journal_mode: str, *, create: bool) -> None:
        (found,) = self._connection.execute("PRAGMA user_version").fetchone()  # the first look into the file
        if found > version:
            raise NewerStore(
                f"{self._name} has schema version {found}, and this program knows up to {version}",
                hint="use the version of tipline that made it, or a newer one",
            )
        (mode,) = self._connection.execute(f"PRAGMA journal_mode = {journal_mode}").fetchone()
        if mode != journal_mode.lower():
            raise StoreError(
                f"{self._name} cannot use journal mode {journal_mode}: is it on a network file system?"
            )
        if create:
            script = files("tipline.store").joinpath(schema).read_text(encoding="utf-8")
            # Created whole or not at all.
            self._connection.executescript(f"BEGIN EXCLUSIVE; {script}; PRAGMA user_version = {version}; COMMIT;")
        elif not found:
            raise StoreError(f"{self._name} has no schema: its making was cut short")
        elif found < version:
            raise OlderStore(
                f"{self._name} has schema version {found}, and this program needs {version}",
                hint="stop the server, then: tipline upgrade DIR",
            )

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads from this connection."""
        with self.waits(), self._lock, self._errors():
            yield

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlcipher.Error as error:
            trouble = _ours(error, self._name)
            self.on_trouble(trouble)
            raise trouble from error

    @contextlib.contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Any]:
        """Run one transaction, the only writer among processes; it is rolled back on an exception.

        Not ``durable``: other processes see it at once, but a power failure may undo it.
        """
        with self._alone():
            self._take_back()
            # Also said where it should be so already: of one that got stuck, the end below did not come.
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    # SQLite itself rolls back when the disk is full.
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            finally:
                if not durable:
                    self._connection.execute("PRAGMA synchronous = FULL")

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Any]:
        """Read as of one moment until the block ends, while other processes go on writing.

        Works only with a write-ahead log.
        """
        with self._alone():
            self._take_back()
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def _take_back(self) -> None:
        """Roll back an earlier transaction whose commit and rollback both failed for lack of resources."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def damage(self) -> list[str]:
        """Return the faults that SQLCipher's check of every page's HMAC finds; reads the whole file."""
        with self._alone():
            found = self._connection.execute("PRAGMA cipher_integrity_check").fetchall()
            if found:
                # Read beside a writer, a page can be half old and half new: read again, alone.
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    found = self._connection.execute("PRAGMA cipher_integrity_check").fetchall()
                finally:
                    self._connection.execute("ROLLBACK")
            return [str(row[0]) for row in found]

    def change_schema(self, script: str, *, version: int) -> None:
        """Run a step to schema ``version``: whole or not at all."""
        with self._alone():
            try:
                self._connection.executescript(
                    f"BEGIN EXCLUSIVE; {script}; PRAGMA user_version = {version}; COMMIT;"
                )
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query, read at one moment."""
        with self._alone():
            found: list[tuple[Any, ...]] = self._connection.execute(query, parameters).fetchall()
            return found

    def row(self, query: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found = self.rows(query, parameters)
        return found[0] if found else None

    def free_bytes_inside(self) -> int:
        """Return the bytes that deleted rows left in the file, for new ones to use."""
        with self._alone():
            (pages,) = self._connection.execute("PRAGMA freelist_count").fetchone()
            (size,) = self._connection.execute("PRAGMA page_size").fetchone()
            return int(pages) * int(size)

    def empty_log(self, *, patient: bool = True) -> None:
        """Move the write-ahead log into the file and truncate it, as it holds old pages.

        If ``patient``, it waits for readers as for any lock. It does what it can, and the rest the next time.
        """
        with self._alone():
            if patient:
                self._connection.execute(_EMPTY_LOG).fetchall()
                return
            try:
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute(_EMPTY_LOG).fetchall()
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {1000 * _BUSY_SECONDS:.0f}")

    def give_back(self) -> None:
        """Give free pages back to the disk, a few at a time, so that others get their turn between."""
        while True:
            with self._alone():
                (before,) = self._connection.execute("PRAGMA freelist_count").fetchone()
                self._connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
                (after,) = self._connection.execute("PRAGMA freelist_count").fetchone()
            if not after or after >= before:
                return

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _ours(error: Exception, name: str) -> StoreError:
    """SQLite's error as ours. The texts are SQLite's own and constant; they hold no values."""
    text = str(error)
    if "disk is full" in text:
        return StoreFull(
            "the disk has no room for the store", hint="make room; the store works again by itself, nothing is lost"
        )
    if "not a database" in text:
        return WrongDatabaseKey(
            f"database key does not open {name}, or its first page is damaged",
            hint="was database.key copied from another server?",
        )
    if "locked" in text or "busy" in text:
        return StoreBusy(f"another process held {name} for more than {_BUSY_SECONDS:.0f} seconds")
    if "constraint failed" in text:
        return StoreError(f"{name} refused a row that breaks its rules")
    return StoreBroken(f"{name} failed: {text}", hint="tipline doctor DIR says what is wrong with the disk")
