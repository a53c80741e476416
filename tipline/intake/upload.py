"""One form with a text and files, read in the order in which it arrives, and sealed while it arrives.

The fields stand before the files, so they are checked before any file is read. The end is the end of the
**request**: a decoder reports a cut body as parts that look whole. So a submission is finished by the caller, after
:meth:`Upload.seal` has returned.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

from crypto.questions.answers import WrongAnswer, answers_of_form, form_mark, form_names
from crypto.questions.questionnaire import Questionnaire
from tipline.instance.site_settings import Limits
from tipline.intake.pasted_passphrase import holds_a_passphrase
from tipline.intake.sealed_upload import FileStart
from tipline.intake.unfinished_submission import UnfinishedSubmission
from tipline.requests.body import RequestBody
from tipline.requests.form_fields import FILES_FIELD, NONCE_FIELD, TEXT_FIELD, FormFields, read_typed
from tipline.requests.form_parser import FieldHead, FileHead, Part, PartData, PartEnd, parts_of
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import FormInput, Reason, Refused, redisplay_on_error
from tipline.requests.tip_options import LATER_CHOICES, TipOptions

MEANT_FIELD = "meant"
"""Field that says that the source has seen the warning about words in the text, and means it."""

_BETWEEN = "\nx\n"  # a word that no passphrase has: one that begins in an answer must not end in the next
FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The fields of a form, checked. Prints nothing."""

    nonce: Nonce
    text: str
    meant: bool
    choices: TipOptions
    other: dict[str, str]
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where nothing was written or answered; files may follow."""
        return not self.text.strip() and not self.answers

    def require_no_passphrase(self) -> None:
        """Return where nothing typed holds a passphrase, or the source was warned. The dearest check.

        Raises:
            Refused: a reader of it could open the mailbox.
        """
        typed = _BETWEEN.join([self.text, *(value for _, value in self.answers)])
        if not self.meant and holds_a_passphrase(typed):
            raise Refused(Reason.WORDS_IN_TEXT)

    def __repr__(self) -> str:
        return "<UploadForm>"


@dataclass(frozen=True, slots=True)
class FormKind:
    """The fields that one kind of form may have.

    ``other_fields`` are single values by name, those of ``questions`` among them. ``unread_fields`` belong to other
    buttons of the form. ``shows_again``: buttons beside the form ask for it in another language or look.
    ``gives_back``: a browser keeps nothing that was typed, so it goes back with a refusal.
    """

    other_fields: frozenset[str] = frozenset()
    unread_fields: frozenset[str] = frozenset()
    choices: frozenset[str] = LATER_CHOICES
    questions: Questionnaire | None = None
    shows_again: bool = False
    gives_back: bool = True

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all single values."""
        return self.other_fields.union(form_names(self.questions) if self.questions else ())

    @property
    def asked(self) -> str:
        """The mark of the questions; empty for none."""
        return form_mark(self.questions) if self.questions else ""


