"""Saves a submission's files to a folder, under harmless names."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.sealed_files import SealedFile, SealedFiles
from reviewer.casebook.submission import Submission
from reviewer.cases.clean_name import clean_name
from reviewer.cases.submission_text import to_json
from reviewer.errors import CasebookError
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from system.atomic_files import whole_folder

LISTING_NAME = "contents.json"
MESSAGE_NAME = "message.txt"
_MODE = 0o600
_TEXT_FIELD = "text"


@dataclass(frozen=True, slots=True)
class SavedFiles:
    """One file on the disk, and the source's name for it."""

    name_here: str
    untrusted_name: str
    length_bytes: int


def save(home: Home, submission: Submission, folder: Path, *, today: dt.date) -> list[SavedFiles]:
    """Write the message, every file, and a listing that says how each file was called.

    Of a file that its source had sealed, what was inside is written as well.

    ``folder`` must be missing or empty. Each file's SHA-256 is checked while it is written. The line in the log
    comes before the folder: where none can be written, nothing leaves.

    Raises:
        CasebookError: a file is not what was verified when it was taken in; nothing is written then.
        ProgramError: the folder cannot be written.
    """
    submissions = home.casebook.submissions
    sealed_files = home.casebook.sealed_files
    inside_of = sealed_files.of(submission)
    listing = to_json(home, submission, names=MailboxNames(home.casebook, today=today))
    taken = {LISTING_NAME: 1, MESSAGE_NAME: 1}
    saved: list[SavedFiles] = []
    inside_saved: dict[int, list[SavedFiles]] = {}
    with whole_folder(folder) as beside:
        for field in submissions.fields(submission):
            if field.name == _TEXT_FIELD:
                _write(beside / MESSAGE_NAME, field.value.encode("utf-8"))
                break
        for place, file in enumerate(submissions.stored_files(submission)):
            saved.append(_write_file(beside, file, submissions.read(submission, file), taken))
            if (sealed := inside_of.get(file.place)) is not None:
                inside_saved[place] = _write_inside(beside, sealed, sealed_files, saved[-1].name_here, taken)
        listing["saved_as"] = [one.name_here for one in saved]
        listing["inside_saved_as"] = {
            saved[place].name_here: [one.name_here for one in inside] for place, inside in inside_saved.items()
        }
        _write(beside / LISTING_NAME, json.dumps(listing, indent=2).encode("ascii"))
        home.casebook.log.add("save", submission.short_id, today=today)
    return [one for place, outer in enumerate(saved) for one in [outer, *inside_saved.get(place, [])]]


def _write_inside(
    folder: Path, sealed: SealedFile, sealed_files: SealedFiles, sealed_name: str, taken: dict[str, int]
) -> list[SavedFiles]:
    """Write the content of a file that its source had sealed: its text, then its files."""
    saved: list[SavedFiles] = []
    for field in sealed.fields:
        if field.name == _TEXT_FIELD:
            text = field.value.encode("utf-8")
            name = clean_name(f"{sealed_name} message.txt", taken=taken)
            _write(folder / name, text)
            saved.append(SavedFiles(name, name, len(text)))
            break
    return saved + [_write_file(folder, file, sealed_files.read(sealed, file), taken) for file in sealed.files]


def _write_file(folder: Path, file: StoredFile, pieces: Iterator[bytes], taken: dict[str, int]) -> SavedFiles:
    name = clean_name(file.name, taken=taken)
    digest = hashlib.sha256()
    with (folder / name).open("xb") as sink:
        (folder / name).chmod(_MODE)
        for piece in pieces:
            digest.update(piece)
            sink.write(piece)
    if digest.digest() != file.sha256:
        raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
    return SavedFiles(name, file.name, file.length_bytes)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as sink:
        path.chmod(_MODE)
        sink.write(content)
