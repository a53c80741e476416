"""A QR code as squares on paper. The only module that imports ``segno``."""

from typing import Final

import segno

from outreach.paper import Box, Paper

_BORDER: Final = 4
"""White squares on each side, as ISO/IEC 18004 wants them."""


def draw_code(paper: Paper, text: str, box: Box) -> None:
    """Fill the square ``box`` with the code and the white border that scanners need."""
    rows = [bytes(row) for row in segno.make(text, error="m", boost_error=False, micro=False).matrix]
    side = box.width / (len(rows) + 2 * _BORDER)
    left, top = box.left + _BORDER * side, box.top + _BORDER * side
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                run = Box(left + start * side, top + number * side, (end - start) * side, side)
                paper.rectangle(run, filled=True)
            start = end + 1
