"""A submission while its envelope is being opened, before it is verified."""

from dataclasses import dataclass, field

from crypto.errors import TooLong
from reviewer.casebook.contents import ContentWriter
from reviewer.casebook.database import CasebookDatabase

ENTRY_BYTES = 16
"""Counted for each field and file beside its text, where text is limited: millions could come without a name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, as the source filled it in; name and value are untrusted text."""

    place: int
    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a submission. Name and type are as the browser sent them: untrusted text."""

    place: int
    name: str = field(repr=False)
    media_type: str = field(repr=False)
    first_byte: int
    length_bytes: int
    sha256: bytes


class ArrivingSubmission:
    """Receives fields and files from :func:`crypto.submissions.submission.open_submission`.

    Fields are kept in memory, files go to the contents. Fields and files share one count of places, because the
    envelope can be rebuilt only in the order in which it was read.
    """

    def __init__(self, contents: CasebookDatabase, *, text_bytes: int | None = None) -> None:
        """``text_bytes`` limits fields, names and types together, where no server has limited them.

        A longer text raises TooLong while it is read.
        """
        self.text_left = text_bytes
        self.fields: list[Field] = []
        self.files: list[StoredFile] = []
        self.content = ContentWriter(contents)
        self._name = self._media_type = ""
        self._first_byte = 0

    def field(self, name: str, value: str) -> None:
        self._take_text(name, value)
        self.fields.append(Field(self._next_place, name, value))

    @property
    def _next_place(self) -> int:
        return len(self.fields) + len(self.files)

    def begin_file(self, name: str, media_type: str) -> None:
        self._take_text(name, media_type)
        self._name, self._media_type = name, media_type
        self._first_byte = self.content.length_bytes

    def _take_text(self, *texts: str) -> None:
        if self.text_left is None:
            return
        self.text_left -= ENTRY_BYTES + sum(len(text.encode()) for text in texts)
        if self.text_left < 0:
            raise TooLong("the text in what a source sealed must be shorter")

    def data(self, piece: bytes) -> None:
        self.content.write(piece)

    def end_file(self, sha256: bytes) -> None:
        self.files.append(
            StoredFile(
                place=self._next_place,
                name=self._name,
                media_type=self._media_type,
                first_byte=self._first_byte,
                length_bytes=self.content.length_bytes - self._first_byte,
                sha256=sha256,
            )
        )
