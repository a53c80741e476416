"""Metadata of programs and cameras in a picture, reported by kind and never by value.

EXIF, IPTC and XMP, each as untrusted bytes; any bytes give an answer.
"""

import re
import struct
from collections.abc import Mapping
from typing import Final

from reviewer.clean_copy.trace import Trace

Traces = frozenset[Trace]
NOTHING: Traces = frozenset()
OTHER: Traces = frozenset({Trace.OTHER})

_MAIN_TAGS: Final = {
    **dict.fromkeys((0x010F, 0x0110, 0x0131, 0x013C, 0xC614, 0xC62F), Trace.DEVICE),
    0x0132: Trace.TIME,
    **dict.fromkeys((0x013B, 0x8298, 0x9C9D), Trace.OWNER),
    **dict.fromkeys((0x010E, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F), Trace.COMMENT),
}
_CAMERA_TAGS: Final = {
    **dict.fromkeys((0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292), Trace.TIME),
    **dict.fromkeys((0x927C, 0xA431, 0xA432, 0xA433, 0xA434, 0xA435, 0xA436), Trace.DEVICE),
    0xA430: Trace.OWNER,
    0x9286: Trace.COMMENT,
}
_VERSION_OF_PLACE, _TIMES_OF_PLACE = 0x0000, frozenset({0x0007, 0x001D})
_CAMERA_POINTER, _PLACE_POINTER = 0x8769, 0x8825
# Width, height, resolution, turn and the like: they tell of the picture only.
_TELLS_NOTHING: Final = frozenset(
    {0x0100, 0x0101, 0x0112, 0x011A, 0x011B, 0x0128, 0x0213, _CAMERA_POINTER, _PLACE_POINTER}
    | {0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003, 0xA005}
)
_ENTRY_BYTES: Final = 12

_XMP_WORDS: Final = {
    Trace.PLACE: re.compile(rb"GPS|Location|:City|:Country|:State"),
    Trace.TIME: re.compile(rb"Date|Time|:when"),
    Trace.DEVICE: re.compile(rb":Make|:Model|CreatorTool|Serial|softwareAgent|:Lens"),
    Trace.OWNER: re.compile(rb":creator|:rights|Author|OwnerName|:Credit"),
    Trace.COMMENT: re.compile(rb":description|:title|Caption|:subject|Comment|Instructions"),
    Trace.THUMBNAIL: re.compile(rb"Thumbnails"),
}
_IPTC: Final = {
    **dict.fromkeys((26, 27, 90, 92, 95, 100, 101), Trace.PLACE),
    **dict.fromkeys((30, 35, 37, 38, 55, 60, 62, 63), Trace.TIME),
    **dict.fromkeys((65, 70), Trace.DEVICE),
    **dict.fromkeys((80, 85, 110, 115, 116, 118, 122), Trace.OWNER),
    **dict.fromkeys((5, 25, 40, 103, 105, 120), Trace.COMMENT),
}
_PHOTOSHOP: Final = b"Photoshop 3.0\0"
_RESOURCE_IPTC, _RESOURCES_THUMBNAIL = 0x0404, frozenset({0x0409, 0x040C})
_KEYWORDS: Final = {
    Trace.TIME: re.compile(rb"time|date"),
    Trace.DEVICE: re.compile(rb"software|source|make|model"),
    Trace.OWNER: re.compile(rb"author|copyright|creator|artist"),
    Trace.THUMBNAIL: re.compile(rb"thumb"),
}


def exif_traces(untrusted_block: bytes) -> Traces:
    """Kinds in EXIF, a TIFF structure: main directory, camera, place and thumbnail."""
    found: set[Trace] = set()
    try:
        order = {b"II": "<", b"MM": ">"}[untrusted_block[:2]]
        (first,) = struct.unpack_from(f"{order}I", untrusted_block, 4)
        main, next_directory = _directory(untrusted_block, order, first)
        found |= _told(main, _MAIN_TAGS)
        if next_directory:
            found.add(Trace.THUMBNAIL)
        if (camera := main.get(_CAMERA_POINTER)) is not None:
            found |= _told(_directory(untrusted_block, order, camera)[0], _CAMERA_TAGS)
        if (place := main.get(_PLACE_POINTER)) is not None:
            tags = _directory(untrusted_block, order, place)[0].keys() - {_VERSION_OF_PLACE}
            found |= {Trace.TIME} if tags & _TIMES_OF_PLACE else NOTHING
            found |= {Trace.PLACE} if tags - _TIMES_OF_PLACE else NOTHING
    except (KeyError, struct.error):
        found.add(Trace.OTHER)  # malformed: its content is unknown, and it is not copied
    return frozenset(found)


def xmp_traces(untrusted_text: bytes) -> Traces:
    """Kinds in XMP, by the names of its properties; it is not parsed."""
    return frozenset(kind for kind, words in _XMP_WORDS.items() if words.search(untrusted_text)) or OTHER


def photoshop_traces(untrusted_block: bytes) -> Traces:
    """Kinds in the resources that many programs keep in a JPEG, IPTC among them."""
    if not untrusted_block.startswith(_PHOTOSHOP):
        return OTHER
    found: set[Trace] = set()
    at = len(_PHOTOSHOP)
    try:
        while at < len(untrusted_block):
            signature, number, name_bytes = struct.unpack_from(">4sHB", untrusted_block, at)
            if signature != b"8BIM":
                break
            at += 7 + (name_bytes | 1)
            (length,) = struct.unpack_from(">I", untrusted_block, at)
            content = untrusted_block[at + 4 : at + 4 + length]
            at += 4 + length + length % 2
            if number == _RESOURCE_IPTC:
                found |= _iptc_traces(content)
            else:
                found.add(Trace.THUMBNAIL if number in _RESOURCES_THUMBNAIL else Trace.OTHER)
    except struct.error:
        found.add(Trace.OTHER)
    return frozenset(found)


def keyword_traces(untrusted_keyword: bytes) -> Traces:
    """Kinds in a named text of a PNG."""
    keyword = untrusted_keyword.lower()
    if keyword.startswith(b"raw profile"):
        return OTHER
    return frozenset(kind for kind, words in _KEYWORDS.items() if words.search(keyword)) or frozenset(
        {Trace.COMMENT}
    )


def _directory(block: bytes, order: str, at: int) -> tuple[dict[int, int], int]:
    """The tags of one directory, each with its four bytes as a number, and the next directory's offset."""
    (count,) = struct.unpack_from(f"{order}H", block, at)
    end = at + 2 + count * _ENTRY_BYTES
    entries = struct.iter_unpack(f"{order}HHII", block[at + 2 : end])
    tags = {tag: value for tag, _type, _count, value in entries}
    return tags, struct.unpack_from(f"{order}I", block, end)[0] if end + 4 <= len(block) else 0


def _told(tags: Mapping[int, int], kinds: Mapping[int, Trace]) -> Traces:
    return frozenset(kinds.get(tag, Trace.OTHER) for tag in tags if tag not in _TELLS_NOTHING)


def _iptc_traces(records: bytes) -> Traces:
    found: set[Trace] = set()
    at = 0
    while records[at : at + 1] == b"\x1c" and at + 5 <= len(records):
        record, number, length = struct.unpack_from(">BBH", records, at + 1)
        if record == 2 and number:
            found.add(_IPTC.get(number, Trace.OTHER))
        at += 5 + length
    return frozenset(found) or OTHER
