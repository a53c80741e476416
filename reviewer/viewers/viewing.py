"""Runs a program of Debian on a file inside the sandbox, and takes out pixels, text or samples only.

This module parses nothing that comes out: pixels go straight into our encoder, and the rest is bytes to the caller.
"""

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Final

from reviewer.clean_copy.children import Child, Children, MemoryFile, require_done
from reviewer.clean_copy.limits import Ending
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.errors import CannotLook, NoCleanCopy
from reviewer.viewers.look_kind import BUBBLEWRAP_PACKAGE, POPPLER, Viewer, can_shut_in
from reviewer.viewers.sandbox import Inside, Sandbox
from system.errors import ProgramError

_ENCODER: Final = "reviewer.clean_copy.encoder"
_NOT_SHUT_IN: Final = ProgramError(
    "bubblewrap cannot shut in a program on this machine, so none looks at a file",
    hint="use Debian 12 or 13, whose kernel lets every user make name spaces",
)


class See(Enum):
    """How a picture is shown. Each comes after a press of its own."""

    BLURRED = "blurred"
    GREY = "grey"
    COLOUR = "colour"


def require_installed(viewer: Viewer) -> None:
    """Return when the program is here, and bubblewrap, which shuts it in.

    Raises:
        CannotLook: one is not installed; what it opens and its Debian packages are named.
    """
    packages = [] if viewer.is_installed else [viewer.packages]
    if viewer.program and not can_shut_in():
        packages.append(BUBBLEWRAP_PACKAGE)
    if packages:
        raise CannotLook(
            f"the viewer that opens {viewer.opens} is not installed on this machine",
            hint=f"install the Debian packages {' '.join(packages)} as docs/review/look.md says",
        )


def picture(
    command: Sequence[str],
    viewer: Viewer,
    file: MemoryFile,
    *,
    see: See,
    children: Children,
    inside: Inside | None = None,
) -> bytes:
    """A PNG of ours of the pixels that the program writes to its standard output as a PPM.

    Raises:
        CannotLook: no picture came within the limits.
        ProgramError: nothing can be shut in on this machine.
        CutShort: the desk is being locked.
    """
    with MemoryFile() as made:
        with (
            _started(command, viewer, file, subprocess.PIPE, children, inside) as program,
            children.started(
                _ENCODER, PictureKind.PNG.value, see.value, stdin=program.stdout, stdout=made.writer
            ) as encoder,
        ):
            if program.stdout is not None:
                program.stdout.close()  # the encoder holds the other end
            ended, encoded = _endings(viewer, children, program, encoder)
            if encoded != Ending.DONE:
                _require_ended_well(ended, viewer, children)
                _require_encoded(encoded, viewer)
        return made.content()


def output(
    command: Sequence[str],
    viewer: Viewer,
    file: MemoryFile,
    *,
    children: Children,
    inside: Inside | None = None,
) -> MemoryFile:
    """The standard output of the program, at most ``written_bytes``; the caller closes it.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`picture`.
    """
    made = MemoryFile()
    try:
        with _started(command, viewer, file, made.writer, children, inside) as program:
            (ended,) = _endings(viewer, children, program)
            _require_ended_well(ended, viewer, children)
    except BaseException:
        made.__exit__()
        raise
    return made


@contextmanager
def _started(
    command: Sequence[str],
    viewer: Viewer,
    file: MemoryFile,
    stdout: int,
    children: Children,
    inside: Inside | None,
) -> Iterator[Child]:
    require_installed(viewer)
    with (
        Sandbox(command, file=file, limits=viewer.limits, inside=inside) as box,
        children.command(box.command, stdin=subprocess.DEVNULL, stdout=stdout, pass_fds=box.pass_fds) as program,
    ):
        yield program


def _endings(viewer: Viewer, children: Children, *some: Child) -> list[int]:
    try:
        return children.endings(*some, seconds=viewer.limits.wait_seconds)
    except NoCleanCopy:
        raise CannotLook(f"the viewer was ended after {viewer.limits.wait_seconds} seconds") from None


def _require_ended_well(ending: int, viewer: Viewer, children: Children) -> None:
    """Return when the program ended well. bubblewrap gives 128 and the signal that ended the program."""
    if ending == 0:
        return
    if not shuts_in(children):
        raise _NOT_SHUT_IN
    match ending - 128:
        case signal.SIGXCPU | signal.SIGKILL:
            raise CannotLook(f"the viewer was ended after {viewer.limits.seconds} seconds of processor time")
        case signal.SIGXFSZ:
            raise CannotLook(f"the viewer was ended at {viewer.limits.written_bytes >> 20} MB of output")
    raise CannotLook(
        "the viewer could not open it: the file is damaged, cut off or locked with a password, or it needs more"
        f" than the viewer may use ({viewer.limits.words})"
    )


def _require_encoded(ending: int, viewer: Viewer) -> None:
    try:
        require_done(ending)
    except NoCleanCopy as error:
        raise CannotLook(f"no picture came out of the viewer within {viewer.limits.words}: {error}") from None


def shuts_in(children: Children) -> bool:
    """True if bubblewrap can shut in a program that does nothing."""
    with (
        MemoryFile() as nothing,
        Sandbox(["/usr/bin/true"], file=nothing, limits=POPPLER.limits) as box,
        children.command(
            box.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=box.pass_fds
        ) as program,
    ):
        return children.endings(program) == [0]
