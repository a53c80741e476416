"""What a command may write over: the same kind of file, from a round before, and nothing else."""

from pathlib import Path

from reviewer.errors import ReviewerError


def require_replaceable(target: Path, *, beginning: bytes, kind: str) -> None:
    """Return when there is nothing at ``target``, or a file that is empty or begins as what is to be written there.

    Raises:
        ReviewerError: something else is there. An outbox in the place of the backup would let servers delete what
            no backup holds any more.
    """
    try:
        if not target.is_file():
            return
        with target.open("rb") as there:
            found = there.read(len(beginning))
    except OSError:  # not there; or whoever writes it says what is wrong with the place
        return
    if found and found != beginning:
        raise ReviewerError(f"{target} is there, and is no {kind}", hint="name another file; nothing was written")
