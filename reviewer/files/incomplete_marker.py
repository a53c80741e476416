"""The mark on a folder that is being made: who finds it later knows that nothing in that folder was ever used.

Power fails, and people pull media out. A home or a root medium carries the mark from its first byte to its last;
nothing opens a marked one, and making it again destroys what is there first.
"""

from collections.abc import Sequence
from pathlib import Path

from system.atomic_files import sync_folder, write_whole

MARK = "unfinished"
_LONGEST_BYTES = 4096


def mark_incomplete(folder: Path, *, root_key: str = "", files: Sequence[str] = ()) -> None:
    """Mark ``folder``, durably before this returns; ``root_key`` is the public key that was made for it, and
    ``files`` are names under which others may have files as well."""
    write_whole(folder / MARK, "".join(f"{line}\n" for line in [root_key, *files]).encode("ascii"))


def is_incomplete(folder: Path) -> bool:
    return (folder / MARK).exists()


def marked_root_key(folder: Path) -> str:
    """The public root key for which a marked folder was being made; empty when there is no mark, or no key yet."""
    return _lines(folder)[0]


def marked_files(folder: Path) -> list[str]:
    """The names that :func:`mark_incomplete` was given; none when there is no mark."""
    return _lines(folder)[1:]


def mark_complete(folder: Path) -> None:
    """From here on the folder is whole."""
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