class Upload:
    """One form, read in steps inside of ``with``; each refusal returns what was typed.

    :meth:`read_fields` reads up to the first file, and :meth:`form` checks it. :meth:`seal` seals it into a
    submission, with all files to the end of the request.
    """

    def __init__(self, body: RequestBody, kind: FormKind, limits: Limits) -> None:
        self._body = body
        self._kind = kind
        self._limits = limits
        self._fields = FormFields(
            others=kind.names, choices=kind.choices, asked=kind.asked, unread=kind.unread_fields
        )
        self._parts: Iterator[Part] = iter(())
        self._file: _ArrivingFile | None = None
        self._first_bytes: bytes | None = None
        self._saw_file = False
        self._unread: FormInput | None = None

    @property
    def announced_bytes(self) -> int:
        """The length of the whole request."""
        return self._body.announced_bytes

    def read_fields(self) -> None:
        """Read until the bytes of a file come, or to the end.

        Raises:
            Refused: too long, broken, or too much text.
        """
        self._require_length()  # first: it is the reason to name, whatever the media type
        self._parts = parts_of(self._body)
        for part in self._parts:
            match part:
                case FieldHead(name):
                    self._begin_field(name)
                case FileHead(name, file_name, media_type):
                    self._begin_file(name, file_name, media_type)
                case PartData(content) if self._file is None:
                    self._fields.take(content)
                case PartData(content):
                    self._saw_file = True
                    self._first_bytes = content
                    return
                case PartEnd() if self._file is None:
                    self._fields.end()
                case PartEnd():
                    if self._file.untrusted_name:
                        self._first_bytes = b""
                        return
                    self._file = None  # the field of a form in which no file was chosen

    @property
    def is_shown_again(self) -> bool:
        """True where a button asked for the form in another language or look."""
        return self._kind.shows_again and bool(self._fields.shown())

    def form(self) -> UploadForm:
        """The fields, checked.

        Raises:
            Refused: something in them is not as the page sends it.
        """
        fields = self._fields
        if fields.names_files or fields.strays():
            raise Refused(Reason.BROKEN)
        text = fields.one(TEXT_FIELD)
        if len(text) > self._limits.text_characters:
            raise Refused(Reason.TEXT_TOO_LONG)
        other = {name: fields.one(name) for name in self._kind.names}
        return UploadForm(
            nonce=Nonce.parse(fields.one(NONCE_FIELD)),
            text=text,
            meant=bool(fields.one(MEANT_FIELD)),
            choices=fields.choices(),
            other=other,
            answers=self._answers(other),
        )

    def require_something(self, form: UploadForm) -> None:
        """Require that something was written, answered or chosen. Raises Refused."""
        if self._file is None and form.is_empty:
            raise Refused(Reason.NOTHING_SENT)

    def seal(self, form: UploadForm, submission: UnfinishedSubmission) -> None:
        """Seal the form, then every file, to the end of the request. The submission is not finished.

        Raises:
            Refused: a file that cannot be taken, too many of them, or a broken body.
        """
        if form.text.strip():
            submission.field(TEXT_FIELD, form.text)
        for name, value in (*form.choices.fields(), *form.answers):
            submission.field(name, value)
        if self._file is None:
            return
        if self._first_bytes:
            self._take(self._first_bytes, submission)
        else:
            self._end_file(submission)  # it has a name, and no bytes
        self._first_bytes = None
        for part in self._parts:
            match part:
                case FieldHead():
                    # It could be refused only when files are sealed already.
                    raise Refused(Reason.BROKEN)
                case FileHead(name, file_name, media_type):
                    self._begin_file(name, file_name, media_type)
                case PartData(content):
                    self._take(content, submission)
                case PartEnd():
                    self._end_file(submission)

    def typed(self) -> FormInput | None:
        """Return the input to show again in the form; None if there is none."""
        if not self._kind.gives_back:
            return None
        return self._unread or self._fields.typed(had_files=self._saw_file)

    def __enter__(self) -> "Upload":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        redisplay_on_error(self.typed).__exit__(kind, error, trace)

    def _require_length(self) -> None:
        try:
            self._body.require_length(at_most_bytes=self._limits.request_bytes)
        except Refused as refused:
            if refused.reason is Reason.REQUEST_TOO_BIG and self._kind.gives_back:
                self._unread = read_typed(self._body, others=self._kind.names, asked=self._kind.asked)
            raise

    def _begin_field(self, name: str) -> None:
        if self._saw_file:
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

    def _take(self, content: bytes, submission: UnfinishedSubmission) -> None:
        file = self._file
        if file is None:
            raise RuntimeError("bytes belong to a file")
        self._saw_file = True
        file.bytes_in += len(content)
        if file.bytes_in > self._limits.file_bytes:
            raise Refused(Reason.FILE_TOO_BIG)
        start = content if file.sink is not None else file.start.take(content)
        if start is not None:
            self._sink(file, submission)(start)

    def _end_file(self, submission: UnfinishedSubmission) -> None:
        file, self._file = self._file, None
        if file is None or not (file.untrusted_name or file.bytes_in):
            return
        if file.sink is None:
            start = file.start.end()
            self._sink(file, submission)(start)
        submission.end_file()

    def _sink(self, file: "_ArrivingFile", submission: UnfinishedSubmission) -> Callable[[bytes], None]:
        if file.sink is None:
            if submission.files >= self._limits.files:
                raise Refused(Reason.TOO_MANY_FILES)
            file.sink = submission.file(file.untrusted_name, file.start.media_type)
        return file.sink

    def _answers(self, other: dict[str, str]) -> tuple[tuple[str, str], ...]:
        if self._kind.questions is None:
            return ()
        try:
            return tuple(answers_of_form(self._kind.questions, other))
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
