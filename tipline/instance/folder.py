"""The folder of one tip line: what lies where, how it is made, and that only one process serves it."""

import contextlib
import fcntl
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from system.atomic_files import (
    give_to_owner_of,
    leavings,
    remove,
    remove_leavings,
    require_no_mount,
    sync_folder,
    write_whole,
)
from system.errors import system_reason
from tipline.errors import FolderError, FolderInUse

STORE_FOLDER = "store"
SMALL_FILE = "tipline.db"
"""The store's smaller file, by which a folder is known whose store was not moved yet."""

_OF_A_DISK = {"lost+found"}
_MOVED = ".moved"
_MOST_MOVED = 1 << 16
"""Letters in that list, by far."""
_LOCK_TRIES = 5
_LOCK_PAUSE_SECONDS = 0.05


class SiteFolder:
    """Paths inside DIR. Made by :meth:`make` once, opened by :meth:`open` from then on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database_key = path / "database.key"
        self.server_public = path / "server.pub"
        self.site_settings = path / "site.toml"
        self.languages = path / "languages"
        self.doors = path / "doors"
        self.words = path / "words"
        self.onion = path / "onion"
        self.challenge = path / "challenge"

    @property
    def store(self) -> Path:
        """The store's own folder: all that the web process may write to.

        In a folder that an earlier version made, the store lies beside everything else until `serve` or `upgrade`
        moves it (:mod:`tipline.instance.store_move`).
        """
        own = self.path / STORE_FOLDER
        return self.path if not own.is_dir() or (self.path / SMALL_FILE).exists() else own

    @property
    def manifest_version(self) -> Path:
        return self.store / "manifest-version"

    @property
    def serve_lock(self) -> Path:
        return self.path / "serve.lock"

    @classmethod
    def open(cls, path: Path) -> "SiteFolder":
        """An existing one.

        Raises:
            FolderError: there is none.
        """
        folder = cls(path)
        if not folder.database_key.is_file():
            raise FolderError(
                f"{path} is not the folder of a tip line", hint=f"tipline init {path} --root-key root.pub makes one"
            )
        return folder

    @classmethod
    @contextlib.contextmanager
    def make(cls, path: Path) -> Iterator["SiteFolder"]:
        """Make a new folder that appears whole when the block ends well, or not at all.

        It is filled beside its place. A disk that is mounted there is filled in place, with the database key last.

        Raises:
            FolderError: there is something at ``path`` already, or it cannot be written.
            ProgramError: leftovers of an earlier attempt cannot be removed.
        """
        place = path.absolute()
        try:
            is_disk = path.is_dir() and os.path.ismount(path)
            if is_disk:
                _remove_leavings_on(place)
            found = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
            if (
                path.is_symlink()
                or (path.exists() and not path.is_dir())
                or found - (_OF_A_DISK if is_disk else set())
            ):
                raise FolderError(f"{path} is not empty", hint="name a folder that does not exist yet")
        except OSError as error:
            raise _cannot_make(path, error) from error
        beside = (place / place.name if is_disk else place).with_name(f".{place.name}.{os.getpid()}.part")
        try:
            remove_leavings(place)
            beside.mkdir(mode=0o700)
            (beside / STORE_FOLDER).mkdir(mode=0o700)
            yield cls(beside)
            sync_folder(beside)
            if is_disk:
                _move_up(beside, into=place)
            else:
                beside.replace(place)
            sync_folder(place.parent)
        except OSError as error:
            shutil.rmtree(beside, ignore_errors=True)
            raise _cannot_make(path, error) from error
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise

    @contextlib.contextmanager
    def hold_for_serving(self) -> Iterator[int]:
        """Hold this folder as its one serving process, until the block ends or the process dies.

        Yields the lock file, open for writing; :mod:`tipline.operations.serving_state` owns its content.

        Raises:
            FolderInUse: another process serves.
        """
        with self._hold(
            self.serve_lock, "serves", "stop it first: two servers would not know of each other"
        ) as lock:
            # From the start on: that it is there shall not tell that something was taken in.
            os.close(self._lock_file(self._import_lock))
            yield lock

    def even_times(self) -> None:
        """Set the times of all files that a server uses to now. Does not fail.

        Otherwise a lock would keep the time of the first bundle, and the store that of the first log-in after a
        deletion.
        """
        # By name: the web process may not list the folder itself.
        read_at_start = [self.database_key, self.server_public, self.site_settings, self.challenge, self.serve_lock]
        paths = [self.path, self.store, *read_at_start]
        with contextlib.suppress(OSError):
            paths += [path for path in self.store.iterdir() if not path.is_dir()]
        for path in paths:
            with contextlib.suppress(OSError):
                os.utime(path, follow_symlinks=False)

    def is_served(self) -> bool:
        """Return whether a process serves this folder now. The check does not block one that is starting."""
        try:
            descriptor = os.open(self.serve_lock, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    @contextlib.contextmanager
    def hold_for_import(self) -> Iterator[None]:
        """Be the one process that takes in bundles.

        Raises:
            FolderInUse: another one does.
        """
        with self._hold(self._import_lock, "imports into", "try again when it is done"):
            yield

    @contextlib.contextmanager
    def _hold(self, lock: Path, does: str, hint: str) -> Iterator[int]:
        descriptor = self._lock_file(lock)
        try:
            # A process that only asks (:meth:`is_served`) is gone in a moment, and must not make a start fail.
            for attempt in reversed(range(_LOCK_TRIES)):
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    if not attempt:
                        raise FolderInUse(f"another process {does} {self.path}", hint=hint) from error
                    time.sleep(_LOCK_PAUSE_SECONDS)
                else:
                    break
            yield descriptor
        finally:
            os.close(descriptor)

    @property
    def _import_lock(self) -> Path:
        return self.store / "import.lock"

    def _lock_file(self, path: Path) -> int:
        # Follows no link: root must not give away a file that another user has put in its place.
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            return os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        give_to_owner_of(self.path, descriptor)
        return descriptor


def _move_up(beside: Path, *, into: Path) -> None:
    """Move a finished folder onto its disk, the database key last: without it a folder is no site.

    The list of what is moved is written first, so that all of it can be removed if the move is interrupted.
    """
    into.chmod(0o700)
    entries = sorted(beside.iterdir(), key=lambda one: one.name == "database.key")
    write_whole(beside / _MOVED, "\n".join(entry.name for entry in entries).encode())
    try:
        for entry in entries:
            entry.replace(into / entry.name)
            sync_folder(into)
    except BaseException:
        _take_back(beside, into=into)
        raise
    shutil.rmtree(beside)


def _take_back(beside: Path, *, into: Path) -> None:
    """Remove what was moved, the database key first: without it the rest is no site.

    Only names that lie directly in ``into`` are removed: root reads the list here, and a former user of the disk
    may have written it.
    """
    moved = _moved(beside / _MOVED)
    entries = [entry for entry in into.iterdir() if entry.name in moved]
    for entry in entries:
        require_no_mount(entry)
    for entry in sorted(entries, key=lambda one: one.name != "database.key"):
        remove(entry)
        sync_folder(into)


def _moved(place: Path) -> list[str]:
    """The names in that list; none where it is no file."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, errors="replace") as file:
        return file.read(_MOST_MOVED).split("\n") if stat.S_ISREG(os.fstat(descriptor).st_mode) else []


def _remove_leavings_on(disk: Path) -> None:
    """Remove leftovers of an interrupted `init` on a mounted disk.

    Once the database key exists, `init` had finished.
    """
    for left in leavings(disk / disk.name):
        if (left / _MOVED).exists() and not (disk / "database.key").exists():
            _take_back(left, into=disk)
    remove_leavings(disk / disk.name)


def _cannot_make(path: Path, error: OSError) -> FolderError:
    return FolderError(
        f"cannot make {path}: {system_reason(error)}",
        hint="check that the folder above it exists and is writable",
    )
