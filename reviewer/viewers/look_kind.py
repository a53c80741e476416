"""The kinds of files that can be looked at, and the viewer of each: the one list of all viewers.

A kind is found in the bytes of a file by a sandboxed process (:mod:`reviewer.viewers.sorter`), never in its name.
"""

import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from reviewer.clean_copy.limits import LOOK_CPU_SECONDS, LOOK_MEMORY_BYTES

_MIB: Final = 1 << 20
LARGEST_LOOK_BYTES: Final = 128 << 20
"""The largest file that is looked at: it lies in memory twice meanwhile."""


@dataclass(frozen=True, slots=True)
class ViewerLimits:
    """Limits of one run of a viewer.

    ``seconds`` are of processor time, ``wait_seconds`` by the clock, ``memory_bytes`` of address space beside the
    largest file. ``scratch_bytes`` is the room of its folder in memory, ``written_bytes`` the largest file that it
    may write, its output included.
    """

    seconds: int
    memory_bytes: int
    scratch_bytes: int = 0
    written_bytes: int = 1 << 20
    wait_seconds: int = 120

    def memory_beside(self, file_bytes: int) -> int:
        """The address space for a file of this length: what a smaller file leaves of its own room is added."""
        return self.memory_bytes + max(0, LARGEST_LOOK_BYTES - file_bytes)

    @property
    def words(self) -> str:
        """The limits as staff are told them when one may have ended a viewer."""
        return f"{self.seconds} seconds, {self.memory_bytes + self.scratch_bytes >> 20} MB of memory"


class LookKind(Enum):
    """A kind of file; the value is how staff are told."""

    EMPTY = "an empty file"
    JPEG = "a JPEG picture"
    PNG = "a PNG picture"
    WEBP = "a WebP picture"
    GIF = "a GIF picture"
    HEIF = "a HEIC or AVIF photo"
    PDF = "a PDF"
    OFFICE = "an office document"
    MEDIA = "a video or a sound"
    TEXT = "a text"
    MAIL = "an e-mail"
    ARCHIVE = "an archive"
    PACKED = "a RAR or 7z archive"
    SEALED = "a sealed file that was not opened"
    UNKNOWN = "a file of a kind that no viewer opens"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The program that opens some kinds, with its Debian packages. Without a ``program`` it is our own."""

    opens: str
    kinds: frozenset[LookKind]
    limits: ViewerLimits
    program: str = ""
    packages: str = ""

    @property
    def is_installed(self) -> bool:
        return not self.program or Path(self.program).exists()


OWN: Final = Viewer(
    opens="JPEG, PNG, WebP and GIF pictures, text, e-mail, and the lists of ZIP and tar archives",
    kinds=frozenset(
        {
            *(LookKind.JPEG, LookKind.PNG, LookKind.WEBP, LookKind.GIF),
            *(LookKind.TEXT, LookKind.MAIL, LookKind.ARCHIVE),
        }
    ),
    limits=ViewerLimits(seconds=LOOK_CPU_SECONDS, memory_bytes=LOOK_MEMORY_BYTES),
)
POPPLER: Final = Viewer(
    opens="PDF",
    kinds=frozenset({LookKind.PDF}),
    limits=ViewerLimits(seconds=20, memory_bytes=320 * _MIB, scratch_bytes=16 * _MIB),
    program="/usr/bin/pdftoppm",
    packages="poppler-utils",
)
LIBHEIF: Final = Viewer(
    opens="HEIC and AVIF photos",
    kinds=frozenset({LookKind.HEIF}),
    limits=ViewerLimits(seconds=20, memory_bytes=344 * _MIB, scratch_bytes=1 * _MIB, written_bytes=64 * _MIB),
    program="/usr/bin/heif-convert",
    packages="libheif-examples",
)
FFMPEG: Final = Viewer(
    opens="stills of videos, and sound",
    kinds=frozenset({LookKind.MEDIA}),
    limits=ViewerLimits(seconds=60, memory_bytes=344 * _MIB, scratch_bytes=1 * _MIB, written_bytes=32 * _MIB),
    program="/usr/bin/ffmpeg",
    packages="ffmpeg",
)
LIBREOFFICE: Final = Viewer(
    opens="documents of Word, Excel, PowerPoint and LibreOffice, and RTF; they also need the viewer for PDF",
    kinds=frozenset({LookKind.OFFICE}),
    limits=ViewerLimits(seconds=60, memory_bytes=704 * _MIB, scratch_bytes=64 * _MIB, written_bytes=64 * _MIB),
    program="/usr/lib/libreoffice/program/soffice.bin",
    packages="libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
)
LIBARCHIVE: Final = Viewer(
    opens="the lists of RAR and 7z archives",
    kinds=frozenset({LookKind.PACKED}),
    limits=ViewerLimits(seconds=20, memory_bytes=344 * _MIB, written_bytes=64 * _MIB),
    program="/usr/bin/bsdtar",
    packages="libarchive-tools",
)
VIEWERS: Final = (OWN, POPPLER, LIBHEIF, FFMPEG, LIBARCHIVE, LIBREOFFICE)

BUBBLEWRAP: Final = "/usr/bin/bwrap"
BUBBLEWRAP_PACKAGE: Final = "bubblewrap"
"""The program that shuts in those of Debian; without it none of them runs."""


def viewer_of(kind: LookKind) -> Viewer | None:
    """The viewer that opens files of this kind; None if there is none in any package."""
    return next((viewer for viewer in VIEWERS if kind in viewer.kinds), None)


def can_shut_in() -> bool:
    """True if bubblewrap is installed, without which no program of Debian opens a file."""
    return shutil.which(BUBBLEWRAP) is not None


def missing_packages() -> list[tuple[Viewer, str]]:
    """Each viewer that cannot run here, with the Debian packages that are needed for it."""
    missing = []
    for viewer in VIEWERS:
        packages = [] if viewer.is_installed else [viewer.packages]
        if viewer.program and not can_shut_in():
            packages.append(BUBBLEWRAP_PACKAGE)
        if packages:
            missing.append((viewer, " ".join(packages)))
    return missing
