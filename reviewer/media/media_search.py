"""A search of media for this program's files and folders, by how they begin.

A medium is foreign: its names are untrusted, its files may be links, pipes or endless. The search follows no link,
reads a few bytes of regular files, and stops after :data:`MOST_LOOKED_AT` entries.
"""

import itertools
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from system.given_files import open_given

MOST_LOOKED_AT: Final = 2_000
DEEPEST: Final = 3
"""Folders are searched to this depth; the medium itself is the first."""

_SEARCHED_BYTES: Final = 4096
_NO_NAME: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file or folder on a medium; ``changed_s`` is in seconds since 1970, as the medium says."""

    path: Path
    length_bytes: int
    changed_s: float


def find_on_media(
    folders: Sequence[Path],
    *,
    beginnings: Mapping[str, bytes],
    marks: Mapping[str, str] | None = None,
    patterns: Mapping[str, re.Pattern[bytes]] | None = None,
) -> dict[str, list[MediaFile]]:
    """The files that begin as ``beginnings`` or ``patterns`` say, by kind, the newest first.

    Args:
        folders: where to look, each at most three folders deep; the nearest files come first.
        beginnings: by kind, the first bytes of its files.
        patterns: by kind, what is found in the first 4,096 bytes of its files.
        marks: by kind, the name of the file that marks a folder. The folder is what is found then.

    Returns:
        A list for each kind, empty where nothing was found. What cannot be read is passed over.
    """
    kinds = (*beginnings, *(marks or {}), *(patterns or {}))
    found: dict[str, dict[Path, MediaFile]] = {kind: {} for kind in kinds}
    longest = _SEARCHED_BYTES if patterns else max(map(len, beginnings.values()), default=0)
    for path, details in _regular_files(folders):
        for kind, name in (marks or {}).items():
            if path.name == name:
                found[kind][path.parent] = MediaFile(path.parent, 0, details.st_mtime)
        beginning = _beginning(path, longest)
        for kind, expected in beginnings.items():
            if beginning.startswith(expected):
                found[kind][path] = MediaFile(path, details.st_size, details.st_mtime)
        for kind, pattern in (patterns or {}).items():
            if pattern.search(beginning):
                found[kind][path] = MediaFile(path, details.st_size, details.st_mtime)
    return {
        kind: sorted(files.values(), key=lambda one: (-one.changed_s, one.path)) for kind, files in found.items()
    }


def _regular_files(folders: Sequence[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    """Nearest first, and of no more than :data:`MOST_LOOKED_AT` entries in each of ``folders``."""
    for top in folders:
        for path, details in itertools.islice(_below(top), MOST_LOOKED_AT):
            if stat.S_ISREG(details.st_mode):
                yield path, details


def _below(top: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Each entry below a folder; links are neither followed nor left out."""
    level = [top]
    for _depth in range(DEEPEST):
        below: list[Path] = []
        for entry in itertools.chain.from_iterable(map(_entries, level)):
            try:
                details = entry.stat(follow_symlinks=False)
            except OSError:  # pulled out, or on a bad sector
                continue
            yield Path(entry.path), details
            if stat.S_ISDIR(details.st_mode):
                below.append(Path(entry.path))
        level = below


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """The entries with a name that a form can send back unchanged, without hidden ones, by name."""
    try:
        with os.scandir(folder) as entries:
            named = list(itertools.islice(entries, MOST_LOOKED_AT))
    except OSError:
        return []
    kept = [
        one
        for one in named
        if not one.name.startswith(".") and not any(unicodedata.category(letter) in _NO_NAME for letter in one.name)
    ]
    return sorted(kept, key=lambda one: one.name)


def _beginning(path: Path, length: int) -> bytes:
    try:
        # A file may become a link after it was looked at: it is not followed.
        with open_given(path, follow_links=False) as file:
            return file.read(length)
    except OSError:
        return b""
