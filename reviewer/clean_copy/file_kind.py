"""The kind of a file by its first bytes. Only the sandboxed process ``looker`` imports this."""

from typing import Final

from reviewer.clean_copy.picture_kind import FileKind, NoPicture, PictureKind

_STILLS_OF_A_TELEPHONE: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
_BEGINNINGS: Final[tuple[tuple[bytes, FileKind], ...]] = (
    (b"\xff\xd8\xff", PictureKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", PictureKind.PNG),
    (b"GIF87a", PictureKind.GIF),
    (b"GIF89a", PictureKind.GIF),
    (b"%PDF", NoPicture.PDF),
    (b"PK\x03\x04", NoPicture.OFFICE_OR_ARCHIVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NoPicture.OFFICE),
    (b"{\\rtf", NoPicture.OFFICE),
    (b"\x1aE\xdf\xa3", NoPicture.VIDEO),
    (b"\x00\x00\x01\xba", NoPicture.VIDEO),
    (b"\x00\x00\x01\xb3", NoPicture.VIDEO),
    (b"FLV", NoPicture.VIDEO),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", NoPicture.VIDEO_OR_SOUND),
    (b"OggS", NoPicture.VIDEO_OR_SOUND),
    (b"ID3", NoPicture.SOUND),
    (b"fLaC", NoPicture.SOUND),
    (b"#!AMR", NoPicture.SOUND),
    (b"II*\x00", NoPicture.TIFF_OR_RAW),
    (b"MM\x00*", NoPicture.TIFF_OR_RAW),
    (b"BM", NoPicture.OTHER_PICTURE),
    (b"age-encryption.org/v1", NoPicture.SEALED),
    (b"Rar!", NoPicture.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", NoPicture.ARCHIVE),
    (b"\x1f\x8b", NoPicture.ARCHIVE),
)


def file_kind(untrusted_head: bytes) -> FileKind:
    """The kind of a file that begins with ``untrusted_head``, 12 bytes or more. Its name says nothing."""
    if untrusted_head[:4] == b"RIFF":
        return PictureKind.WEBP if untrusted_head[8:12] == b"WEBP" else NoPicture.VIDEO_OR_SOUND
    if untrusted_head[4:8] == b"ftyp":
        is_still = untrusted_head[8:12] in _STILLS_OF_A_TELEPHONE
        return NoPicture.HEIC_OR_AVIF if is_still else NoPicture.VIDEO
    for beginning, kind in _BEGINNINGS:
        if untrusted_head.startswith(beginning):
            return kind
    return NoPicture.UNKNOWN if untrusted_head else NoPicture.EMPTY
