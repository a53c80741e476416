"""Lists the folders with readable files that staff saved, and destroys them.

Only files that this program wrote are destroyed, by their names. A folder that is moved away, or on a medium that
is not plugged in, stays listed: a person has to look for it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.saved_folders import SavedFolder
from reviewer.files.overwritten_files import destroy_folder, overwrite
from reviewer.home.home import Home
from system.atomic_files import leavings
from system.errors import ProgramError, system_reason

FOLDER_DESTROYED: Final = "saved folder destroyed"
"""The act in the log."""

LEFT_ON_A_DISK: Final = (
    "They were overwritten once. A disk may still hold them: an SSD or a stick writes to other cells than it read,"
    " a file system keeps a journal and snapshots, a file manager makes small pictures, and a backup of this"
    " machine has what was there. Only a disk that is encrypted as a whole, or destroyed, gives nothing away."
)
LEFT_IN_MEMORY: Final = "They were overwritten in memory, and nothing of them was on a disk."


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A saved folder, and how many of its files are still there."""

    saved: SavedFolder
    files_there: int

    def to_json(self) -> dict[str, Json]:
        return {
            "number": self.saved.number,
            "id": self.saved.tip,
            "folder": str(self.saved.path),
            "kind": self.saved.kind,
            "in_memory": self.saved.is_in_memory,
            "day": self.saved.day.isoformat(),
            "files": len(self.saved.names),
            "files_there": self.files_there,
        }


@dataclass(frozen=True, slots=True)
class Destroyed:
    """One destroyed folder; ``others`` files in it were not of this program, and stay there."""

    saved: SavedFolder
    files: int
    others: int


def listed(folders: Iterable[SavedFolder]) -> list[ListedFolder]:
    """The folders, each with the number of its files that are still there."""
    return [ListedFolder(one, _count(one)) for one in folders]


def destroy(home: Home, number: int, *, is_gone: bool = False, today: dt.date) -> Destroyed:
    """Overwrite and remove the files of one saved folder, and list it no more.

    Args:
        home: the open home.
        number: of the saved folder.
        is_gone: staff say that the files were destroyed in another way; needed where none is found.
        today: for the log.

    Raises:
        CasebookError: no folder has this number.
        ProgramError: no file of it is there, or one cannot be overwritten; it stays listed then.
    """
    done = destroy_files(home.casebook.saved_folders.find(number), is_gone=is_gone)
    with home.casebook.changing():
        home.casebook.saved_folders.mark_destroyed(number, today=today)
        home.casebook.log.add(FOLDER_DESTROYED, done.saved.tip, today=today)
    return done


def destroy_files(saved: SavedFolder, *, is_gone: bool) -> Destroyed:
    """Overwrite and remove the files of one saved folder; ``is_gone`` as in :func:`destroy`.

    Raises:
        ProgramError: no file of it is there, or one cannot be overwritten.
    """
    there = _there(saved)
    count = _count(saved)
    if not count and not is_gone:
        raise ProgramError(
            "none of these files is in the folder any more",
            hint="plug the medium in, or look where they were moved to; if they are destroyed, say so (--gone)",
        )
    try:
        for path in there:
            overwrite(path)
            path.unlink()
        for unfinished in leavings(saved.path):
            destroy_folder(unfinished)
        for inside in sorted({(saved.path / name).parent for name in saved.names} - {saved.path}, reverse=True):
            _remove_folder(inside)
        others = _remove_folder(saved.path)
    except OSError as error:
        raise ProgramError(
            f"not everything in {saved.path} was destroyed: {system_reason(error)}",
            hint="make the folder writable, and do it again",
        ) from error
    return Destroyed(saved, count, others)


def _count(saved: SavedFolder) -> int:
    """Its files that are still there, with those that a killed program left beside it."""
    return len(_there(saved)) + sum(
        1 for left in leavings(saved.path) for path in left.rglob("*") if path.is_file()
    )


def _there(saved: SavedFolder) -> list[Path]:
    """Its files that are still there, none of them a link to another place."""
    if saved.path.is_symlink():
        return []
    paths = (saved.path / name for name in saved.names)
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def _remove_folder(folder: Path) -> int:
    """Remove the folder if nothing is left in it; the number of files that are."""
    if not folder.is_dir() or folder.is_symlink():
        return 0
    others = sum(1 for _path in folder.iterdir())
    if not others:
        folder.rmdir()
    return others
