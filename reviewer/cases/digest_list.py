"""Reads a list of known digests from a medium: hex digits, one digest a line, or CSV."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from reviewer.casebook.known_digests import MD5_BYTES, SHA1_BYTES, SHA256_BYTES
from reviewer.cases.quarantine import screen
from reviewer.home.home import Home
from system.errors import ProgramError, system_reason
from system.given_files import open_given

_LENGTHS: Final = {2 * MD5_BYTES, 2 * SHA1_BYTES, 2 * SHA256_BYTES}
_LONGEST_LINE_BYTES: Final = 4096
_CELL: Final = re.compile(rb'[,;\t "\r\n]+')
IN_A_LIST: Final = re.compile(
    rb"\A(?!\{)(?:.*[,;\t \"\r\n])?(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})(?:[,;\t \"\r\n]|\Z)",
    re.DOTALL,
)
"""The beginning of a list: a digest stands in it. What begins with a brace is JSON, and no list."""

_HEX: Final = re.compile(rb"[0-9A-Fa-f]+\Z")


def read_digests(file: BinaryIO) -> Iterator[bytes]:
    """Each digest of the list. Other cells, a heading and lines that begin with ``#`` are passed over.

    Raises:
        ProgramError: a line that is no heading holds no digest, or is too long.
    """
    number, may_be_heading = 0, True
    while line := file.readline(_LONGEST_LINE_BYTES + 1):
        number += 1
        if len(line) > _LONGEST_LINE_BYTES:
            raise ProgramError(f"line {number} of the list has more than {_LONGEST_LINE_BYTES} bytes")
        line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip() or line.startswith(b"#"):
            continue
        cells = [cell for cell in _CELL.split(line) if len(cell) in _LENGTHS and _HEX.match(cell)]
        if not cells and not may_be_heading:
            raise ProgramError(
                f"line {number} of the list holds no digest",
                hint="expected MD5, SHA-1 or SHA-256 in hex digits, one a line, or CSV; nothing was added",
            )
        may_be_heading = False
        yield from (bytes.fromhex(cell.decode("ascii")) for cell in cells)


def add_list(home: Home, path: Path, *, today: dt.date) -> tuple[int, list[bytes]]:
    """Add a list, and compare what is here; the new digests, counted, and new contents in quarantine.

    A file whose MD5 and SHA-1 are not known yet is compared when it is read, before anything of it is shown.

    Raises:
        ProgramError: the list cannot be read, or holds no digest; nothing was added.
    """
    known = home.casebook.known_digests
    try:
        with open_given(path) as file, home.casebook.changing():
            digests = list(dict.fromkeys(read_digests(file)))
            if not digests:
                raise ProgramError(f"{path} holds no digest", hint="expected hex digits, one digest a line, or CSV")
            new = known.add(digests, today=today)
            known.keep_by_themselves(digests, today=today)
            home.casebook.log.add("known digests added", f"{new} new", today=today)
    except OSError as error:
        raise ProgramError(f"cannot read {path}: {system_reason(error)}") from error
    return new, screen_known(home, today=today)


def screen_known(home: Home, *, today: dt.date) -> list[bytes]:
    """Compare what is here with all known digests; the SHA-256 of each content that goes into quarantine."""
    hits: list[bytes] = []
    numbers = set(home.casebook.known_digests.submissions_with_known())
    for one in home.casebook.submissions.all():
        if one.number in numbers:
            hits += screen(home, one, today=today)
    return hits
