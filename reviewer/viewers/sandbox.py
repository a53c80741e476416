"""The command line of bubblewrap: the one place that says what a program of Debian finds inside.

It finds programs and libraries, read-only; fonts; the file, read-only, as ``/file``; and a small folder in memory.
No home, no key, no other process, no network, no device but an empty and a random one.
"""

import os
import resource
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

from reviewer.clean_copy.children import MemoryFile
from reviewer.viewers.look_kind import BUBBLEWRAP, ViewerLimits
from reviewer.viewers.viewer_calls import viewer_filter
from system.errors import ProgramError

FILE: Final = "/file"
SCRATCH: Final = "/memory"
_NOBODY: Final = "65534"
_READ_ONLY: Final = ("/usr/bin", "/usr/lib", "/usr/share")
_READ_ONLY_IF_THERE: Final = (
    *("/usr/lib64", "/etc/ld.so.cache", "/etc/alternatives"),
    *("/etc/fonts", "/var/cache/fontconfig", "/etc/libreoffice", "/var/lib/libreoffice"),
)
_LINKS: Final = (("usr/bin", "/bin"), ("usr/lib", "/lib"), ("usr/lib64", "/lib64"), ("memory", "/tmp"))  # noqa: S108
_STACK_BYTES: Final = 2 << 20
"""Of each thread too: with the usual 8 MiB a few threads fill the address space."""
_DEVICES: Final = ("/dev/null", "/dev/urandom")
_ENVIRONMENT: Final = {
    "PATH": "/usr/bin",
    "HOME": SCRATCH,
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # each further arena takes 64 MiB of address space
    "SAL_USE_VCLPLUGIN": "svp",
}


@dataclass(frozen=True, slots=True)
class Inside:
    """Settings of one viewer. ``files`` are written into the folder in memory, by their path.

    With ``as_output``, what the program writes to this path is its standard output: for programs that write only to
    files with a name. They see a ``/proc`` of their own for this. ``has_own_pipe`` allows sockets of the Unix kind,
    which reach no other program: LibreOffice does not start without one.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    as_output: str = ""
    has_own_pipe: bool = False


class Sandbox:
    """The command for one run of a program, and the files that it inherits while the block is open."""

    def __init__(
        self, program: Sequence[str], *, file: MemoryFile, limits: ViewerLimits, inside: Inside | None = None
    ) -> None:
        self._program = program
        self._file = file
        self._limits = limits
        self._inside = inside or Inside()
        self._opened = ExitStack()
        self.pass_fds: tuple[int, ...] = ()
        self.command: list[str] = []

    def __enter__(self) -> "Sandbox":
        """Open the inherited files, and write the command.

        Raises:
            ProgramError: no filter is written for this kind of machine.
        """
        try:
            calls = self._inherited(MemoryFile(viewer_filter(has_own_pipe=self._inside.has_own_pipe)))
        except (KeyError, ValueError) as error:
            raise ProgramError(
                "programs of Debian are not shut in on this kind of machine, so none looks at a file",
                hint="use a machine with x86-64 or ARM64",
            ) from error
        file = self._descriptor(self._file)
        written = {path: self._inherited(MemoryFile(content)) for path, content in self._inside.files.items()}
        self.pass_fds = (calls, file, *written.values())
        self.command = [
            *(BUBBLEWRAP, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"),
            *("--new-session", "--uid", _NOBODY, "--gid", _NOBODY, "--hostname", "viewer", "--cap-drop", "ALL"),
            *_each("--setenv", _ENVIRONMENT.items(), first=["--clearenv"]),
            *_each("--ro-bind", ((path, path) for path in _READ_ONLY)),
            *_each("--ro-bind-try", ((path, path) for path in _READ_ONLY_IF_THERE)),
            *_each("--symlink", _LINKS),
            *_each("--dev-bind", ((path, path) for path in _DEVICES)),
            *("--size", str(max(self._limits.scratch_bytes, 1 << 16)), "--tmpfs", SCRATCH),
            *("--ro-bind-data", str(file), FILE),
            *_each("--file", ((str(number), path) for path, number in written.items())),
            *self._output(),
            *("--remount-ro", "/", "--chdir", SCRATCH, "--seccomp", str(calls), "--"),
            *_limited(self._limits, os.fstat(file).st_size),
            *self._program,
        ]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def _output(self) -> list[str]:
        path = self._inside.as_output
        return ["--proc", "/proc", "--symlink", "/proc/self/fd/1", path] if path else []

    def _inherited(self, file: MemoryFile) -> int:
        return self._descriptor(self._opened.enter_context(file))

    def _descriptor(self, file: MemoryFile) -> int:
        return self._opened.enter_context(file.reader()).fileno()


def _each(option: str, pairs: Iterable[tuple[str, str]], first: Sequence[str] = ()) -> list[str]:
    return [*first, *(word for pair in pairs for word in (option, *pair))]


def _limited(limits: ViewerLimits, file_bytes: int) -> list[str]:
    """``prlimit``, which sets the limits and becomes the program.

    The desk has a lower limit on its data, which a program inherits: its own is the one on all memory.
    """
    hardest = resource.getrlimit(resource.RLIMIT_DATA)[1]
    return [
        "/usr/bin/prlimit",
        f"--as={limits.memory_beside(file_bytes)}",
        f"--data={'unlimited' if hardest == resource.RLIM_INFINITY else hardest}",
        f"--cpu={limits.seconds}",
        f"--fsize={limits.written_bytes}",
        f"--stack={_STACK_BYTES}",
        "--core=0",
        "--nofile=256",
        "--",
    ]
