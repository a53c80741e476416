"""Copies B of presses, which wait here for the casebook; and the end of a duty machine's folder.

Copies are appended by the running desk and carried away by a command: a lock keeps the two apart.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crypto.beacon.relay_post import COPY_BYTES, MOST_COPIES
from duty.home import COPIES
from duty.ledger import append_durably
from duty.papers import DutyRefused
from system.atomic_files import write_whole

_LOCK = f"{COPIES}.lock"
_OVERWRITE_BYTES = 1 << 20


def add_copy(folder: Path, copy: bytes) -> None:
    """Append one copy durably. Raises OSError: the disk does not take it."""
    with _locked(folder):
        # Behind the last whole one: what a crash, or a full disk, left of a copy is written over.
        append_durably(folder / COPIES, copy, at=count_copies(folder) * COPY_BYTES)


def count_copies(folder: Path) -> int:
    """The copies that wait here."""
    path = folder / COPIES
    return path.stat().st_size // COPY_BYTES if path.exists() else 0


def carry_copies(folder: Path, out: Path, *, most: int = MOST_COPIES) -> int:
    """Write the ``most`` oldest copies to ``out``, durably, then remove them here; how many there were.

    The air-gapped machine takes no file with more than 10,000.

    Raises:
        DutyRefused: there is none, or ``out`` is there already.
        ProgramError: ``out`` cannot be written. Nothing is removed.
    """
    path = folder / COPIES
    with _locked(folder):
        count = min(count_copies(folder), most)
        carried = path.read_bytes()[: count * COPY_BYTES] if count else b""
    if not count:
        raise DutyRefused("no copies wait here")
    if out.exists():
        raise DutyRefused(f"{out} is there already", hint="name another file; nothing was written")
    # Without the lock: a stick that hangs must not hold up the desk, which waits for it before it fetches again.
    write_whole(out, carried)
    with _locked(folder):
        kept = path.read_bytes() if path.exists() else b""
        if kept.startswith(carried):  # else another command has carried them meanwhile
            if rest := kept[len(carried) :]:
                write_whole(path, rest)
            else:
                path.unlink()
    return count


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


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
