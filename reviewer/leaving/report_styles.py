"""The pieces of which a report is made, and the fonts that write them; both processes know them.

The fonts are files of three packages of Debian, which docs/review/install-reviewer.md installs.
"""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from system.errors import ProgramError

FONT_FOLDER: Final = Path("/usr/share/fonts/truetype")
TEXT_FONT: Final = "text"
FONTS: Final = (
    (TEXT_FONT, "", "noto/NotoSans-Regular.ttf"),
    (TEXT_FONT, "B", "noto/NotoSans-Bold.ttf"),
    ("arabic", "", "noto/NotoSansArabic-Regular.ttf"),
    ("devanagari", "", "noto/NotoSansDevanagari-Regular.ttf"),
    ("bengali", "", "noto/NotoSansBengali-Regular.ttf"),
    ("thai", "", "noto/NotoSansThai-Regular.ttf"),
    ("chinese", "", "droid/DroidSansFallbackFull.ttf"),
    ("signs", "", "dejavu/DejaVuSans.ttf"),
)
"""Family, style and file, in the order in which a letter is looked for."""
SMALL_FONTS: Final = tuple(font for font in FONTS if not font[2].startswith("droid/"))
"""All but the font for Chinese, which takes as long to load as all others together."""
WITHOUT_CHINESE: Final = "without-chinese"
"""Tells the process that :data:`SMALL_FONTS` are enough."""

LARGEST_REPORT_BYTES: Final = 256 << 20
_PACKAGES: Final = {"noto": "fonts-noto-core", "droid": "fonts-droid-fallback", "dejavu": "fonts-dejavu-core"}


class ReportStyle(Enum):
    """The look of a piece; :attr:`PAGE` has no text and begins a page."""

    TITLE = "title"
    HEADING = "heading"
    LABEL = "label"
    TEXT = "text"
    SMALL = "small"
    DIGITS = "digits"
    PAGE = "page"


Piece = tuple[ReportStyle, str]


def is_without_chinese(text: str) -> bool:
    """True if the font for Chinese has no letter of this text that the other fonts lack.

    It has none below U+1100, and none among Latin and Greek letters with marks and signs of punctuation.
    """
    return all(one < "\u1100" or "\u1e00" <= one < "\u2070" for one in text)


def require_fonts(folder: Path = FONT_FOLDER, files: Sequence[tuple[str, str, str]] = FONTS) -> None:
    """Return when every font is installed.

    Raises:
        ProgramError: one is not; the hint names its package.
    """
    for _family, _style, file in files:
        if not (folder / file).is_file():
            raise ProgramError(
                f"the report cannot be drawn: the font {Path(file).name} is missing",
                hint=f"install the Debian package {_PACKAGES[file.partition('/')[0]]}, from a medium",
            )
