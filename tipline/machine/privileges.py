"""Privileges that a serving process drops at its start, for itself and for all that it starts.

The systemd unit drops them too; a server that is started by hand has no unit.
"""

import ctypes
import os
import stat
from pathlib import Path
from typing import Final

from system.errors import ProgramError

_PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 38, 39
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LIBC = ctypes.CDLL(None, use_errno=True)


class ExcessPrivileges(ProgramError):
    """Another user, or a program that is started, could do more than is needed."""


def drop_privileges() -> None:
    """Drop all privileges, for ever and for all children.

    No program that is started gains anything by its owner or its capabilities, and every new file is for this user
    only.

    Raises:
        ExcessPrivileges: the kernel refuses.
    """
    os.umask(_OTHERS)
    if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or _LIBC.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1:
        raise ExcessPrivileges("privileges cannot be dropped")


def require_private(folder: Path) -> None:
    """Require that only its owner may enter ``folder``.

    Raises:
        ExcessPrivileges: others may, or it is not there.
    """
    try:
        rights = folder.stat().st_mode
    except OSError as error:
        raise ExcessPrivileges(f"cannot look at {folder}") from error
    if rights & _OTHERS:
        raise ExcessPrivileges(f"others on this machine may look into {folder}", hint=f"chmod 700 {folder}")
