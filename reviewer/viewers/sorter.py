"""A process that finds the kind of one whole file on standard input.

``python -m reviewer.viewers.sorter`` answers with one byte: the place of the kind in :class:`LookKind`. The program
that holds keys never imports it. A kind only says which viewer is asked: a file that deceives it is opened by
another sandboxed viewer, which finds it damaged.
"""

import codecs
import io
import re
import sys
import zipfile
from typing import Final

from reviewer.clean_copy.file_kind import file_kind
from reviewer.clean_copy.limits import LOOK_CPU_SECONDS, LOOK_MEMORY_BYTES, Ending
from reviewer.clean_copy.picture_kind import HEAD_BYTES, FileKind, NoPicture, PictureKind
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections
from reviewer.viewers.look_kind import LookKind
from reviewer.viewers.text_bytes import decoded

_KINDS: Final[dict[FileKind, LookKind]] = {
    PictureKind.JPEG: LookKind.JPEG,
    PictureKind.PNG: LookKind.PNG,
    PictureKind.WEBP: LookKind.WEBP,
    PictureKind.GIF: LookKind.GIF,
    NoPicture.EMPTY: LookKind.EMPTY,
    NoPicture.PDF: LookKind.PDF,
    NoPicture.OFFICE: LookKind.OFFICE,
    NoPicture.ARCHIVE: LookKind.ARCHIVE,
    NoPicture.VIDEO: LookKind.MEDIA,
    NoPicture.VIDEO_OR_SOUND: LookKind.MEDIA,
    NoPicture.SOUND: LookKind.MEDIA,
    NoPicture.HEIC_OR_AVIF: LookKind.HEIF,
    NoPicture.SEALED: LookKind.SEALED,
}
_OFFICE_NAMES: Final = ("word/", "xl/", "ppt/")
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument"
_MPEG_SOUND: Final = re.compile(rb"\xff[\xe2-\xe5\xf0-\xf5\xf8-\xfd][\x10-\xef]")
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257
_PACKED: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_PDF_WITHIN: Final = 1024  # readers of PDF accept other bytes before its beginning
_HEADER: Final = re.compile(
    r"^(from|to|cc|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|x-[a-z-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_FEWEST_HEADERS: Final = 3
_HEAD_LETTERS: Final = 4096


def main() -> int:
    """Answer for one file; returns an :class:`Ending`."""
    refuse_connections()
    codecs.lookup("utf-16"), codecs.lookup("cp1252"), codecs.lookup("cp437")  # inside no module can be loaded
    try:
        shut_in(written_bytes=1, memory_bytes=LOOK_MEMORY_BYTES, cpu_seconds=LOOK_CPU_SECONDS)
        kind = look_kind(sys.stdin.buffer.read())
        sys.stdout.buffer.write(bytes((list(LookKind).index(kind),)))
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    return Ending.DONE


def look_kind(untrusted_file: bytes) -> LookKind:
    """The kind of a whole file, by its bytes."""
    kind = file_kind(untrusted_file[:HEAD_BYTES])
    if kind is NoPicture.OFFICE_OR_ARCHIVE:
        return _zip_kind(untrusted_file)
    if untrusted_file.startswith(_PACKED):
        return LookKind.PACKED
    if kind in _KINDS:
        return _KINDS[kind]
    if untrusted_file[_TAR_MARK_AT:].startswith(_TAR_MARK) or untrusted_file.startswith((b"BZh", b"\xfd7zXZ\0")):
        return LookKind.ARCHIVE
    if _MPEG_SOUND.match(untrusted_file):
        return LookKind.MEDIA
    if b"%PDF-" in untrusted_file[:_PDF_WITHIN]:
        return LookKind.PDF
    text = decoded(untrusted_file)
    if text is None:
        return LookKind.UNKNOWN
    head = text[:_HEAD_LETTERS].partition("\n\n")[0]
    return LookKind.MAIL if len(set(_names(head))) >= _FEWEST_HEADERS else LookKind.TEXT


def _zip_kind(untrusted_file: bytes) -> LookKind:
    if untrusted_file[30:].startswith(_OPEN_DOCUMENT):
        return LookKind.OFFICE
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted_file)) as archive:
            names = archive.namelist()
    except Exception:  # noqa: BLE001 -- a damaged archive may raise anything; it is still an archive
        return LookKind.ARCHIVE
    is_office = "[Content_Types].xml" in names and any(name.startswith(_OFFICE_NAMES) for name in names)
    return LookKind.OFFICE if is_office else LookKind.ARCHIVE


def _names(head: str) -> list[str]:
    return [name.lower() for name in _HEADER.findall(head.replace("\r\n", "\n"))]


if __name__ == "__main__":
    sys.exit(main())
