"""From the socket into the envelope: fields first, checked before any file is read, then files, piece by piece.

The end is the end of the **request**. A decoder reports a cut body as parts that look whole, and a field refused
late leaves files that look done: so the caller finishes what ``receive`` returned, and nothing else is finished.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from tipline.body import RequestBody
from tipline.draft import Draft
from tipline.nonce import Nonce
from tipline.parts import FieldBegins, FileBegins, Part, PartEnds, Piece, parts_of
from tipline.refusals import Reason, Refused, Typed
from tipline.site_settings import Limits

FILES_FIELD = "files"
TEXT_FIELD = "text"
NONCE_FIELD = "nonce"
MEANT_FIELD = "meant"
"""Says that the source has seen the warning about words in the text, and means it."""

KEPT_TEXT_BYTES = 1024 * 1024
GIVEN_BACK_REQUEST_BYTES = 16 * 1024 * 1024
OTHER_FIELD_BYTES = 4 * 1024
FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The fields of a form with a text; they stand before the files. Prints nothing."""

    nonce: Nonce
    text: str
    meant: bool
    other: dict[str, str]

    def __repr__(self) -> str:
        return "<UploadForm>"


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What one kind of form may carry. ``check`` looks at the fields before any file is read, and may refuse;
    ``begin`` opens a draft, given the announced length in bytes, and is called once, after it."""

    limits: Limits
    check: Callable[[UploadForm], None]
    begin: Callable[[int], Draft]
    other_fields: frozenset[str] = frozenset()


def receive(body: RequestBody, rules: UploadRules) -> tuple[UploadForm, Draft]:
    """Read one form to its end. The draft holds everything and is not finished; the caller ends it.

    Raises:
        Refused: with what was typed, where the request was short enough to keep it. No draft is left.
    """
    announced_bytes = body.require_length(at_most_bytes=rules.limits.request_bytes)
    reading = _Reading(rules, announced_bytes)
    with ExitStack() as until_whole:
        try:
            form, draft = reading.run(parts_of(body), until_whole)
        except Refused as refused:
            if (typed := reading.typed()) is not None:
                raise refused.with_typed(typed) from refused
            raise
        until_whole.pop_all()
        return form, draft


class _Reading:
    """One pass over the parts of one form."""

    def __init__(self, rules: UploadRules, announced_bytes: int) -> None:
        self._rules = rules
        self._announced_bytes = announced_bytes
        self._raw: dict[str, bytearray] = {}
        self._value: bytearray | None = None
        self._text_form: UploadForm | None = None
        self._draft: Draft | None = None
        self._file: _ArrivingFile | None = None
        self._saw_file = False

    def typed(self) -> Typed | None:
        """What can go back into the form."""
        raw = self._raw.get(TEXT_FIELD, b"")
        other = {name: _text(self._raw[name]) for name in self._rules.other_fields if name in self._raw}
        if self._announced_bytes > GIVEN_BACK_REQUEST_BYTES or not (raw or other or self._saw_file):
            return None
        return Typed(text=_text(raw), had_files=self._saw_file, other=other)

    def run(self, parts: Iterator[Part], until_whole: ExitStack) -> tuple[UploadForm, Draft]:
        for part in parts:
            match part:
                case FieldBegins(name):
                    self._begin_field(name)
                case FileBegins(name, file_name, media_type):
                    self._begin_file(name, file_name, media_type)
                case Piece(content):
                    self._take(content, until_whole)
                case PartEnds():
                    self._end_part(until_whole)
        form = self._form()
        if self._draft is None:
            if not form.text.strip():
                raise Refused(Reason.NOTHING_SENT)
            self._open_draft(until_whole)
        if self._draft is None:
            raise RuntimeError("a draft was opened and is not there")
        return form, self._draft

    def _begin_field(self, name: str) -> None:
        # A field after a file could be refused only when files are sealed already; and one that stands twice would
        # mean whatever the reader likes.
        if self._saw_file or self._draft is not None or name in self._raw:
            raise Refused(Reason.BROKEN)
        self._value = self._raw.setdefault(name, bytearray())

    def _begin_file(self, name: str, untrusted_file_name: str, untrusted_media_type: str) -> None:
        if name != FILES_FIELD:
            raise Refused(Reason.BROKEN)
        self._value = None
        self._file = _ArrivingFile(
            _cut(untrusted_file_name, FILE_NAME_BYTES), _cut(untrusted_media_type, MEDIA_TYPE_BYTES)
        )
        if untrusted_file_name:
            self._saw_file = True

    def _take(self, content: bytes, until_whole: ExitStack) -> None:
        if self._file is not None:
            self._saw_file = True
            self._file.bytes_in += len(content)
            if self._file.bytes_in > self._rules.limits.file_bytes:
                raise Refused(Reason.FILE_TOO_BIG)
            self._sink(self._file, until_whole)(content)
        elif self._value is not None:
            is_text = self._value is self._raw.get(TEXT_FIELD)
            if len(self._value) + len(content) > (KEPT_TEXT_BYTES if is_text else OTHER_FIELD_BYTES):
                if is_text:
                    self._value.clear()
                    raise Refused(Reason.TEXT_TOO_LONG)
                raise Refused(Reason.BROKEN)
            self._value += content

    def _end_part(self, until_whole: ExitStack) -> None:
        file, self._file, self._value = self._file, None, None
        if file is None:
            return
        if file.untrusted_name or file.sink is not None:  # neither: the field of a form in which no file was chosen
            self._sink(file, until_whole)
            self._opened().end_file()

    def _sink(self, file: "_ArrivingFile", until_whole: ExitStack) -> Callable[[bytes], None]:
        if file.sink is None:
            if self._draft is None:
                self._open_draft(until_whole)
            draft = self._opened()
            if draft.files >= self._rules.limits.files:
                raise Refused(Reason.TOO_MANY_FILES)
            file.sink = draft.file(file.untrusted_name, file.untrusted_media_type)
        return file.sink

    def _opened(self) -> Draft:
        if self._draft is None:
            raise RuntimeError("files belong to a draft")
        return self._draft

    def _open_draft(self, until_whole: ExitStack) -> None:
        form = self._form()
        self._draft = until_whole.enter_context(self._rules.begin(self._announced_bytes))
        if form.text.strip():
            self._draft.field(TEXT_FIELD, form.text)

    def _form(self) -> UploadForm:
        if self._text_form is None:
            text = _text(self._raw.get(TEXT_FIELD, b""))
            if len(text) > self._rules.limits.text_characters:
                raise Refused(Reason.TEXT_TOO_LONG)
            self._text_form = UploadForm(
                nonce=Nonce.parse(_text(self._raw.get(NONCE_FIELD, b""))),
                text=text,
                meant=bool(self._raw.get(MEANT_FIELD)),
                other={name: _text(self._raw.get(name, b"")) for name in self._rules.other_fields},
            )
            self._rules.check(self._text_form)
        return self._text_form


@dataclass(slots=True)
class _ArrivingFile:
    untrusted_name: str
    untrusted_media_type: str
    bytes_in: int = 0
    sink: Callable[[bytes], None] | None = None


def _text(raw: bytes | bytearray) -> str:
    # Browsers send CR LF for every line break of a text box, and always UTF-8. Whoever sends something else is not
    # turned away for it.
    return raw.decode(errors="replace").replace("\r\n", "\n")


def _cut(untrusted_text: str, most_bytes: int) -> str:
    return untrusted_text.encode(errors="replace")[:most_bytes].decode(errors="ignore")


__all__ = ["UploadForm", "UploadRules", "receive"]
