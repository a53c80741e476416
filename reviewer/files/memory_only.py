"""Folders that lie in memory: what is written there is gone when the machine is switched off."""

from pathlib import Path
from typing import Final

from system.errors import ProgramError

_MOUNTS: Final = Path("/proc/self/mountinfo")
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_HINT: Final = "name a folder below /dev/shm, which Debian keeps in memory"


def require_in_memory(folder: Path, *, mounts: Path = _MOUNTS) -> None:
    """Return when ``folder`` lies on a file system in memory.

    It may be missing: then the nearest folder above it counts.

    Raises:
        ProgramError: it lies on a disk, or that cannot be told.
    """
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    if _kind_of(there.resolve(), mounts) not in _IN_MEMORY:
        raise ProgramError(f"{folder} is not in memory, and nothing readable is written to a disk", hint=_HINT)


def _kind_of(folder: Path, mounts: Path) -> str:
    """The kind of the file system at ``folder``: that of the last mount on the longest way to it."""
    longest, kind = -1, ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    for line in lines:
        before, _, after = line.partition(" - ")
        place = Path(before.split()[4].replace("\\040", " "))
        if folder.is_relative_to(place) and len(place.parts) >= longest:
            longest, kind = len(place.parts), after.split()[0]
    return kind
