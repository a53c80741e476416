"""Landlock: the files that a process may still open (Linux 5.13, built in and switched on).

The rules are paths: files below a named folder may be read, or read and written, and nothing else may be opened.
Reading a file's name, size and times, setting its times or permissions, and open descriptors are not affected.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from system.call_numbers import number_of

# <linux/landlock.h>
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_FILE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 5
_MAKE_REGULAR, _TRUNCATE = 1 << 8, 1 << 14
_HANDLED: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""The rights over files that each version of Landlock knows of, by the first version that does."""
_NET_FROM, _ALL_NET = 4, 0b11
_SCOPES_FROM, _ALL_SCOPES = 6, 0b11
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_OF_A_FILE: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ: Final = _READ_FILE | _READ_DIR
_WRITE: Final = _READ | _WRITE_FILE | _TRUNCATE | _MAKE_REGULAR | _REMOVE_FILE

_LIBC = ctypes.CDLL(None, use_errno=True)


class FilesNotConfined(Exception):
    """The kernel has Landlock and refuses the request."""


def landlock_version() -> int:
    """The version of Landlock that this kernel has; 0 where it has none, or where we may not ask for it."""
    try:
        return max(0, _call("landlock_create_ruleset", None, 0, _VERSION_FLAG))
    except (KeyError, ValueError, OSError):
        return 0


def open_only(*, read: Iterable[Path], written: Iterable[Path]) -> int:
    """Permanently restrict this thread and its children to these files and folders.

    In ``written`` files may be made and removed too, but no folders, links or sockets. A later Landlock also
    refuses TCP, and signals to other processes. Missing paths are left out.

    Returns the version of Landlock; 0 where the kernel has none, and nothing is changed.

    Raises:
        FilesNotConfined: the kernel has it, and refuses.
    """
    version = landlock_version()
    if not version:
        return 0
    handled = _HANDLED[max(known for known in _HANDLED if known <= version)]
    attributes = struct.pack("=Q", handled)
    if version >= _NET_FROM:
        attributes += struct.pack("=Q", _ALL_NET)
    if version >= _SCOPES_FROM:
        attributes += struct.pack("=Q", _ALL_SCOPES)
    try:
        rules = _call("landlock_create_ruleset", attributes, len(attributes), 0)
        try:
            for path in read:
                _allow(rules, path, _READ & handled)
            for path in written:
                _allow(rules, path, _WRITE & handled)
            if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "no_new_privs")
            _call("landlock_restrict_self", rules, 0)
        finally:
            os.close(rules)
    except OSError as error:
        raise FilesNotConfined(os.strerror(error.errno or errno.EPERM)) from error
    return version


def _allow(rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, or not for this user anyway
    try:
        if not path.is_dir():
            rights &= _OF_A_FILE
        _call("landlock_add_rule", rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(name: str, *arguments: object) -> int:
    number = number_of(name, os.uname().machine)
    done = int(_LIBC.syscall(number, *arguments))
    if done < 0:
        raise OSError(ctypes.get_errno(), name)
    return done
