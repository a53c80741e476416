"""Containers: what stands inside an envelope: ``docs/formats/container.md``, section "Frames".

A head, frames in the order of arrival, an end frame with totals, zeros up to a step of the size ladder. There is
one way to write a given content: what :func:`read_container` accepts, :class:`ContainerWriter` writes again, byte
for byte.
"""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crypto.byte_source import ByteSource, ExactSource
from crypto.container_head import HEAD_BYTES, Head
from crypto.errors import Malformed, TooLong
from crypto.ladder import padded_length
from crypto.mailbox import MailboxAddress

MOST_FIELDS = 1024
MOST_FILES = 4096
FIELD_NAME_BYTES = 64
FIELD_VALUE_BYTES = 256 * 1024
FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255
DATA_BYTES = 256 * 1024
"""Length of every data frame of a file but its last."""
MAILBOX_BYTES = 32 + 1216

_FIELD = b"F"
_FILE = b"B"
_DATA = b"D"
_FILE_END = b"E"
_END = b"Z"
_FIELD_LENGTHS = struct.Struct(">BI")
_FILE_LENGTHS = struct.Struct(">HB")
_DATA_LENGTH = struct.Struct(">I")
_FILE_TOTAL = struct.Struct(">Q32s")
_TOTALS = struct.Struct(">IIQB")
_ZEROS = bytes(65536)


class Contents(Protocol):
    """Where a reader puts what it reads: provisional, and worth nothing when the reader raises."""

    def field(self, name: str, value: str) -> None: ...
    def begin_file(self, name: str, media_type: str) -> None: ...
    def data(self, piece: bytes) -> None: ...
    def end_file(self) -> None: ...


class ContainerWriter:
    """Writes one container to ``sink``; wrong order of calls is a RuntimeError.

    Raises, from each method: TooLong when a part exceeds its limit; nothing of that part is written then.
    """

    def __init__(self, sink: Callable[[bytes | bytearray | memoryview], object], *, head: Head) -> None:
        self._sink = sink
        self._written = 0
        self._fields = 0
        self._files = 0
        self._bytes_in = 0
        self._file: _FileInWriting | None = None
        self._last_file_sha256 = b""
        self._finished = False
        self._put(head.to_bytes())

    @property
    def bytes_in(self) -> int:
        """Bytes of all field values and files so far."""
        return self._bytes_in

    @property
    def files(self) -> int:
        """Files begun so far."""
        return self._files

    @property
    def last_file_sha256(self) -> bytes:
        """Digest of the file ended last (32 bytes, empty before the first): callers need not hash it once more."""
        return self._last_file_sha256

    def field(self, name: str, value: str) -> None:
        """One field of a form: a name of 1 to 64 and a value of at most 262,144 bytes of UTF-8."""
        self._demand(in_file=False)
        if self._fields == MOST_FIELDS:
            raise TooLong(f"a container holds at most {MOST_FIELDS} fields")
        raw_name = _encode(name, "field name", at_most=FIELD_NAME_BYTES)
        if not raw_name:
            raise TooLong("field name must not be empty")
        raw = _encode(value, "field", at_most=FIELD_VALUE_BYTES)
        self._fields += 1
        self._bytes_in += len(raw)
        self._put(_FIELD + _FIELD_LENGTHS.pack(len(raw_name), len(raw)) + raw_name + raw)

    def begin_file(self, name: str, media_type: str) -> None:
        """A file: its name (at most 1,024 bytes) and type (at most 255) as the browser sent them."""
        self._demand(in_file=False)
        if self._files == MOST_FILES:
            raise TooLong(f"a container holds at most {MOST_FILES} files")
        raw_name = _encode(name, "file name", at_most=FILE_NAME_BYTES)
        raw_type = _encode(media_type, "media type", at_most=MEDIA_TYPE_BYTES)
        self._files += 1
        self._file = _FileInWriting()
        self._put(_FILE + _FILE_LENGTHS.pack(len(raw_name), len(raw_type)) + raw_name + raw_type)

    def data(self, piece: bytes | bytearray | memoryview) -> None:
        """The next bytes of the file, as many as there are at hand."""
        file = self._demand(in_file=True)
        self._bytes_in += len(piece)
        view = memoryview(piece)
        while len(view) + file.filled >= DATA_BYTES:
            room = DATA_BYTES - file.filled
            if file.filled:
                file.hold(view[:room])
                self._put_data(file, file.held)
                file.filled = 0
            else:
                self._put_data(file, view[:room])
            view = view[room:]
        file.hold(view)

    def end_file(self) -> None:
        """The file is complete."""
        file = self._demand(in_file=True)
        if file.filled:
            # The buffer may be longer than what is in it: the last frame has only what came since the last full one.
            self._put_data(file, memoryview(file.held)[: file.filled])
        self._last_file_sha256 = file.digest.digest()
        self._put(_FILE_END + _FILE_TOTAL.pack(file.length, self._last_file_sha256))
        self._file = None

    def finish(self, mailbox: MailboxAddress | None) -> None:
        """The end frame, and zeros up to the ladder."""
        self._demand(in_file=False)
        self._finished = True
        totals = _TOTALS.pack(self._fields, self._files, self._bytes_in, mailbox is not None)
        self._put(_END + totals + (mailbox.to_bytes() if mailbox else b""))
        padding = padded_length(self._written) - self._written
        while padding:
            self._put(_ZEROS[:padding])
            padding -= min(padding, len(_ZEROS))

    def _demand(self, *, in_file: bool) -> "_FileInWriting":
        if self._finished:
            raise RuntimeError("nothing can be written to a finished container")
        if (self._file is not None) is not in_file:
            raise RuntimeError("data belongs between begin_file and end_file, and nothing else does")
        return self._file or _FileInWriting()

    def _put_data(self, file: "_FileInWriting", piece: bytearray | memoryview) -> None:
        self._put(_DATA + _DATA_LENGTH.pack(len(piece)))
        self._put(piece)
        file.digest.update(piece)
        file.length += len(piece)

    def _put(self, piece: bytes | bytearray | memoryview) -> None:
        self._written += len(piece)
        self._sink(piece)


