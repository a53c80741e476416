"""Moves the store of a folder that an earlier program made into a folder of its own.

The worker may write to that folder only, and may read neither the database key nor the onion keys beside it. Each
step is a rename, and what was begun is finished by the next start: no file of the store is ever without a name, and
no program takes half of a store for one.
"""

from typing import Final

from system.atomic_files import give_to_owner_of, sync_folder
from system.errors import system_reason
from tipline.errors import FolderError
from tipline.instance.folder import SMALL_FILE, STORE_FOLDER, SiteFolder

_ON_ITS_WAY: Final = ".store.moving"
_SIDES: Final = ("", "-wal", "-shm", "-journal")
# The smaller file first: where it is gone, no command takes what is left for a store.
_MOVED: Final = (
    *(f"{SMALL_FILE}{side}" for side in _SIDES),
    *(f"bulk.db{side}" for side in _SIDES),
    "ballast",
    "manifest-version",
    "import.lock",
)


def require_not_on_its_way(folder: SiteFolder) -> None:
    """Return where the store is in one of its two places.

    Raises:
        FolderError: it was being moved when the machine stopped.
    """
    if (folder.path / _ON_ITS_WAY).exists():
        raise FolderError(
            "the store was being moved when the machine stopped",
            hint="start the server, or tipline upgrade DIR: it goes on where it stopped",
        )


def give_store_its_own_folder(folder: SiteFolder) -> bool:
    """Move the store into its own folder if needed; return whether anything was moved.

    To be called while the folder is held for serving, before the store is opened.

    Raises:
        FolderError: something else is in the way, or the disk refuses; the next call continues.
        FolderInUse: another process imports.
    """
    moving = folder.path / _ON_ITS_WAY
    if not moving.exists() and not (folder.path / SMALL_FILE).exists():
        return False
    own = folder.path / STORE_FOLDER
    try:
        if own.exists() and any(own.iterdir()):
            raise FolderError(f"{own} is in the way of the store", hint="move it out of the tip line's folder")
        with folder.hold_for_import():
            moving.mkdir(mode=0o700, exist_ok=True)
            give_to_owner_of(folder.path, moving)
            for name in _MOVED:
                if (folder.path / name).exists():
                    (folder.path / name).replace(moving / name)
                    sync_folder(moving)
                    sync_folder(folder.path)
            moving.replace(own)
            sync_folder(folder.path)
    except OSError as error:
        raise FolderError(
            f"the store cannot be moved to {own}: {system_reason(error)}",
            hint="put the disk right, then start again: it goes on where it stopped",
        ) from error
    return True
