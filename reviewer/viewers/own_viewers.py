"""Pictures, text, e-mail and archives, read by our own sandboxed processes."""

import subprocess

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.limits import MOST_TEXT_BYTES
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.trace import Trace
from reviewer.errors import CannotLook, NoCleanCopy
from reviewer.viewers.look_kind import OWN, LookKind
from reviewer.viewers.viewing import See

_DECODER, _ENCODER = "reviewer.clean_copy.decoder", "reviewer.clean_copy.encoder"
_SORTER, _READER = "reviewer.viewers.sorter", "reviewer.viewers.reader"
_NOTER = "reviewer.viewers.noter"


def kind_of_file(file: MemoryFile, *, children: Children) -> LookKind:
    """The kind of a whole file.

    Raises:
        CannotLook: it needed more than it may use.
        ProgramError: the process cannot be shut in on this machine.
        CutShort: the desk is being locked.
    """
    place = _answer(_SORTER, file, children)
    kinds = list(LookKind)
    if len(place) != 1 or place[0] >= len(kinds):
        raise CannotLook("the kind of this file could not be found")
    return kinds[place[0]]


def text_of(file: MemoryFile, kind: LookKind, *, children: Children) -> tuple[str, bool]:
    """The text of a text, an e-mail or the list of an archive, untrusted; True if it was cut at 1 MiB.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`kind_of_file`, and of a damaged file.
    """
    answer = _answer(_READER, file, children, kind.name)
    return answer.decode("utf-8", "replace"), len(answer) >= MOST_TEXT_BYTES


def noted_traces(file: MemoryFile, *, children: Children) -> frozenset[Trace]:
    """The kinds of traces in a document, an e-mail, an archive or a photo, and in files inside of it.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`text_of`; also for a file of another kind.
    """
    kinds = list(Trace)
    return frozenset(kinds[place] for place in _answer(_NOTER, file, children) if place < len(kinds))


def small_picture(file: MemoryFile, kind: PictureKind, *, see: See, children: Children) -> bytes:
    """A PNG of ours of a picture that our decoder reads.

    Raises:
        CannotLook, ProgramError, CutShort: as :func:`text_of`.
    """
    with MemoryFile() as made:
        with (
            file.reader() as reader,
            children.started(_DECODER, kind.value, "look", stdin=reader, stdout=subprocess.PIPE) as decoder,
            children.started(
                _ENCODER, PictureKind.PNG.value, see.value, stdin=decoder.stdout, stdout=made.writer
            ) as encoder,
        ):
            if decoder.stdout is not None:
                decoder.stdout.close()  # the encoder holds the other end: it must see when the decoder ends
            try:
                children.require_done(decoder, encoder)
            except NoCleanCopy as error:
                raise _cannot(error) from None
        return made.content()


def _answer(module: str, file: MemoryFile, children: Children, *arguments: str) -> bytes:
    with (
        file.reader() as reader,
        MemoryFile() as said,
        children.started(module, *arguments, stdin=reader, stdout=said.writer) as process,
    ):
        try:
            children.require_done(process)
        except NoCleanCopy as error:
            raise _cannot(error) from None
        return said.content()


def _cannot(error: NoCleanCopy) -> CannotLook:
    return CannotLook(f"{error}; the viewer may use {OWN.limits.words}")
