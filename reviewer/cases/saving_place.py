"""Places for readable files: proposed in memory, and on a disk only after a second confirmation."""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, Protocol

from reviewer.casebook.submission import Submission
from reviewer.errors import DiskSwapOn, ReadableOnDisk
from reviewer.home.home import Home
from reviewer.machine.swap_warning import require_no_disk_swap
from reviewer.media.mounted import is_on, writable_media
from system.atomic_files import whole_folder, write_whole
from system.errors import ProgramError, system_reason
from system.memory_folders import lies_in_memory, memory_place, own_folder

ON_A_DISK: Final = (
    "anyone who gets that disk can read the files, also after they are deleted: a disk keeps what was overwritten"
)
_SAVED: Final = "tipline-saved"


def proposed_folder(short_id: str) -> Path | None:
    """A new folder in memory for the files of this tip; None if this machine has no place in memory.

    The home of the user is never proposed: it lies on a disk, beside the casebook.
    """
    return _new(f"tip-{short_id}")


def proposed_folder_to_hand_on() -> Path | None:
    """The same for clean copies; the name reveals nothing of the tip."""
    return _new("to-hand-on")


def prepare_place(folder: Path) -> None:
    """Make the private folder above a proposed one, if ``folder`` is such a one.

    Raises:
        ProgramError: another user made something of this name first.
    """
    place = memory_place()
    if place is not None and folder.parent == _above(place):
        own_folder(_SAVED, within=place)


def stays_in_memory(folder: Path) -> bool:
    """True if what is written to ``folder`` reaches no disk: it lies in memory, and no swap is on a disk."""
    if not lies_in_memory(folder):
        return False
    try:
        require_no_disk_swap()
    except DiskSwapOn:
        return False
    return True


def require_place(folder: Path, *, on_disk: bool) -> bool:
    """Return if readable files may be written to ``folder``; True if it stays in memory.

    Args:
        folder: the folder to be written.
        on_disk: staff have confirmed that the files may reach a disk.

    Raises:
        ReadableOnDisk: the files would reach a disk, and it was not confirmed.
    """
    if stays_in_memory(folder):
        return True
    if on_disk:
        return False
    if lies_in_memory(folder):
        raise ReadableOnDisk(
            f"{folder} lies in memory, but swap is on, so its files can reach the disk: {ON_A_DISK}",
            hint="switch swap off (swapoff -a), or confirm it",
        )
    raise ReadableOnDisk(
        f"{folder} does not lie in memory: {ON_A_DISK}", hint="save without naming a folder, or confirm it"
    )


class RemembersFolders(Protocol):
    """A list of folders with readable files: that of the casebook, or of a member."""

    def add(self, tip: str, path: Path, kind: str, *, is_in_memory: bool, today: dt.date) -> int: ...

    def name_files(self, number: int, names: Sequence[str]) -> None: ...

    def forget(self, number: int) -> None: ...


@dataclass(frozen=True, slots=True)
class WrittenFolder:
    """A folder that is being written beside its place; :meth:`keep` comes last."""

    beside: Path
    _home: Home
    _submission: Submission
    _number: int

    def keep(self, *, act: str, today: dt.date) -> None:
        """Note its files, and the act in the log. Where this fails, nothing leaves."""
        names = sorted(path.name for path in self.beside.iterdir())
        with self._home.casebook.changing():
            self._home.casebook.saved_folders.name_files(self._number, names)
            self._home.casebook.log.add(act, self._submission.short_id, today=today)


@contextmanager
def written_folder(
    home: Home, submission: Submission, folder: Path, kind: str, *, on_disk: bool, today: dt.date
) -> Iterator[WrittenFolder]:
    """An empty folder that gets its place, ``folder``, when the block ends well.

    The casebook remembers it before the first byte is written: what a killed program leaves is listed too.

    Raises:
        ReadableOnDisk: the folder does not stay in memory, and that was not confirmed.
        ProgramError: there is something at ``folder`` already, or it cannot be written.
    """
    folder = folder.absolute()
    is_in_memory = require_place(folder, on_disk=on_disk)
    folders = home.casebook.saved_folders
    with remembered_folder(folders, submission.short_id, folder, kind, is_in_memory=is_in_memory, today=today) as (
        beside,
        number,
    ):
        yield WrittenFolder(beside, home, submission, number)


@contextmanager
def remembered_folder(
    folders: RemembersFolders, tips: str, folder: Path, kind: str, *, is_in_memory: bool, today: dt.date
) -> Iterator[tuple[Path, int]]:
    """An empty folder that gets its place when the block ends well, and its number.

    It is listed before the first byte is written. The caller notes its files by their names.
    """
    prepare_place(folder)
    number = folders.add(tips, folder, kind, is_in_memory=is_in_memory, today=today)
    try:
        with whole_folder(folder) as beside:
            yield beside, number
    except BaseException:
        folders.forget(number)
        raise


def require_proposal(folder: Path | None) -> Path:
    """The proposed folder.

    Raises:
        ProgramError: this machine has no place in memory.
    """
    if folder is None:
        raise ProgramError(
            "this machine has no folder in memory to save to", hint="name a folder; on a disk it must be confirmed"
        )
    return folder


def _above(place: Path) -> Path:
    """The folder that :func:`system.memory_folders.own_folder` makes."""
    return place / f"{_SAVED}-{os.getuid()}"


def _new(name: str) -> Path | None:
    place = memory_place()
    if place is None:
        return None
    above = _above(place)
    numbered = (above / (name if number == 1 else f"{name}-{number}") for number in count(1))
    return next(one for one in numbered if not one.exists())


def write_leaving(out: Path, content: str, *, on_disk: bool) -> None:
    """Write a file that anyone can read into memory or onto a medium, or with ``on_disk`` anywhere.

    Raises:
        ProgramError: the file exists, lies on a disk without confirmation, or cannot be written.
    """
    require_place_for_file(out, on_disk=on_disk)
    try:
        write_whole(out, content.encode("utf-8"))
    except OSError as error:
        raise ProgramError(f"{out} could not be written: {system_reason(error)}") from error


def require_place_for_file(out: Path, *, on_disk: bool) -> None:
    """Return when a file that anyone can read may be written to ``out``.

    Raises:
        ProgramError: the file exists, or lies on a disk without confirmation.
    """
    if out.exists():
        raise ProgramError("there is a file of this name already", hint="name a new file")
    if not on_disk and not stays_in_memory(out) and not is_on(out, writable_media()):
        raise ReadableOnDisk(
            "a report can be read by anyone who finds it, and a disk keeps what was deleted",
            hint="name a file on a medium or in memory, or confirm a disk with --on-disk",
        )
