"""Three SQLCipher files, through sqlcipher3: the only module of the reviewer that imports it.

``casebook.db`` holds all that is small, ``contents.db`` the bytes of the files in pieces that are sealed once
more, each under the key of its submission, and ``envelopes.db``, which is in no backup and whose key is in none,
what makes each envelope again with the key of its week. All are changed in one step: contents are on the disk
before the casebook, which alone says what counts, and pieces that no submission names are swept before the next
import.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3

from crypto.keys.at_rest import RestKey
from reviewer.casebook.schema import require_schema
from reviewer.errors import CasebookError

Row = tuple[Any, ...]
CASEBOOK_FILE = "casebook.db"
CONTENTS_FILE = "contents.db"
ENVELOPES_FILE = "envelopes.db"
_FILES = (CASEBOOK_FILE, CONTENTS_FILE, ENVELOPES_FILE)  # in the order of CasebookFiles
_LARGE_PAGE_BYTES = 65536
_SMALL_PAGE_BYTES = 4096
_CACHE_KIB = 32 * 1024  # of pages of the casebook: a list of 100,000 tips would else be decrypted for each page


def number_list(numbers: Iterable[int]) -> str:
    """The right side of SQL's ``IN``, such as ``(1, 2)``; for no numbers ``()``, which holds nothing."""
    return f"({', '.join(str(int(one)) for one in numbers)})"


class CasebookDatabase:
    """One open database file; every library error is raised as :class:`CasebookError`."""

    def __init__(self, connection: Any, path: Path) -> None:
        self._connection = connection
        self.path = path

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run one statement; the number of rows it changed."""
        try:
            return int(self._connection.execute(statement, values).rowcount)
        except sqlcipher3.Error as error:
            raise _said(error) from error

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        try:
            return list(self._connection.execute(statement, values).fetchall())
        except sqlcipher3.Error as error:
            raise _said(error) from error

    def row(self, statement: str, values: Sequence[object] = ()) -> Row | None:
        found = self.rows(statement, values)
        return found[0] if found else None

    def script(self, text: str, *, then: Callable[[], None]) -> None:
        """Run several statements, and related work, as one transaction."""
        try:
            self._connection.executescript(f"BEGIN IMMEDIATE;\n{text}")
            then()
            self.keep()
        except BaseException as error:
            self.abandon()
            if isinstance(error, sqlcipher3.Error):
                raise _said(error) from error
            raise

    def begin(self) -> None:
        self.run("BEGIN IMMEDIATE")

    def keep(self) -> None:
        self.run("COMMIT")

    def abandon(self) -> None:
        if self._connection.in_transaction:
            self.run("ROLLBACK")

    @property
    def in_transaction(self) -> bool:
        return bool(self._connection.in_transaction)

    def close(self) -> None:
        self._connection.close()


class CasebookFiles:
    """The casebook, its contents and its envelopes, opened together and changed together."""

    def __init__(self, small: CasebookDatabase, contents: CasebookDatabase, envelopes: CasebookDatabase) -> None:
        self.small = small
        self.contents = contents
        self.envelopes = envelopes
        self._all = (contents, envelopes, small)

    @classmethod
    def create(cls, folder: Path, *, key: RestKey, envelopes_key: RestKey) -> "CasebookFiles":
        """New, empty files in ``folder``.

        Raises:
            CasebookError: there are some already.
        """
        for name in _FILES:
            if (folder / name).exists():
                raise CasebookError(f"{folder / name} exists already")
        return cls._open(folder, key, envelopes_key)

    @classmethod
    def open_existing(cls, folder: Path, *, key: RestKey, envelopes_key: RestKey) -> "CasebookFiles":
        """The files in ``folder``.

        Raises:
            CasebookError: missing, of a newer program, or not opened by this key.
        """
        for name in (CASEBOOK_FILE, CONTENTS_FILE):
            if not (folder / name).exists():
                raise CasebookError(f"{folder / name} is missing", hint="restore the casebook from a backup")
        return cls._open(folder, key, envelopes_key)

    @classmethod
    def _open(cls, folder: Path, key: RestKey, envelopes_key: RestKey) -> "CasebookFiles":
        """Open all three files and create missing ones. Envelopes are missing after a restore."""
        opened: list[CasebookDatabase] = []
        try:
            for name in _FILES:
                opened.append(_connect(folder / name, envelopes_key if name == ENVELOPES_FILE else key))
                require_schema(opened[-1])
        except BaseException:
            for database in opened:
                database.close()
            raise
        return cls(*opened)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A transaction: all changes in the block are kept, or none. The outermost of nested blocks decides."""
        if self.small.in_transaction:
            yield
            return
        for database in self._all:
            database.begin()
        try:
            yield
            for database in self._all:
                database.keep()
        except BaseException:
            for database in self._all:
                database.abandon()
            raise

    def close(self) -> None:
        for database in self._all:
            database.close()

    def sweep(self, *, overwrite: bool = False) -> None:
        """Remove leftovers of a change that was interrupted between two files, and of what was deleted."""
        if overwrite:
            self.contents.run("PRAGMA secure_delete = ON")
        try:
            self._sweep()
        finally:
            if overwrite:
                self.contents.run("PRAGMA secure_delete = OFF")

    def _sweep(self) -> None:
        kept = {
            row[0]
            for table in ("submissions", "sealed_files", "binned_contents")
            for row in self.small.rows(f"SELECT content FROM {table} WHERE content IS NOT NULL")  # noqa: S608
        }
        for (content,) in self.contents.rows("SELECT DISTINCT content FROM pieces"):
            if content not in kept:
                self.contents.run("DELETE FROM pieces WHERE content = ?", (content,))
        for (sha256,) in self.envelopes.rows("SELECT envelope_sha256 FROM bin"):
            if self.small.row("SELECT 1 FROM binned_envelopes WHERE envelope_sha256 = ?", (sha256,)) is None:
                self.envelopes.run("DELETE FROM bin WHERE envelope_sha256 = ?", (sha256,))
        # Without all of its files an envelope is not made again.
        known = {
            row[0]
            for table in ("submissions", "binned_envelopes")
            for row in self.small.rows(
                f"SELECT envelope_sha256 FROM {table}"  # noqa: S608
                " WHERE envelope_sha256 NOT IN (SELECT envelope_sha256 FROM deleted_files)"
            )
        }
        for (sha256,) in self.envelopes.rows("SELECT envelope_sha256 FROM beginnings"):
            if sha256 not in known:
                self.envelopes.run("DELETE FROM beginnings WHERE envelope_sha256 = ?", (sha256,))


