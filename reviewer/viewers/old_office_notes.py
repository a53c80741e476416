"""Kinds of traces in documents of older office programs, to 2003, and in RTF.

Only ``noter`` imports this. Of the older kind the two lists of properties are read where they stand in one piece,
as programs write them. Any bytes give an answer.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Final

from reviewer.clean_copy.trace import Trace

_SUMMARY: Final = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
_MORE: Final = bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae")
_OWN: Final = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
_PROPERTIES: Final[Mapping[bytes, Mapping[int, Trace]]] = {
    _SUMMARY: {
        **dict.fromkeys((2, 3, 5, 6), Trace.COMMENT),
        **dict.fromkeys((4, 8), Trace.OWNER),
        **dict.fromkeys((7, 18), Trace.DEVICE),
        9: Trace.CHANGES,
        **dict.fromkeys((10, 11, 12, 13), Trace.TIME),
        17: Trace.THUMBNAIL,
    },
    _MORE: {2: Trace.COMMENT, **dict.fromkeys((14, 15), Trace.OWNER)},
    _OWN: {},
}
_FROM_LIST_TO_NAME: Final = 28
"""A list of properties begins this number of bytes before the first of its names."""

_MOST_PROPERTIES: Final = 200
_TEXT_TYPES: Final = frozenset({30, 31})
_EMPTY_TEXT: Final = 1
_MOST_LISTS: Final = 100

_RTF: Final[tuple[tuple[re.Pattern[bytes], Trace], ...]] = (
    (re.compile(rb"\\(author|operator|company|manager) *[^\s{}]"), Trace.OWNER),
    (re.compile(rb"\\(creatim|revtim|printim|buptim)\b"), Trace.TIME),
    (re.compile(rb"\\generator\b"), Trace.DEVICE),
    (re.compile(rb"\\(title|subject|keywords|comment|doccomm|category) *[^\s{}]"), Trace.COMMENT),
    (re.compile(rb"\\(annotation|atnid|atrfstart)\b"), Trace.COMMENT),
    (re.compile(rb"\\(atnauthor|revtbl)\b"), Trace.OWNER),
    (re.compile(rb"\\(revised|deleted|revauth|revauthdel)\d*\b"), Trace.CHANGES),
    (re.compile(rb"\\(rsidtbl|insrsid|userprops|hlinkbase|objdata|pict)\b"), Trace.OTHER),
    (re.compile(rb"mailto:", re.IGNORECASE), Trace.ADDRESS),
)


def old_office_notes(untrusted_file: bytes) -> Iterator[Trace]:
    """Kinds of traces in such a document, some of them more than once."""
    if untrusted_file.startswith(b"{\\rtf"):
        yield from (trace for words, trace in _RTF if words.search(untrusted_file))
        return
    for name, kinds in _PROPERTIES.items():
        at = -1
        for _list in range(_MOST_LISTS):
            at = untrusted_file.find(name, at + 1)
            if at < 0:
                break
            yield from _list_notes(untrusted_file, at, kinds)


def _list_notes(file: bytes, at: int, kinds: Mapping[int, Trace]) -> Iterator[Trace]:
    """The list of properties whose name stands ``at`` this place; its offset follows the name."""
    try:
        (offset,) = struct.unpack_from("<I", file, at + len(_SUMMARY))
        section = at - _FROM_LIST_TO_NAME + offset
        if section < 0:
            return
        (count,) = struct.unpack_from("<I", file, section + 4)
        for place in range(min(count, _MOST_PROPERTIES)):
            number, value = struct.unpack_from("<II", file, section + 8 + 8 * place)
            if not kinds and number > 1:
                yield Trace.OTHER  # a property that the author named
            elif number in kinds and _holds_something(file, section + value):
                yield kinds[number]
    except struct.error:
        return


def _holds_something(file: bytes, at: int) -> bool:
    kind, length = struct.unpack_from("<II", file, at)
    return bool(length > _EMPTY_TEXT) if kind in _TEXT_TYPES else any(file[at + 4 : at + 12])
