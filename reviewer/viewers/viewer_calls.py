"""The system calls that a program of Debian may make inside the sandbox.

It starts no process (a thread is allowed), opens no socket, signals and traces no other, and mounts nothing. What
``open`` reaches is what :mod:`reviewer.viewers.sandbox` puts there.
"""

import os
from typing import Final

from system.call_filter import Allowed, Rule, Unknown, program

_CLONE_THREAD: Final = 0x00010000
_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ = 15, 16, 23
_TCGETS, _FIONREAD = 0x5401, 0x541B

_MEMORY: Final = "brk madvise mlock mmap mprotect mremap munmap"
_TIME: Final = (
    "clock_getres clock_gettime clock_nanosleep getrusage gettimeofday nanosleep sysinfo time times uname"
)
_OWN_STATE: Final = (
    "arch_prctl exit exit_group futex getegid geteuid getgid getpid getppid getrandom gettid getuid membarrier"
    " prlimit64 restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity sched_setaffinity"
    " sched_yield set_robust_list set_tid_address sigaltstack umask wait4"
)
_OPEN_FILES: Final = (
    "close close_range dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2 fadvise64 fallocate"
    " fcntl fdatasync flock fstat fstatfs fsync ftruncate getdents64 lseek pipe pipe2 poll ppoll pread64 preadv"
    " pselect6 pwrite64 pwritev read readv select write writev"
)
_NAMED_FILES: Final = (
    "access chmod chown faccessat faccessat2 fchmod fchmodat fchown fchownat getcwd lstat mkdir mkdirat newfstatat"
    " open openat readlink readlinkat rename renameat renameat2 rmdir stat statfs statx unlink unlinkat utimensat"
)
_AF_UNIX: Final = 1
_OWN_PIPE: Final = "accept accept4 bind connect getsockname listen shutdown"
_FIRST_PROCESS: Final = 1
_PROGRAM: Final = "execve"
"""One process may become another program of the folder; the sandbox and its limits stay."""


def viewer_rules(*, has_own_pipe: bool) -> list[Rule]:
    """The allow list; the kernel refuses all other calls. ``has_own_pipe`` adds sockets of the Unix kind."""
    free = (_MEMORY, _TIME, _OWN_STATE, _OPEN_FILES, _NAMED_FILES, _PROGRAM)
    return [
        *(Allowed(call) for group in free for call in group.split()),
        Allowed("prctl", 0, (_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ)),
        Allowed("ioctl", 1, (_TCGETS, _FIONREAD)),
        Allowed("clone", 0, (_CLONE_THREAD,), mask=_CLONE_THREAD),
        *([Allowed("socket", 0, (_AF_UNIX,)), *map(Allowed, _OWN_PIPE.split())] if has_own_pipe else []),
        Unknown("clone3"),  # its flags lie in memory, where no filter reads them: the C library then takes clone
        Allowed("tgkill", 0, (_FIRST_PROCESS, _FIRST_PROCESS + 1)),  # abort() signals its own process
    ]


def viewer_filter(*, has_own_pipe: bool) -> bytes:
    """The filter for this machine, as bubblewrap reads it.

    Raises:
        KeyError, ValueError: no filter is written for machines of this kind.
    """
    return program(viewer_rules(has_own_pipe=has_own_pipe), os.uname().machine)
