"""What the program says: results to standard output, everything else to standard error, with its name in front.

Not ``click.echo``: where the terminal is set to ASCII, it sends UTF-8 all the same, and some bytes of it are
control codes there. The streams that :func:`escape_what_the_terminal_lacks` has prepared send escapes instead.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from reviewer.errors import ReviewerError

PROGRAM = "tipline-review"
_STANDARD_ERROR = 2


def tell(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{line}\n")


def tell_now(line: str) -> None:
    """One line of the result of a command that goes on."""
    tell(line)
    sys.stdout.flush()


def say(kind: str, text: str) -> None:
    """One line of the program's own voice: an error, a hint, a warning."""
    _aside(f"{PROGRAM}: {kind}: {text}\n")


def raise_all(errors: Sequence[ReviewerError]) -> None:
    """Say all but the first, each with what to do about it, and raise that one; nothing where there is none."""
    for error in errors[1:]:
        say("error", str(error))
        if error.hint:
            say("hint", error.hint)
    if errors:
        raise errors[0]


def note(line: str) -> None:
    """How far something has come, where there is no terminal to draw a bar on."""
    _aside(f"{line}\n")


def fill_closed_streams() -> None:
    """A stream that was closed at the start leads nowhere from now on: its number would else be given to the next
    file that is opened, and get what is meant for a terminal. ``sys`` still says that input and output are none."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STANDARD_ERROR:
        continue
    os.close(number)
    if sys.stderr is None:
        sys.stderr = open(_STANDARD_ERROR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 -- to the end


def release_dead_streams() -> bool:
    """Flush standard output and error. Where the terminal was closed, they lead nowhere from now on: else Python
    fails at its end, with 120.

    Returns:
        whether one could not be written to.
    """
    dead = False
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            dead = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
    return dead


def escape_what_the_terminal_lacks(*streams: TextIO | None) -> None:
    """A name in Cyrillic must not end the program because the terminal is set to ASCII."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _aside(text: str) -> None:
    with suppress(OSError):  # the terminal was closed: there is nobody to tell
        sys.stderr.write(text)
