"""No plaintext may reach a disk: each way is switched off, or else the server does not start.

The known ways are swap, core dumps, temporary files, a debugger's pages, and a web server that spools bodies. Each
has a check here that names it. What is left (hibernation, a hypervisor's snapshot) is in docs/threat-model.md.
"""

import contextlib
import ctypes
import importlib
import os
import resource
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from system.errors import ProgramError
from system.memory import disk_swaps

_UNUSABLE: Final = "/nonexistent/tipline-writes-no-temporary-files"
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_GET_DUMPABLE = 1, 4, 3
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_CAP_IPC_LOCK: Final = 14
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_LIBC = ctypes.CDLL(None, use_errno=True)

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 -- RAM; the web server's own sign of life goes here


class PlaintextRisk(ProgramError):
    """Plaintext could reach a disk; the message says by which way."""


def require_safe_start(
    environ: Mapping[str, str],
    *,
    starts_tor: bool = False,
    swaps: Path = Path("/proc/swaps"),
    own_group: Path = Path("/proc/self/cgroup"),
    groups: Path = Path("/sys/fs/cgroup"),
) -> None:
    """Check this machine and how this process was started, before any secret is asked for.

    With ``starts_tor``, plaintext also passes through a process whose memory cannot be locked from here.

    Raises:
        PlaintextRisk: names the way.
    """
    if sys.flags.dev_mode or sys.flags.inspect:
        raise PlaintextRisk(
            "python runs in a development mode, which shows values",
            hint="start without -X dev, -i and PYTHONDEVMODE",
        )
    for name in ("FLASK_DEBUG", "WERKZEUG_DEBUG_PIN", "PYTHONINSPECT"):
        if environ.get(name, "").lower() not in {"", "0", "false", "no"}:
            raise PlaintextRisk(f"{name} is set: a debugger shows and keeps values", hint=f"unset {name}")
    if starts_tor and disk_swaps(swaps) and not group_has_no_swap(own_group, groups):
        raise PlaintextRisk(
            "swap is on, and nothing keeps tor out of it: what a source writes could reach the disk",
            hint="swapoff -a, or run it as the service that tipline setup makes (its unit has MemorySwapMax=0)",
        )
    if disk_swaps(swaps) and not may_lock_memory():
        raise PlaintextRisk(
            "swap is on, and this process may not lock its memory: what a source writes could reach the disk",
            hint="swapoff -a, or allow it: LimitMEMLOCK=infinity in the systemd unit",
        )
    if not _is_ram(SHARED_MEMORY):
        raise PlaintextRisk(f"{SHARED_MEMORY} is not in memory", hint=f"mount -t tmpfs tmpfs {SHARED_MEMORY}")


def stay_in_memory(*, swaps: Path = Path("/proc/swaps")) -> None:
    """Make this process leave no core dump, no temporary file and, where it is allowed, no page in swap.

    Not inherited over exec; a child that was forked must lock its memory again.

    Raises:
        PlaintextRisk: one of these cannot be had.
    """
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where the kernel hands dumps to a program (systemd-coredump).
    if _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) or _LIBC.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0):
        raise PlaintextRisk("core dumps cannot be switched off")
    if may_lock_memory():
        limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (limit, limit))
        locked = _LIBC.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT) == 0
    else:
        locked = False
    if not locked and disk_swaps(swaps):
        raise PlaintextRisk("swap is on, and this process could not lock its memory", hint="swapoff -a")
    tempfile.tempdir = _UNUSABLE
    try:
        tempfile.TemporaryFile().close()
    except OSError:
        return
    raise PlaintextRisk("temporary files cannot be switched off")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal to us when the process that started us ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def bar_silent_writers() -> None:
    """Bar the modules in C that could write to a disk by themselves.

    From now on each way to load one ends in an ImportError, also where it is built in. Libraries know that error
    from Pythons that lack the module. To be called before a library is imported: a module that is loaded already
    stays, and :func:`refuse_writes` names it.
    """
    for name in _NEVER_LOADED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # which is how an import is barred


def refuse_writes(*, allowed_beside: Path, never_read: Sequence[Path] = ()) -> None:
    """Bar this process for ever from writing to files and from starting or reaching anything else.

    It opens no file to write, makes no folder, pipe, link or database, starts no program and no second interpreter,
    writes to no system log, connects to nothing and resolves no name.

    Python reports most of these. The functions that it does not report are replaced, and modules in C that write by
    themselves cannot be loaded. What is left calls the system by itself: ``ctypes``, another SQLCipher file, a
    package's own code in C, the system's name services below ``pwd``. The systemd unit keeps that from every disk
    but the one folder. The kernel stops it too: :mod:`tipline.web.confinement` and
    :mod:`tipline.web.file_confinement`.

    The store's files are not affected: SQLCipher has opened them before, and writes sealed bytes. In the folder
    ``allowed_beside`` only these may be written: the highest manifest version, through the one file beside it that
    :mod:`system.atomic_files` makes in this process, the lock of imports and the ballast (zeros).

    A path that is, or lies in, one of ``never_read`` cannot be opened at all.

    Raises:
        PlaintextRisk: one of the modules in C was loaded before.
    """
    _close_silent_ways()
    folder = os.path.abspath(allowed_beside)  # noqa: PTH100 -- as the paths that are compared with it
    hidden = [os.path.realpath(path) for path in never_read]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if _is_to_write(mode, flags) and not _may_write(path, folder):
                raise PlaintextRisk("refused to open a file for writing")
            if _is_hidden(path, hidden):
                raise PlaintextRisk("refused to open a file of keys")
        elif event == "os.rename":
            if not all(_may_write(path, folder) for path in arguments[:2]):
                raise PlaintextRisk("refused to rename a file")
        elif event in _NEVER:
            raise PlaintextRisk(f"refused: {event}")

    sys.addaudithook(watch)


