"""The sheets that are printed: cards, eight on a sheet, and a poster."""

from enum import StrEnum
from typing import Final

from outreach.paper import HEIGHT_MM, WIDTH_MM, Box, Paper
from outreach.pictures import THREE
from outreach.public_site import PublicSite
from outreach.sentences import Sentences
from outreach.square_code import draw_code

COLUMNS, ROWS = 2, 4
_CARD_WIDTH, _CARD_HEIGHT = WIDTH_MM / COLUMNS, HEIGHT_MM / ROWS
_EDGE: Final = 6.0
"""Printers leave so much of the sheet white."""


class Style(StrEnum):
    """``plain`` has no pictures and does not name the program: for places where a card is searched for."""

    PICTURES = "pictures"
    PLAIN = "plain"


def cards(site: PublicSite, language: Sentences, style: Style, *, code: bool) -> bytes:
    """A PDF sheet with eight cards of 105 × 74 mm. ``code`` adds a QR code of the address and its warning."""
    with Paper(language.tag, right_to_left=language.right_to_left) as paper:
        paper.sheet()
        for column in range(1, COLUMNS):
            paper.line([(column * _CARD_WIDTH, 0), (column * _CARD_WIDTH, HEIGHT_MM)], thick_mm=0.1, grey=True)
        for row in range(1, ROWS):
            paper.line([(0, row * _CARD_HEIGHT), (WIDTH_MM, row * _CARD_HEIGHT)], thick_mm=0.1, grey=True)
        for number in range(COLUMNS * ROWS):
            row, column = divmod(number, COLUMNS)
            card = Box(column * _CARD_WIDTH, row * _CARD_HEIGHT, _CARD_WIDTH, _CARD_HEIGHT)
            inner = card.part(_EDGE, _EDGE, card.width - 2 * _EDGE, card.height - 2 * _EDGE)
            if style is Style.PLAIN:
                _plain(paper, site, language, inner, points=10.5)
            else:
                _card(paper, site, language, inner, code=code)
        return paper.pdf()


def poster(site: PublicSite, language: Sentences, style: Style, *, code: bool) -> bytes:
    """A PDF sheet with the same content, readable from two metres, and the telephone numbers."""
    with Paper(language.tag, right_to_left=language.right_to_left) as paper:
        paper.sheet()
        inner = Box(15, 18, WIDTH_MM - 30, HEIGHT_MM - 36)
        if style is Style.PLAIN:
            _plain(paper, site, language, inner, points=20)
            return paper.pdf()
        paper.text(language.card("heading"), inner.part(0, 0, inner.width, 30), points=34, bold=True)
        paper.text(language.card("lead"), inner.part(0, 32, inner.width, 22), points=17)
        _steps(paper, language, inner.part(0, 62, inner.width, 82), points=15)
        if code:
            _letters(paper, site, inner.part(0, 152, inner.width - 58, 44), rows=4, points=24)
            draw_code(paper, site.url, inner.part(inner.width - 54, 144, 54, 54))
            paper.text(language.card("scan"), inner.part(inner.width - 58, 198, 58, 16), points=13, bold=True)
        else:
            _letters(paper, site, inner.part(0, 156, inner.width, 48), rows=4, points=28)
        if site.numbers:
            numbers = " · ".join(_unbroken(f"{language.place(one.place)}: {one.number}") for one in site.numbers)
            paper.text(language.card("danger"), inner.part(0, 220, inner.width, 14), points=17, bold=True)
            paper.text(numbers, inner.part(0, 235, inner.width, 24), points=14)
        return paper.pdf()


def _card(paper: Paper, site: PublicSite, language: Sentences, box: Box, *, code: bool) -> None:
    paper.text(language.card("heading"), box.part(0, 0, box.width, 7), points=12, bold=True)
    if not code:
        paper.text(language.card("lead"), box.part(0, 7.5, box.width, 6), points=8)
        _steps(paper, language, box.part(0, 15.5, box.width, 30), points=8)
        _letters(paper, site, box.part(0, 49, box.width, 13), rows=2, points=10.5)
        return
    _steps(paper, language, box.part(0, 8, box.width, 27), points=8)
    _letters(paper, site, box.part(0, 38, 44, 23), rows=4, points=10.5)
    paper.text(language.card("scan"), box.part(45.5, 38, 21, 23), points=8.5, bold=True)
    draw_code(paper, site.url, box.part(box.width - 26, 36.5, 26, 26))


def _plain(paper: Paper, site: PublicSite, language: Sentences, box: Box, *, points: float) -> None:
    third = box.height / 3
    paper.text(language.plain("heading"), box.part(0, 0, box.width, third), points=points * 1.3, bold=True)
    rows = 2 if box.width < 100 else 4
    _letters(paper, site, box.part(0, third * 1.05, box.width, third * 0.9), rows=rows, points=points)
    paper.text(language.plain("type"), box.part(0, 2 * third, box.width, third), points=points)


def _steps(paper: Paper, language: Sentences, box: Box, *, points: float) -> None:
    """Three columns: a picture, its number and its instruction. The first stands where reading begins."""
    width = box.width / len(THREE)
    picture_height = box.height * 0.48
    for number, (name, draw) in enumerate(THREE):
        column = len(THREE) - 1 - number if language.right_to_left else number
        draw(paper, box.part(column * width, 0, width, picture_height))
        below = box.part(column * width + 1, box.height * 0.53, width - 2, box.height * 0.47)
        paper.text(f"{language.steps[number]}. {language.card(name)}", below, points=points, at_top=True)


def _letters(paper: Paper, site: PublicSite, box: Box, *, rows: int, points: float) -> None:
    """The address in groups; ``.onion`` ends the last line."""
    groups = site.groups()
    a_row = -(-len(groups) // rows)
    lines = [" ".join(groups[at : at + a_row]) for at in range(0, len(groups), a_row)]
    paper.letters([*lines[:-1], f"{lines[-1]}.onion"], box, points=points)


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")
