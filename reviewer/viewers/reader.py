"""A process that gives the plain text of one file on standard input.

``python -m reviewer.viewers.reader MAIL``, or ``TEXT``; of ``ARCHIVE`` it gives the list, and for ``PACKED`` it
reads the list that a program of Debian printed. The program that holds keys never imports it. Its text is
untrusted: it goes through the same helpers as every text of a source.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from reviewer.clean_copy.limits import LOOK_CPU_SECONDS, LOOK_MEMORY_BYTES, MOST_TEXT_BYTES, Ending
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections
from reviewer.viewers.archive_list import archive_lines, packed_lines
from reviewer.viewers.look_kind import LookKind
from reviewer.viewers.mail_text import load_encodings, mail_lines
from reviewer.viewers.text_bytes import decoded


def main(argv: Sequence[str]) -> int:
    """Read one file of the named kind; returns an :class:`Ending`."""
    refuse_connections()
    load_encodings()
    try:
        shut_in(written_bytes=MOST_TEXT_BYTES, memory_bytes=LOOK_MEMORY_BYTES, cpu_seconds=LOOK_CPU_SECONDS)
        text = _limited(_READERS[LookKind[argv[0]]](sys.stdin.buffer.read()))
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    except Exception:  # noqa: BLE001 -- a parser may raise anything at a damaged file
        return Ending.DAMAGED
    return Ending.DONE


def _text_lines(untrusted_file: bytes) -> Iterator[str]:
    yield decoded(untrusted_file) or ""


def _limited(untrusted_lines: Iterator[str]) -> bytes:
    """The lines in UTF-8, cut at the limit."""
    room = MOST_TEXT_BYTES
    pieces = []
    for line in untrusted_lines:
        piece = line.encode("utf-8", "replace") + b"\n"
        pieces.append(piece[:room])
        room -= len(piece)
        if room <= 0:
            break
    return b"".join(pieces)


_READERS: Final[dict[LookKind, Callable[[bytes], Iterator[str]]]] = {
    LookKind.TEXT: _text_lines,
    LookKind.MAIL: mail_lines,
    LookKind.ARCHIVE: archive_lines,
    LookKind.PACKED: packed_lines,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
