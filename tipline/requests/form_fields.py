"""The fields of a form as they arrive, in memory only; they can go back into the form alone."""

from contextlib import suppress

from crypto.questions.answers import PREFIX, QUESTIONS_FIELD
from tipline.requests.body import RequestBody
from tipline.requests.form_parser import FieldHead, FileHead, PartData, PartEnd, parts_of
from tipline.requests.refusals import FormInput, Reason, Refused
from tipline.requests.tip_options import SHOWN_FIELDS, TIP_CHOICES, TipOptions

FILES_FIELD = "files"
TEXT_FIELD = "text"
NONCE_FIELD = "nonce"
WORDS_FIELD = "passphrase"
"""The secret words of a source who comes back, in the field of a form."""

KEPT_TEXT_BYTES = 256 * 1024
"""The longest text that a site may be set to take (65,000 letters) has no more, in whatever script."""

KEPT_FORM_BYTES = 384 * 1024
"""Limit of all fields together: the text and 48 answers of 1,000 letters.

Their page has at most five times as much.
"""

OTHER_FIELD_BYTES = 4 * 1024
_MOST_BYTES = 10**15


class FormFields:
    """The fields, each once, as far as they have arrived. Prints nothing.

    ``others`` are names that can be shown again beside text and choices. Any other name is read and not shown
    again, except answers; those of ``unread`` are dropped, however often they occur. ``asked`` says which questions
    the form asks.
    """

    def __init__(
        self,
        *,
        others: frozenset[str] = frozenset(),
        choices: frozenset[str] = TIP_CHOICES,
        asked: str = "",
        unread: frozenset[str] = frozenset(),
    ) -> None:
        self._others = others
        self._unread = unread
        self._choices = choices
        self._asked = asked
        self._raw: dict[str, bytearray] = {}
        self._room_bytes = KEPT_FORM_BYTES
        self._value: bytearray | None = None
        self._names_files = False
        self.names_files = False
        """Return whether files are named without their content.

        A browser sends them so in the short form, that of a button which shows the page in another language.
        """

    def begin(self, name: str) -> None:
        """A field begins.

        Raises:
            Refused: it stands twice, and would mean whatever the reader likes.
        """
        self._names_files = name == FILES_FIELD
        if self._names_files or name in self._unread:
            self._value = None
            return
        if name in self._raw:
            raise Refused(Reason.BROKEN)
        self._value = self._raw.setdefault(name, bytearray())

    def take(self, content: bytes) -> None:
        """Add to a field's value.

        Raises:
            Refused: there is no room for it; of the text the beginning stays.
        """
        self.names_files |= self._names_files and bool(content)
        if self._value is None:
            return
        is_text = self._value is self._raw.get(TEXT_FIELD)
        room_bytes = (KEPT_TEXT_BYTES if is_text else OTHER_FIELD_BYTES) - len(self._value)
        if len(content) > room_bytes and not is_text:
            raise Refused(Reason.BROKEN)
        kept = content[: min(room_bytes, self._room_bytes)]
        self._room_bytes -= len(kept)
        self._value += kept
        if len(kept) < len(content):
            raise Refused(Reason.TEXT_TOO_LONG)

    def end(self) -> None:
        """Mark a field as whole."""
        self._value = None
        self._names_files = False

    def one(self, name: str) -> str:
        """The value of a field; empty when it did not come."""
        # Browsers send CR LF for every line break of a text box, and always UTF-8. Other bytes are
        # not refused.
        return self._raw.get(name, b"").decode(errors="replace").replace("\r\n", "\n")

    def strays(self) -> list[str]:
        """Return answers to questions that this form does not ask, a line each.

        Its page was opened before the operator changed the forms. They must neither be dropped under a receipt nor
        be kept under other questions.
        """
        return [
            f"{name.removeprefix(PREFIX)}: {self.one(name)}"
            for name, value in self._raw.items()
            if value and name.startswith(PREFIX) and not self._is_asked(name)
        ]

    def choices(self) -> TipOptions:
        """The options that this form may set."""
        return TipOptions.parse({name: self.one(name) for name in self._choices})

    def shown(self) -> dict[str, str]:
        """Return the language or look that a button asked for; empty: the form was sent."""
        return {name: self.one(name) for name in SHOWN_FIELDS if name in self._raw}

    def typed(self, *, had_files: bool = False) -> FormInput | None:
        """Return the input to show again in the form; None if there is none."""
        other = {name: self.one(name) for name in self._others if name in self._raw and self._is_asked(name)}
        text = "\n\n".join(filter(None, (self.one(TEXT_FIELD), "\n".join(self.strays()))))
        shown = self.shown()
        had_files = had_files or self.names_files
        if not (text or other or had_files or shown):
            return None
        return FormInput(
            text=text,
            had_files=had_files,
            choices=self.choices(),
            other=other,
            shown=shown,
            untrusted_nonce=self.one(NONCE_FIELD),
        )

    def _is_asked(self, name: str) -> bool:
        if not name.startswith(PREFIX):
            return True
        came_with = self.one(QUESTIONS_FIELD) or self._asked
        return name in self._others and came_with == self._asked

    def __repr__(self) -> str:
        return "<FormFields>"


def read_typed(body: RequestBody, *, others: frozenset[str] = frozenset(), asked: str = "") -> FormInput:
    """Read a form up to its first file, for a page that only shows it again.

    It is not checked, and its faults do not matter any more.
    """
    fields = FormFields(others=others, asked=asked)
    with suppress(Refused):
        body.require_length(at_most_bytes=_MOST_BYTES)
        for part in parts_of(body):
            match part:
                case FieldHead(name):
                    fields.begin(name)
                case FileHead(_, untrusted_file_name, _):
                    return fields.typed(had_files=bool(untrusted_file_name)) or FormInput()
                case PartData(content):
                    fields.take(content)
                case PartEnd():
                    fields.end()
    return fields.typed() or FormInput()