@dataclass(frozen=True, slots=True)
class Container:
    """What a container said of itself; ``content_bytes`` counts field values and files."""

    head: Head
    mailbox: MailboxAddress | None
    fields: int
    files: int
    content_bytes: int


def read_container(source: ByteSource, *, into: Contents, expect: Callable[[Head], None]) -> Container:
    """Read one container to the end of ``source``; only its return makes what ``into`` was given worth anything.

    ``expect`` sees the head before any content and raises to refuse it. Of a file, each call of ``into.data``
    brings 262,144 bytes, the last one at least one.

    Raises:
        Malformed: not a container.
        NewerFormat: a later version of it.
    """
    return _Reading(ExactSource(source), into).run(expect)


class _FileInWriting:
    """The data frame of a file that is being filled; its buffer grows once to a full frame, and is used again."""

    __slots__ = ("digest", "filled", "held", "length")

    def __init__(self) -> None:
        self.held = bytearray()
        self.filled = 0
        self.length = 0
        self.digest = hashlib.sha256()

    def hold(self, piece: memoryview) -> None:
        end = self.filled + len(piece)
        self.held[self.filled : end] = piece
        self.filled = end


class _Reading:
    """One pass over one container."""

    def __init__(self, source: ExactSource, into: Contents) -> None:
        self._source = source
        self._into = into
        self._read = 0
        self._fields = 0
        self._files = 0
        self._bytes = 0

    def run(self, expect: Callable[[Head], None]) -> Container:
        untrusted_head = self._source.up_to(HEAD_BYTES)
        self._read += len(untrusted_head)
        head = Head.parse(untrusted_head)
        expect(head)
        while (frame := self._take(1)) != _END:
            if frame == _FIELD:
                self._field()
            elif frame == _FILE:
                self._file()
            else:
                raise Malformed("frame must be a field, a file or the end")
        mailbox = self._end()
        self._padding()
        return Container(head, mailbox, self._fields, self._files, self._bytes)

    def _field(self) -> None:
        name_bytes, value_bytes = _FIELD_LENGTHS.unpack(self._take(_FIELD_LENGTHS.size))
        self._fields += 1
        if not 1 <= name_bytes <= FIELD_NAME_BYTES or value_bytes > FIELD_VALUE_BYTES or self._fields > MOST_FIELDS:
            raise Malformed("field must keep its limits")
        name = _decode(self._take(name_bytes))
        value = _decode(self._take(value_bytes))
        self._bytes += value_bytes
        self._into.field(name, value)

    def _file(self) -> None:
        name_bytes, type_bytes = _FILE_LENGTHS.unpack(self._take(_FILE_LENGTHS.size))
        self._files += 1
        if name_bytes > FILE_NAME_BYTES or self._files > MOST_FILES:
            raise Malformed("file must keep its limits")
        name = _decode(self._take(name_bytes))
        self._into.begin_file(name, _decode(self._take(type_bytes)))
        digest = hashlib.sha256()
        length = 0
        full = True
        while (frame := self._take(1)) == _DATA:
            (data_bytes,) = _DATA_LENGTH.unpack(self._take(_DATA_LENGTH.size))
            if not full or not 1 <= data_bytes <= DATA_BYTES:
                raise Malformed(
                    f"data frame must have {DATA_BYTES} bytes, or fewer where it is the last of its file"
                )
            full = data_bytes == DATA_BYTES
            piece = self._take(data_bytes)
            digest.update(piece)
            length += data_bytes
            self._into.data(piece)
        if frame != _FILE_END:
            raise Malformed("frame within a file must be data or its end")
        if _FILE_TOTAL.unpack(self._take(_FILE_TOTAL.size)) != (length, digest.digest()):
            raise Malformed("end of a file must name its length and digest")
        self._bytes += length
        self._into.end_file()

    def _end(self) -> MailboxAddress | None:
        fields, files, content_bytes, has_mailbox = _TOTALS.unpack(self._take(_TOTALS.size))
        if (fields, files, content_bytes) != (self._fields, self._files, self._bytes):
            raise Malformed("end frame must name the totals of what came before")
        if has_mailbox > 1:
            raise Malformed("end frame must say 0 or 1 for its mailbox")
        return MailboxAddress.parse(self._take(MAILBOX_BYTES)) if has_mailbox else None

    def _padding(self) -> None:
        left = padded_length(self._read) - self._read
        while left:
            piece = self._take(min(left, len(_ZEROS)))
            if piece != _ZEROS[: len(piece)]:
                raise Malformed("padding must be zeros")
            left -= len(piece)
        if self._source.up_to(1):
            raise Malformed("container must end at the lowest step of the ladder that holds it")

    def _take(self, count: int) -> bytes:
        self._read += count
        return self._source.exactly(count, what="container")


def _encode(text: str, what: str, *, at_most: int) -> bytes:
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise Malformed(f"{what} must be text that UTF-8 can hold") from error
    if len(raw) > at_most:
        raise TooLong(f"{what} must have at most {at_most} bytes of UTF-8")
    return raw


def _decode(untrusted_bytes: bytes) -> str:
    try:
        return untrusted_bytes.decode()
    except UnicodeDecodeError:
        # Not chained: the library's error quotes the bytes, which a source wrote.
        raise Malformed("text must be UTF-8") from None
