"""The files of a tip before they leave: what each is, and which kinds of traces it carries.

Only sandboxed processes look into them. Traces are told by kind, never by value.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_export import files_of, head_of
from reviewer.cases.quarantine import require_not_quarantined
from reviewer.cases.shown_code import content_names
from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.limits import LARGEST_FILE_BYTES
from reviewer.clean_copy.picture_kind import FileKind, NoPicture, PictureKind
from reviewer.clean_copy.redraw import CleanCopy, kinds_of, redraw, traces_in
from reviewer.clean_copy.trace import Trace
from reviewer.errors import CasebookError, NoCleanCopy, Quarantined
from reviewer.home.home import Home
from reviewer.leaving.passages import ticks_of
from reviewer.viewers.listed_traces import listed_traces

LEAVE: Final = "leave"
"""The act in the count of accesses to files in quarantine."""

MORE: Final = "and more that is not listed"
NONE_SEEN: Final = "none was recognised; a file of this kind may hold some that are not listed"

NOT_LISTED: Final = {
    NoPicture.PDF: "a PDF may tell who made it, when, with which program, and earlier wordings",
    NoPicture.OFFICE: "an office document may tell who wrote and changed it, when, and earlier wordings",
    NoPicture.OFFICE_OR_ARCHIVE: "an office document or an archive may tell who made it, and earlier wordings",
    NoPicture.ARCHIVE: "the files in this archive were not read and may tell anything; it tells names and times",
    NoPicture.VIDEO: "a video may tell place, time and device; it holds voices and faces",
    NoPicture.VIDEO_OR_SOUND: "a video or a sound may tell place, time and device; it holds voices",
    NoPicture.SOUND: "a sound may tell time and device; it holds voices",
    NoPicture.HEIC_OR_AVIF: "a photo of a telephone may tell place, time and device",
    NoPicture.TIFF_OR_RAW: "a photo may tell place, time, device and owner",
    NoPicture.OTHER_PICTURE: "a picture may tell time and program",
    NoPicture.SEALED: "it is sealed and was not opened here, so no one knows what is inside",
    NoPicture.EMPTY: "it is empty",
    NoPicture.UNKNOWN: "its kind is not known, so it may tell anything",
}


@dataclass(frozen=True, slots=True)
class LeavingFile:
    """A file of a tip; ``number`` counts from 1.

    ``traces`` is None where this program cannot list them all. ``told`` are some of them then: those of which a
    sandboxed process tells, or None where none can read the file.
    """

    number: int
    file: StoredFile
    kind: FileKind
    traces: tuple[Trace, ...] | None
    read: Callable[[], Iterator[bytes]]
    is_quarantined: bool = False
    tick: str = ""
    """Its name in a form: the tip, and the SHA-256 of the content."""
    told: tuple[Trace, ...] | None = None

    @property
    def words(self) -> str:
        """The traces on one line, for staff: the kinds, never a value."""
        if self.is_quarantined:
            return "not looked for: it is in quarantine, and does not leave"
        if self.traces is not None:
            return ", ".join(trace.value for trace in self.traces) or "none was recognised"
        if self.told:
            return ", ".join([*(trace.value for trace in self.told), MORE])
        if self.told is not None:
            return NONE_SEEN
        if isinstance(self.kind, NoPicture):
            return f"not listed: {NOT_LISTED[self.kind]}"
        return "not listed: it is too large to be looked at"

    @property
    def trace_names(self) -> list[str] | None:
        """The kinds for a program; None where they are not known."""
        return None if self.traces is None else [trace.value for trace in self.traces]


def leaving_files(home: Home, submission: Submission, *, children: Children, today: dt.date) -> list[LeavingFile]:
    """Every file of a tip; in place of a sealed one that was opened, the files inside of it.

    A file in quarantine is named and not read.

    Raises:
        CasebookError: a file is not what was verified when it was taken in.
        ProgramError: nothing can be looked at on this machine.
        CutShort: the children were ended.
    """
    files = list(files_of(home, submission))
    hidden = {file.sha256 for file, read in files if _is_quarantined(home, submission, file, read, today)}
    heads = [b"" if file.sha256 in hidden else head_of(read()) for file, read in files]
    kinds = kinds_of(heads, children=children) if files else []
    ticks = ticks_of(submission, content_names(file.sha256 for file, _read in files))
    return [
        LeavingFile(number, file, kind, None, read, is_quarantined=True, tick=tick)
        if file.sha256 in hidden
        else LeavingFile(
            number,
            file,
            kind,
            _traces(file, kind, read, children),
            read,
            told=_told(file, kind, read, children),
            tick=tick,
        )
        for number, ((file, read), kind, tick) in enumerate(zip(files, kinds, ticks, strict=True), 1)
    ]


def file_ticks(home: Home, submission: Submission) -> list[str]:
    """The names of the files of a tip in a form, in their order; none of them is read."""
    return ticks_of(submission, content_names(file.sha256 for file, _read in files_of(home, submission)))


def require_may_leave(home: Home, submission: Submission, one: LeavingFile, *, today: dt.date) -> None:
    """Return if a ticked file may leave.

    Raises:
        Quarantined: it is in quarantine; the attempt was counted.
    """
    require_not_quarantined(home, submission, one.file, one.read, act=LEAVE, today=today)


def clean_copy(one: LeavingFile, *, children: Children) -> CleanCopy:
    """The file redrawn from its pixels.

    Raises:
        NoCleanCopy: it is no picture, too large, or cannot be drawn.
    """
    if isinstance(one.kind, NoPicture):
        raise NoCleanCopy(one.kind.value)
    if one.file.length_bytes > LARGEST_FILE_BYTES:
        raise NoCleanCopy(f"it has more than {LARGEST_FILE_BYTES >> 20} MiB")
    return redraw(whole(one.file, one.read), one.kind, children=children)


def whole(file: StoredFile, read: Callable[[], Iterator[bytes]]) -> bytes:
    """All bytes of a file.

    Raises:
        CasebookError: they are not what was taken in.
    """
    content = b"".join(read())
    if hashlib.sha256(content).digest() != file.sha256:
        raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
    return content


def _is_quarantined(
    home: Home, submission: Submission, file: StoredFile, read: Callable[[], Iterator[bytes]], today: dt.date
) -> bool:
    """True if it is in quarantine, or is put there now. Naming it is no access, so nothing is counted."""
    if home.casebook.quarantine.since(file.sha256) is not None:
        return True
    try:
        require_not_quarantined(home, submission, file, read, act=LEAVE, today=today)
    except Quarantined:
        return True
    return False


def _traces(
    file: StoredFile, kind: FileKind, read: Callable[[], Iterator[bytes]], children: Children
) -> tuple[Trace, ...] | None:
    if not isinstance(kind, PictureKind) or file.length_bytes > LARGEST_FILE_BYTES:
        return None
    try:
        found = traces_in(whole(file, read), kind, children=children)
    except NoCleanCopy:
        return None
    return tuple(trace for trace in Trace if trace in found)


def _told(
    file: StoredFile, kind: FileKind, read: Callable[[], Iterator[bytes]], children: Children
) -> tuple[Trace, ...] | None:
    if not isinstance(kind, NoPicture) or not 0 < file.length_bytes <= LARGEST_FILE_BYTES:
        return None
    with MemoryFile(whole(file, read)) as content:
        found = listed_traces(content, kind, children=children)
    return None if found is None else tuple(trace for trace in Trace if trace in found)
