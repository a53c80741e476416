"""One file of a submission: by its number, and as a whole in memory for processes that look into it."""

import hashlib
from collections.abc import Callable, Iterator

from reviewer.casebook.arrival import StoredFile
from reviewer.casebook.numbered_files import NumberedFile, numbered_files
from reviewer.casebook.submission import Submission
from reviewer.clean_copy.children import MemoryFile
from reviewer.errors import CannotLook, CasebookError
from reviewer.home.home import Home


def numbered_file(home: Home, submission: Submission, untrusted_number: str) -> NumberedFile:
    """The file with this number.

    Raises:
        CannotLook: the submission has none.
    """
    for one in numbered_files(home.casebook, submission):
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
