"""The folder of one tip line: what lies where, how it is made, and that only one process serves it."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tipline.errors import FolderError, FolderInUse
from tipline.whole_file import sync_folder


class SiteFolder:
    """Paths inside DIR. Made by :meth:`make` once, opened by :meth:`open` from then on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database_key = path / "database.key"
        self.server_public = path / "server.pub"
        self.manifest_version = path / "manifest-version"
        self.site_settings = path / "site.toml"
        self.onion = path / "onion"

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
        """A new one: filled beside its place, and there whole when the block ends well, or not at all.

        Raises:
            FolderError: there is something at ``path`` already, or it cannot be written.
        """
        try:
            if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
                raise FolderError(f"{path} is not empty", hint="name a folder that does not exist yet")
            beside = path.absolute().with_name(f".{path.absolute().name}.{os.getpid()}.part")
            beside.mkdir(mode=0o700)
        except OSError as error:
            raise _cannot_make(path, error) from error
        try:
            yield cls(beside)
            sync_folder(beside)
            beside.replace(path.absolute())
            sync_folder(path.absolute().parent)
        except OSError as error:
            shutil.rmtree(beside, ignore_errors=True)
            raise _cannot_make(path, error) from error
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise

    @contextlib.contextmanager
    def hold_for_serving(self) -> Iterator[None]:
        """Be the one process that serves this folder, until the block ends or the process dies.

        Raises:
            FolderInUse: another one is.
        """
        with self._hold("serve.lock", "serves", "stop it first; two would not know of each other"):
            yield

    @contextlib.contextmanager
    def hold_for_import(self) -> Iterator[None]:
        """Be the one process that takes in bundles.

        Raises:
            FolderInUse: another one does.
        """
        with self._hold("import.lock", "imports into", "try again when it is done"):
            yield

    @contextlib.contextmanager
    def _hold(self, name: str, does: str, hint: str) -> Iterator[None]:
        descriptor = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise FolderInUse(f"another process {does} {self.path}", hint=hint) from error
            yield
        finally:
            os.close(descriptor)


def _cannot_make(path: Path, error: OSError) -> FolderError:
    return FolderError(
        f"cannot make {path}: {(error.strerror or 'unknown reason').lower()}",
        hint="check that the folder above it exists and is writable",
    )
