"""Writing a submission's files to a folder, under names that are harmless here."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from reviewer.casebook.submission import Submission
from reviewer.clean_name import clean_name
from reviewer.errors import CasebookError
from reviewer.home import Home
from reviewer.reading import to_json
from reviewer.whole_file import whole_folder

LISTING_NAME = "contents.json"
MESSAGE_NAME = "message.txt"
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Saved:
    """One file on the disk, and what its source called it."""

    name_here: str
    untrusted_name: str
    length_bytes: int


def save(home: Home, submission: Submission, folder: Path) -> list[Saved]:
    """Write the message, every file, and a listing that says how each file was called.

    ``folder`` must be missing or empty. Each file's SHA-256 is checked while it is written.

    Raises:
        CasebookError: a file is not what was verified when it was taken in; nothing is written then.
        ReviewerError: the folder cannot be written.
    """
    submissions = home.casebook.submissions
    listing = to_json(home, submission)
    taken = {LISTING_NAME, MESSAGE_NAME}
    saved: list[Saved] = []
    with whole_folder(folder) as beside:
        for field in submissions.fields(submission):
            if field.name == "text":
                _write(beside / MESSAGE_NAME, field.value.encode("utf-8"))
                break
        for file in submissions.stored_files(submission):
            name = clean_name(file.name, taken=taken)
            digest = hashlib.sha256()
            with (beside / name).open("xb") as sink:
                (beside / name).chmod(_MODE)
                for piece in submissions.read(submission, file):
                    digest.update(piece)
                    sink.write(piece)
            if digest.digest() != file.sha256:
                raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
            saved.append(Saved(name, file.name, file.length_bytes))
        listing["saved_as"] = [one.name_here for one in saved]
        _write(beside / LISTING_NAME, json.dumps(listing, indent=2).encode("ascii"))
    return saved


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as sink:
        path.chmod(_MODE)
        sink.write(content)
