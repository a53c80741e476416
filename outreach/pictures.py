"""Three pictures, drawn here: get the program, open it, type the address."""

from collections.abc import Callable
from typing import Final

from outreach.paper import Box, Paper


def get_it(paper: Paper, box: Box) -> None:
    """A telephone into which an arrow points."""
    phone = _phone(paper, box)
    middle, top, low = phone.left + phone.width / 2, phone.top + phone.height * 0.2, phone.top + phone.height * 0.62
    side, thick = phone.width * 0.24, box.height / 18
    paper.line([(middle, top), (middle, low)], thick_mm=thick)
    paper.line([(middle - side, low - side), (middle, low), (middle + side, low - side)], thick_mm=thick)
    floor = phone.top + phone.height * 0.76
    paper.line([(middle - side, floor), (middle + side, floor)], thick_mm=thick)


def open_it(paper: Paper, box: Box) -> None:
    """A telephone with the rings of a cut onion, and a finger's tap around it."""
    phone = _phone(paper, box)
    middle = (phone.left + phone.width / 2, phone.top + phone.height * 0.48)
    for share in (0.12, 0.23, 0.34):
        paper.circle(middle, phone.width * share, thick_mm=box.height / 30)


def type_it(paper: Paper, box: Box) -> None:
    """A bar with a caret in it, and keys below."""
    width = min(2.2 * box.height, 0.84 * box.width)
    bar = box.part((box.width - width) / 2, box.height * 0.06, width, box.height * 0.3)
    thick = box.height / 24
    paper.rectangle(bar, round_mm=bar.height / 2.5, thick_mm=thick)
    caret = bar.left + bar.width * 0.72
    paper.line([(caret, bar.top + bar.height * 0.2), (caret, bar.top + bar.height * 0.8)], thick_mm=thick)
    for number in range(4):
        left = bar.left + bar.width * (0.12 + 0.14 * number)
        paper.rectangle(Box(left, bar.top + bar.height * 0.4, bar.height * 0.24, bar.height * 0.24), filled=True)
    key = width * 0.08
    for row, keys in enumerate((8, 7)):
        start = box.left + (box.width - keys * key * 1.3) / 2
        for number in range(keys):
            place = Box(start + number * key * 1.3, box.top + box.height * 0.5 + 1.35 * key * row, key, key)
            paper.rectangle(place, round_mm=key / 5, thick_mm=thick / 2)


THREE: Final[tuple[tuple[str, Callable[[Paper, Box], None]], ...]] = (
    ("get", get_it),
    ("open", open_it),
    ("type", type_it),
)
"""By the names of the sentences under them."""


def _phone(paper: Paper, box: Box) -> Box:
    width = box.height * 0.58
    phone = box.part((box.width - width) / 2, 0, width, box.height)
    paper.rectangle(phone, round_mm=width * 0.14, thick_mm=box.height / 24)
    button = phone.width * 0.2
    height = phone.top + phone.height * 0.91
    middle = phone.left + phone.width / 2
    paper.line([(middle - button / 2, height), (middle + button / 2, height)], thick_mm=box.height / 30)
    return phone
