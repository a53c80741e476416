"""Confinement of the web process's worker: seccomp refuses all system calls that it does not need.

The worker is the one process that strangers talk to. Python's hook (:mod:`tipline.machine.no_plaintext`) sees what
Python does. Only the kernel can stop C code that calls the system by itself. The worker inherits all that it needs:
the listening sockets, the pipe to its parent, the file of its heartbeat. So it needs no call that makes a socket,
connects, starts a program or a process, or touches another process, and has none. This holds with and without our
systemd unit.
"""

import os
from typing import Final

from system.call_filter import Allowed, AllowedWithout, NotFiltered, Rule, Unknown, keep_only
from system.errors import ProgramError

# Clone flags, <linux/sched.h>: a thread, and all that would make a new process or a namespace of its own.
_CLONE_THREAD: Final = 0x00010000
_CLONE_VFORK, _CLONE_PIDFD, _CLONE_PTRACE = 0x00004000, 0x00001000, 0x00002000
_CLONE_NAMESPACES: Final = 0x7E020080
# <asm-generic/ioctls.h>, <asm-generic/fcntl.h>: none that sets who gets a signal when a file has news (F_SETOWN).
_IOCTLS: Final = {"TCGETS": 0x5401, "FIONREAD": 0x541B, "FIONBIO": 0x5421, "FIONCLEX": 0x5450, "FIOCLEX": 0x5451}
_FCNTLS: Final = {
    "F_DUPFD": 0,
    "F_GETFD": 1,
    "F_SETFD": 2,
    "F_GETFL": 3,
    "F_SETFL": 4,
    "F_GETLK": 5,
    "F_SETLK": 6,
    "F_SETLKW": 7,
    "F_OFD_GETLK": 36,
    "F_OFD_SETLK": 37,
    "F_OFD_SETLKW": 38,
    "F_DUPFD_CLOEXEC": 1030,
}
_PR_SET_NAME: Final = 15
_BY_DESCRIPTOR: Final = (
    "read write pread64 pwrite64 readv writev preadv pwritev lseek close fstat fstatfs fsync fdatasync ftruncate "
    "fallocate flock getdents64 fchmod fchown dup dup2 dup3 pipe pipe2 eventfd2"
)
_BY_PATH: Final = (
    "openat open stat lstat newfstatat statx statfs access faccessat faccessat2 readlink readlinkat getcwd unlink "
    "unlinkat rename renameat renameat2 utimensat umask"
)
_CONNECTIONS: Final = "accept accept4 recvfrom getsockname getpeername getsockopt shutdown"
_WAITING: Final = (
    "futex poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 nanosleep "
    "clock_nanosleep restart_syscall sched_yield"
)
_MEMORY: Final = "mmap munmap mremap mprotect brk madvise msync mlock mlock2 munlock membarrier"
_ITSELF: Final = (
    "getpid getppid gettid getuid geteuid getgid getegid getrusage times uname sysinfo time gettimeofday "
    "clock_gettime clock_getres getrandom rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack set_robust_list "
    "set_tid_address rseq exit exit_group"
)


class ConfinementFailed(ProgramError):
    """The kernel does not take from the worker what it has no need of."""


def confine() -> None:
    """Bar this process for ever from all system calls that the site does not need.

    Called in the worker before its first thread.

    Raises:
        ConfinementFailed: the kernel has no seccomp, or the machine is neither x86-64 nor ARM64.
    """
    try:
        keep_only(rules(os.getpid()))
    except NotFiltered as error:
        raise ConfinementFailed(
            f"the kernel does not confine the web process: {error}",
            hint="Debian's own kernel for amd64 or arm64 does",
        ) from error


def rules(process: int) -> list[Rule]:
    """Return the allowed calls of the process of this id; those of a page and an upload come first."""
    free = (_BY_DESCRIPTOR, _CONNECTIONS, _WAITING, _MEMORY, _ITSELF, _BY_PATH)
    return [
        *(Allowed(call) for group in free for call in group.split()),
        Allowed("fcntl", 1, tuple(_FCNTLS.values())),
        Allowed("ioctl", 1, tuple(_IOCTLS.values())),
        Allowed("prctl", 0, (_PR_SET_NAME,)),
        # Only on a connected socket: with an address it would reach others.
        AllowedWithout("sendto", 4),
        # A thread, and no process.
        Allowed("clone", 0, (_CLONE_THREAD,), mask=_not_a_process()),
        # Its flags lie in memory, where no filter can look; glibc then takes clone.
        Unknown("clone3"),
        # Signals and limits for itself only: abort, a handler of Python's, the number of open files.
        Allowed("kill", 0, (process,)),
        Allowed("tgkill", 0, (process,)),
        Allowed("prlimit64", 0, (0,)),
        Allowed("sched_getaffinity", 0, (0,)),
    ]


def _not_a_process() -> int:
    return _CLONE_THREAD | _CLONE_VFORK | _CLONE_PIDFD | _CLONE_PTRACE | _CLONE_NAMESPACES
