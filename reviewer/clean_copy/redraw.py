"""Redraws a picture: two processes in a row, and two that inspect the original and the copy.

This module parses no file: it passes bytes to sandboxed processes and takes their output.
"""

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import FILE_KINDS, HEAD_BYTES, FileKind, PictureKind
from reviewer.clean_copy.trace import Trace
from reviewer.errors import NoCleanCopy
from system.errors import ProgramError

_DECODER, _ENCODER, _LOOKER = (f"reviewer.clean_copy.{name}" for name in ("decoder", "encoder", "looker"))
_KINDS, _TRACES, _BARE = "kinds", "traces", "bare"
_ALL_TRACES: Final = tuple(Trace)


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """A whole new file with the pixels of a picture, and the traces that were recognised in the old one."""

    content: bytes
    kind: PictureKind
    taken_off: frozenset[Trace]


def kinds_of(untrusted_heads: Sequence[bytes], *, children: Children) -> list[FileKind]:
    """The kinds of the files with these first :data:`HEAD_BYTES`, found by one process for all.

    Raises:
        ProgramError: the process broke off, or cannot be shut in on this machine.
        CutShort: the desk is being locked.
    """
    packed = b"".join(bytes((len(head[:HEAD_BYTES]),)) + head[:HEAD_BYTES] for head in untrusted_heads)
    with MemoryFile(packed) as came, MemoryFile() as said, came.reader() as reader:
        with children.started(_LOOKER, _KINDS, stdin=reader, stdout=said.writer) as looker:
            try:
                children.require_done(looker)
            except NoCleanCopy as error:
                raise ProgramError(f"the kinds of the files are not known: {error}") from error
        places = said.content()
    if len(places) != len(untrusted_heads) or max(places, default=0) >= len(FILE_KINDS):
        raise ProgramError("the kinds of the files are not known: what looks at them broke off")
    return [FILE_KINDS[place] for place in places]


def redraw(untrusted_file: bytes | MemoryFile, kind: PictureKind, *, children: Children) -> CleanCopy:
    """The redrawn copy of the whole picture in a file of this kind.

    Raises:
        NoCleanCopy: it cannot be decoded within the limits.
        ProgramError: no copy can be made on this machine, or the one that was made is not clean.
        CutShort: the desk is being locked.
    """
    with ExitStack() as opened:
        if isinstance(untrusted_file, bytes):
            untrusted_file = opened.enter_context(MemoryFile(untrusted_file))
        came, made = untrusted_file, opened.enter_context(MemoryFile())
        said = opened.enter_context(MemoryFile())
        reader = opened.enter_context(came.reader())
        looker = opened.enter_context(
            children.started(_LOOKER, _TRACES, kind.value, stdin=reader, stdout=said.writer)
        )
        _draw(came, made, kind, children)
        children.require_done(looker)
        _require_bare(made, kind.copy, children)
        # At most LARGEST_COPY_BYTES, which the encoder cannot pass.
        return CleanCopy(made.content(), kind.copy, _named(said.content()))


def traces_in(untrusted_file: bytes, kind: PictureKind, *, children: Children) -> frozenset[Trace]:
    """The kinds of traces recognised in a whole picture.

    Raises:
        NoCleanCopy: what looks at it broke off.
        ProgramError: the process cannot be shut in on this machine.
        CutShort: the desk is being locked.
    """
    with (
        MemoryFile(untrusted_file) as came,
        MemoryFile() as said,
        came.reader() as reader,
        children.started(_LOOKER, _TRACES, kind.value, stdin=reader, stdout=said.writer) as looker,
    ):
        children.require_done(looker)
        return _named(said.content())


def _named(places: bytes) -> frozenset[Trace]:
    if max(places, default=0) >= len(_ALL_TRACES):
        raise NoCleanCopy("what looks at it broke off")
    return frozenset(_ALL_TRACES[place] for place in places)


def _draw(came: MemoryFile, made: MemoryFile, kind: PictureKind, children: Children) -> None:
    with (
        came.reader() as reader,
        children.started(_DECODER, kind.value, stdin=reader, stdout=subprocess.PIPE) as decoder,
        children.started(_ENCODER, kind.copy.value, stdin=decoder.stdout, stdout=made.writer) as encoder,
    ):
        if decoder.stdout is not None:
            decoder.stdout.close()  # the encoder holds the other end: it must see when the decoder ends
        # Why the encoder ended is the decoder's to say.
        children.require_done(decoder, encoder)


def _require_bare(made: MemoryFile, kind: PictureKind, children: Children) -> None:
    with (
        made.reader() as reader,
        MemoryFile() as said,
        children.started(_LOOKER, _BARE, kind.value, stdin=reader, stdout=said.writer) as looker,
    ):
        children.require_done(looker)
