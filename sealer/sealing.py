"""Sealing text and files into one file whose length tells a size class and nothing else."""

import datetime as dt
import mimetypes
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from crypto.errors import CryptoError
from crypto.manifests.issued_keys import SealedQuarter
from crypto.submissions.sealed_file import SealedFileWriter
from system.atomic_files import whole_file
from system.errors import ProgramError, system_reason

_TEXT_FIELD = "text"
_PIECE_BYTES = 1 << 20
_UNKNOWN_TYPE = "application/octet-stream"
# Python's own table only: what this computer has in its own would tell something about it.
_TYPES = mimetypes.MimeTypes()


def seal_to_file(out: Path, *, to: SealedQuarter, text: str, paths: Sequence[Path], today: dt.date) -> int:
    """Seal ``text``, unless empty, and the files at ``paths`` into the new file ``out``.

    Returns its length in bytes.

    Raises:
        ProgramError: ``out`` is there already, a file cannot be read, or something is too long; there is no ``out``
            then.
    """
    if out.exists():
        raise ProgramError(f"{out} is there already", hint="name a file that does not exist yet")
    for path in paths:
        _require_file(path)
    with whole_file(out) as sink, _too_long():
        writer = SealedFileWriter(sink.write, to=to, day=today)
        if text:
            writer.field(_TEXT_FIELD, text)
        for path in paths:
            name = os.fsencode(path.name).decode(errors="replace")
            writer.begin_file(name, _TYPES.guess_type(name)[0] or _UNKNOWN_TYPE)
            for piece in _pieces(path):
                writer.data(piece)
            writer.end_file()
        writer.close()
        return sink.tell()


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise ProgramError(
            f"{path} is a folder", hint="name the files in it, or put the folder into a zip file first"
        )
    if not path.is_file():
        raise ProgramError(f"{path} is not there, or is no file")


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece
    except OSError as error:
        raise ProgramError(f"cannot read {path}: {system_reason(error)}") from error


@contextmanager
def _too_long() -> Iterator[None]:
    try:
        yield
    except CryptoError as error:
        raise ProgramError(f"this cannot be sealed as it is: {error}") from error
