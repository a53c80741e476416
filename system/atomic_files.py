"""Atomic files and folders: written beside the target, synced, then renamed."""

import contextlib
import glob
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from system.errors import ProgramError, system_reason

_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(rb"\\([0-7]{3})")


@contextlib.contextmanager
def whole_file(target: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A new file that replaces ``target``, durably, when the block ends without an error.

    Otherwise nothing changes. Leftovers of a killed process beside ``target`` are removed first.

    Raises:
        ProgramError: the file cannot be written there.
    """
    if target.exists() and not target.is_file():
        raise ProgramError(f"{target} is there, and is no file", hint="name another one")
    beside = _beside(target)
    try:
        remove_leavings(target)
        sink = os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode), "wb")
    except OSError as error:
        raise _cannot_write(target, error) from error
    except BaseException:  # a signal; it may be there already
        beside.unlink(missing_ok=True)
        raise
    try:
        with sink:
            give_to_owner_of(target.parent, sink.fileno())
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _cannot_write(target, error) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_whole(target: Path, content: bytes, *, mode: int = 0o600) -> None:
    """:func:`whole_file` for bytes that are at hand."""
    with whole_file(target, mode=mode) as sink:
        sink.write(content)


@contextlib.contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder that becomes ``target`` when the block ends without an error.

    ``target`` must be missing or empty. Leftovers of a killed process beside it are removed first.

    Raises:
        ProgramError: there is something at ``target`` already, or it cannot be written.
    """
    target = target.absolute()  # "." has no name
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ProgramError(
                f"{target} is not empty",
                hint="name a folder that does not exist yet, so that nothing is overwritten",
            )
        remove_leavings(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    beside = _beside(target)
    try:
        beside.mkdir(mode=0o700)
        yield beside
        for entry in beside.iterdir():
            _sync(entry)
        _sync(beside)
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise _cannot_write(target, error) from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def give_to_owner_of(folder: Path, made: int | Path) -> None:
    """Give a file that root made to the owner of its folder.

    Otherwise a tip line's user could not read it, and would take nothing in. ``made`` is a descriptor or a folder.
    Media without owners (FAT) stay as they are.
    """
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            owner = folder.stat()
            if isinstance(made, int):
                os.fchown(made, owner.st_uid, owner.st_gid)
            else:
                os.chown(made, owner.st_uid, owner.st_gid, follow_symlinks=False)


def leavings(target: Path) -> Iterator[Path]:
    """Files and folders that killed processes left beside ``target``."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        process = left.name.split(".")[-2]
        if process.isdecimal() and not Path("/proc", process).exists():
            yield left


def remove_leavings(target: Path) -> None:
    """Removes :func:`leavings`."""
    for left in leavings(target):
        remove(left)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with its content, if it exists.

    Raises:
        ProgramError: another disk is mounted in it; nothing is removed.
    """
    if path.is_dir() and not path.is_symlink():
        require_no_mount(path)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def require_no_mount(path: Path) -> None:
    """Raises ProgramError where another disk is mounted at ``path`` or in it."""
    lines = _MOUNTS.read_bytes().splitlines()
    places = (_ESCAPED.sub(lambda octal: bytes([int(octal[1], 8)]), line.split()[4]) for line in lines)
    here = path.parent.resolve() / path.name  # a link is judged by where it lies itself
    if any(Path(os.fsdecode(place)).is_relative_to(here) for place in places):
        raise ProgramError(f"another disk is mounted in {path}", hint="unmount it, and do it again")


def sync_folder(folder: Path) -> None:
    """Make added and removed names in ``folder`` durable.

    Some FAT drivers cannot do this.
    """
    with contextlib.suppress(OSError):
        _sync(folder)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(target: Path, error: OSError) -> ProgramError:
    return ProgramError(
        f"cannot write {target}: {system_reason(error)}",
        hint="check that the folder exists, is writable and has room",
    )
