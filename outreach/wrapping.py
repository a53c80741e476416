"""Lines of a text, broken where its language allows it."""

import re
from collections.abc import Callable
from typing import Final

from outreach.sentences import PLACE_TO_BREAK

_HAN: Final = "\u3400-\u9fff"
_AFTER_OR_BEFORE_HAN: Final = re.compile(
    f"(?<=[{_HAN}，。：；、？！”）])(?=[{_HAN}“（A-Za-z])|(?<=[A-Za-z])(?=[{_HAN}])"
)
_PIECE: Final = re.compile(f"[^ {PLACE_TO_BREAK}]+[ {PLACE_TO_BREAK}]*")


def wrapped(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text in full lines that fit; a word that fits no line stands alone on one."""
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(_AFTER_OR_BEFORE_HAN.sub(PLACE_TO_BREAK, text)):
        longer = line + piece
        if line and not fits(shown(longer)):
            lines.append(shown(line))
            line = piece
        else:
            line = longer
    return [*lines, shown(line)] if line else lines


def shown(text: str) -> str:
    """The text without the marks of where it may break."""
    return text.replace(PLACE_TO_BREAK, "").strip()
