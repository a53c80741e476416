"""The blocks of a disk below its files: what a file gave back lies on in them, and the file system's own journal.

ext4 on a loop device, in a mount namespace of its own. `lab.forensics.block_search` says what is found.
"""

import re
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lab.forensics.held_words import all_places
from lab.forensics.places import FRAME_HEAD_BYTES, PIECE_BYTES, SALT_BYTES, STORE_PAGES, TRAILER_BYTES, clear_page
from lab.forensics.streams import LONGEST_SIGN_BYTES, STARTS

_DISK_MIB: Final = 160
_BLOCK_BYTES: Final = 4096
_CIPHER_BYTES: Final = 16
_HEAD_BYTES: Final = 1024
# Of ext4's journal, jbd2: a block begins with a magic number and its kind, 2 where a transaction was committed; the
# second and nanoseconds stand 48 bytes behind (linux/jbd2.h, struct commit_header).
_COMMIT: Final = re.compile(re.escape(struct.pack(">II", 0xC03B3998, 2)))
_COMMIT_TIME: Final = struct.Struct(">QI")
_COMMIT_TIME_PLACE: Final = 0x30
# Of SQLite's write-ahead log: magic number, version; 16 bytes on, 8 of salt, which each of its frames has at 8.
_LOG: Final = re.compile(rb"\x37\x7f\x06[\x82\x83]\x00\x2d\xe2\x18")
_LOG_SALT_PLACE: Final = 16
_LOG_SALT_BYTES: Final = 8
_FRAME_SALT_PLACE: Final = 8


class BlockDisk:
    """A disk that is mounted on ``place`` while the block lasts; then its blocks can be read."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "disk"
        self._image = folder / "image"

    def __enter__(self) -> Self:
        with self._image.open("wb") as image:
            image.truncate(_DISK_MIB << 20)
        self.place.mkdir()
        _run("mkfs.ext4", "-q", "-m", "0", self._image)
        _run("mount", "-o", "loop", self._image, self.place)
        return self

    def __exit__(self, *_: object) -> None:
        _run("umount", self.place)

    def blocks(self) -> bytes:
        """All of them but the empty ones, in order, once it is no longer mounted."""
        image = self._image.read_bytes()
        blocks = (image[begin : begin + _BLOCK_BYTES] for begin in range(0, len(image), _BLOCK_BYTES))
        return b"".join(block for block in blocks if block.strip(b"\0"))


def commits(blocks: bytes) -> list[float]:
    """The moments that ext4's journal has, in seconds since 1970, from the earliest on."""
    found = []
    for commit in _COMMIT.finditer(blocks):
        seconds, nanoseconds = _COMMIT_TIME.unpack_from(blocks, commit.start() + _COMMIT_TIME_PLACE)
        found.append(seconds + nanoseconds / 1e9)
    return sorted(found)


def clear_frames(blocks: bytes, key: bytes, page_bytes: int) -> Iterator[bytes]:
    """Pages in the clear that stand anywhere as frames of a write-ahead log, however long that log is gone."""
    begins = [log.start() + _LOG_SALT_PLACE for log in _LOG.finditer(blocks)]
    for salt in {blocks[begin : begin + _LOG_SALT_BYTES] for begin in begins}:
        for found in all_places(blocks, salt):
            begin = found - _FRAME_SALT_PLACE
            page = blocks[begin + FRAME_HEAD_BYTES : begin + FRAME_HEAD_BYTES + page_bytes]
            is_first = blocks[begin : begin + 4] == (1).to_bytes(4, "big")
            yield clear_page(page, key, salt_bytes=SALT_BYTES if is_first else 0)


def clear_stream(blocks: bytes, key: bytes) -> bytes:
    """Every block as if it lay inside a page of a store, in the clear: noise where it is in none. CBC needs
    only the 16 bytes before for it, so that one pass is enough for pages of any length, wherever they begin."""
    opener = Cipher(algorithms.AES(key), modes.CBC(bytes(_CIPHER_BYTES))).decryptor()
    return opener.update(blocks) + opener.finalize()


def clear_heads(blocks: bytes, clear: bytes, page_bytes: int) -> Iterator[bytes]:
    """Every block as if it were the beginning of a page, whose first 16 bytes need what stands at its end: from
    there on all is in ``clear``, the stream. No more of it than anything that is sought can be long, but the whole
    page where something compressed may begin in the 16 bytes."""
    for begin in range(0, len(blocks) - page_bytes + 1, _BLOCK_BYTES):
        end = begin + page_bytes - TRAILER_BYTES
        stands = clear[begin : begin + _CIPHER_BYTES]
        before = blocks[begin - _CIPHER_BYTES : begin] if begin else bytes(_CIPHER_BYTES)
        head = _xor(_xor(stands, before), blocks[end : end + _CIPHER_BYTES])
        page = head + clear[begin + _CIPHER_BYTES : end]
        compressed = STARTS.search(page, 0, _CIPHER_BYTES + LONGEST_SIGN_BYTES)
        yield page if compressed else page[:_HEAD_BYTES]


def clear_below(blocks: bytes, key: bytes) -> Iterator[bytes]:
    """All that anyone who has the key can read in the blocks."""
    clear = clear_stream(blocks, key)
    yield from pieces_of(clear)
    for page_bytes in STORE_PAGES.values():
        yield from clear_frames(blocks, key, page_bytes)
        yield from clear_heads(blocks, clear, page_bytes)


def pieces_of(blocks: bytes) -> Iterator[bytes]:
    """Some mebibytes at a time, each with as much of the next as a page is long."""
    for begin in range(0, len(blocks), PIECE_BYTES):
        yield blocks[begin : begin + PIECE_BYTES + max(STORE_PAGES.values())]


def _xor(one: bytes, another: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(another)).to_bytes(len(one))


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
