"""A recovery sheet as one PDF page: text and squares, with the fonts of every PDF reader.

The only module that imports ``pydyf`` and ``segno``. The same sheet gives the same bytes: the file holds no time,
no program name and no identifier.
"""

import io
import textwrap

import pydyf
import segno

from reviewer.recovery.printed_sheet import WHAT_TO_DO, PrintedSheet

# Points. A4; what is written keeps clear of the edges of Letter, which is wider and shorter.
_WIDTH, _HEIGHT = 595, 842
_LEFT, _TOP = 56, 770
_TITLE_SIZE, _BODY_SIZE, _WORD_SIZE = 20, 10, 12.5
_BODY_LETTERS_A_LINE = 80
_LINE, _WORD_LINE = 15, 24
_CODE_SIDE = 180
_FONTS = {"T": "Helvetica-Bold", "B": "Courier", "W": "Courier-Bold"}


def sheet_pdf(printed: PrintedSheet) -> bytes:
    """The whole file."""
    page = pydyf.Stream(compress=False)
    height = _line(page, printed.title, font="T", size=_TITLE_SIZE, height=_TOP) - 2 * _LINE
    for fact in printed.facts():
        height = _line(page, fact, font="B", size=_BODY_SIZE, height=height) - _LINE
    height -= _WORD_LINE
    for row in printed.rows():
        height = _line(page, row, font="W", size=_WORD_SIZE, height=height) - _WORD_LINE
    height -= _CODE_SIDE
    _code(page, printed.code(), bottom=height)
    height -= 2 * _LINE
    for sentence in WHAT_TO_DO:
        for line in textwrap.wrap(sentence, _BODY_LETTERS_A_LINE):
            height = _line(page, line, font="B", size=_BODY_SIZE, height=height) - _LINE
        height -= _LINE / 2
    return _document(page)


def _line(page: pydyf.Stream, text: str, *, font: str, size: float, height: float) -> float:
    """Write one line; returns ``height``, for the next to be reckoned from."""
    page.begin_text()
    page.set_font_size(font, size)
    page.set_text_matrix(1, 0, 0, 1, _LEFT, height)
    page.stream.append(f"<{text.encode('cp1252').hex()}> Tj".encode("ascii"))
    page.end_text()
    return height


def _code(page: pydyf.Stream, text: str, *, bottom: float) -> None:
    """A QR code as black squares, one rectangle for each run of them in a row."""
    rows = [bytes(row) for row in segno.make(text, error="m", boost_error=False, micro=False).matrix]
    side = _CODE_SIDE / len(rows)
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                page.rectangle(
                    _LEFT + start * side, bottom + _CODE_SIDE - (number + 1) * side, (end - start) * side, side
                )
            start = end + 1
    page.fill()


def _document(page: pydyf.Stream) -> bytes:
    document = pydyf.PDF()
    document.add_object(page)
    fonts = pydyf.Dictionary()
    for name, base in _FONTS.items():
        font = pydyf.Dictionary(
            {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{base}", "Encoding": "/WinAnsiEncoding"}
        )
        document.add_object(font)
        fonts[name] = font.reference
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": document.pages.reference,
                "MediaBox": pydyf.Array([0, 0, _WIDTH, _HEIGHT]),
                "Contents": page.reference,
                "Resources": pydyf.Dictionary({"Font": fonts}),
            }
        )
    )
    sink = io.BytesIO()
    document.write(sink)
    return sink.getvalue()
