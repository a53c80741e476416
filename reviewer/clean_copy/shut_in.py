"""What a process gives up before it looks at a hostile file: everything but reading, writing and memory.

The decoders of pictures are large programs in C, and a file may be made to take one over. What has taken over a
process that is shut in holds a pipe at either end and nothing else: the kernel lets it open no file, look into no
other process, start none, and connect to nothing.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Sequence
from typing import Final

from reviewer.clean_copy.limits import CPU_SECONDS, MEMORY_BYTES

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_PERMISSION_DENIED = 1  # EPERM
# Of <linux/bpf_common.h> and <linux/seccomp.h>.
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | _PERMISSION_DENIED

_MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""As the kernel's audit calls them: AUDIT_ARCH_… of <linux/audit.h>."""

_CALLS: Final = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "exit": (60, 93),
    "sigaltstack": (131, 132),
    "futex": (202, 98),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}
"""What stays allowed, by its number on each of the two machines."""

_LIBC = ctypes.CDLL(None, use_errno=True)


class NotShutIn(Exception):
    """The kernel does not take the rights of this process away."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def shut_in(*, written_bytes: int) -> None:
    """For ever: no file but those that are open, of which a regular one grows to ``written_bytes`` at most; no new
    rights, process, connection or look at another one; 2 GiB of memory and two minutes of the processor. Import all
    that is needed before.

    Raises:
        NotShutIn: the kernel does not do it, or the machine is of another kind than ours are.
    """
    try:
        machine = os.uname().machine
        architecture, column = _MACHINES[machine], list(_MACHINES).index(machine)
        for limit, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_FSIZE, written_bytes),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_NOFILE, 0),
        ):
            hardest = resource.getrlimit(limit)[1]
            allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
            resource.setrlimit(limit, (allowed, allowed))
    except (KeyError, ValueError, OSError) as error:
        raise NotShutIn from error
    steps = _filter(architecture, [numbers[column] for numbers in _CALLS.values()])
    program = _Program(len(steps) // 8, steps)
    if (
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        or _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        or _LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    ):
        raise NotShutIn


def _filter(architecture: int, calls: Sequence[int]) -> bytes:
    """The kernel's own little language: what is not among ``calls`` is refused as not permitted."""
    last = len(calls)
    steps = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 0, last + 1, architecture),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        *((_JUMP_IF_EQUAL, last - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
