"""A file of zeros that is given up when the disk is full, so that submissions can still be exported.

Signing a bundle, importing receipts and deleting all write a little first. Our own uploads leave a reserve for
that, but other programs do not know of it.
"""

import contextlib
import os
from pathlib import Path
from typing import Final

BALLAST_BYTES: Final = 16 << 20
_LOW_BYTES: Final = 8 << 20
_PLENTY_BYTES: Final = 128 << 20
FILE_NAME: Final = "ballast"


class Ballast:
    """The ballast of a store's folder. Nothing here fails: what cannot be done now is done the next time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def give_up_when_full(self) -> None:
        """Delete the ballast if the disk is full.

        To be called before the store is opened, as even reading needs a little room.
        """
        with contextlib.suppress(OSError):
            if self._free_bytes() < _LOW_BYTES:
                self._path.unlink(missing_ok=True)

    def take_when_plenty(self) -> None:
        """Write the ballast again once there is plenty of room; call it from time to time."""
        with contextlib.suppress(OSError):
            if self._free_bytes() > _PLENTY_BYTES and not self._path.exists():
                self._take()

    def _free_bytes(self) -> int:
        disk = os.statvfs(self._path.parent)
        return disk.f_bavail * disk.f_frsize

    def _take(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, BALLAST_BYTES)
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink()
        finally:
            os.close(descriptor)
