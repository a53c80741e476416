"""Kinds of files: a picture that can be redrawn, or another file with a known type."""

from enum import Enum
from typing import Final

HEAD_BYTES: Final = 64
"""As much of a file as is needed to tell."""


class PictureKind(Enum):
    """The kinds that can be decoded; the value is the decoder's name for it."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"

    @property
    def copy(self) -> "PictureKind":
        """The kind of its copy: JPEG for a JPEG, PNG (lossless) for all others."""
        return self if self is PictureKind.JPEG else PictureKind.PNG

    @property
    def ending(self) -> str:
        """The file name suffix of a copy of this kind."""
        return {PictureKind.JPEG: ".jpg"}.get(self, f".{self.value.lower()}")


class NoPicture(Enum):
    """Everything else; each value is why there is no copy of it, in words for staff."""

    EMPTY = "it is empty"
    PDF = "it is a PDF"
    OFFICE_OR_ARCHIVE = "it is an office document, a program or an archive"
    OFFICE = "it is an office document"
    ARCHIVE = "it is an archive"
    VIDEO = "it is a video"
    VIDEO_OR_SOUND = "it is a video or a sound"
    SOUND = "it is a sound"
    HEIC_OR_AVIF = "it is a HEIC or AVIF photo, which are not read here"
    TIFF_OR_RAW = "it is a TIFF or a raw photo of a camera"
    OTHER_PICTURE = "it is a picture of a kind that is not read here"
    SEALED = "it is sealed, and was not opened here"
    UNKNOWN = "it is none of JPEG, PNG, WebP and GIF"


FileKind = PictureKind | NoPicture
FILE_KINDS: Final[tuple[FileKind, ...]] = (*PictureKind, *NoPicture)
"""All of them. A process that looks at files names each by its place here."""
