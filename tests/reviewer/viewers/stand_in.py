"""A hostile viewer: a program of the test's own, run where poppler, ffmpeg or LibreOffice would run."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Final

from reviewer.clean_copy.children import MemoryFile
from reviewer.viewers.look_kind import Viewer, ViewerLimits
from reviewer.viewers.sandbox import Inside, Sandbox

PYTHON: Final = "/usr/bin/python3"
LIMITS: Final = ViewerLimits(seconds=20, memory_bytes=256 << 20, scratch_bytes=1 << 20)
STAND_IN: Final = Viewer(
    opens="nothing", kinds=frozenset(), limits=LIMITS, program=PYTHON, packages="a-package-of-nothing"
)
LIKE_LIBREOFFICE: Final = Inside(as_output="/memory/out", has_own_pipe=True)
REFUSED, DONE = 7, 0


def program(code: str) -> list[str]:
    return [PYTHON, "-I", "-S", "-c", code]


def limited(**limits: int) -> Viewer:
    return replace(STAND_IN, limits=replace(LIMITS, **limits))


def shut_in(code: str, *, inside: Inside | None = None) -> int:
    """The exit code of a stand-in inside the sandbox."""
    with (
        MemoryFile(b"a file of a source") as file,
        MemoryFile() as out,
        Sandbox(program(code), file=file, limits=LIMITS, inside=inside) as box,
    ):
        return subprocess.run(
            box.command,
            stdin=subprocess.DEVNULL,
            stdout=out.writer,
            stderr=subprocess.DEVNULL,
            pass_fds=box.pass_fds,
            check=False,
            timeout=60,
        ).returncode


def outside(code: str, folder: Path) -> int:
    """The same without a sandbox, in a folder where it may write."""
    return subprocess.run(program(code), cwd=folder, stdout=subprocess.DEVNULL, check=False, timeout=60).returncode
