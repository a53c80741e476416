"""Readable files that are overwritten in place and removed.

In memory nothing of them is left then. On a disk this removes what lies in place; the disk may keep other copies.
"""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

_PIECE_BYTES: Final = 1 << 20
_ZEROS: Final = bytes(_PIECE_BYTES)


def overwrite(path: Path) -> None:
    """Overwrite a file once with zeros, durably, without changing its length.

    A file whose bytes have another name too is left as it is: they may belong to another program.

    Raises:
        OSError: it is a link, or cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
        left = found.st_size if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 else 0
        while left:
            left -= os.write(descriptor, _ZEROS[: min(left, _PIECE_BYTES)])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def destroy_folder(folder: Path) -> None:
    """Overwrite every file below a folder of ours, and remove the folder; links are removed, not followed.

    Raises:
        OSError: something of it cannot be removed.
    """
    for above, _folders, names in os.walk(folder):
        for path in (Path(above, name) for name in names):
            if stat.S_ISREG(path.lstat().st_mode):
                overwrite(path)
    shutil.rmtree(folder)
