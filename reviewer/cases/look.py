"""Looking at a file of a submission: which file, whether it may be looked at, and the line in the log.

Files are numbered in the order in which they came, from 1; a file inside the sealed file 3 is 3.1.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.submission import Submission
from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import CannotLook, CasebookError
from reviewer.home.home import Home
from reviewer.viewers.look_kind import LARGEST_LOOK_BYTES
from reviewer.viewers.looked_file import LookedFile

ACT = "look"


@dataclass(frozen=True, slots=True)
class NumberedFile:
    """One file with its number, such as 3 or 3.1, and how it is read."""

    number: str
    file: StoredFile
    read: Callable[[], Iterator[bytes]]


def numbered_files(home: Home, submission: Submission) -> Iterator[NumberedFile]:
    """Every file, each followed by those inside of it if its source had sealed it and it was opened."""
    submissions, sealed_files = home.casebook.submissions, home.casebook.sealed_files
    inside_of = sealed_files.of(submission)
    for place, file in enumerate(submissions.stored_files(submission), 1):
        yield NumberedFile(str(place), file, partial(submissions.read, submission, file))
        if (sealed := inside_of.get(file.place)) is None:
            continue
        for inside, one in enumerate(sealed.files, 1):
            yield NumberedFile(f"{place}.{inside}", one, partial(sealed_files.read, sealed, one))


def numbered_file(home: Home, submission: Submission, untrusted_number: str) -> NumberedFile:
    """The file with this number.

    Raises:
        CannotLook: the submission has none.
    """
    for one in numbered_files(home, submission):
        if one.number == untrusted_number:
            return one
    raise CannotLook(
        "this tip has no file with that number",
        hint="files are numbered from 1; a file inside the sealed file 3 is 3.1",
    )


def require_can_look(home: Home, submission: Submission, one: NumberedFile) -> None:  # noqa: ARG001 -- see below
    """Return when this file may be looked at on this machine. Every way to look at a file asks here first.

    Raises:
        CannotLook: it may not; the message says why.
    """
    if one.file.length_bytes > LARGEST_LOOK_BYTES:
        raise CannotLook(
            f"this file has more than {LARGEST_LOOK_BYTES >> 20} MB, which is too much to look at here",
            hint="save it, and open it on a machine that is only for looking",
        )


def look_at(
    home: Home, submission: Submission, one: NumberedFile, *, today: dt.date, children: Children
) -> LookedFile:
    """Read a file into memory, after a line in the log. The caller closes it.

    Raises:
        CannotLook: it may not be looked at.
        CasebookError: it is not what was verified when it was taken in.
        ProgramError, CutShort: as :class:`LookedFile`.
    """
    require_can_look(home, submission, one)
    home.casebook.log.add(ACT, f"{submission.short_id} file {one.number}", today=today)
    digest = hashlib.sha256()
    content = MemoryFile(_hashed(one.read(), digest.update))
    try:
        _require_same(digest.digest(), one)
        return LookedFile(content, children=children)
    except BaseException:
        content.__exit__()
        raise


def _hashed(pieces: Iterator[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def _require_same(sha256: bytes, one: NumberedFile) -> None:
    if sha256 != one.file.sha256:
        raise CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
