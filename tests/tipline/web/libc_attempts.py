"""Attempts of code that has taken over a process, by calls of the C library: no hook of Python's sees them.

``python -m tests.tipline.web.libc_attempts TARGET`` tries all of it in a process that nothing confines, each
attempt in a child of its own, and prints what came out. Numbers are those of ``errno``; 0 is success.
"""

import ctypes
import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_COLUMN: Final = {"x86_64": 0, "aarch64": 1}
_AF_UNIX, _AF_INET, _SOCK_STREAM, _SOCK_DGRAM = 1, 2, 1, 2
_AT_FDCWD: Final = -100


@dataclass(frozen=True, slots=True)
class Target:
    """The targets of the attempts. ``process`` is another one of the same user."""

    process: int
    secrets: tuple[str, ...]
    """Files that must not be read."""
    control: str
    """The path of a socket at which someone listens."""
    port: int
    """Of 127.0.0.1, where someone listens."""
    outside: str
    """A file outside of the store, which must stay as it is; beside it nothing may come."""
    inside: str
    """A file in the store, for names that would leave it."""

    @classmethod
    def from_json(cls, text: str) -> Self:
        told = json.loads(text)
        return cls(**(told | {"secrets": tuple(told["secrets"])}))

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class _Vector(ctypes.Structure):
    _fields_ = (("at", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _UnixAddress(ctypes.Structure):
    _fields_ = (("family", ctypes.c_uint16), ("path", ctypes.c_char * 108))


class _InternetAddress(ctypes.Structure):
    _fields_ = (
        ("family", ctypes.c_uint16),
        ("port", ctypes.c_uint16.__ctype_be__),
        ("host", ctypes.c_uint8 * 4),
        ("rest", ctypes.c_uint8 * 8),
    )


def _call(name: str, *arguments: Any) -> int:
    return int(getattr(_LIBC, name)(*arguments))


def _syscall(numbers: tuple[int, int], *arguments: Any) -> int:
    return int(_LIBC.syscall(numbers[_COLUMN[os.uname().machine]], *arguments))


def _read(path: str) -> int:
    descriptor = _call("open", path.encode(), os.O_RDONLY)
    return descriptor if descriptor < 0 else _call("close", descriptor)


def _connect(family: int, address: ctypes.Structure) -> int:
    made = _call("socket", family, _SOCK_STREAM, 0)
    return made if made < 0 else _call("connect", made, ctypes.byref(address), ctypes.sizeof(address))


def _connect_what_is_open(target: Target) -> int:
    """Any descriptor that a process has: a listening one can be connected by no one but its owner."""
    address = _UnixAddress(_AF_UNIX, target.control.encode())
    worst = -1
    for descriptor in range(3, 64):
        if _call("connect", descriptor, ctypes.byref(address), ctypes.sizeof(address)) == 0:
            return 0
        worst = ctypes.get_errno()
        if worst not in {errno.EBADF, errno.ENOTSOCK}:
            break
    ctypes.set_errno(worst)
    return -1


def _send_to(target: Target) -> int:
    made = _call("socket", _AF_INET, _SOCK_DGRAM, 0)
    address = _InternetAddress(_AF_INET, target.port, (127, 0, 0, 1))
    return _call("sendto", max(made, 0), b"x", 1, 0, ctypes.byref(address), ctypes.sizeof(address))


def _process(made: int) -> int:
    if made == 0:
        _LIBC._exit(0)
    return made


def _execute() -> int:
    arguments = (ctypes.c_char_p * 2)(b"true", None)
    return _call("execve", b"/bin/true", arguments, (ctypes.c_char_p * 1)(None))


def _memory_of(process: int) -> int:
    here = ctypes.create_string_buffer(8)
    one = _Vector(ctypes.addressof(here), 8)
    far = _Vector(ctypes.addressof(here), 8)
    got = _call("process_vm_readv", process, ctypes.byref(one), 1, ctypes.byref(far), 1, 0)
    return got if got >= 0 or ctypes.get_errno() != errno.EFAULT else 0  # the other one has nothing at this place


def _descriptor_of(process: int) -> int:
    opened = _syscall((434, 434), process, 0)  # pidfd_open
    return opened if opened < 0 else _syscall((438, 438), opened, 0, 0)  # pidfd_getfd


def _owner_of_news(process: int) -> int:
    """``F_SETOWN``: whose signals come from news on a file."""
    return _call("fcntl", 0, 8, process)


def _trace(process: int) -> int:
    seize, detach = 0x4206, 17
    done = _call("ptrace", seize, process, None, None)
    if done == 0:
        _call("ptrace", detach, process, None, None)
    return done


def _make(path: str) -> int:
    made = _call("open", path.encode(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return made if made < 0 else _call("close", made)


EVERY_USER: Final[dict[str, Callable[[Target], int]]] = {
    "make a socket of this machine": lambda _t: _call("socket", _AF_UNIX, _SOCK_STREAM, 0),
    "make a socket for the network": lambda _t: _call("socket", _AF_INET, _SOCK_STREAM, 0),
    "make a pair of sockets": lambda _t: _call("socketpair", _AF_UNIX, _SOCK_STREAM, 0, (ctypes.c_int * 2)()),
    "connect to Tor's control socket": lambda t: _connect(_AF_UNIX, _UnixAddress(_AF_UNIX, t.control.encode())),
    "connect past Tor": lambda t: _connect(_AF_INET, _InternetAddress(_AF_INET, t.port, (127, 0, 0, 1))),
    "send a datagram": _send_to,
    "fork": lambda _t: _process(_call("fork")),
    "start a program": lambda _t: _execute(),
    "read another process's memory": lambda t: _memory_of(t.process),
    "trace another process": lambda t: _trace(t.process),
    "signal another process": lambda t: _call("kill", t.process, 0),
    "signal another thread": lambda t: _call("tgkill", t.process, t.process, 0),
    "signal everyone": lambda _t: _call("kill", -1, 0),
    "have another process signalled": lambda t: _owner_of_news(t.process),
    "limit another process": lambda t: _call("prlimit64", t.process, 7, None, ctypes.create_string_buffer(16)),
    "make a file in memory": lambda _t: _call("memfd_create", b"x", 0),
    "shared memory": lambda _t: _call("shmget", 0, 4096, 0o1600),
    "watch files": lambda _t: _call("inotify_init1", 0),
    "be looked into again": lambda _t: _call("prctl", 4, 1, 0, 0, 0),
    "cut off a file outside": lambda t: _call("truncate", t.outside.encode(), 0),
    "open a file's rights outside": lambda t: _call("chmod", t.outside.encode(), 0o777),
    "link to a file outside": lambda t: _call("link", t.outside.encode(), f"{t.outside}.link".encode()),
    "make a link": lambda t: _call("symlink", b"/", f"{t.outside}.symlink".encode()),
    "make a folder": lambda t: _call("mkdir", f"{t.outside}.folder".encode(), 0o700),
}
"""Attempts that any user's process may make."""

ROOT: Final[dict[str, Callable[[Target], int]]] = {
    "connect what is open": _connect_what_is_open,
    "take over another process's descriptor": lambda t: _descriptor_of(t.process),
    "a process by clone3": lambda _t: _syscall((435, 435), None, 0),
    "mount": lambda _t: _call("mount", b"none", b"/nonexistent", b"tmpfs", 0, None),
    "a namespace of its own": lambda _t: _call("unshare", 0x10000000),
    "a program for the kernel": lambda _t: _syscall((321, 280), 0, None, 0),
    "io_uring": lambda _t: _syscall((425, 425), 1, None),
    "performance counters": lambda _t: _syscall((298, 241), None, 0, -1, -1, 0),
    "the kernel's keys": lambda _t: _syscall((250, 219), 0, 0, 0),
    "faults of its own memory": lambda _t: _syscall((323, 282), 0),
    "files by handle": lambda _t: _call("open_by_handle_at", _AT_FDCWD, None, 0),
    "another root": lambda _t: _call("chroot", b"/nonexistent"),
    "a signal with a message": lambda t: _syscall((129, 138), t.process, 0, None),
}
"""Attempts that end in an error for some users and kernels anyway."""


def _files(target: Target) -> dict[str, Callable[[Target], int]]:
    found: dict[str, Callable[[Target], int]] = {
        f"read {Path(path).name}": lambda _t, path=path: _read(path) for path in target.secrets
    }
    return found | {
        "read another process's environment": lambda t: _read(f"/proc/{t.process}/environ"),
        "read another process's memory as a file": lambda t: _read(f"/proc/{t.process}/mem"),
        "make a file outside": lambda t: _make(f"{t.outside}.made"),
        "write to a file outside": lambda t: _call("open", t.outside.encode(), os.O_WRONLY),
        "remove a file outside": lambda t: _call("unlink", t.outside.encode()),
        "move a file out": lambda t: _call("rename", t.inside.encode(), f"{t.outside}.moved".encode()),
    }


def attempt_all(target: Target) -> dict[str, int]:
    """The outcome of each attempt, all in this process."""
    tried = EVERY_USER | ROOT | _files(target)
    return {name: _outcome(attempt, target) for name, attempt in tried.items()}


def _outcome(attempt: Callable[[Target], int], target: Target) -> int:
    ctypes.set_errno(0)
    return 0 if attempt(target) >= 0 else ctypes.get_errno()


def _outcome_in_child(attempt: Callable[[Target], int], target: Target) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_outcome(attempt, target))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    target = Target.from_json(sys.argv[1])
    # The last of these take away what the others need.
    tried = EVERY_USER | _files(target)
    print(json.dumps({name: _outcome_in_child(attempt, target) for name, attempt in tried.items()}))


if __name__ == "__main__":
    main()
