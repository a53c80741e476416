"""The highest manifest version, kept a second time outside of the store.

SQLCipher finds tampering, not an old copy put in place of the new one. This file does not stop somebody who puts
back both; the version also travels in every envelope, so that the reviewer sees it fall.
"""

from system.atomic_files import write_whole
from system.errors import ProgramError
from tipline.instance.folder import SiteFolder
from tipline.store.errors import StoreBroken

_LONGEST_DIGITS = 10


def read_version(folder: SiteFolder) -> int | None:
    """The highest version seen; None when the file is missing or holds no number.

    Raises:
        StoreBroken: it is there and cannot be read now. That is a trouble of the disk, and no sign of a rollback.
    """
    try:
        kept = folder.manifest_version.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreBroken(f"{folder.manifest_version.name} cannot be read: {error.strerror}") from error
    digits = kept.removesuffix(b"\n")
    return int(digits) if digits.isdigit() and len(digits) <= _LONGEST_DIGITS else None


def raise_version(folder: SiteFolder, version: int) -> None:
    """Remember ``version``.

    Raises:
        ProgramError: a higher one is remembered, or the file cannot be written.
    """
    seen = read_version(folder)
    if seen is not None and seen > version:
        raise ProgramError(f"manifest version {seen} was seen before, and {version} is older")
    if seen != version:
        write_whole(folder.manifest_version, f"{version}\n".encode())
