"""Console output: results to standard output, notices and progress to standard error.

Not ``click.echo``: on an ASCII terminal it still sends UTF-8, and some of those bytes are control codes there. The
streams that ``system.terminal`` has prepared send escapes instead.

Every line passes :func:`harmless`, whatever a command put into it: no output holds a control character.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress

from reviewer.terminal.plain_text import letters
from system.errors import ProgramError

PROGRAM = "tipline-review"


def harmless(text: str) -> str:
    """The text with a name for each letter that a terminal obeys or hides; line feeds stay."""
    return "\n".join(map(_harmless_line, text.split("\n")))


def _harmless_line(line: str) -> str:
    if line.isascii() and line.isprintable():  # most lines
        return line
    return "".join(f"<{shown}>" if is_named else shown for shown, is_named in letters(line))


def output(line: str) -> None:
    """Print one line of the result."""
    sys.stdout.write(f"{harmless(line)}\n")


def output_now(line: str) -> None:
    """Print one line of the result of a command that continues."""
    output(line)
    sys.stdout.flush()


def notice(kind: str, text: str) -> None:
    """Print an error, a hint or a warning to standard error, with the program's name."""
    _aside(f"{PROGRAM}: {kind}: {text}\n")


def raise_all(errors: Sequence[ProgramError]) -> None:
    """Print all errors but the first, with their hints, and raise the first; return if there is none."""
    for error in errors[1:]:
        notice("error", str(error))
        if error.hint:
            notice("hint", error.hint)
    if errors:
        raise errors[0]


def print_progress(line: str) -> None:
    """Print progress where there is no terminal for a progress bar."""
    _aside(f"{line}\n")


def _aside(text: str) -> None:
    with suppress(OSError):  # the terminal was closed
        sys.stderr.write(harmless(text))
