"""Makes a source's text harmless for a page: it names the same letters as on a terminal.

Jinja escapes HTML. This handles what deceives the eye: direction marks, invisible letters, and letters under many
combining marks.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reviewer.languages.staff_language import staff_language
from reviewer.terminal.plain_text import letters

PART_LETTERS = 16_384
PART_LINES = 1000
MOST_PARTS = 1_000_000
"""More than any text has; an address may name any number."""
NAME_LETTERS = 300
_ISOLATES = re.compile("([\u2068\u2069])")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of visible letters, or one named letter and its count."""

    text: str = field(repr=False)
    is_named: bool = False
    times: int = 1


def runs(untrusted_text: str) -> list[Run]:
    """The text in runs; line ends are kept, all else that has no picture is named."""
    shown: list[Run] = []
    lines = untrusted_text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, line in enumerate(lines):
        if place:
            shown.append(Run("\n"))
        if line.isascii() and line.isprintable():  # nothing to look for, and most of what is shown
            shown.append(Run(line))
            continue
        for (text, is_named), group in itertools.groupby(letters(line), key=_named_alone):
            pieces = [piece for piece, _ in group]
            shown.append(Run(text, True, len(pieces)) if is_named else Run("".join(pieces)))
    return shown


def own_line(ours: str) -> list[Run]:
    """A sentence of ours, whose isolates stay; other letters without a picture are named."""
    pieces = _ISOLATES.split(ours) if staff_language().direction == "rtl" and _are_balanced(ours) else [ours]
    return [run for piece in pieces for run in ([Run(piece)] if _ISOLATES.fullmatch(piece) else runs(piece))]


def one_line(untrusted_text: str, limit_letters: int = NAME_LETTERS) -> list[Run]:
    """For names and text inside a line of ours: line ends become blanks, and long text is cut."""
    cut = untrusted_text[:limit_letters]
    shown = runs(" ".join(cut.split()) if cut.strip() else "")
    return [*shown, Run("…")] if len(untrusted_text) > limit_letters else shown


def parts(untrusted_text: str) -> int:
    """The number of parts of a text; at least one."""
    return max(1, sum(1 for _ in pieces(untrusted_text)))


def part(untrusted_text: str, number: int) -> str:
    """One part, counted from 1; empty after the last."""
    return next(itertools.islice(pieces(untrusted_text), number - 1, None), "") if number <= MOST_PARTS else ""


def pieces(untrusted_text: str) -> Iterator[str]:
    """Pieces of at most 16,384 letters and 1,000 lines; more lines would bury the forms below them."""
    begin = 0
    while begin < len(untrusted_text):
        end = min(begin + PART_LETTERS, len(untrusted_text))
        lines = itertools.islice(_LINE_END.finditer(untrusted_text, begin, end), PART_LINES - 1, None)
        if (last := next(lines, None)) is not None:
            end = last.end()
        yield untrusted_text[begin:end]
        begin = end


def _are_balanced(ours: str) -> bool:
    depths = list(itertools.accumulate(1 if one == "\u2068" else -1 for one in _ISOLATES.findall(ours)))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _named_alone(letter: tuple[str, bool]) -> tuple[str, bool]:
    """Letters shown as they are make one group; of the named ones, only equal ones do."""
    return letter if letter[1] else ("", False)
