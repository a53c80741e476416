"""A process that inspects files without changing them and answers on its standard output.

``python -m reviewer.clean_copy.looker kinds`` gets the beginnings of many files, each behind its length in one
byte, and gives one byte for each: its place in :data:`FILE_KINDS`. ``… traces JPEG`` gets a whole file and gives
one byte for each kind of trace: its place in :class:`Trace`. ``… position JPEG`` gets a whole file too and gives
nothing, or latitude and longitude in thousandths of a degree, each in four bytes. ``… bare JPEG`` gets a copy, and
ends with :attr:`Ending.NOT_BARE` where it is not bare. ``… active`` gets longer beginnings, each behind its length
in two bytes, and gives 1 for each that a computer could run or a browser would render, else 0. Never imported by
the program that holds keys.
"""

import struct
import sys
from collections.abc import Sequence

from reviewer.clean_copy.active_content import is_active
from reviewer.clean_copy.bare import NotBare, require_bare
from reviewer.clean_copy.file_kind import file_kind
from reviewer.clean_copy.limits import MOST_ANSWER_BYTES, Ending
from reviewer.clean_copy.picture_kind import FILE_KINDS, PictureKind
from reviewer.clean_copy.position import position
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.clean_copy.trace import Trace
from reviewer.clean_copy.traces import traces
from reviewer.machine.airgap import refuse_connections

KINDS, TRACES, BARE, ACTIVE, POSITION = "kinds", "traces", "bare", "active", "position"


def main(argv: Sequence[str]) -> int:
    """Run one task, with the kind of the picture if it needs one; returns an :class:`Ending`."""
    refuse_connections()
    try:
        shut_in(written_bytes=MOST_ANSWER_BYTES)
        sys.stdout.buffer.write(_answer(sys.stdin.buffer.read(), *argv))
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except NotBare:
        return Ending.NOT_BARE
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    return Ending.DONE


def _answer(untrusted: bytes, task: str, kind: str = "") -> bytes:
    if task == KINDS:
        return bytes(FILE_KINDS.index(file_kind(head)) for head in _heads(untrusted, length_bytes=1))
    if task == ACTIVE:
        return bytes(is_active(head) for head in _heads(untrusted, length_bytes=2))
    if task == TRACES:
        found = traces(untrusted, PictureKind(kind))
        return bytes(place for place, trace in enumerate(Trace) if trace in found)
    if task == POSITION:
        where = position(untrusted, PictureKind(kind))
        return b"" if where is None else struct.pack(">ii", *where)
    require_bare(untrusted, PictureKind(kind))
    return b""


def _heads(packed: bytes, *, length_bytes: int) -> list[bytes]:
    heads, at = [], 0
    while at < len(packed):
        first = at + length_bytes
        behind = first + int.from_bytes(packed[at:first], "big")
        heads.append(packed[first:behind])
        at = behind
    return heads


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
