"""Files that a person names to a program: read up to a limit, and refused in one way."""

import errno
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from system.errors import ProgramError, system_reason

STANDARD_INPUT = "-"


def open_given(path: Path, *, follow_links: bool = True) -> BinaryIO:
    """Open a regular file to read it. A pipe or a device is refused at once, and never waited for.

    Raises:
        OSError: it cannot be opened, is no regular file, or is a link and ``follow_links`` is false.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if follow_links else os.O_NOFOLLOW)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return file


def read_beginning(
    path: Path, most_bytes: int, *, refused: type[ProgramError] = ProgramError, hint: str = ""
) -> bytes:
    """The first ``most_bytes`` of a file, and one byte more if it is longer.

    Raises:
        ProgramError: it cannot be read; it is of the class ``refused``.
    """
    try:
        with open_given(path) as file:
            return file.read(most_bytes + 1)
    except OSError as error:
        raise refused(f"cannot read {path}: {system_reason(error)}", hint=hint) from error


def read_given(path: Path, most_bytes: int, *, refused: type[ProgramError] = ProgramError) -> bytes:
    """The content of a file.

    Raises:
        ProgramError: it cannot be read, or is longer than ``most_bytes``; it is of the class ``refused``.
    """
    raw = read_beginning(path, most_bytes, refused=refused)
    if len(raw) > most_bytes:
        raise refused(f"{path.name} must have at most {most_bytes:,} bytes")
    return raw


def read_source(name: str, most_bytes: int, *, what: str = "the text") -> bytes:
    """As :func:`read_beginning`, of the file ``name``, or of standard input where it is "-".

    Raises:
        ProgramError: it cannot be read, or standard input is closed, from which ``what`` comes.
    """
    if name != STANDARD_INPUT:
        return read_beginning(Path(name), most_bytes)
    if sys.stdin is None:
        raise ProgramError(f"standard input is closed, and {what} comes from there")
    try:
        return sys.stdin.buffer.read(most_bytes + 1)
    except OSError as error:
        raise ProgramError(f"cannot read standard input: {system_reason(error)}") from error
