"""The fonts that write each language: files of Debian packages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from system.errors import ProgramError

FOLDER: Final = Path("/usr/share/fonts/truetype")
_PACKAGES: Final = {
    "dejavu": "fonts-dejavu-core",
    "noto": "fonts-noto-core",
    "droid": "fonts-droid-fallback",
}


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font, with two measures in sizes of the font.

    ``leading`` is the distance of two lines; ``lower`` how far text above its line is moved down.
    """

    regular: str
    bold: str
    leading: float = 1.25
    lower: float = 0.0


LATIN: Final = Typeface("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf")
ADDRESS: Final = "dejavu/DejaVuSansMono-Bold.ttf"
"""Every letter as wide as each other one, and l and i told apart."""

_ARABIC: Final = Typeface("noto/NotoSansArabic-Regular.ttf", "noto/NotoSansArabic-Bold.ttf", 1.5)
_OTHERS: Final = {
    "ar": _ARABIC,
    "fa": _ARABIC,
    "ur": Typeface("noto/NotoNastaliqUrdu-Regular.ttf", "noto/NotoNastaliqUrdu-Bold.ttf", 2.1, 0.35),
    "hi": Typeface("noto/NotoSansDevanagari-Regular.ttf", "noto/NotoSansDevanagari-Bold.ttf", 1.4),
    "bn": Typeface("noto/NotoSansBengali-Regular.ttf", "noto/NotoSansBengali-Bold.ttf", 1.4),
    "th": Typeface("noto/NotoSansThai-Regular.ttf", "noto/NotoSansThai-Bold.ttf", 1.45),
    "zh-Hans": Typeface("droid/DroidSansFallbackFull.ttf", "droid/DroidSansFallbackFull.ttf", 1.35),
}


def typeface(tag: str) -> Typeface:
    """The typeface of a language."""
    return _OTHERS.get(tag, LATIN)


def font_file(name: str, folder: Path = FOLDER) -> Path:
    """The path of the font.

    Raises:
        ProgramError: its package is not installed.
    """
    path = folder / name
    if not path.is_file():
        package = _PACKAGES[name.partition("/")[0]]
        raise ProgramError(f"the font {path.name} is missing", hint=f"apt-get install {package}")
    return path
