"""What the program says: results to standard output, everything else to standard error, with its name in front.

Not ``click.echo``: where the terminal is set to ASCII, it sends UTF-8 all the same, and some bytes of it are
control codes there. The streams that ``system.terminal`` has prepared send escapes instead.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress

from system.errors import ProgramError

PROGRAM = "tipline-review"


def output(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{line}\n")


def output_now(line: str) -> None:
    """One line of the result of a command that goes on."""
    output(line)
    sys.stdout.flush()


def notice(kind: str, text: str) -> None:
    """One line of the program's own voice: an error, a hint, a warning."""
    _aside(f"{PROGRAM}: {kind}: {text}\n")


def raise_all(errors: Sequence[ProgramError]) -> None:
    """Say all but the first, each with what to do about it, and raise that one; nothing where there is none."""
    for error in errors[1:]:
        notice("error", str(error))
        if error.hint:
            notice("hint", error.hint)
    if errors:
        raise errors[0]


def print_progress(line: str) -> None:
    """How far something has come, where there is no terminal to draw a bar on."""
    _aside(f"{line}\n")


def _aside(text: str) -> None:
    with suppress(OSError):  # the terminal was closed: there is nobody to tell
        sys.stderr.write(text)
