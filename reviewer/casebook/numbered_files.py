"""The files of a submission by number, those inside of sealed files too.

Files are numbered in the order in which they came, from 1; a file inside the sealed file 3 is 3.1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.submission import Submission

if TYPE_CHECKING:
    from reviewer.casebook.casebook import Casebook

BY_ITSELF: Final = -1
"""The sealed place of a file that lies in no sealed file."""


@dataclass(frozen=True, slots=True)
class NumberedFile:
    """One file with its number, such as 3 or 3.1, and how it is read.

    ``sealed_place`` is that of the sealed file in which it lies, or :data:`BY_ITSELF`. ``read`` gives the bytes in
    pieces; they are not compared with the SHA-256 of ``file``.
    """

    number: str
    sealed_place: int
    file: StoredFile
    read: Callable[[], Iterator[bytes]]


def numbered_files(casebook: "Casebook", submission: Submission) -> Iterator[NumberedFile]:
    """Every file, each followed by those inside of it if its source had sealed it and it was opened."""
    submissions, sealed_files = casebook.submissions, casebook.sealed_files
    inside_of = sealed_files.of(submission)
    for number, file in enumerate(submissions.stored_files(submission), 1):
        yield NumberedFile(str(number), BY_ITSELF, file, partial(submissions.read, submission, file))
        if (sealed := inside_of.get(file.place)) is not None:
            for inside, one in enumerate(sealed.files, 1):
                yield NumberedFile(f"{number}.{inside}", file.place, one, partial(sealed_files.read, sealed, one))
