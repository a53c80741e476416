"""Files that are there whole or not at all.

``reviewer/whole_file.py`` does the same for the reviewer, on purpose in a copy of its own: docs/adr/0024. One test,
``tests/test_project_whole_files.py``, holds both to the same promises.
"""

import contextlib
import glob
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tipline.errors import TiplineError

_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(rb"\\([0-7]{3})")


@contextlib.contextmanager
def whole_file(target: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``target`` when the block ends well, durably; otherwise nothing changes.

    What one that was killed left beside it goes first.

    Raises:
        TiplineError: the file cannot be written there.
    """
    if target.exists() and not target.is_file():
        raise TiplineError(f"{target} is there, and is no file", hint="name another one")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
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


def give_to_owner_of(folder: Path, made: int | Path) -> None:
    """What root made belongs to whom its folder belongs: a tip line's user could not read it else, and would take
    nothing in. ``made`` is a descriptor or a folder. Media that know no owners (FAT) stay as they are."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            owner = folder.stat()
            if isinstance(made, int):
                os.fchown(made, owner.st_uid, owner.st_gid)
            else:
                os.chown(made, owner.st_uid, owner.st_gid, follow_symlinks=False)


def leavings(target: Path) -> Iterator[Path]:
    """What processes that were killed left beside ``target``, files and folders."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        process = left.name.split(".")[-2]
        if process.isdecimal() and not Path("/proc", process).exists():
            yield left


def remove_leavings(target: Path) -> None:
    """Removes :func:`leavings`."""
    for left in leavings(target):
        remove(left)


def remove(path: Path) -> None:
    """A file, a link, or a folder with all that is in it; also where it is gone already.

    Raises:
        TiplineError: another disk is mounted in it; nothing is taken away.
    """
    if path.is_dir() and not path.is_symlink():
        require_no_mount(path)
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def require_no_mount(path: Path) -> None:
    """Raises TiplineError where another disk is mounted at ``path`` or in it."""
    lines = _MOUNTS.read_bytes().splitlines()
    places = (_ESCAPED.sub(lambda octal: bytes([int(octal[1], 8)]), line.split()[4]) for line in lines)
    here = path.parent.resolve() / path.name  # a link is judged by where it lies itself
    if any(Path(os.fsdecode(place)).is_relative_to(here) for place in places):
        raise TiplineError(f"another disk is mounted in {path}", hint="unmount it, and do it again")


def sync_folder(folder: Path) -> None:
    """Make names that came or went in ``folder`` durable; media that cannot (some FAT drivers) stay as they are."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _cannot_write(target: Path, error: OSError) -> TiplineError:
    return TiplineError(
        f"cannot write {target}: {(error.strerror or 'unknown reason').lower()}",
        hint="check that the folder exists, is writable and has room",
    )
