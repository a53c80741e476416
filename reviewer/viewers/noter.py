"""A process that tells the kinds of traces in one whole file on standard input.

``python -m reviewer.viewers.noter`` answers with one byte for each kind: its place in :class:`Trace`. It reads
documents, e-mail, archives and photos, and the files inside of them; other files count as damaged. Values are never
told. The program that holds keys never imports it.
"""

import codecs
import re
import sys
from collections.abc import Callable, Iterator
from typing import Final

from reviewer.clean_copy.limits import LOOK_CPU_SECONDS, LOOK_MEMORY_BYTES, MOST_ANSWER_BYTES, Ending
from reviewer.clean_copy.notes import exif_traces
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.clean_copy.trace import Trace
from reviewer.clean_copy.traces import Patterns, traces
from reviewer.machine.airgap import refuse_connections
from reviewer.viewers.look_kind import LookKind
from reviewer.viewers.mail_notes import mail_notes
from reviewer.viewers.mail_text import load_encodings
from reviewer.viewers.office_notes import office_notes
from reviewer.viewers.old_office_notes import old_office_notes
from reviewer.viewers.packed_notes import LOADED, Noted, Room, archive_notes
from reviewer.viewers.sorter import look_kind

_DEEPEST: Final = 3
_PICTURES: Final = {LookKind[kind.name]: kind for kind in PictureKind}
_TIFF: Final = (b"II*\0", b"MM\0*")
_EXIF: Final = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_MOST_EXIF: Final = 16
_MOST_EXIF_BYTES: Final = 1 << 20


class Damaged(Exception):
    """Nothing of the file could be read."""


def main() -> int:
    """Answer for one file; returns an :class:`Ending`."""
    refuse_connections()
    load_encodings()  # inside no module can be loaded
    assert LOADED  # noqa: S101 -- loaded above, for archives
    for name in ("utf-16", "cp1252", "cp437", "idna"):
        codecs.lookup(name)
    try:
        shut_in(written_bytes=MOST_ANSWER_BYTES, memory_bytes=LOOK_MEMORY_BYTES, cpu_seconds=LOOK_CPU_SECONDS)
        found = noted(sys.stdin.buffer.read())
        sys.stdout.buffer.write(bytes(place for place, trace in enumerate(Trace) if trace in found))
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    except Damaged:
        return Ending.DAMAGED
    return Ending.DONE


def noted(untrusted_file: bytes) -> set[Trace]:
    """The kinds of traces in a file and in the files inside of it.

    Raises:
        Damaged: it is damaged, and nothing was found before that was seen.
    """
    found: set[Trace] = set()
    if not _look(untrusted_file, found, _Look(), depth=0) and not found:
        raise Damaged
    return found


class _Look:
    """Limits that all files of one look share."""

    def __init__(self) -> None:
        self.room = Room()
        self.patterns = Patterns()


def _look(untrusted_file: bytes, found: set[Trace], look: _Look, *, depth: int) -> bool:
    """Add the kinds to ``found``; False where the file is damaged."""
    try:
        for one in _reader(untrusted_file)(untrusted_file, look):
            if isinstance(one, Trace):
                found.add(one)
            elif depth >= _DEEPEST or not _look(one, found, look, depth=depth + 1):
                found.add(Trace.UNREAD)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a parser may raise anything at a damaged file
        return False
    return True


def _reader(untrusted_file: bytes) -> Callable[[bytes, _Look], Iterator[Noted]]:
    if untrusted_file.startswith(_TIFF):
        return _tiff
    kind = look_kind(untrusted_file)
    if kind in _PICTURES:
        return lambda file, look: iter(traces(file, _PICTURES[kind], patterns=look.patterns))
    return _READERS[kind]


def _office(file: bytes, look: _Look) -> Iterator[Noted]:
    return office_notes(file, look.room) if file.startswith(b"PK") else iter(old_office_notes(file))


def _archive(file: bytes, look: _Look) -> Iterator[Noted]:
    return archive_notes(file, look.room)


def _mail(file: bytes, _look: _Look) -> Iterator[Noted]:
    return mail_notes(file)


def _tiff(file: bytes, _look: _Look) -> Iterator[Noted]:
    return iter(exif_traces(file))


def _photo(file: bytes, _look: _Look) -> Iterator[Noted]:
    """The notes of a camera in a photo of a telephone, each a TIFF structure behind a mark."""
    for count, mark in enumerate(_EXIF.finditer(file)):
        if count == _MOST_EXIF:
            return
        yield from exif_traces(file[mark.end() : mark.end() + _MOST_EXIF_BYTES])


def _nothing(_file: bytes, _look: _Look) -> Iterator[Noted]:
    return iter(())


_READERS: Final[dict[LookKind, Callable[[bytes, _Look], Iterator[Noted]]]] = {
    **dict.fromkeys((LookKind.EMPTY, LookKind.TEXT), _nothing),
    LookKind.OFFICE: _office,
    LookKind.ARCHIVE: _archive,
    LookKind.MAIL: _mail,
    LookKind.HEIF: _photo,
}

if __name__ == "__main__":
    sys.exit(main())
