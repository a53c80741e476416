"""The list of what is in an archive, as plain text. Only ``reader`` imports this.

No content is shown. A packed tar must be unpacked in memory to be listed; the limit on processor time ends one
that grows without end.
"""

import bz2
import codecs
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Final

from reviewer.viewers.text_bytes import MOST_ENTRIES

_ENCRYPTED: Final = 1
_PRINTED: Final = re.compile(r"(\S+) +\d+ +\S+ +\S+ +(\d+) .{12} (.*)")
"""A line of bsdtar: permissions, links, two owners, size, day, and the name with other letters by their number."""
_LOADED: Final = (bz2, gzip, lzma, codecs.lookup("cp437"))  # loaded before the sandbox starts


def archive_lines(untrusted_file: bytes) -> Iterator[str]:
    """One line for each entry: size and name, untrusted.

    Raises:
        Exception: any, where it is damaged.
    """
    if untrusted_file.startswith(b"PK"):
        yield from _zip_lines(untrusted_file)
    else:
        yield from _tar_lines(untrusted_file)


def packed_lines(untrusted_list: bytes) -> Iterator[str]:
    """The same of a RAR or 7z archive, from the list that bsdtar printed."""
    lines = untrusted_list.decode("utf-8", "replace").split("\n")
    entries = [(int(one[2]), one[3]) for one in map(_PRINTED.fullmatch, lines) if one]
    size_bytes = sum(size for size, _name in entries)
    yield f"RAR or 7z archive: {len(entries):,} entries, {size_bytes:,} bytes when unpacked"
    yield ""
    for size, untrusted_name in entries[:MOST_ENTRIES]:
        yield _line(size, untrusted_name)
    if len(entries) > MOST_ENTRIES:
        yield f"[{len(entries) - MOST_ENTRIES:,} more entries are not shown.]"


def _zip_lines(untrusted_file: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(untrusted_file)) as archive:
        entries = archive.infolist()
    size_bytes = sum(entry.file_size for entry in entries)
    yield f"ZIP archive: {len(entries):,} entries, {size_bytes:,} bytes when unpacked"
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        yield "Some entries need a password."
    yield ""
    for entry in entries[:MOST_ENTRIES]:
        yield _line(entry.file_size, entry.filename)
    if len(entries) > MOST_ENTRIES:
        yield f"[{len(entries) - MOST_ENTRIES:,} more entries are not shown.]"


def _tar_lines(untrusted_file: bytes) -> Iterator[str]:
    try:
        with tarfile.open(fileobj=io.BytesIO(untrusted_file), mode="r|*") as archive:
            lines = [_line(entry.size, entry.name) for entry in islice(archive, MOST_ENTRIES)]
    except tarfile.ReadError:
        yield from _one_packed_lines(untrusted_file)
        return
    yield f"tar archive: {len(lines):,} entries{' and more' if len(lines) == MOST_ENTRIES else ''}"
    yield ""
    yield from lines


def _one_packed_lines(untrusted_file: bytes) -> Iterator[str]:
    """A single file that was packed with gzip, bzip2 or xz."""
    for name, opened in (("gzip", gzip.open), ("bzip2", bz2.open), ("xz", lzma.open)):
        try:
            with opened(io.BytesIO(untrusted_file)) as packed:
                packed.read(1)
        except (OSError, EOFError, lzma.LZMAError):
            continue
        yield f"One file, packed with {name}; its content is not shown."
        return
    raise ValueError


def _line(size_bytes: int, untrusted_name: str) -> str:
    return f"{size_bytes:>15,}  {' '.join(untrusted_name.split())}"