def change_keys(folder: Path, *, keys: tuple[RestKey, RestKey], new_keys: tuple[RestKey, RestKey]) -> None:
    """Seal each file again: casebook and contents under the first new key, envelopes under the second.

    Each file is changed in one transaction of its own. A file that is under its new key stays, so that a second run
    finishes what the first one began.

    Raises:
        CasebookError: a file opens with neither key, or there is no room.
    """
    for name in _FILES:
        path, at = folder / name, int(name == ENVELOPES_FILE)
        if path.exists():
            change_key(path, key=keys[at], new_key=new_keys[at])


def change_key(path: Path, *, key: RestKey, new_key: RestKey) -> None:
    """:func:`change_keys` for one file."""
    try:
        database = _connect(path, new_key)
    except CasebookError:
        database = _connect(path, key)
        try:
            database.rows(f"PRAGMA rekey = \"x'{new_key.seed().hex()}'\"")
        finally:
            database.close()
        database = _connect(path, new_key)
    database.close()


def open_database(path: Path, *, key: RestKey) -> CasebookDatabase:
    """A database of its own beside the casebook, made where it is missing.

    Raises:
        CasebookError: another key, changed, or written by a newer program.
    """
    database = _connect(path, key)
    try:
        require_schema(database)
    except BaseException:
        database.close()
        raise
    return database


def largest_file_bytes(folder: Path) -> int:
    """The room that :func:`change_keys` needs on the disk: the length of the largest file once more."""
    return max((folder / name).stat().st_size for name in _FILES if (folder / name).exists())


def _connect(path: Path, key: RestKey) -> CasebookDatabase:
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    # SQLite itself lets one thread in at a time: an import's writing thread shares contents.db with its readers
    # what is inside of a sealed file from there.
    connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
    database = CasebookDatabase(connection, path)
    try:
        is_large = path.name == CONTENTS_FILE
        database.run("PRAGMA cipher_log_level = NONE")  # it would write to standard error, with the time of day
        database.run(f"PRAGMA key = \"x'{key.seed().hex()}'\"")
        # Where the processor has SHA extensions, SHA-512 (the default) would cost as much as the cipher.
        database.run("PRAGMA cipher_hmac_algorithm = HMAC_SHA256")
        database.run(f"PRAGMA cipher_page_size = {_LARGE_PAGE_BYTES if is_large else _SMALL_PAGE_BYTES}")
        if path.name == CASEBOOK_FILE:
            database.run(f"PRAGMA cache_size = -{_CACHE_KIB}")
        database.run("PRAGMA trusted_schema = OFF")
        database.run("PRAGMA foreign_keys = ON")
        database.run("PRAGMA temp_store = MEMORY")
        database.run("PRAGMA journal_mode = TRUNCATE")
        database.run("PRAGMA synchronous = FULL")
        # Sealed pieces die with their key; overwriting them would cost as much as writing them did.
        database.run(f"PRAGMA secure_delete = {'OFF' if is_large else 'ON'}")
        database.rows("SELECT count(*) FROM sqlite_schema")
    except CasebookError as error:
        database.close()
        raise CasebookError(
            f"{path.name} does not open: the key is another one, or the file was changed",
            hint="restore the casebook from a backup",
        ) from error
    return database


def _said(error: Exception) -> CasebookError:
    reason = str(error)
    if "full" in reason:
        return CasebookError("no room is left for the casebook", hint="make room on the disk and do it again")
    if type(error) is sqlcipher3.DatabaseError:  # not one of its kinds: the bytes themselves are wrong
        return CasebookError(
            "a part of the casebook is damaged or was changed", hint="restore the casebook from a backup"
        )
    return CasebookError(f"the casebook cannot be read or written: {type(error).__name__}")
