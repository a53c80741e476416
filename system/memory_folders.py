"""Folders in memory: their files reach no disk, and are gone when the machine is switched off.

A folder counts only if the kernel says so. Its name proves nothing: ``/tmp`` is memory on one machine and a disk on
the next. Swap on a disk is another question (:mod:`system.memory`), for the caller to ask.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from system.errors import ProgramError, system_reason

MOUNTS: Final = Path("/proc/self/mountinfo")
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_PRIVATE: Final = 0o700


def lies_in_memory(place: Path, *, mounts: Path = MOUNTS) -> bool:
    """True if ``place`` lies on a tmpfs or ramfs; if it is missing, its nearest parent decides.

    False also where the kernel's list of mounts cannot be read, or does not name the file system.
    """
    try:
        there = place.absolute()
        while not there.exists():
            there = there.parent
        device = there.resolve().stat().st_dev
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return False
    wanted = f"{os.major(device)}:{os.minor(device)}".encode("ascii")
    kinds = {_kind(line) for line in lines if line.split()[2:3] == [wanted]}
    return bool(kinds) and kinds <= _IN_MEMORY


def memory_places(user: int) -> tuple[Path, ...]:
    """Folders that Debian puts into memory, the private one first; the caller checks each."""
    return Path(f"/run/user/{user}"), Path("/dev/shm")  # noqa: S108 -- checked, and never used without own_folder


def memory_place(places: Sequence[Path] | None = None, *, mounts: Path = MOUNTS) -> Path | None:
    """The first of ``places`` that lies in memory and can be written; None if there is none."""
    for place in memory_places(os.getuid()) if places is None else places:
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK) and lies_in_memory(place, mounts=mounts):
            return place
    return None


def own_folder(name: str, *, within: Path) -> Path:
    """The folder ``name`` in ``within``, made if missing, that only this user can read.

    Raises:
        ProgramError: something else has this name, such as a folder of another user, or it cannot be made.
    """
    folder = within / f"{name}-{os.getuid()}"
    try:
        folder.mkdir(mode=_PRIVATE, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise ProgramError(f"cannot make {folder}: {system_reason(error)}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != _PRIVATE:
        raise ProgramError(f"{folder} is not a folder that only this user can read", hint="move it away")
    return folder


def _kind(line: bytes) -> str:
    """The kind of file system in a line of mountinfo: the first word behind the lone dash."""
    behind = line.partition(b" - ")[2].split()
    return behind[0].decode("ascii", "replace") if behind else ""
