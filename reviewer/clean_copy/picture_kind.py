"""What a file is, by its first bytes: a picture that can be drawn anew, or something else that has a name."""

from enum import Enum
from typing import Final

from reviewer.errors import NoCleanCopy

HEAD_BYTES: Final = 64
"""As much of a file as is needed to tell."""


class PictureKind(Enum):
    """The kinds that are decoded; each value is what the decoder calls it."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"

    @property
    def copy(self) -> "PictureKind":
        """What its copy is: a JPEG is one again, and all others lose nothing more as PNG."""
        return self if self is PictureKind.JPEG else PictureKind.PNG

    @property
    def ending(self) -> str:
        """Of the name of a copy of this kind."""
        return {PictureKind.JPEG: ".jpg"}.get(self, f".{self.value.lower()}")


_PICTURES: Final = (
    (b"\xff\xd8\xff", PictureKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", PictureKind.PNG),
    (b"GIF87a", PictureKind.GIF),
    (b"GIF89a", PictureKind.GIF),
)
_STILLS_OF_A_TELEPHONE: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
_OTHERS: Final = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "an office document, a program or an archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "an office document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x00\x00\x01\xba", "a video"),
    (b"\x00\x00\x01\xb3", "a video"),
    (b"FLV", "a video"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a video or a sound"),
    (b"OggS", "a video or a sound"),
    (b"ID3", "a sound"),
    (b"fLaC", "a sound"),
    (b"#!AMR", "a sound"),
    (b"II*\x00", "a TIFF or a raw photo of a camera"),
    (b"MM\x00*", "a TIFF or a raw photo of a camera"),
    (b"BM", "a picture of a kind that is not read here"),
    (b"age-encryption.org/v1", "sealed, and was not opened here"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\x1f\x8b", "an archive"),
)


def picture_kind(untrusted_head: bytes) -> PictureKind:
    """The kind of a file that begins with ``untrusted_head``, its first :data:`HEAD_BYTES`. Its name says nothing.

    Raises:
        NoCleanCopy: it is none of those that are decoded; the message says what it seems to be.
    """
    for beginning, kind in _PICTURES:
        if untrusted_head.startswith(beginning):
            return kind
    if untrusted_head[:4] == b"RIFF":
        if untrusted_head[8:12] == b"WEBP":
            return PictureKind.WEBP
        raise NoCleanCopy("it is a video or a sound")
    if untrusted_head[4:8] == b"ftyp":
        is_still = untrusted_head[8:12] in _STILLS_OF_A_TELEPHONE
        raise NoCleanCopy("it is a HEIC or AVIF photo, which are not read here" if is_still else "it is a video")
    for beginning, name in _OTHERS:
        if untrusted_head.startswith(beginning):
            raise NoCleanCopy(f"it is {name}")
    raise NoCleanCopy("it is empty" if not untrusted_head else "it is none of JPEG, PNG, WebP and GIF")
