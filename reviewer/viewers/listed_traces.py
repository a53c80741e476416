"""Kinds of traces that Debian's programs tell of a PDF, a photo of a telephone, a video or a sound.

The programs run inside the sandbox. Only the names of notes are read from what they print, never a value. The list
is not whole: a PDF may hold earlier wordings, and pictures with traces of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.picture_kind import NoPicture
from reviewer.clean_copy.trace import Trace
from reviewer.errors import CannotLook
from reviewer.viewers.look_kind import FFMPEG, LIBHEIF, POPPLER, Viewer
from reviewer.viewers.sandbox import FILE
from reviewer.viewers.viewing import output

_PDF: Final = replace(POPPLER, program="/usr/bin/pdfinfo")
_PHOTO: Final = replace(LIBHEIF, program="/usr/bin/heif-info")
_MEDIA: Final = replace(FFMPEG, program="/usr/bin/ffprobe")
_MEDIA_ARGUMENTS: Final = (
    *("-loglevel", "quiet", "-protocol_whitelist", "file"),
    *("-show_entries", "format_tags:stream_tags:chapter_tags", "-of", "flat"),
)
_COMMANDS: Final[Mapping[NoPicture, tuple[Viewer, tuple[str, ...]]]] = {
    NoPicture.PDF: (_PDF, ()),
    NoPicture.HEIC_OR_AVIF: (_PHOTO, ()),
    **dict.fromkeys((NoPicture.VIDEO, NoPicture.VIDEO_OR_SOUND, NoPicture.SOUND), (_MEDIA, _MEDIA_ARGUMENTS)),
}
# The name of a note stands at the beginning of a line; a note without a value is none.
_NAMES: Final[Mapping[Viewer, re.Pattern[str]]] = {
    _PDF: re.compile(r"^([A-Z][A-Za-z ]{2,20}): +(?!no$|none$)\S", re.MULTILINE),
    _PHOTO: re.compile(r"^  (Exif|XMP|IPTC|mime|uri \S+): ", re.MULTILINE | re.IGNORECASE),
    _MEDIA: re.compile(r"^[a-z0-9.]+\.tags\.(\w+)=", re.MULTILINE),
}
_KINDS: Final[Mapping[Viewer, Mapping[Trace, re.Pattern[str]]]] = {
    _PDF: {
        Trace.OWNER: re.compile("Author"),
        Trace.TIME: re.compile("CreationDate|ModDate"),
        Trace.DEVICE: re.compile("Creator|Producer"),
        Trace.COMMENT: re.compile("Title|Subject|Keywords"),
        Trace.OTHER: re.compile("Custom Metadata|Metadata Stream|JavaScript|UserProperties"),
    },
    _PHOTO: {Trace.OTHER: re.compile(".")},
    _MEDIA: {
        Trace.PLACE: re.compile("location|gps|place|country|city", re.IGNORECASE),
        Trace.TIME: re.compile("creation|date|year|time", re.IGNORECASE),
        Trace.DEVICE: re.compile("encod|make|model|software|handler|version$", re.IGNORECASE),
        Trace.OWNER: re.compile("artist|author|copyright|composer|owner|creator|performer", re.IGNORECASE),
        Trace.COMMENT: re.compile("title|comment|description|synopsis|keywords|album", re.IGNORECASE),
    },
}
_TELLS_NOTHING: Final = re.compile(
    "major_brand|minor_version|compatible_brands|vendor_id|language|duration|rotate", re.IGNORECASE
)


def listed_traces(content: MemoryFile, kind: NoPicture, *, children: Children) -> frozenset[Trace] | None:
    """The kinds that the program for ``kind`` tells.

    None where no program tells any, it is not installed, or it cannot read the file.

    Raises:
        ProgramError, CutShort: as :func:`reviewer.viewers.viewing.output`.
    """
    if kind not in _COMMANDS:
        return None
    viewer, arguments = _COMMANDS[kind]
    try:
        with output([viewer.program, *arguments, FILE], viewer, content, children=children) as said:
            untrusted_lines = said.content().decode("utf-8", "replace")
    except CannotLook:
        return None
    names = [name for name in set(_NAMES[viewer].findall(untrusted_lines)) if not _TELLS_NOTHING.search(name)]
    found = {name: [trace for trace, words in _KINDS[viewer].items() if words.search(name)] for name in names}
    if viewer is _MEDIA and not all(found.values()):
        return frozenset({Trace.OTHER, *(trace for some in found.values() for trace in some)})
    return frozenset(trace for some in found.values() for trace in some)
