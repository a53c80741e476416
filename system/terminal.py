"""Standard input, output and error at the start and at the end of a program."""

import os
import sys
from typing import TextIO

_STANDARD_ERROR = 2


def fill_closed_streams() -> None:
    """Connect each standard stream that was closed at the start to nowhere.

    Otherwise the next file that is opened gets its number, and with it all that is meant for a terminal. ``sys``
    still says that input and output are None.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STANDARD_ERROR:
        continue
    os.close(number)
    if sys.stderr is None:
        sys.stderr = open(_STANDARD_ERROR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 -- to the end


def release_dead_streams() -> bool:
    """Flush standard output and error, and connect each to nowhere where its terminal is gone.

    Otherwise Python ends with exit code 120.

    Returns:
        True when one of them could not be written to.
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
    """Write characters that the terminal cannot show as escapes: a Cyrillic name must not end the program."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
