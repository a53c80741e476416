"""Reads armoured age files: ``docs/formats/envelope.md``, section "Armour".

Read only: nothing here writes armour. Of the ways to write the same bytes one is accepted, with the same line
ending throughout and optional blank space around it. Otherwise a carrier could mark a file without breaking it.
"""

import binascii
from collections.abc import Iterator
from typing import Final

from crypto.errors import Malformed
from crypto.primitives.byte_source import ByteSource

BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
END: Final = b"-----END AGE ENCRYPTED FILE-----"
LINE_LETTERS: Final = 64
MOST_BLANKS: Final = 1024
"""Blanks, tabs and ends of lines that may stand before, and as many after."""

_BLANKS = b" \t\r\n"
_LINE_FEED, _BOTH = b"\n", b"\r\n"
_BLOCK_BYTES = 65536


def unarmored(source: ByteSource) -> ByteSource:
    """The age file in ``source``, taken out of its armour if it wears one; otherwise ``source`` as it is.

    Which of the two is told from the beginning, of which little is read here.
    """
    ahead = b""
    while not ahead.lstrip(_BLANKS) and len(ahead) <= MOST_BLANKS and (piece := source.read(MOST_BLANKS)):
        ahead += piece
    rest = _Rejoined(ahead, source)
    # Not further than this, however much a piece brought: the answer must not depend on it.
    return ArmorReader(rest) if ahead[: MOST_BLANKS + 1].lstrip(_BLANKS).startswith(BEGIN[:1]) else rest


class _Rejoined:
    """A source that gives the bytes that were read ahead first, then the rest."""

    __slots__ = ("_ahead", "_source")

    def __init__(self, ahead: bytes, source: ByteSource) -> None:
        self._ahead = ahead
        self._source = source

    def read(self, size: int, /) -> bytes:
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        return self._source.read(size)


class ArmorReader:
    """The bytes inside the armour. They end only where the armour is whole and nothing follows."""

    __slots__ = ("_ahead", "_blocks", "_failure", "_inside", "_place", "_source")

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._ahead = b""
        self._blocks = self._take_out()
        self._inside = b""
        self._place = 0
        self._failure: Malformed | None = None

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; nothing at the verified end.

        Raises:
            Malformed: not armour, not in its one form, cut, or followed by more than blanks; then at every later
                call, too.
        """
        if self._failure is not None:
            raise self._failure
        if size <= 0:
            return b""
        if self._place == len(self._inside):
            try:
                self._inside, self._place = next(self._blocks, b""), 0
            except Malformed as error:
                self._failure = error
                raise
        piece = self._inside[self._place : self._place + size]
        self._place += len(piece)
        return piece

    def _take_out(self) -> Iterator[bytes]:
        ending = self._begin()
        last = False
        while self._more() and not self._ahead.startswith(END):
            if last:
                raise Malformed("a short line of armour must be the last one")
            if block := self._full_lines(ending):
                yield block
                continue
            line = self._line(ending)
            last = len(line) < LINE_LETTERS or line.endswith(b"=")
            yield _decoded(line)
        if not self._ahead.startswith(END):
            raise Malformed("armour must end with its last line")
        self._ahead = self._ahead[len(END) :]
        self._skip_blanks()
        if self._ahead:
            raise Malformed("nothing but blanks must follow the armour")

    def _begin(self) -> bytes:
        """Read the first line. How it ends, all others must end."""
        self._skip_blanks()
        for ending in (_LINE_FEED, _BOTH):
            if self._ahead.startswith(BEGIN + ending):
                self._ahead = self._ahead[len(BEGIN + ending) :]
                return ending
        raise Malformed("armour must begin with its first line, alone on the line")

    def _skip_blanks(self) -> None:
        self._more()
        rest = self._ahead.lstrip(_BLANKS)
        if len(self._ahead) - len(rest) > MOST_BLANKS:
            raise Malformed(f"at most {MOST_BLANKS} blanks must stand around armour")
        self._ahead = rest
        self._more()

    def _more(self) -> bool:
        """Read ahead so far that a line, and a good many of them, can be seen; whether there is anything."""
        if len(self._ahead) < _BLOCK_BYTES // 2:
            pieces = [self._ahead]
            missing = _BLOCK_BYTES - len(self._ahead)
            while missing > 0 and (piece := self._source.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
            self._ahead = b"".join(pieces)
        return bool(self._ahead)

    def _full_lines(self, ending: bytes) -> bytes:
        """Decode all full lines at hand at once; empty when the next line is the last one."""
        stride = LINE_LETTERS + len(ending)
        lines = len(self._ahead) // stride
        # A dash begins the end, a = is in the last line only: from the line with one of them on, one by one.
        for mark in (b"-", b"="):
            at = self._ahead.find(mark, 0, lines * stride)
            lines = lines if at < 0 else at // stride
        full = self._ahead[: lines * stride]
        letters = full.translate(None, ending)
        if len(letters) != lines * LINE_LETTERS or any(
            full[LINE_LETTERS + place :: stride] != ending[place : place + 1] * lines
            for place in range(len(ending))
        ):
            raise Malformed(f"armour must have {LINE_LETTERS} letters a line, and one ending of lines")
        self._ahead = self._ahead[lines * stride :]
        return _decoded(letters)

    def _line(self, ending: bytes) -> bytes:
        end = self._ahead.find(ending, 0, LINE_LETTERS + len(ending))
        if end <= 0:
            raise Malformed(f"line of armour must have 1 to {LINE_LETTERS} letters")
        line, self._ahead = self._ahead[:end], self._ahead[end + len(ending) :]
        return line


def _decoded(letters: bytes) -> bytes:
    try:
        raw = binascii.a2b_base64(letters, strict_mode=True)
    except binascii.Error as error:
        raise Malformed("armour must be base64 with its padding") from error
    if binascii.b2a_base64(raw, newline=False) != letters:
        raise Malformed("base64 of armour must be canonical")
    return raw
