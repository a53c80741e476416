"""A process that draws a report as PDF in every script of the site.

``python -m reviewer.leaving.report_drawer`` reads a JSON list of ``[style, text]`` on standard input and writes the
PDF to standard output. It opens the fonts and loads all code first, then drops its rights, and only then reads: the
text is a source's. It is the only module of the reviewer that imports ``fpdf``, which loads an HTTP client; here no
call for a network is left. Never imported by the program that holds keys.
"""

import datetime as dt
import json
import logging
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import getTableClass  # type: ignore[import-untyped]  # comes with fpdf2
from fpdf import FPDF
from fpdf.enums import Align
from fpdf.fonts import TTFFont

from reviewer.clean_copy.limits import Ending
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.leaving.report_styles import (
    FONT_FOLDER,
    FONTS,
    LARGEST_REPORT_BYTES,
    SMALL_FONTS,
    TEXT_FONT,
    WITHOUT_CHINESE,
    ReportStyle,
)
from reviewer.machine.airgap import refuse_connections

_MARGIN_MM: Final = 20.0
_LEADING_MM_PER_POINT: Final = 25.4 / 72 * 1.45
_SAMPLE: Final = "Report مثال उदाहरण উদাহরণ ตัวอย่าง (1)"
_SIZES: Final = {
    ReportStyle.TITLE: 18,
    ReportStyle.HEADING: 13,
    ReportStyle.LABEL: 9,
    ReportStyle.TEXT: 11,
    ReportStyle.SMALL: 9,
    ReportStyle.DIGITS: 8.5,
}
_BOLD: Final = frozenset({ReportStyle.TITLE, ReportStyle.HEADING, ReportStyle.LABEL})
_SPACE_BEFORE_MM: Final = {ReportStyle.HEADING: 5.0, ReportStyle.LABEL: 2.5}
_STYLE_SELECTORS: Final = dict.fromkeys(range(0xFE00, 0xFE10))


class _Report(FPDF):
    """A4 pages that hold no time and no trace of the machine, so that the same pieces give the same bytes."""

    def __init__(self, fonts: Sequence[tuple[str, str, str]] = FONTS) -> None:
        super().__init__(unit="mm", format="A4")
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, margin=_MARGIN_MM)
        self.set_creation_date(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
        self.set_producer("")
        for name, style, file in fonts:
            self.add_font(name, style=style, fname=FONT_FOLDER / file)
        self.set_fallback_fonts([name for name, style, _ in fonts if name != TEXT_FONT], exact_match=False)
        self.set_text_shaping(True)

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-_MARGIN_MM / 2 - 3)
        self.set_font(TEXT_FONT, size=8)
        self.cell(0, 5, text=str(self.page_no()), align=Align.C)

    def prepare(self) -> None:
        """Load what the fonts need, so that no file is opened later."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.hbfont  # noqa: B018 -- made when it is first asked for
                for table in font.ttfont.keys():  # noqa: SIM118 -- no mapping
                    getTableClass(table)

    def _render_styled_text_line(self, *arguments: Any, **options: Any) -> Any:
        """Name the font at the beginning of each line.

        fpdf2 2.8.9 takes the last font of a line for the next one without naming it again, also where that line
        ended in a fallback font: what follows would be drawn with the wrong letters, or with none.
        """
        self.current_font_is_set_on_page = False
        return super()._render_styled_text_line(*arguments, **options)

    def letters(self) -> frozenset[int]:
        """The letters that some font has."""
        return frozenset(code for font in self.fonts.values() if isinstance(font, TTFFont) for code in font.cmap)

    def piece(self, style: ReportStyle, text: str) -> None:
        """Write one paragraph; right to left where its first letter runs so."""
        if style is ReportStyle.PAGE:
            self.add_page()
            return
        size = _SIZES[style]
        self.ln(_SPACE_BEFORE_MM.get(style, 0))
        self.set_font(TEXT_FONT, style="B" if style in _BOLD else "", size=size)
        self.multi_cell(
            0,
            size * _LEADING_MM_PER_POINT,
            text,
            align=Align.R if _runs_right_to_left(text) else Align.L,
            new_x="LMARGIN",
            new_y="NEXT",
        )
        self.ln(1)


def draw(report: _Report, pieces: list[list[str]]) -> bytes:
    """The whole PDF; a letter that no font has is named, as ``[U+1F4A3]``."""
    known = report.letters()
    report.add_page()
    for style, text in pieces:
        shown = "".join(
            one if ord(one) in known or one in "\n " else f"[U+{ord(one):04X}]"
            for one in text.translate(_STYLE_SELECTORS)
        )
        report.piece(ReportStyle(style), shown)
    return bytes(report.output())


def _runs_right_to_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(one) for one in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def main(argv: Sequence[str]) -> int:
    """Draw one report; returns an :class:`Ending`.

    An argument says that the text needs no font for Chinese. Without it all fonts are loaded.
    """
    refuse_connections()
    logging.disable()  # its warnings quote the text
    if not all(Path(FONT_FOLDER / file).is_file() for _, _, file in FONTS):
        return Ending.DAMAGED
    draw(_Report(SMALL_FONTS), [[style.value, _SAMPLE] for style in ReportStyle])  # loads what is loaded late
    report = _Report(SMALL_FONTS if [*argv] == [WITHOUT_CHINESE] else FONTS)
    report.prepare()
    try:
        shut_in(written_bytes=LARGEST_REPORT_BYTES)
        sys.stdout.buffer.write(draw(report, json.loads(sys.stdin.buffer.read())))
        sys.stdout.buffer.flush()
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    return Ending.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
