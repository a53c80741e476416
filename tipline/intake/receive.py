"""From the socket into the envelope: fields first, checked before any file is read, then files, piece by piece.

The end is the end of the **request**. A decoder reports a cut body as parts that look whole, and a field refused
late leaves files that look done: so the caller finishes what ``receive`` returned, and nothing else is finished.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from crypto.questions.answers import WrongAnswer, answers_of_form, form_mark
from crypto.questions.questionnaire import Questionnaire
from tipline.instance.site_settings import Limits
from tipline.intake.draft import Draft
from tipline.intake.sealed_upload import FileStart
from tipline.requests.body import RequestBody
from tipline.requests.form_fields import FILES_FIELD, NONCE_FIELD, TEXT_FIELD, FormFields, read_typed
from tipline.requests.form_parser import FieldBegins, FileBegins, PartEnds, Piece, parts_of
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused, Typed, giving_back
from tipline.requests.tip_options import LATER_CHOICES, Choices

MEANT_FIELD = "meant"
"""Says that the source has seen the warning about words in the text, and means it."""

FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The fields of a form with a text; they stand before the files. ``typed`` is what can go back. Prints
    nothing."""

    nonce: Nonce
    text: str
    meant: bool
    choices: Choices
    other: dict[str, str]
    answers: tuple[tuple[str, str], ...] = ()
    typed: Typed | None = None

    def __repr__(self) -> str:
        return "<UploadForm>"


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What one kind of form may carry. ``check`` looks at who sends it before any file is read, and may refuse;
    ``begin`` opens a draft, given the announced length in bytes, and is called once, after it; then ``look`` may
    refuse the text, which costs the most where somebody sends many. The answers to
    ``questions`` are among the other fields; ``unread_fields`` belong to other buttons of the form.
    ``shows_again``: buttons beside the form show it in another language or look. ``gives_back``: what was typed is
    in no other place when it is refused."""

    limits: Limits
    check: Callable[[UploadForm], None]
    begin: Callable[[int], Draft]
    look: Callable[[UploadForm], None]
    other_fields: frozenset[str] = frozenset()
    unread_fields: frozenset[str] = frozenset()
    choices: frozenset[str] = LATER_CHOICES
    questions: Questionnaire | None = None
    shows_again: bool = False
    gives_back: bool = True

    @property
    def asked(self) -> str:
        return form_mark(self.questions) if self.questions else ""


def receive(body: RequestBody, rules: UploadRules) -> tuple[UploadForm, Draft]:
    """Read one form to its end. The draft holds everything and is not finished; the caller ends it.

    Raises:
        Refused: with what was typed, as far as it had arrived. No draft is left.
    """
    reading = _Reading(rules, body)
    with ExitStack() as until_whole:
        with giving_back(reading.typed):
            form, draft = reading.run(until_whole)
        until_whole.pop_all()
        return replace(form, typed=reading.typed()), draft


class _Reading:
    """One pass over the parts of one form."""

    def __init__(self, rules: UploadRules, body: RequestBody) -> None:
        self._rules = rules
        self._body = body
        self._fields = FormFields(
            others=rules.other_fields, choices=rules.choices, asked=rules.asked, unread=rules.unread_fields
        )
        self._unread: Typed | None = None
        self._text_form: UploadForm | None = None
        self._draft: Draft | None = None
        self._file: _ArrivingFile | None = None
        self._saw_file = False

    def typed(self) -> Typed | None:
        """What can go back into the form."""
        if not self._rules.gives_back:
            return None
        return self._unread or self._fields.typed(had_files=self._saw_file)

    def run(self, until_whole: ExitStack) -> tuple[UploadForm, Draft]:
        self._require_length()
        for part in parts_of(self._body):
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
            if not form.text.strip() and not form.answers:
                raise Refused(Reason.NOTHING_SENT)
            self._open_draft(until_whole)
        if self._draft is None:
            raise RuntimeError("a draft was opened and is not there")
        return form, self._draft

    def _require_length(self) -> None:
        try:
            self._body.require_length(at_most_bytes=self._rules.limits.request_bytes)
        except Refused as refused:
            if refused.reason is Reason.REQUEST_TOO_BIG and self._rules.gives_back:
                self._unread = read_typed(self._body, others=self._rules.other_fields, asked=self._rules.asked)
            raise

    def _begin_field(self, name: str) -> None:
        # A field after a file could be refused only when files are sealed already.
        if self._saw_file or self._draft is not None:
            raise Refused(Reason.BROKEN)
        self._fields.begin(name)

    def _begin_file(self, name: str, untrusted_file_name: str, untrusted_media_type: str) -> None:
        if name != FILES_FIELD:
            raise Refused(Reason.BROKEN)
        self._fields.end()
        self._file = _ArrivingFile(
            _cut(untrusted_file_name, FILE_NAME_BYTES), FileStart(_cut(untrusted_media_type, MEDIA_TYPE_BYTES))
        )
        if untrusted_file_name:
            self._saw_file = True

    def _take(self, content: bytes, until_whole: ExitStack) -> None:
        if self._file is not None:
            self._saw_file = True
            self._file.bytes_in += len(content)
            if self._file.bytes_in > self._rules.limits.file_bytes:
                raise Refused(Reason.FILE_TOO_BIG)
            if self._draft is None:
                self._open_draft(until_whole)
            start = content if self._file.sink is not None else self._file.start.take(content)
            if start is not None:
                self._sink(self._file, until_whole)(start)
        else:
            self._fields.take(content)

    def _end_part(self, until_whole: ExitStack) -> None:
        file, self._file = self._file, None
        if file is None:
            self._fields.end()
            return
        if file.untrusted_name or file.bytes_in:  # neither: the field of a form in which no file was chosen
            if file.sink is None:
                start = file.start.end()
                self._sink(file, until_whole)(start)
            self._opened().end_file()

    def _sink(self, file: "_ArrivingFile", until_whole: ExitStack) -> Callable[[bytes], None]:
        if file.sink is None:
            if self._draft is None:
                self._open_draft(until_whole)
            draft = self._opened()
            if draft.files >= self._rules.limits.files:
                raise Refused(Reason.TOO_MANY_FILES)
            file.sink = draft.file(file.untrusted_name, file.start.media_type)
        return file.sink

    def _opened(self) -> Draft:
        if self._draft is None:
            raise RuntimeError("files belong to a draft")
        return self._draft

    def _open_draft(self, until_whole: ExitStack) -> None:
        form = self._form()
        self._draft = until_whole.enter_context(self._rules.begin(self._body.announced_bytes))
        self._rules.look(form)
        if form.text.strip():
            self._draft.field(TEXT_FIELD, form.text)
        for name, value in (*form.choices.fields(), *form.answers):
            self._draft.field(name, value)

    def _form(self) -> UploadForm:
        if self._text_form is None:
            fields = self._fields
            if self._rules.shows_again and fields.shown():
                raise Refused(Reason.SHOWN_AGAIN)
            if fields.names_files or fields.strays():
                raise Refused(Reason.BROKEN)
            text = fields.one(TEXT_FIELD)
            if len(text) > self._rules.limits.text_characters:
                raise Refused(Reason.TEXT_TOO_LONG)
            other = {name: fields.one(name) for name in self._rules.other_fields}
            self._text_form = UploadForm(
                nonce=Nonce.parse(fields.one(NONCE_FIELD)),
                text=text,
                meant=bool(fields.one(MEANT_FIELD)),
                choices=fields.choices(),
                other=other,
                answers=self._answers(other),
            )
            self._rules.check(self._text_form)
        return self._text_form

    def _answers(self, other: dict[str, str]) -> tuple[tuple[str, str], ...]:
        if self._rules.questions is None:
            return ()
        try:
            return tuple(answers_of_form(self._rules.questions, other))
        except WrongAnswer as error:
            raise Refused(Reason.WRONG_ANSWER) from error


@dataclass(slots=True)
class _ArrivingFile:
    untrusted_name: str
    start: FileStart
    bytes_in: int = 0
    sink: Callable[[bytes], None] | None = None


def _cut(untrusted_text: str, most_bytes: int) -> str:
    return untrusted_text.encode(errors="replace")[:most_bytes].decode(errors="ignore")


__all__ = ["NONCE_FIELD", "UploadForm", "UploadRules", "receive"]
