"""The container inside an envelope: ``docs/formats/container.md``, section "Frames".

A head, frames in the order of arrival, an end frame with totals, zeros up to a step of the size ladder. There is
one way to write a given content: what :func:`crypto.submissions.container_reader.read_container` accepts,
:class:`ContainerWriter` writes again, byte for byte.
"""

import hashlib
from collections.abc import Callable

from crypto.errors import Malformed, TooLong
from crypto.passphrases.mailbox import MailboxAddress
from crypto.submissions import container_head as frames
from crypto.submissions.container_head import Head
from crypto.submissions.container_reader import Container, Contents, read_container
from crypto.submissions.size_classes import padded_length

__all__ = ["Container", "ContainerWriter", "Contents", "read_container"]


class ContainerWriter:
    """Writes one container to ``sink``; wrong order of calls is a RuntimeError.

    What ``sink`` is given is a view that is used again: it takes its bytes before it returns.

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
        """Digest of the last finished file, 32 bytes; empty before the first. Saves hashing it again."""
        return self._last_file_sha256

    def field(self, name: str, value: str) -> None:
        """One field of a form: a name of 1 to 64 and a value of at most 262,144 bytes of UTF-8."""
        self._demand_no_file()
        if self._fields == frames.MOST_FIELDS:
            raise TooLong(f"a container holds at most {frames.MOST_FIELDS} fields")
        raw_name = _encode(name, "field name", at_most=frames.FIELD_NAME_BYTES)
        if not raw_name:
            raise TooLong("field name must not be empty")
        raw = _encode(value, "field", at_most=frames.FIELD_VALUE_BYTES)
        self._fields += 1
        self._bytes_in += len(raw)
        self._put(frames.FIELD + frames.FIELD_LENGTHS.pack(len(raw_name), len(raw)) + raw_name + raw)

    def begin_file(self, name: str, media_type: str) -> None:
        """A file: its name (at most 1,024 bytes) and type (at most 255) as the browser sent them."""
        self._demand_no_file()
        if self._files == frames.MOST_FILES:
            raise TooLong(f"a container holds at most {frames.MOST_FILES} files")
        raw_name = _encode(name, "file name", at_most=frames.FILE_NAME_BYTES)
        raw_type = _encode(media_type, "media type", at_most=frames.MEDIA_TYPE_BYTES)
        self._files += 1
        self._file = _FileInWriting()
        self._put(frames.FILE_BEGIN + frames.FILE_LENGTHS.pack(len(raw_name), len(raw_type)) + raw_name + raw_type)

    def data(self, piece: bytes | bytearray | memoryview) -> None:
        """The next bytes of the file, as many as there are at hand."""
        file = self._demand_file()
        self._bytes_in += len(piece)
        view = memoryview(piece)
        while len(view) + file.filled >= frames.DATA_BYTES:
            room = frames.DATA_BYTES - file.filled
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
        file = self._demand_file()
        if file.filled:
            # The buffer may be longer than what is in it: the last frame is what came since the last full one.
            self._put_data(file, memoryview(file.held)[: file.filled])
        self._last_file_sha256 = file.digest.digest()
        self._put(frames.FILE_END + frames.FILE_TOTAL.pack(file.length, self._last_file_sha256))
        self._file = None

    def finish(self, mailbox: MailboxAddress | None) -> None:
        """The end frame, and zeros up to the ladder."""
        self._demand_no_file()
        self._finished = True
        totals = frames.TOTALS.pack(self._fields, self._files, self._bytes_in, mailbox is not None)
        self._put(frames.END + totals + (mailbox.to_bytes() if mailbox else b""))
        padding = padded_length(self._written) - self._written
        while padding:
            self._put(frames.ZEROS[:padding])
            padding -= min(padding, len(frames.ZEROS))

    def _demand_no_file(self) -> None:
        if self._finished or self._file is not None:
            raise RuntimeError("a field, a file or the end belongs after end_file and before finish")

    def _demand_file(self) -> "_FileInWriting":
        if self._file is None:
            raise RuntimeError("data belongs between begin_file and end_file")
        return self._file

    def _put_data(self, file: "_FileInWriting", piece: bytearray | memoryview) -> None:
        self._put(frames.DATA + frames.DATA_LENGTH.pack(len(piece)))
        self._put(piece)
        file.digest.update(piece)
        file.length += len(piece)

    def _put(self, piece: bytes | bytearray | memoryview) -> None:
        self._written += len(piece)
        self._sink(piece)


class _FileInWriting:
    """The data frame of a file that is being written; its buffer grows once and is reused."""

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


def _encode(text: str, what: str, *, at_most: int) -> bytes:
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise Malformed(f"{what} must be text that UTF-8 can hold") from error
    if len(raw) > at_most:
        raise TooLong(f"{what} must have at most {at_most} bytes of UTF-8")
    return raw
