"""Writes clean copies of a submission's pictures to a folder; the originals stay in the casebook.

The folder receives no message, no listing, and no name that the source gave, because a name reveals facts too
(``IMG_20260512_1433.jpg``, ``PXL_…``). docs/review/hand-on-photos.md is the page for staff.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.saved_folders import CLEAN_COPIES
from reviewer.casebook.submission import Submission
from reviewer.cases.numbered_files import verified_file
from reviewer.cases.quarantine import CLEAN_COPY, require_not_quarantined
from reviewer.cases.saving_place import written_folder
from reviewer.clean_copy.children import Children
from reviewer.clean_copy.limits import LARGEST_FILE_BYTES
from reviewer.clean_copy.picture_kind import HEAD_BYTES, FileKind, NoPicture
from reviewer.clean_copy.redraw import CleanCopy, kinds_of, redraw
from reviewer.clean_copy.trace import Trace
from reviewer.errors import NoCleanCopy, Quarantined, TracesStay
from reviewer.home.home import Home
from system.errors import ProgramError

_MODE: Final = 0o600
_ACT: Final = "save clean copies"
_Read = Callable[[], Iterator[bytes]]
_INSTEAD: Final = "show such a file on a machine that holds nothing else, and hand on a screenshot of it"


@dataclass(frozen=True, slots=True)
class SavedCopy:
    """One copy on the disk: the source's file name, and the traces that were removed."""

    name_here: str
    untrusted_name: str
    taken_off: tuple[Trace, ...]

    @property
    def taken_off_words(self) -> str:
        """The removed traces on one line: the kinds, never a value."""
        return ", ".join(trace.value for trace in self.taken_off) or "nothing was recognised"


@dataclass(frozen=True, slots=True)
class CleanExport:
    """The written and the omitted pictures, by the names that their source gave (untrusted)."""

    copies: list[SavedCopy]
    left_out: list[tuple[str, NoCleanCopy]]


def save_clean(
    home: Home,
    submission: Submission,
    folder: Path,
    *,
    leave_out: bool,
    on_disk: bool,
    today: dt.date,
    children: Children,
) -> CleanExport:
    """Write a clean copy of every picture, also of those inside of files that the source had sealed.

    ``folder`` must be missing or empty. Unless it stays in memory, ``on_disk`` must confirm it. With ``leave_out``
    files of which no clean copy can be made are left out. Only ``children`` look into the files; here they are
    decrypted and hashed. The line in the log comes before the folder: where none can be written, nothing leaves.

    Raises:
        ReadableOnDisk: the folder does not stay in memory, and that was not confirmed.
        TracesStay: of some files, or of all, no clean copy can be made; nothing is written then.
        CasebookError: a file is not what was verified when it was taken in; nothing is written then.
        ProgramError: there is no file at all, the folder cannot be written, or nothing can be decoded here.
        CutShort: the children were ended; nothing is written then.
    """
    done = CleanExport([], [])
    files = list(files_of(home, submission))
    if not files:
        raise ProgramError("this submission has no files, so there is nothing to copy")
    with written_folder(home, submission, folder, CLEAN_COPIES, on_disk=on_disk, today=today) as written:
        allowed = []
        for file, read in files:
            try:
                require_not_quarantined(home, submission, file, read, act=CLEAN_COPY, today=today)
            except Quarantined as refused:
                done.left_out.append((file.name, NoCleanCopy(str(refused))))
            else:
                allowed.append((file, read))
        kinds = kinds_of([head_of(read()) for _, read in allowed], children=children)
        for (file, read), kind in zip(allowed, kinds, strict=True):
            try:
                copy = _copy(file, kind, read, children)
            except NoCleanCopy as no_copy:
                done.left_out.append((file.name, no_copy))
            else:
                done.copies.append(_write(written.beside, copy, file, number=len(done.copies) + 1))
        if done.left_out and not (leave_out and done.copies):
            raise TracesStay(
                f"no clean copy can be made of {len(done.left_out)} of {len(files)} files; nothing was written",
                refused=done.left_out,
                clean=len(done.copies),
                hint=_INSTEAD,
            )
        written.keep(act=_ACT, today=today)
    return done


def files_of(home: Home, submission: Submission) -> Iterator[tuple[StoredFile, _Read]]:
    """Every file and how it is read; in place of a sealed one that was opened, the files inside of it."""
    submissions, sealed_files = home.casebook.submissions, home.casebook.sealed_files
    inside_of = sealed_files.of(submission)
    for file in submissions.stored_files(submission):
        sealed = inside_of.get(file.place)
        if sealed is None or not sealed.is_open:
            yield file, partial(submissions.read, submission, file)
        else:
            yield from ((one, partial(sealed_files.read, sealed, one)) for one in sealed.files)


def head_of(pieces: Iterator[bytes]) -> bytes:
    """The first bytes of a file, as many as tell its kind."""
    first = b""
    while len(first) < HEAD_BYTES and (piece := next(pieces, b"")):
        first += piece[:HEAD_BYTES]  # a file may begin at the end of a piece
    return first[:HEAD_BYTES]


def _copy(file: StoredFile, kind: FileKind, read: _Read, children: Children) -> CleanCopy:
    """Copy one whole file.

    Raises:
        NoCleanCopy: by its first bytes it is no picture, it is too large, or it cannot be drawn.
        CasebookError: it is not what was taken in.
    """
    if isinstance(kind, NoPicture):
        raise NoCleanCopy(kind.value)
    if file.length_bytes > LARGEST_FILE_BYTES:
        raise NoCleanCopy(f"it has more than {LARGEST_FILE_BYTES >> 20} MiB")
    with verified_file(file, read) as content:
        return redraw(content, kind, children=children)


def _write(folder: Path, copy: CleanCopy, file: StoredFile, *, number: int) -> SavedCopy:
    name = f"picture-{number}{copy.kind.ending}"
    with (folder / name).open("xb") as sink:
        (folder / name).chmod(_MODE)
        sink.write(copy.content)
    told = tuple(trace for trace in Trace if trace in copy.taken_off)
    return SavedCopy(name, file.name, told)
