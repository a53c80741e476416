"""Standard output and error that cannot be written to any more, as their terminal was closed."""

import os
import sys


def release_dead_streams() -> bool:
    """Flush both. One that cannot be written to leads nowhere from now on: Python would else fail at its end, with
    120.

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
