"""The marker of a folder under construction: nothing in a marked folder was ever used.

Power fails, and people unplug media. A home or a root medium is marked from its first byte to its last. A marked
one is never opened, and making it again destroys its content first.
"""

from collections.abc import Sequence
from pathlib import Path

from system.atomic_files import sync_folder, write_whole

MARK = "unfinished"
_LONGEST_BYTES = 4096


def mark_incomplete(folder: Path, *, root_key: str = "", files: Sequence[str] = ()) -> None:
    """Mark ``folder``, durably before this returns.

    ``root_key`` is the public key made for it. ``files`` are names under which other reviewers may have files too.
    """
    write_whole(folder / MARK, "".join(f"{line}\n" for line in [root_key, *files]).encode("ascii"))


def is_incomplete(folder: Path) -> bool:
    return (folder / MARK).exists()


def marked_root_key(folder: Path) -> str:
    """The public root key of a marked folder; empty without a mark, or before the key was made."""
    return _lines(folder)[0]


def marked_files(folder: Path) -> list[str]:
    """The names that :func:`mark_incomplete` was given; none when there is no mark."""
    return _lines(folder)[1:]


def mark_complete(folder: Path) -> None:
    """Remove the mark: the folder is complete."""
    sync_folder(folder)
    (folder / MARK).unlink()
    sync_folder(folder)


def _lines(folder: Path) -> list[str]:
    """At least one, which may be empty."""
    try:
        with (folder / MARK).open("rb") as file:
            text = file.read(_LONGEST_BYTES).decode("ascii", "replace")
            return [line.strip() for line in text.removesuffix("\n").split("\n")]
    except OSError:
        return [""]
