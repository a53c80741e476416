"""A picture drawn anew: two processes in a row, and a look at what came out. This one decodes nothing."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Final

from reviewer.clean_copy.bare import require_bare
from reviewer.clean_copy.limits import MOST_PIXELS, WAIT_SECONDS, Ending
from reviewer.clean_copy.notes import Trace
from reviewer.clean_copy.picture_kind import HEAD_BYTES, PictureKind, picture_kind
from reviewer.clean_copy.traces import traces
from reviewer.errors import NoCleanCopy, ReviewerError

_DECODER, _ENCODER = "reviewer.clean_copy.decoder", "reviewer.clean_copy.encoder"
_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
_REASONS: Final = {
    Ending.DAMAGED: "it is damaged, cut off, or no real picture",
    Ending.TOO_MANY_PIXELS: f"it has more than {MOST_PIXELS // 1_000_000} million pixels",
    Ending.TOO_MUCH_MEMORY: "it is too large to be decoded here",
}


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """A whole new file with the pixels of a picture, and the traces that were recognised in the old one."""

    content: bytes
    kind: PictureKind
    taken_off: frozenset[Trace]


def redraw(untrusted_file: bytes) -> CleanCopy:
    """The picture in a file, as it came whole, drawn anew.

    Raises:
        NoCleanCopy: it is no picture of a kind that is decoded, or it cannot be decoded within the limits.
        ReviewerError: no copy can be made on this machine, or the one that was made is not clean.
    """
    kind = picture_kind(untrusted_file[:HEAD_BYTES])
    with ExitStack() as opened:
        # In memory: nothing of a tip is written to a disk on its way.
        came = opened.enter_context(os.fdopen(os.memfd_create("picture"), "w+b"))
        made = opened.enter_context(os.fdopen(os.memfd_create("copy"), "rb", buffering=0))
        came.write(untrusted_file)
        came.flush()
        os.lseek(came.fileno(), 0, os.SEEK_SET)  # the decoder reads from where this file stands
        _draw(came.fileno(), made.fileno(), kind)
        made.seek(0)
        copy = made.read()  # at most LARGEST_COPY_BYTES, which the encoder cannot pass
    require_bare(copy, kind.copy)
    return CleanCopy(copy, kind.copy, traces(untrusted_file, kind))


def _draw(came: int, made: int, kind: PictureKind) -> None:
    with ExitStack() as started:
        decoder = started.enter_context(_started(_DECODER, kind, stdin=came, stdout=subprocess.PIPE))
        started.callback(decoder.kill)
        encoder = started.enter_context(_started(_ENCODER, kind.copy, stdin=decoder.stdout, stdout=made))
        started.callback(encoder.kill)
        if decoder.stdout is not None:
            decoder.stdout.close()  # the encoder holds the other end: it must see when the decoder ends
        until = time.monotonic() + WAIT_SECONDS
        try:
            # The encoder ends when the decoder has; why it ended is the decoder's to say.
            drawn = encoder.wait(WAIT_SECONDS)
            decoded = decoder.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise NoCleanCopy("it takes too long to be decoded") from None
    for ended in (decoded, drawn):
        if ended == Ending.NOT_SHUT_IN:
            raise ReviewerError(
                "the kernel of this machine does not shut in what decodes a file, so none is decoded",
                hint="use a kernel with seccomp, on x86-64 or ARM64, as Debian 12 and 13 have it",
            )
        if ended in _REASONS:
            raise NoCleanCopy(_REASONS[Ending(ended)])
        if ended != Ending.DONE:
            raise NoCleanCopy("what decodes it broke off, or needed more than it may use")


def _started(
    module: str, kind: PictureKind, *, stdin: int | IO[bytes] | None, stdout: int
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, kind.value],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,  # a library may quote what it reads
        env=_ENVIRONMENT,
        start_new_session=True,
    )
