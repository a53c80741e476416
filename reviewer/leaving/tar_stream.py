"""Files of a package, and a tar archive (POSIX ustar) of them as one stream.

The same files give the same bytes.
Written here because the reviewer loads no code that unpacks archives. Names are ours: ASCII, at most 100 bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.errors import CasebookError

_BLOCK_BYTES: Final = 512
_LONGEST_NAME: Final = 100
_LARGEST_FILE: Final = 8**11 - 1
_CHECKSUM: Final = slice(148, 156)
_FILE, _FOLDER = b"0", b"5"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a package; ``path`` is ours, and ``read`` gives its bytes in pieces."""

    path: str
    length_bytes: int
    sha256: bytes
    read: Callable[[], Iterator[bytes]]

    @classmethod
    def of_bytes(cls, path: str, content: bytes) -> "Member":
        return cls(path, len(content), hashlib.sha256(content).digest(), lambda: iter((content,)))

    def write(self, sink: Callable[[bytes], object]) -> None:
        """Write it whole.

        Raises:
            CasebookError: it is not what its digest says.
        """
        digest = hashlib.sha256()
        for piece in self.read():
            digest.update(piece)
            sink(piece)
        if digest.digest() != self.sha256:
            raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")


def write_tar(members: Sequence[Member], *, top: str, sink: Callable[[bytes], object]) -> None:
    """The members below a folder named ``top``, in the order of their paths.

    Raises:
        ValueError: a name or a file that this simple form cannot hold.
        CasebookError: a member is not what its digest says.
    """
    sink(_head(f"{top}/", 0, _FOLDER))
    folders: set[str] = set()
    for member in sorted(members, key=lambda one: one.path):
        folder = member.path.rpartition("/")[0]
        if folder and folder not in folders:
            folders.add(folder)
            sink(_head(f"{top}/{folder}/", 0, _FOLDER))
        sink(_head(f"{top}/{member.path}", member.length_bytes, _FILE))
        member.write(sink)
        sink(bytes(-member.length_bytes % _BLOCK_BYTES))
    sink(bytes(2 * _BLOCK_BYTES))


def _head(name: str, length_bytes: int, kind: bytes) -> bytes:
    if len(name) > _LONGEST_NAME or not name.isascii() or length_bytes > _LARGEST_FILE:
        raise ValueError("a name or a file that ustar cannot hold")
    fields: Sequence[tuple[bytes, int]] = (
        (name.encode(), _LONGEST_NAME),
        (_octal(0o755 if kind == _FOLDER else 0o644, 8), 8),
        (_octal(0, 8), 8),  # owner
        (_octal(0, 8), 8),  # group
        (_octal(length_bytes, 12), 12),
        (_octal(0, 12), 12),  # time
        (b" " * 8, 8),  # the checksum, counted as blanks
        (kind, 1),
        (b"", 100),  # no link
        (b"ustar\x0000", 8),
        (b"", _BLOCK_BYTES - 265),
    )
    block = bytearray(b"".join(value.ljust(width, b"\0") for value, width in fields))
    block[_CHECKSUM] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def _octal(number: int, width: int) -> bytes:
    return f"{number:0{width - 1}o}\0".encode()
