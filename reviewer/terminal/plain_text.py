"""Makes a source's text harmless for a terminal.

A terminal obeys its output: escape sequences move the cursor, change the title or, in some, answer as if the
reviewer had typed; direction marks make ``gpj.exe`` read as ``exe.jpg``. So only visible letters are printed as
they are; others are named, as ``<U+202E>``. Long lines are cut, so that a megabyte does not freeze the screen. Each
line has a bar in front, so that a tip cannot imitate the program.
"""

import itertools
import unicodedata
from collections.abc import Iterator

LINE_LETTERS = 100
SHOWN_LETTERS = 65_536
BAR = "│ "
_JOINERS = "\u200c\u200d"  # needed to write Persian and many others, and they hide nothing by themselves
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 4
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")  # letters by name, empty to the eye


def plain_line(untrusted_text: str, *, limit_letters: int = LINE_LETTERS) -> str:
    """One harmless line: for names, fields and other text inside a line of ours."""
    shown = "".join(_pieces(untrusted_text[: limit_letters + 1]))
    return shown if len(untrusted_text) <= limit_letters else shown[:limit_letters] + "…"


def plain_lines(untrusted_text: str, *, line_letters: int = LINE_LETTERS) -> Iterator[str]:
    """The text behind bars, in lines of at most ``line_letters`` letters; combining marks do not count.

    After 65,536 letters the rest is left out, and the last line says how much.
    """
    shown = untrusted_text[:SHOWN_LETTERS]
    for line in _split(shown):
        yield from (BAR + piece for piece in _wrap(line, line_letters))
    left = len(untrusted_text) - len(shown)
    if left:
        yield f"{BAR}… {left:,} more letters: save the submission to read the rest"


def readable_text(untrusted_text: str) -> str:
    """The whole text for a file that an editor, a printer or ``cat`` shows: as it was sent, and harmless.

    ``<U+202E>`` stands for a letter without a picture, ``<U+0301 × 3>`` for several of one. The only control
    character in it is the line feed.
    """
    return "\n".join(map(_readable_line, _split(untrusted_text)))


def _readable_line(line: str) -> str:
    if line.isascii() and line.isprintable():  # nothing to name, and most of what is sent
        return line
    groups = ((text, is_named, len(list(same))) for (text, is_named), same in itertools.groupby(letters(line)))
    return "".join(_named(text, times) if is_named else text * times for text, is_named, times in groups)


def _named(name: str, times: int) -> str:
    return f"<{name}>" if times == 1 else f"<{name} × {times}>"


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def letters(untrusted_text: str) -> Iterator[tuple[str, bool]]:
    """The text letter by letter, each as it may be shown; True if it is a name for the letter."""
    marks = 0
    for letter in untrusted_text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in _MARKS else 0
        if letter == "\t":
            yield "    ", False
        elif letter in _JOINERS:
            yield letter, False
        elif category in _HIDDEN or letter in _BLANK_LETTERS or marks > _MOST_MARKS:
            yield f"U+{ord(letter):04X}", True
        elif category == "Zs":
            yield " ", False
        else:
            yield letter, False


def has_visible(untrusted_text: str) -> bool:
    """True if a reader sees anything: blanks, joiners and named letters alone are empty to the eye."""
    return any(
        not is_named and shown.strip() and shown not in _JOINERS for shown, is_named in letters(untrusted_text)
    )


def _pieces(untrusted_text: str) -> Iterator[str]:
    return (f"<{shown}>" if is_named else shown for shown, is_named in letters(untrusted_text))


def _wrap(line: str, line_letters: int) -> Iterator[str]:
    """Cut at the last blank that fits, or anywhere when there is none."""
    row: list[str] = []
    taken = 0
    last_blank = 0  # index in row behind the last blank
    for piece in _pieces(line):
        if taken + len(piece) > line_letters and row and not unicodedata.combining(piece[0]):
            cut = last_blank or len(row)
            yield "".join(row[:cut]).rstrip(" ")
            row = row[cut:]
            taken = sum(map(len, row))
            last_blank = 0
        row.append(piece)
        taken += len(piece)
        if piece == " ":
            last_blank = len(row)
    yield "".join(row)
