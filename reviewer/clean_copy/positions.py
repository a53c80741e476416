"""The position that a picture names: two numbers, read by a process that is shut in."""

import struct
from dataclasses import dataclass
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.errors import NoCleanCopy

_LOOKER, _POSITION = "reviewer.clean_copy.looker", "position"
_ANSWER_BYTES, _STEPS = 8, 1000
_MARKS: Final = {PictureKind.JPEG: b"Exif\0\0", PictureKind.PNG: b"eXIf", PictureKind.WEBP: b"EXIF"}
_XMP_MARK: Final = b"exif:GPSLatitude"
"""Bytes of which a picture that names a position has one, so that most need no process."""


@dataclass(frozen=True, slots=True)
class PicturePosition:
    """Degrees north and east, to a thousandth: about a hundred metres."""

    latitude: float
    longitude: float


def position_in(untrusted_file: MemoryFile, kind: PictureKind, *, children: Children) -> PicturePosition | None:
    """The position that a whole picture names, or None.

    Raises:
        NoCleanCopy: what looks at it broke off.
        ProgramError: the process cannot be shut in on this machine.
        CutShort: the desk is being locked.
    """
    mark = _MARKS.get(kind)
    if mark is None:
        return None
    content = untrusted_file.content()
    if mark not in content and _XMP_MARK not in content:
        return None
    del content
    with MemoryFile() as said, untrusted_file.reader() as reader:
        with children.started(_LOOKER, _POSITION, kind.value, stdin=reader, stdout=said.writer) as looker:
            children.require_done(looker)
        answer = said.content()
    if not answer:
        return None
    if len(answer) != _ANSWER_BYTES:
        raise NoCleanCopy("what looks at it broke off")
    latitude, longitude = (one / _STEPS for one in struct.unpack(">ii", answer))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise NoCleanCopy("what looks at it broke off")
    return PicturePosition(latitude, longitude)
