"""Files that are there whole or not at all.

``tipline/whole_file.py`` does the same for the server, on purpose in a copy of its own: docs/adr/0024. One test,
``tests/test_project_whole_files.py``, holds both to the same promises.
"""

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from reviewer.errors import ReviewerError


@contextmanager
def whole_file(target: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``target`` when the block ends well, durably; otherwise nothing changes.

    What one that was killed left beside it goes first.

    Raises:
        ReviewerError: the file cannot be written there.
    """
    if target.exists() and not target.is_file():
        raise ReviewerError(f"{target} is there, and is no file", hint="name another one")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _remove_leavings(target)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    except OSError as error:
        raise _cannot_write(target, error) from error
    except BaseException:  # a signal; it may be there already
        beside.unlink(missing_ok=True)
        raise
    try:
        with os.fdopen(descriptor, "wb") as sink:
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


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder that becomes ``target`` when the block ends well; ``target`` must be missing or empty. What
    one that was killed left beside it, readable and under a hidden name, goes first.

    Raises:
        ReviewerError: there is something at ``target`` already, or it cannot be written.
    """
    target = target.absolute()  # "." has no name
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ReviewerError(
                f"{target} is not empty",
                hint="name a folder that does not exist yet, so that nothing is overwritten",
            )
        _remove_leavings(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
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


def sync_folder(folder: Path) -> None:
    """Make names that came or went in ``folder`` durable; media that cannot (some FAT drivers) stay as they are."""
    try:
        _sync(folder)
    except OSError:
        return


def _remove_leavings(target: Path) -> None:
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        process = left.name.split(".")[-2]
        if not process.isdecimal() or Path("/proc", process).exists():
            continue
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(target: Path, error: OSError) -> ReviewerError:
    return ReviewerError(
        f"cannot write {target}: {error.strerror or 'unknown reason'}",
        hint="check that the folder exists, is writable and has room",
    )