_NEVER: Final = frozenset(
    {
        "cpython.PyInterpreterState_New",  # a hook in Python does not hold there
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.link",
        "os.mkdir",
        "os.posix_spawn",
        "os.setxattr",
        "os.symlink",
        "os.system",
        "os.truncate",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.getnameinfo",
        "socket.sendmsg",
        "socket.sendto",
        "sqlite3.connect",
        "subprocess.Popen",
        "syslog.openlog",
        "syslog.syslog",
        "tempfile.mkdtemp",
        "tempfile.mkstemp",
    }
)
# Functions that raise no event, in each module where Python looks them up.
_SILENT: Final = {
    "os": ("memfd_create", "mkfifo", "mknod"),  # what memfd_create makes is in memory, but may be swapped
    "posix": ("memfd_create", "mkfifo", "mknod"),
    "_posixsubprocess": ("fork_exec",),
    "subprocess": ("_fork_exec",),
    "sys": ("activate_stack_trampoline",),  # from 3.12 on: names of functions, in a file under /tmp
    "uuid": ("_generate_time_safe",),  # asks a daemon, and keeps a file
    "_uuid": ("generate_time_safe",),
}
# Modules in C: a terminal's window and history, databases, memory under a name, Tcl, a name service, interpreters
# that have no hook.
_NEVER_LOADED: Final = (
    "_curses",
    "_dbm",
    "_gdbm",
    "_interpreters",
    "_multiprocessing",
    "_posixshmem",
    "_tkinter",
    "_xxsubinterpreters",
    "nis",
    "readline",
)
_WRITABLE: Final = frozenset({"manifest-version", "import.lock", "ballast"})


def _close_silent_ways() -> None:
    def refused(*_arguments: object, **_named: object) -> NoReturn:
        raise PlaintextRisk("refused: a function that Python does not report")

    bar_silent_writers()
    loaded = [name for name in _NEVER_LOADED if sys.modules[name]]
    if loaded:
        raise PlaintextRisk(f"loaded already, and could write to a disk: {', '.join(loaded)}")
    for place, names in _SILENT.items():
        with contextlib.suppress(ImportError):
            module = importlib.import_module(place)
            for name in names:
                if hasattr(module, name):
                    setattr(module, name, refused)


def _is_to_write(mode: object, flags: object) -> bool:
    """Return whether a file is opened to write. Files opened in C, as TLS keys are, have a mode only."""
    by_mode = isinstance(mode, str) and not {"w", "a", "x", "+"}.isdisjoint(mode)
    return by_mode or (isinstance(flags, int) and bool(flags & _WRITING))


def _may_write(path: object, folder: str) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return True  # a descriptor that is open already
    text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 -- Path would resolve, and this runs at every open
    parent, name = os.path.split(text)
    if parent != folder:
        return text == os.devnull
    return name in _WRITABLE or name == f".manifest-version.{os.getpid()}.part"


def _is_hidden(path: object, hidden: Sequence[str]) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    real = os.path.realpath(os.fsdecode(path))
    return any(real == one or real.startswith(one + os.sep) for one in hidden)


def may_lock_memory() -> bool:
    """Return whether all of this process's memory may be locked, however much it becomes."""
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] == resource.RLIM_INFINITY:
        return True
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> _CAP_IPC_LOCK & 1)
    return False


def group_has_no_swap(own_group: Path, groups: Path) -> bool:
    """Return whether our control group, or one above it, gets no swap.

    Programs that we start get none either.
    """
    try:
        lines = own_group.read_text().splitlines()
    except OSError:
        return False
    for line in lines:
        place = Path(line.removeprefix("0::/"))
        if not line.startswith("0::/") or ".." in place.parts:
            continue
        for group in (place, *place.parents):
            with contextlib.suppress(OSError):
                if (groups / group / "memory.swap.max").read_text().strip() == "0":
                    return True
    return False


def _is_ram(folder: Path) -> bool:
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _device, place, kind = line.split()[:3]
        if Path(place) == folder and kind in {"tmpfs", "ramfs"}:
            return True
    return False
