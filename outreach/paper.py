"""A4 sheets as PDF: text in every script of the site, lines and squares.

The only module that imports ``fpdf``. The same sheets give the same bytes: the file holds no time, no program name
and no trace of the machine.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import TracebackType
from typing import Final, Self

from fpdf import FPDF
from fpdf.fonts import TTFFont

from outreach.typefaces import ADDRESS, LATIN, font_file, typeface
from outreach.wrapping import wrapped
from system.errors import ProgramError

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
_POINT_MM: Final = 25.4 / 72
_SMALLEST_POINTS: Final = 5.0
# Arabic is read without them, and fpdf2 2.8.9 cuts a word in two where one stands, so that its letters do not join.
_VOWEL_SIGNS: Final = re.compile("[\u064b-\u0652]")
_INK, _GREY = 20, 170
_TEXT, _MONO, _FALLBACK = "text", "mono", "fallback"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the sheet, in millimetres from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def part(self, left: float, top: float, width: float, height: float) -> "Box":
        """A place inside it, in millimetres from its own corner."""
        return Box(self.left + left, self.top + top, width, height)


class Paper:
    """Sheets in one language. Its fonts are open files until the block ends."""

    def __init__(self, tag: str, *, right_to_left: bool = False) -> None:
        """Load its fonts.

        Raises:
            ProgramError: a font is not installed.
        """
        self._face = typeface(tag)
        self._pdf = pdf = FPDF(unit="mm", format="A4")
        pdf.set_auto_page_break(False)
        pdf.c_margin = 0
        files = {
            (_TEXT, ""): font_file(self._face.regular),
            (_TEXT, "B"): font_file(self._face.bold),
            (_FALLBACK, ""): font_file(LATIN.regular),
            (_FALLBACK, "B"): font_file(LATIN.bold),
            (_MONO, ""): font_file(ADDRESS),
        }
        for (family, style), file in files.items():
            pdf.add_font(family, style="B" if style else "", fname=file)
        pdf.set_fallback_fonts([_FALLBACK], exact_match=True)
        self._direction = "rtl" if right_to_left else "ltr"
        pdf.set_creation_date(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
        pdf.set_producer("")
        pdf.set_lang(tag)
        self._fitted: dict[tuple[str, float, float, float, bool], tuple[float, list[str]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for font in self._fonts():
            font.close()

    def sheet(self) -> None:
        """Begin the next sheet."""
        self._pdf.add_page()
        self._pdf.set_draw_color(_INK)
        self._pdf.set_fill_color(_INK)
        self._pdf.set_text_color(_INK)

    def text(self, text: str, box: Box, *, points: float, bold: bool = False, at_top: bool = False) -> None:
        """Write in the middle of ``box``, or at its top, as large as it fits, at most in ``points``.

        Raises:
            ProgramError: the fonts lack a letter, or the text does not fit legibly.
        """
        text = _VOWEL_SIGNS.sub("", text)
        points, lines = self._fit(text, box, points, bold=bold)
        leading = points * _POINT_MM * self._face.leading
        lower = self._face.lower * points * _POINT_MM
        top = box.top + lower + (0 if at_top else (box.height - len(lines) * leading) / 2)
        self._lines(lines, Box(box.left, top, box.width, leading))

    def letters(self, lines: Sequence[str], box: Box, *, points: float) -> None:
        """Write lines of ASCII in letters of one width, one below the other, in the middle of ``box``."""
        self._pdf.set_text_shaping(True, direction="ltr")
        self._pdf.set_font(_MONO, size=points)
        leading = box.height / len(lines)
        widest = max(map(len, lines))
        self._lines([line.ljust(widest) for line in lines], Box(box.left, box.top, box.width, leading))

    def line(self, points_mm: Sequence[tuple[float, float]], *, thick_mm: float = 0.5, grey: bool = False) -> None:
        """Draw from each point to the next."""
        self._pdf.set_line_width(thick_mm)
        self._pdf.set_draw_color(_GREY if grey else _INK)
        for (left, top), (right, bottom) in pairwise(points_mm):
            self._pdf.line(left, top, right, bottom)

    def rectangle(self, box: Box, *, round_mm: float = 0, thick_mm: float = 0.5, filled: bool = False) -> None:
        """Draw its edge, or fill it."""
        self._pdf.set_line_width(thick_mm)
        self._pdf.set_draw_color(_INK)
        self._pdf.rect(
            box.left, box.top, box.width, box.height,
            style="F" if filled else "D", round_corners=round_mm > 0, corner_radius=round_mm,
        )  # fmt: skip

    def circle(self, middle: tuple[float, float], radius_mm: float, *, thick_mm: float = 0.5) -> None:
        """Draw its edge."""
        self._pdf.set_line_width(thick_mm)
        self._pdf.set_draw_color(_INK)
        self._pdf.circle(*middle, radius_mm)

    def pdf(self) -> bytes:
        """The whole file."""
        return bytes(self._pdf.output())

    def _fit(self, text: str, box: Box, points: float, *, bold: bool) -> tuple[float, list[str]]:
        """The size and the lines of a text, with its font set; a sheet has the same text in many places."""
        asked = (text, box.width, box.height, points, bold)
        self._pdf.set_text_shaping(True, direction=self._direction)
        if asked not in self._fitted:
            self._require_letters(text)
            self._fitted[asked] = self._largest(text, box, points, bold=bold)
        self._pdf.set_font(_TEXT, style="B" if bold else "", size=self._fitted[asked][0])
        return self._fitted[asked]

    def _largest(self, text: str, box: Box, points: float, *, bold: bool) -> tuple[float, list[str]]:
        while points >= _SMALLEST_POINTS:
            self._pdf.set_font(_TEXT, style="B" if bold else "", size=points)
            lines = wrapped(text, lambda line: self._pdf.get_string_width(line) <= box.width)
            widest = max(self._pdf.get_string_width(line) for line in lines)
            if len(lines) * points * _POINT_MM * self._face.leading <= box.height and widest <= box.width:
                return points, lines
            points -= 0.25
        raise ProgramError(
            f"a text does not fit on the sheet: {text[:40]}", hint="make emergency_numbers fewer or shorter"
        )

    def _lines(self, lines: Sequence[str], first: Box) -> None:
        for number, line in enumerate(lines):
            self._pdf.set_xy(first.left, first.top + number * first.height)
            self._pdf.cell(w=first.width, h=first.height, text=line, align="C")

    def _fonts(self) -> list[TTFFont]:
        return [font for font in self._pdf.fonts.values() if isinstance(font, TTFFont)]

    def _require_letters(self, text: str) -> None:
        known = {code for font in self._fonts() for code in font.cmap}
        missing = {letter for letter in text if letter != "\u200b" and ord(letter) not in known}
        if missing:
            raise ProgramError(
                f"the fonts have no letter {', '.join(f'U+{ord(one):04X}' for one in sorted(missing))}",
                hint="write the place of the emergency number with other letters",
            )
