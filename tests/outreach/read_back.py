"""Reads our PDFs with other programs."""

import re
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path

DOTS_AN_INCH = 150
A4_DOTS = (1240, 1754)
_MARKS = {"\u200b", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\ufeff"}


def text_of(pdf: bytes) -> str:
    """By pdftotext, in the order of drawing."""
    return subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def letters(text: str) -> Counter[str]:
    """How often each letter, sign and mark occurs. pdftotext puts those of right-to-left and Indian scripts into
    another order, and splits lines as they were drawn, so that order and spaces say nothing."""
    plain = unicodedata.normalize("NFKD", text)
    return Counter(one for one in plain if not one.isspace() and one not in _MARKS)


def places_of_words(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each word with its left edge and its top, in points, by pdftotext."""
    page = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    found = re.findall(r'<word xMin="([0-9.]+)" yMin="([0-9.]+)"[^>]*>([^<]+)</word>', page)
    return [(word, float(left), float(top)) for left, top, word in found]


def codes_in(pdf: bytes, folder: Path, *, columns: int = 1, rows: int = 1) -> list[str]:
    """The text of the QR codes, by zbarimg: one part of the sheet after the other, as a telephone sees it."""
    width, height = A4_DOTS[0] // columns, A4_DOTS[1] // rows
    found: list[str] = []
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        part = ["-x", str(column * width), "-y", str(row * height), "-W", str(width), "-H", str(height)]
        picture = folder / f"part{number}"
        draw = ["pdftoppm", "-r", str(DOTS_AN_INCH), "-gray", "-singlefile", *part, "-", picture]
        subprocess.run(draw, input=pdf, check=True)
        read = subprocess.run(
            ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", f"{picture}.pgm"],
            capture_output=True,
            check=False,
            text=True,
        )
        found += read.stdout.splitlines()
    return found
