"""The files of a submission: by number, and each as a whole in memory for processes that look into it.

Files are numbered in the order in which they came, from 1; a file inside the sealed file 3 is 3.1.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.submission import Submission
from reviewer.clean_copy.children import MemoryFile
from reviewer.errors import CannotLook, CasebookError
from reviewer.home.home import Home


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


def verified_file(file: StoredFile, read: Callable[[], Iterator[bytes]]) -> MemoryFile:
    """The bytes of a file, as they were verified when it was taken in. The caller closes it.

    The program that holds keys never has all of it on its own heap: its memory stays small, however large the file.

    Raises:
        CasebookError: they were changed since.
    """
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for piece in read():
            digest.update(piece)
            yield piece

    content = MemoryFile(hashed())
    if digest.digest() != file.sha256:
        content.__exit__()
        raise _changed()
    return content


def _changed() -> CasebookError:
    return CasebookError("a file is not what was taken in", hint="restore the casebook from a backup")
