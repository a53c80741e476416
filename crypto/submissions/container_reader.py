"""Reading a container in one pass: ``docs/formats/container.md``, section "Frames"."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crypto.errors import Malformed
from crypto.passphrases.mailbox import MailboxAddress
from crypto.primitives.byte_source import ByteSource, ExactSource
from crypto.submissions import container_head as frames
from crypto.submissions.container_head import HEAD_BYTES, UNDER_NO_MANIFEST, Head
from crypto.submissions.size_classes import padded_length


class Contents(Protocol):
    """The receiver of a container's content: invalid if the reader raises.

    ``end_file`` brings the SHA-256 of the file, 32 bytes, computed over what ``data`` was given.
    """

    def field(self, name: str, value: str) -> None: ...
    def begin_file(self, name: str, media_type: str) -> None: ...
    def data(self, piece: bytes) -> None: ...
    def end_file(self, sha256: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Container:
    """The head and counts of a container; ``content_bytes`` counts field values and files."""

    head: Head
    mailbox: MailboxAddress | None
    fields: int
    files: int
    content_bytes: int


def read_container(source: ByteSource, *, into: Contents, expect: Callable[[Head], None]) -> Container:
    """Read one container to the end of ``source``; ``into`` is valid only when this returns.

    ``expect`` receives the head before any content and raises to refuse it. Each call of ``into.data`` brings
    262,144 bytes of a file; the last call brings at least one.

    Raises:
        Malformed: not a container.
        NewerFormat: a later version of it.
    """
    return _ContainerReading(ExactSource(source), into).run(expect)


class _ContainerReading:
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
        while (frame := self._take(1)) != frames.END:
            if frame == frames.FIELD:
                self._field()
            elif frame == frames.FILE_BEGIN:
                self._file()
            else:
                raise Malformed("frame must be a field, a file or the end")
        mailbox = self._end()
        if mailbox is not None and head.kind in UNDER_NO_MANIFEST:
            raise Malformed("container of this kind must name no mailbox")
        self._padding()
        return Container(head, mailbox, self._fields, self._files, self._bytes)

    def _field(self) -> None:
        name_bytes, value_bytes = frames.FIELD_LENGTHS.unpack(self._take(frames.FIELD_LENGTHS.size))
        self._fields += 1
        if (
            not 1 <= name_bytes <= frames.FIELD_NAME_BYTES
            or value_bytes > frames.FIELD_VALUE_BYTES
            or self._fields > frames.MOST_FIELDS
        ):
            raise Malformed("field must keep its limits")
        name = _decode(self._take(name_bytes))
        value = _decode(self._take(value_bytes))
        self._bytes += value_bytes
        self._into.field(name, value)

    def _file(self) -> None:
        name_bytes, type_bytes = frames.FILE_LENGTHS.unpack(self._take(frames.FILE_LENGTHS.size))
        self._files += 1
        if name_bytes > frames.FILE_NAME_BYTES or self._files > frames.MOST_FILES:
            raise Malformed("file must keep its limits")
        name = _decode(self._take(name_bytes))
        self._into.begin_file(name, _decode(self._take(type_bytes)))
        digest = hashlib.sha256()
        length = 0
        full = True
        while (frame := self._take(1)) == frames.DATA:
            (data_bytes,) = frames.DATA_LENGTH.unpack(self._take(frames.DATA_LENGTH.size))
            if not full or not 1 <= data_bytes <= frames.DATA_BYTES:
                raise Malformed(
                    f"data frame must have {frames.DATA_BYTES} bytes, or fewer where it is the last of its file"
                )
            full = data_bytes == frames.DATA_BYTES
            piece = self._take(data_bytes)
            digest.update(piece)
            length += data_bytes
            self._into.data(piece)
        if frame != frames.FILE_END:
            raise Malformed("frame within a file must be data or its end")
        if frames.FILE_TOTAL.unpack(self._take(frames.FILE_TOTAL.size)) != (length, digest.digest()):
            raise Malformed("end of a file must name its length and digest")
        self._bytes += length
        self._into.end_file(digest.digest())

    def _end(self) -> MailboxAddress | None:
        fields, files, content_bytes, has_mailbox = frames.TOTALS.unpack(self._take(frames.TOTALS.size))
        if (fields, files, content_bytes) != (self._fields, self._files, self._bytes):
            raise Malformed("end frame must name the totals of what came before")
        if has_mailbox > 1:
            raise Malformed("end frame must say 0 or 1 for its mailbox")
        return MailboxAddress.parse(self._take(frames.MAILBOX_BYTES)) if has_mailbox else None

    def _padding(self) -> None:
        left = padded_length(self._read) - self._read
        while left:
            piece = self._take(min(left, len(frames.ZEROS)))
            if piece != frames.ZEROS[: len(piece)]:
                raise Malformed("padding must be zeros")
            left -= len(piece)
        if self._source.up_to(1):
            raise Malformed("container must end at the lowest step of the ladder that holds it")

    def _take(self, count: int) -> bytes:
        self._read += count
        return self._source.exactly(count, what="container")


def _decode(untrusted_bytes: bytes) -> str:
    try:
        return untrusted_bytes.decode()
    except UnicodeDecodeError:
        # Not chained: the library's error quotes the bytes, which a source wrote.
        raise Malformed("text must be UTF-8") from None
