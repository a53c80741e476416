"""Reads from ``/sys`` if the disk below a folder is encrypted."""

import os
from enum import Enum
from pathlib import Path
from typing import Final

_CRYPT: Final = "CRYPT-"
"""Prefix of an encrypting device's id, as cryptsetup writes it (``CRYPT-LUKS2-…``)."""
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})


class DiskEncryption(Enum):
    """The kind of encryption between a file and the disk."""

    WHOLE = "all that is written goes through encryption"
    NONE = "what is written lies on a disk as it is"
    IN_MEMORY = "it is on no disk"
    UNKNOWN = "a file system that the kernel shows no device for"


def disk_encryption(
    folder: Path, *, mounts: Path = Path("/proc/self/mountinfo"), devices: Path = Path("/sys/dev/block")
) -> DiskEncryption:
    """Return the encryption of the file system that holds ``folder``.

    Raises:
        OSError: the folder, or the list of mounts, cannot be read.
    """
    number = folder.stat().st_dev
    device = devices / f"{os.major(number)}:{os.minor(number)}"
    if not device.exists():
        # btrfs and others have a number of their own, and name their device where they are mounted.
        kind, source = _mounted(mounts, f"{os.major(number)}:{os.minor(number)}")
        if kind in _IN_MEMORY:
            return DiskEncryption.IN_MEMORY
        try:
            number = Path(source).stat().st_rdev if source.startswith("/") else 0
        except OSError:
            return DiskEncryption.UNKNOWN
        device = devices / f"{os.major(number)}:{os.minor(number)}"
        if not number or not device.exists():
            return DiskEncryption.UNKNOWN
    return DiskEncryption.WHOLE if _is_encrypted(device) else DiskEncryption.NONE


def _is_encrypted(device: Path) -> bool:
    """Return whether this device encrypts, or all devices below it do.

    The second is so with volumes on an encrypted disk.
    """
    try:
        if (device / "dm" / "uuid").read_text().startswith(_CRYPT):
            return True
    except OSError:
        pass  # no device of the mapper
    below = [*(device / "slaves").glob("*")]
    return bool(below) and all(map(_is_encrypted, below))


def _mounted(mounts: Path, number: str) -> tuple[str, str]:
    """Kind and source of the file system with this number; both empty where none is mounted here."""
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        mount, _, rest = line.partition(" - ")
        if mount.split()[2:3] == [number]:
            kind, source, *_ = [*rest.split(), "", ""]
            return kind, source
    return "", ""
