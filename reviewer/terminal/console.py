"""Console output: results to standard output, notices and progress to standard error.

Not ``click.echo``: on an ASCII terminal it still sends UTF-8, and some of those bytes are control codes there. The
streams that ``system.terminal`` has prepared send escapes instead.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress

from system.errors import ProgramError

PROGRAM = "tipline-review"


def output(line: str) -> None:
    """Print one line of the result."""
    sys.stdout.write(f"{line}\n")


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
        sys.stderr.write(text)
