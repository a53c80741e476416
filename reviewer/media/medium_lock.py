"""A root medium, held by one process while it signs: two would sign two manifests of one version."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewer.errors import MediumError


@contextmanager
def held_for_issuing(folder: Path) -> Iterator[None]:
    """Read a medium, sign and add to it inside the block.

    Raises:
        MediumError: another one is at work.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:  # reported better when it is opened
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MediumError(
                f"another tipline-review issues keys with {folder}", hint="wait until it has ended"
            ) from error
        except OSError:  # a file system without locks; add() still looks
            pass
        yield
    finally:
        os.close(descriptor)
