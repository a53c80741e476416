"""Swap: all areas of it, partitions and zram as well as files, as they can be read while they are in use."""

import os
import re
from pathlib import Path
from typing import Final

from demo.search_terms import SearchTerms
from lab.forensics.places import Found, search_stream
from lab.forensics.row import Row

_SWAPS: Final = Path("/proc/swaps")
_ESCAPED: Final = re.compile(rb"\\([0-7]{3})")


def search_swap(sought: SearchTerms, *, swaps: Path = _SWAPS) -> list[Row]:
    """A row for each area in ``swaps``, the kernel's list; none where there is none.

    An area that cannot be read, or not to the end, is in ``missed`` of its row.
    """
    areas = [line.split() for line in swaps.read_bytes().splitlines()[1:]]
    return [
        Row.of("switched off", f"swap {os.fsdecode(name)}", _search_area(_path(name), int(kibibytes) << 10, sought))
        for name, _kind, kibibytes, *_ in areas
    ]


def _search_area(area: Path, length: int, sought: SearchTerms) -> Found:
    """``length`` is what the kernel says of it, without the head of the area."""
    found = Found()
    try:
        with area.open("rb", buffering=0) as opened:
            # The kernel swaps past its cache, in which another reader may have left what stood there before.
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            search_stream(opened, str(area), sought, found)
    except OSError as error:
        found.missed.append(f"{area}: {error.strerror}")
    else:
        if found.length < length:
            found.missed.append(f"{area}: {found.length} bytes could be read, where {length} are in use")
    return found


def _path(name: bytes) -> Path:
    """Of an area whose name is in the kernel's list: blanks stand there in octal."""
    return Path(os.fsdecode(_ESCAPED.sub(lambda octal: bytes([int(octal[1], 8)]), name)))
