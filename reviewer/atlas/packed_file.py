"""Reads a packed file of the atlas: sections in one zlib stream, held to a digest.

A file that is missing or was changed is told and not read: readers then find no towns, and the map says so.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

MAGIC: Final = b"tipline atlas 1\n"
DIGESTS: Final = "digests.json"
_MOST_BYTES: Final = 1 << 25


class FileState(StrEnum):
    """The state of a packed file, as a page says it."""

    WHOLE = "whole"
    MISSING = "missing"
    CHANGED = "changed"


@cache
def state_of(name: str) -> FileState:
    """The state of a packed file. It is looked at once while the program runs."""
    content = _content(name)
    if content is None:
        return FileState.MISSING
    digest = hashlib.sha256(content).hexdigest()
    return FileState.WHOLE if _digests().get(name) == digest else FileState.CHANGED


def sections(name: str) -> Mapping[str, bytes] | None:
    """The sections of a packed file by their names; None unless the file is whole."""
    content = _content(name)
    if content is None or state_of(name) is not FileState.WHOLE or not content.startswith(MAGIC):
        return None
    unpacked = zlib.decompressobj().decompress(content[len(MAGIC) :], _MOST_BYTES)
    header, _, body = unpacked.partition(b"\n")
    found, at = {}, 0
    for section, length in json.loads(header):
        found[section] = body[at : at + length]
        at += length
    return found


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The bytes of a packed file, for ``scripts/atlas-data``."""
    header = json.dumps([[name, len(content)] for name, content in parts.items()]).encode("ascii")
    return MAGIC + zlib.compress(header + b"\n" + b"".join(parts.values()), 9)


def _content(name: str) -> bytes | None:
    try:
        return files("reviewer.atlas").joinpath(name).read_bytes()
    except OSError:
        return None


def _digests() -> Mapping[str, str]:
    digests: Mapping[str, str] = json.loads(_content(DIGESTS) or b"{}")
    return digests
