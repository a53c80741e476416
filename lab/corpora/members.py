"""The files that are taken from the fetched archives, in memory: none is unpacked to a disk."""

import binascii
import io
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Final

from lab.corpora.fetch import HOSTILE, Archive, archives

LARGEST_BYTES: Final = 8 << 20


def published(use: str = HOSTILE) -> Iterator[tuple[str, bytes]]:
    """Name (archive and path) and content of each file of every archive of this use.

    Raises:
        FileNotFoundError: an archive is missing; ``scripts/corpora`` fetches it.
    """
    for archive in archives(use):
        for path, content in _members(archive):
            inside = path.partition("/")[2]
            name = inside.rpartition("/")[2]
            is_named = not archive.words or any(word in name.lower() for word in archive.words)
            is_named = is_named and name.endswith(archive.endings)
            if inside.startswith(archive.only) and is_named and 0 < len(content) <= LARGEST_BYTES:
                yield f"{archive.name}: {inside}", uudecoded(content) if name.endswith(".uu") else content


def uudecoded(text: bytes) -> bytes:
    """The content of a file that was written as text, between its lines "begin" and "end"."""
    _before, _begin, rest = text.partition(b"begin ")
    decoded = b""
    for line in rest.splitlines()[1:]:
        if line.strip() == b"end":
            break
        # Some writers leave off the blanks at the end of a line, and some count one letter too many.
        length = (line[:1] or b" ")[0] - 32 & 63
        decoded += binascii.a2b_uu(line[: 1 + (length * 4 + 5) // 3])
    return decoded


def _members(archive: Archive) -> Iterator[tuple[str, bytes]]:
    whole = io.BytesIO(archive.file.read_bytes())
    if zipfile.is_zipfile(whole):
        with zipfile.ZipFile(whole) as packed:
            for entry in packed.infolist():
                if not entry.is_dir() and entry.file_size <= LARGEST_BYTES:
                    yield entry.filename, packed.read(entry)
        return
    whole.seek(0)
    with tarfile.open(fileobj=whole) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() and member.size <= LARGEST_BYTES else None
            if file is not None:
                yield member.name, file.read()
