"""Copies B of presses, which wait here for the casebook; and the end of a duty machine's folder.

Each is a file, named by what is in it. The desk adds files, and the command removes only those that it has carried:
no lock is needed, so that the desk never waits for a stick.
"""

import hashlib
import os
import shutil
from pathlib import Path

from crypto.beacon.relay_post import MOST_COPIES
from duty.home import COPIES
from duty.papers import DutyRefused
from system.atomic_files import write_whole

_OVERWRITE_BYTES = 1 << 20
_NAME_LETTERS = 64
"""Of SHA-256 in hex digits."""


def add_copy(folder: Path, copy: bytes) -> None:
    """Keep one copy durably. Raises OSError, ProgramError: the disk does not take it."""
    (folder / COPIES).mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / COPIES / hashlib.sha256(copy).hexdigest(), copy)


def count_copies(folder: Path) -> int:
    """The copies that wait here."""
    return len(_copies(folder))


def carry_copies(folder: Path, out: Path, *, most: int = MOST_COPIES) -> int:
    """Write ``most`` copies to ``out``, durably, then remove them here; how many there were.

    The air-gapped machine takes no file with more than 10,000.

    Raises:
        DutyRefused: there is none, or ``out`` is there already.
        ProgramError: ``out`` cannot be written. Nothing is removed.
    """
    carried = _copies(folder)[:most]
    if not carried:
        raise DutyRefused("no copies wait here")
    if out.exists():
        raise DutyRefused(f"{out} is there already", hint="name another file; nothing was written")
    write_whole(out, b"".join(path.read_bytes() for path in carried))
    for path in carried:
        path.unlink(missing_ok=True)
    return len(carried)


def _copies(folder: Path) -> list[Path]:
    """The files of whole copies; one that is being written has a longer name."""
    return sorted((folder / COPIES).glob("?" * _NAME_LETTERS))


def wipe_home(folder: Path) -> None:
    """Write zeros over every file of the folder, and remove it.

    On a disk that moves its blocks, as flash does, old bytes may stay: so the disk itself is encrypted.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            _overwrite(path)
    shutil.rmtree(folder)


def _overwrite(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            piece = min(left, _OVERWRITE_BYTES)
            file.write(bytes(piece))
            left -= piece
        file.flush()
        os.fsync(file.fileno())
