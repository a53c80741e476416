"""Media that are mounted now, as the kernel lists them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")
_MEDIA_FOLDERS: Final = ("/media/", "/run/media/", "/mnt/")
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where, of which kind, and whether it is read-only."""

    place: Path
    kind: str
    is_read_only: bool


def mounts(table: Path = _MOUNTS) -> list[Mount]:
    """All mounted file systems; of one place, the last one counts, which covers those before."""
    found: dict[Path, Mount] = {}
    for line in table.read_bytes().decode("utf-8", "surrogateescape").splitlines():
        before, _, after = line.partition(" - ")
        place = Path(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), before.split()[4]))
        found[place] = Mount(place, after.split()[0], "ro" in before.split()[5].split(","))
    return list(found.values())


def media(table: Path = _MOUNTS) -> list[Mount]:
    """Media that staff plugged in, by place; of some, nothing can be written."""
    found = [
        one for one in mounts(table) if f"{one.place}/".startswith(_MEDIA_FOLDERS) and one.kind not in _IN_MEMORY
    ]
    return sorted(found, key=lambda one: one.place)


def writable_media(table: Path = _MOUNTS) -> list[Path]:
    """Media that staff plugged in and that can be written, by place."""
    return [one.place for one in media(table) if not one.is_read_only]


def mount_of(path: Path, table: Path = _MOUNTS) -> Mount | None:
    """The mount in which ``path`` lies, or would lie."""
    here = _nearest(path).resolve()
    holding = [one for one in mounts(table) if here.is_relative_to(one.place)]
    return max(holding, key=lambda one: len(one.place.parts), default=None)


def is_on(path: Path, media: Sequence[Path]) -> bool:
    """True if ``path`` lies on one of these media."""
    found = mount_of(path)
    return found is not None and found.place in media


def _nearest(path: Path) -> Path:
    """``path``, or the nearest folder above it that exists."""
    here = path.absolute()
    while not here.exists() and here != here.parent:
        here = here.parent
    return here
