"""Containers for the fuzzer: short, since padding is added here, and with true totals where an input asks for them.

The first byte of an input says what is done to the rest: 1 pads it, 2 makes digests and totals true, 4 lets it come
in small pieces.
"""

import hashlib
import io
from random import Random

from crypto.submissions import container_head as frames
from crypto.submissions.container import ContainerWriter
from crypto.submissions.container_head import HEAD_BYTES, Head
from crypto.submissions.container_reader import read_container
from crypto.submissions.size_classes import padded_length
from lab.fuzz.target import same

PAD, MAKE_TRUE, DRIP = 1, 2, 4
_SMALL_PIECE_BYTES = 997
_MOST_FRAMES = 64
MAILBOX = bytes(range(32)) + b"\x07" * 1216


class Dripping:
    """A source that never gives more than a small piece."""

    def __init__(self, raw: bytes) -> None:
        self._source = io.BytesIO(raw)

    def read(self, size: int, /) -> bytes:
        return self._source.read(min(size, _SMALL_PIECE_BYTES))


class _Rewriting:
    """Writes again, with the program's own writer, what the reader gives out."""

    def __init__(self) -> None:
        self.deep = False
        self.pieces: list[bytes] = []
        self._writer: ContainerWriter | None = None

    def expect(self, head: Head) -> None:
        self.deep = True
        self._writer = ContainerWriter(lambda piece: self.pieces.append(bytes(piece)), head=head)

    @property
    def writer(self) -> ContainerWriter:
        assert self._writer is not None
        return self._writer

    def field(self, name: str, value: str) -> None:
        self.writer.field(name, value)

    def begin_file(self, name: str, media_type: str) -> None:
        self.writer.begin_file(name, media_type)

    def data(self, piece: bytes) -> None:
        self.writer.data(piece)

    def end_file(self, sha256: bytes) -> None:
        self.writer.end_file()
        same(self.writer.last_file_sha256, sha256)


class FrameReader:
    """Runs inputs; ``deep`` tells of the last one whether its head was accepted, so that frames were read."""

    def __init__(self) -> None:
        self.deep = False

    def run(self, untrusted_input: bytes) -> None:
        self.deep = False
        mode, raw = (untrusted_input[0], untrusted_input[1:]) if untrusted_input else (0, b"")
        if mode & MAKE_TRUE:
            raw = made_true(raw)
        if mode & PAD:
            raw += bytes(padded_length(len(raw)) - len(raw))
        rewriting = _Rewriting()
        try:
            found = read_container(
                Dripping(raw) if mode & DRIP else io.BytesIO(raw), into=rewriting, expect=rewriting.expect
            )
            rewriting.writer.finish(found.mailbox)
            same(b"".join(rewriting.pieces), raw)
        finally:
            self.deep = rewriting.deep


def made_true(raw: bytes) -> bytes:
    """``raw`` with the totals and digests that belong to its frames, as far as they can be followed."""
    made = bytearray(raw)
    at, fields, files, content_bytes = HEAD_BYTES, 0, 0, 0
    file_start = -1
    digest, length = hashlib.sha256(), 0
    for _ in range(_MOST_FRAMES):
        kind, at = bytes(made[at : at + 1]), at + 1
        if kind == frames.FIELD and at + 5 <= len(made) and file_start < 0:
            name_bytes, value_bytes = frames.FIELD_LENGTHS.unpack_from(made, at)
            at += 5 + name_bytes + value_bytes
            fields, content_bytes = fields + 1, content_bytes + value_bytes
        elif kind == frames.FILE_BEGIN and at + 3 <= len(made) and file_start < 0:
            name_bytes, type_bytes = frames.FILE_LENGTHS.unpack_from(made, at)
            at += 3 + name_bytes + type_bytes
            file_start, files, digest, length = at, files + 1, hashlib.sha256(), 0
        elif kind == frames.DATA and at + 4 <= len(made):
            (data_bytes,) = frames.DATA_LENGTH.unpack_from(made, at)
            digest.update(made[at + 4 : at + 4 + data_bytes])
            at, length = at + 4 + data_bytes, length + data_bytes
        elif kind == frames.FILE_END and at + 40 <= len(made):
            frames.FILE_TOTAL.pack_into(made, at, length, digest.digest())
            at, file_start, content_bytes = at + 40, -1, content_bytes + length
        elif kind == frames.END and at + 17 <= len(made):
            frames.TOTALS.pack_into(made, at, fields, files, content_bytes, made[at + 16])
            break
        else:
            break
        if at > len(made):
            break
    return bytes(made)


def invent(rng: Random) -> bytes:
    """A container of a few small frames, as a rule with true totals."""
    head = b"".join(
        (
            b"TIPLINE\x1a\x01",
            bytes([rng.choice((1, 1, 2, 3))]),
            bytes(16),
            bytes(32) if rng.random() < 0.4 else b"\x22" * 32,
            rng.choice((0, 1, 7, 2**32 - 1)).to_bytes(4, "big"),
            (2026).to_bytes(2, "big"),
            bytes([rng.choice((1, 48, 48, 53, 54))]),
            (2026).to_bytes(2, "big"),
            bytes([11, rng.choice((25, 30, 31))]),
        )
    )
    body = b"".join(rng.choice((_field, _file))(rng) for _ in range(rng.randrange(5)))
    mailbox = MAILBOX if rng.random() < 0.1 else b""
    end = frames.END + frames.TOTALS.pack(0, 0, 0, 1 if mailbox else 0) + mailbox
    mode = PAD * (rng.random() < 0.9) | MAKE_TRUE * (rng.random() < 0.9) | DRIP * (rng.random() < 0.1)
    return bytes([mode]) + head + body + end


def _field(rng: Random) -> bytes:
    name, value = b"n" * rng.choice((0, 1, 4, 64, 65)), "Grüße"[: rng.randrange(6)].encode() * rng.randrange(3)
    return frames.FIELD + frames.FIELD_LENGTHS.pack(len(name), len(value)) + name + value


def _file(rng: Random) -> bytes:
    name, media_type = b"f" * rng.choice((0, 3, 9, 1024, 1025)), b"text/plain"[: rng.randrange(11)]
    pieces = [bytes(rng.randrange(1, 40)) for _ in range(rng.choice((0, 1, 1, 1, 2)))]
    return b"".join(
        (
            frames.FILE_BEGIN + frames.FILE_LENGTHS.pack(len(name), len(media_type)) + name + media_type,
            *(frames.DATA + frames.DATA_LENGTH.pack(len(piece)) + piece for piece in pieces),
            frames.FILE_END + frames.FILE_TOTAL.pack(0, bytes(32)),
        )
    )
