"""Kinds of traces in files that are no picture of ours: told by sandboxed processes, never by value.

Our own process tells of office documents, e-mail, archives and photos (:mod:`reviewer.viewers.noter`), programs of
Debian of a PDF, a photo of a telephone, a video or a sound, and one of them unpacks RAR and 7z for our process. Of
what the others print only the names of notes are read. The list is not whole: a PDF may hold earlier wordings, and
pictures with traces of their own.
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
from reviewer.viewers.own_viewers import noted_traces
from reviewer.viewers.packed_archive import packed_traces
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
_NOTED: Final = frozenset(
    {
        *(NoPicture.OFFICE, NoPicture.OFFICE_OR_ARCHIVE, NoPicture.ARCHIVE),
        *(NoPicture.HEIC_OR_AVIF, NoPicture.TIFF_OR_RAW, NoPicture.UNKNOWN),
    }
)
"""Kinds of which our own process tells; an e-mail or a tar archive has no beginning that tells its kind."""

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
    """The kinds that our process and the program for ``kind`` tell.

    None where none tells any: it is not installed, or it cannot read the file.

    Raises:
        ProgramError, CutShort: as :func:`reviewer.viewers.viewing.output`.
    """
    found = [
        _of_our_process(content, children) if kind in _NOTED else None,
        _of_a_program(content, kind, children) if kind in _COMMANDS else None,
    ]
    if kind is NoPicture.ARCHIVE and found[0] is None:
        found.append(packed_traces(content, children=children))
    told = [one for one in found if one is not None]
    return frozenset().union(*told) if told else None


def _of_our_process(content: MemoryFile, children: Children) -> frozenset[Trace] | None:
    try:
        return noted_traces(content, children=children)
    except CannotLook:
        return None


def _of_a_program(content: MemoryFile, kind: NoPicture, children: Children) -> frozenset[Trace] | None:
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
