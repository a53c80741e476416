"""Saves a submission's files to a folder, under harmless names."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reviewer.casebook.arrival import Field, StoredFile
from reviewer.casebook.saved_folders import AS_IT_CAME
from reviewer.casebook.sealed_files import SealedFile
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_name import clean_name
from reviewer.cases.quarantine import SAVE, require_not_quarantined
from reviewer.cases.saving_place import written_folder
from reviewer.cases.submission_text import to_json
from reviewer.clean_copy.active_check import active_of, head_of
from reviewer.clean_copy.children import Children
from reviewer.errors import CasebookError, Quarantined
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.terminal.plain_text import readable_text

LISTING_NAME = "contents.json"
MESSAGE_NAME = "message.txt"
RAW_NAME = "message.raw"
_MODE = 0o600
_TEXT_FIELD = "text"
_Read = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class SavedFiles:
    """One file on the disk, and the source's name for it; ``name_here`` is empty for one in quarantine."""

    name_here: str
    untrusted_name: str
    length_bytes: int

    @property
    def is_quarantined(self) -> bool:
        """True if the file was not written, because it is in quarantine."""
        return not self.name_here


def save(
    home: Home, submission: Submission, folder: Path, *, on_disk: bool, today: dt.date, children: Children
) -> list[SavedFiles]:
    """Write the message, every file, and a listing that says how each file was called.

    Of a file that its source had sealed, what was inside is written as well. A file in quarantine is left out, and
    the attempt is counted. Names of files that could run, or that
    a browser would render, end in ``.untrusted``; ``children`` look at the content.

    ``folder`` must be missing or empty. Unless it stays in memory, ``on_disk`` must confirm it. Each file's SHA-256
    is checked while it is written. The line in the log and the row of the saved folder come before the folder:
    where they cannot be written, nothing leaves.

    Raises:
        ReadableOnDisk: the folder does not stay in memory, and that was not confirmed.
        CasebookError: a file is not what was verified when it was taken in; nothing is written then.
        ProgramError: the folder cannot be written.
        CutShort: the children were ended; nothing is written then.
    """
    listing = to_json(home, submission, names=MailboxNames(home.casebook, today=today))
    with written_folder(home, submission, folder, AS_IT_CAME, on_disk=on_disk, today=today) as written:
        writer = _FolderWriter(home, submission, written.beside, children, today)
        writer.write_all()
        listing["saved_as"] = [one.name_here or None for one in writer.saved]
        listing["inside_saved_as"] = {
            writer.saved[place].name_here: [one.name_here or None for one in inside]
            for place, inside in writer.inside_saved.items()
            if not writer.saved[place].is_quarantined
        }
        _write(written.beside / LISTING_NAME, json.dumps(listing, indent=2).encode("ascii"))
        written.keep(act="save", today=today)
    return [one for place, outer in enumerate(writer.saved) for one in [outer, *writer.inside_saved.get(place, [])]]


class _FolderWriter:
    """Writes one submission into an empty folder."""

    def __init__(
        self, home: Home, submission: Submission, folder: Path, children: Children, today: dt.date
    ) -> None:
        self._home = home
        self._submission = submission
        self._folder = folder
        self._taken = {LISTING_NAME: 1, MESSAGE_NAME: 1, RAW_NAME: 1}
        allowed = [_allowed(home, submission, *one, today=today) for one in _files(home, submission)]
        heads = [head_of(read()) if read else b"" for _file, read in allowed]
        self._next = iter(list(zip(allowed, active_of(heads, children=children), strict=True)))
        self.saved: list[SavedFiles] = []
        self.inside_saved: dict[int, list[SavedFiles]] = {}

    def write_all(self) -> None:
        submissions = self._home.casebook.submissions
        inside_of = self._home.casebook.sealed_files.of(self._submission)
        if (message := _message(submissions.fields(self._submission))) is not None:
            _write_message(self._folder, MESSAGE_NAME, RAW_NAME, message)
        for place, file in enumerate(submissions.stored_files(self._submission)):
            self.saved.append(self._write_next())
            if (sealed := inside_of.get(file.place)) is not None:
                self.inside_saved[place] = self._write_inside(sealed, self.saved[-1].name_here)

    def _write_inside(self, sealed: SealedFile, sealed_name: str) -> list[SavedFiles]:
        """Write the content of a file that its source had sealed: its text, then its files."""
        saved: list[SavedFiles] = []
        # The text of a sealed file in quarantine is on the page; a folder of it would be named after the file.
        if sealed_name and (message := _message(sealed.fields)) is not None:
            name = clean_name(f"{sealed_name} {MESSAGE_NAME}", taken=self._taken)
            raw_name = clean_name(f"{sealed_name} {RAW_NAME}", taken=self._taken)
            saved.append(SavedFiles(name, name, _write_message(self._folder, name, raw_name, message)))
        return saved + [self._write_next() for _file in sealed.files]

    def _write_next(self) -> SavedFiles:
        (file, read), is_active = next(self._next)
        if read is None:
            return SavedFiles("", file.name, file.length_bytes)
        name = clean_name(file.name, taken=self._taken, is_active=is_active)
        digest = hashlib.sha256()
        with (self._folder / name).open("xb") as sink:
            (self._folder / name).chmod(_MODE)
            for piece in read():
                digest.update(piece)
                sink.write(piece)
        if digest.digest() != file.sha256:
            raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
        return SavedFiles(name, file.name, file.length_bytes)


def _files(home: Home, submission: Submission) -> Iterator[tuple[StoredFile, _Read]]:
    """Every file in the order of writing, and how it is read: a sealed one, then the files inside of it."""
    submissions, sealed_files = home.casebook.submissions, home.casebook.sealed_files
    inside_of = sealed_files.of(submission)
    for file in submissions.stored_files(submission):
        yield file, partial(submissions.read, submission, file)
        if (sealed := inside_of.get(file.place)) is not None:
            yield from ((one, partial(sealed_files.read, sealed, one)) for one in sealed.files)


def _allowed(
    home: Home, submission: Submission, file: StoredFile, read: _Read, *, today: dt.date
) -> tuple[StoredFile, _Read | None]:
    """The file, and how it is read; None for one in quarantine."""
    try:
        require_not_quarantined(home, submission, file, read, act=SAVE, today=today)
    except Quarantined:
        return file, None
    return file, read


def _message(fields: "tuple[Field, ...] | list[Field]") -> str | None:
    return next((field.value for field in fields if field.name == _TEXT_FIELD), None)


def _write_message(folder: Path, name: str, raw_name: str, message: str) -> int:
    """Write the message as it can be read, and the bytes as sent beside it; their length."""
    raw = message.encode("utf-8")
    _write(folder / name, readable_text(message).encode("utf-8"))
    _write(folder / raw_name, raw)
    return len(raw)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as sink:
        path.chmod(_MODE)
        sink.write(content)
