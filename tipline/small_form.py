"""The short forms of the site: a handful of small fields and no file, read whole into memory."""

from tipline.body import RequestBody
from tipline.parts import FieldBegins, FileBegins, Piece, parts_of
from tipline.refusals import Reason, Refused

MOST_BYTES = 64 * 1024


class SmallForm:
    """Fields by name, in the order sent; a name may stand several times. Prints nothing."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields

    @classmethod
    def read(cls, body: RequestBody) -> "SmallForm":
        """All of ``body``, at most ``MOST_BYTES``.

        Raises:
            Refused: too long, without a length, not a form, broken, or with a file in it.
        """
        body.require_length(at_most_bytes=MOST_BYTES, else_refuse=Reason.FORM_TOO_BIG)
        fields: list[tuple[str, bytearray]] = []
        for part in parts_of(body):
            match part:
                case FieldBegins(name):
                    fields.append((name, bytearray()))
                case Piece(content):
                    fields[-1][1].extend(content)
                case FileBegins():
                    raise Refused(Reason.BROKEN)
        return cls([(name, value.decode(errors="replace")) for name, value in fields])

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
        return [value for known, value in self._fields if known == name]

    def __repr__(self) -> str:
        return "<SmallForm>"
