"""The sandbox of a process that reads a hostile file: only reading, writing and memory remain.

Picture decoders are large C programs, and a crafted file may take one over. A sandboxed process that was taken over
holds a pipe at either end and nothing else: the kernel lets it open no file, inspect no other process, start no
process, and make no connection.
"""

import ctypes
import resource
import signal
from typing import Final

from reviewer.clean_copy.limits import CPU_SECONDS, MEMORY_BYTES
from system.call_filter import Allowed, NotFiltered, keep_only

_PR_SET_PDEATHSIG: Final = 1

_CALLS: Final = (
    "read",
    "write",
    "close",
    "fstat",
    "lseek",
    "mmap",
    "mprotect",
    "munmap",
    "brk",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "mremap",
    "madvise",
    "exit",
    "sigaltstack",
    "futex",
    "clock_gettime",
    "exit_group",
    "getrandom",
)
"""System calls that stay allowed."""

_LIBC = ctypes.CDLL(None, use_errno=True)


class NotShutIn(Exception):
    """The kernel does not take the rights of this process away."""


def shut_in(*, written_bytes: int, memory_bytes: int = MEMORY_BYTES, cpu_seconds: int = CPU_SECONDS) -> None:
    """Sandbox this process permanently. Import all modules before.

    It keeps its open files; a regular one grows to ``written_bytes`` at most. It gets no new rights, process,
    connection or access to another process. By default it has 2 GiB of memory and two minutes of processor time.

    Raises:
        NotShutIn: the kernel does not do it, or the machine is of another kind than ours are.
    """
    try:
        # The desk has a lower limit on its data, which its processes inherit: theirs is the one on all memory.
        hardest = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hardest, hardest))
        for limit, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_FSIZE, written_bytes),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_NOFILE, 0),
        ):
            hardest = resource.getrlimit(limit)[1]
            allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
            resource.setrlimit(limit, (allowed, allowed))
    except (ValueError, OSError) as error:
        raise NotShutIn from error
    if _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        raise NotShutIn
    try:
        keep_only([Allowed(call) for call in _CALLS])
    except NotFiltered as error:
        raise NotShutIn from error
