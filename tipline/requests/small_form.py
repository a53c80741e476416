"""The short forms of the site: a handful of small fields and no file, read whole into memory."""

from tipline.requests.body import RequestBody
from tipline.requests.form_fields import FILES_FIELD, KEPT_TEXT_BYTES, TEXT_FIELD
from tipline.requests.form_parser import FieldHead, FileHead, PartData, parts_of
from tipline.requests.refusals import FormInput, Reason, Refused

MOST_BYTES = 64 * 1024
_ANY_BYTES = 10**15


class SmallForm:
    """Fields by name, in the order sent; a name may stand several times. Prints nothing."""

    def __init__(self) -> None:
        self._fields: list[tuple[str, bytearray]] = []

    @classmethod
    def read(cls, body: RequestBody) -> "SmallForm":
        """All of ``body``, at most ``MOST_BYTES``.

        Raises:
            Refused: too long, without a length, not a form, broken, or with a file in it.
        """
        body.require_length(at_most_bytes=MOST_BYTES, else_refuse=Reason.FORM_TOO_BIG)
        form = cls()
        form._take_in(body)
        return form

    def one(self, name: str) -> str:
        """The value of a field that stands once; empty when it is missing.

        Raises:
            Refused: it stands more than once.
        """
        values = self.all(name)
        if len(values) > 1:
            raise Refused(Reason.BROKEN)
        return values[0] if values else ""

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value.decode(errors="replace") for known, value in self._fields if known == name]

    def _take_in(self, body: RequestBody) -> None:
        for part in parts_of(body):
            match part:
                case FieldHead(name):
                    self._begin(name)
                case PartData(content):
                    self._take(*self._fields[-1], content)
                case FileHead():
                    raise Refused(Reason.BROKEN)

    def _begin(self, name: str) -> None:
        self._fields.append((name, bytearray()))

    def _take(self, _name: str, value: bytearray, content: bytes) -> None:
        value += content

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class MailboxForm(SmallForm):
    """The same of a button beside a box: what was typed there comes along, so that the answer can give it back.
    Nothing seals it or keeps it. Files that were chosen come by name only."""

    def __init__(self) -> None:
        super().__init__()
        self._room_bytes = MOST_BYTES

    def fill(self, body: RequestBody) -> None:
        """Read all of ``body``; what came before it was refused can be given back.

        Raises:
            Refused: as :meth:`read`; ``TEXT_TOO_LONG`` where only the beginning of the text can be held.
        """
        body.require_length(at_most_bytes=_ANY_BYTES)
        self._take_in(body)

    def typed(self) -> FormInput | None:
        """What can go back into the box; None when there is nothing."""
        text = "".join(self.all(TEXT_FIELD)).replace("\r\n", "\n")
        had_files = any(self.all(FILES_FIELD))
        return FormInput(text=text, had_files=had_files) if text or had_files else None

    def _begin(self, name: str) -> None:
        if name == TEXT_FIELD and self.all(TEXT_FIELD):
            raise Refused(Reason.BROKEN)
        self._use(len(name))
        super()._begin(name)

    def _take(self, name: str, value: bytearray, content: bytes) -> None:
        if name != TEXT_FIELD:
            self._use(len(content))
        elif len(content) > (room_bytes := KEPT_TEXT_BYTES - len(value)):
            value += content[:room_bytes]
            raise Refused(Reason.TEXT_TOO_LONG)
        value += content

    def _use(self, count_bytes: int) -> None:
        self._room_bytes -= count_bytes
        if self._room_bytes < 0:
            raise Refused(Reason.FORM_TOO_BIG)
