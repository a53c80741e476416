"""The mark on a folder that is being made: who finds it later knows that nothing in that folder was ever used.

Power fails, and people pull media out. A home or a root medium carries the mark from its first byte to its last;
nothing opens a marked one, and making it again destroys what is there first.
"""

from pathlib import Path

from reviewer.whole_file import sync_folder, write_whole

MARK = "unfinished"
_LONGEST_BYTES = 128


def mark(folder: Path, *, root_key: str = "") -> None:
    """Mark ``folder``, durably before this returns; ``root_key`` is the public key that was made for it."""
    write_whole(folder / MARK, f"{root_key}\n".encode("ascii"))


def is_marked(folder: Path) -> bool:
    return (folder / MARK).exists()


def marked_root_key(folder: Path) -> str:
    """The public root key for which a marked folder was being made; empty when there is no mark, or no key yet."""
    try:
        with (folder / MARK).open("rb") as file:
            return file.read(_LONGEST_BYTES).decode("ascii", "replace").strip()
    except OSError:
        return ""


def unmark(folder: Path) -> None:
    """From here on the folder is whole."""
    sync_folder(folder)
    (folder / MARK).unlink()
    sync_folder(folder)
