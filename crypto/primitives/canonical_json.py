"""JSON in one form only, for signatures and digests: ``docs/formats/canonical-json.md``.

UTF-8, keys sorted, no blanks, whole numbers, minimal escapes. A reader accepts these bytes only: :func:`to_bytes`
returns exactly the bytes that were accepted. :class:`Fields` then takes an object apart and refuses missing,
unknown and out-of-bounds fields.
"""

import base64
import binascii
import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeAlias

from crypto.errors import Malformed, NewerFormat

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | bool | None"

DEEPEST = 8
LARGEST_NUMBER = 2**53 - 1
"""The largest number that every JSON reader holds exactly."""

_LONGEST_NUMBER = len(str(-LARGEST_NUMBER))
# Possessive, and closed by the end of the text as well, so that hostile text costs one pass and not the square:
# also where the last of it is a backslash.
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_OPENING, _CLOSING = frozenset((b"[", b"{")), frozenset((b"]", b"}"))
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def to_bytes(value: Json) -> bytes:
    """The one form of ``value``."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def parse(untrusted_bytes: bytes, *, limit_bytes: int) -> dict[str, Json]:
    """The object that these bytes are the canonical form of.

    Size and nesting are checked before anything is read.

    Raises:
        Malformed: over the limit, nested more than eight deep, no JSON object, or not in canonical form.
    """
    if len(untrusted_bytes) > limit_bytes:
        raise Malformed(f"json must have at most {limit_bytes} bytes")
    _check_nesting(untrusted_bytes)
    try:
        value = json.loads(
            untrusted_bytes.decode("utf-8"),
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_number,
        )
        canonical = to_bytes(value)
    except (ValueError, RecursionError) as error:
        raise Malformed("expected json in utf-8") from error
    if canonical != untrusted_bytes:
        raise Malformed("json must be in canonical form: sorted keys, no blanks, no needless escapes")
    if not isinstance(value, dict):
        raise Malformed("json must be an object")
    return value


def _check_nesting(untrusted_bytes: bytes) -> None:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(untrusted_bytes):
        if found[0] in _OPENING:
            depth += 1
        elif found[0] in _CLOSING:
            depth -= 1
        if depth > DEEPEST:
            raise Malformed(f"json must be nested at most {DEEPEST} deep")


def _refuse_number(_untrusted_text: str) -> NoReturn:
    raise Malformed("numbers must be whole")


def _number(untrusted_text: str) -> int:
    # The length first: reading a number costs the square of it.
    if len(untrusted_text) > _LONGEST_NUMBER or abs(int(untrusted_text)) > LARGEST_NUMBER:
        raise Malformed("numbers must be below 2 to the power of 53")
    return int(untrusted_text)


class Fields:
    """One object of a document, read field by field; :meth:`close` refuses fields that were not read."""

    __slots__ = ("_left",)

    def __init__(self, untrusted_value: Json) -> None:
        if not isinstance(untrusted_value, dict):
            raise Malformed("expected a json object")
        self._left: dict[str, Json] = dict(untrusted_value)

    @classmethod
    def of_document(cls, untrusted_bytes: bytes, *, format_name: str, version: int, limit_bytes: int) -> "Fields":
        """The fields of a whole document that says which format it follows.

        Raises:
            Malformed: not canonical, or another format.
            NewerFormat: the right format in a version above ``version``.
        """
        fields, _version = cls.of_versions(
            untrusted_bytes, format_name=format_name, versions=range(1, version + 1), limit_bytes=limit_bytes
        )
        return fields

    @classmethod
    def of_versions(
        cls, untrusted_bytes: bytes, *, format_name: str, versions: Sequence[int], limit_bytes: int
    ) -> "tuple[Fields, int]":
        """As :meth:`of_document`, for a format with several versions; also the one that was found.

        Raises:
            Malformed: not canonical, or another format.
            NewerFormat: the right format in a version that is none of ``versions``.
        """
        fields = cls(parse(untrusted_bytes, limit_bytes=limit_bytes))
        if fields.text("format", longest=64) != format_name:
            raise Malformed(f"expected a document of the format {format_name}")
        # Before any other field: a newer version may have fields that this one does not know.
        version = fields.number("format_version", least=1)
        if version not in versions:
            raise NewerFormat(f"{format_name} is of a newer version than {max(versions)}")
        return fields, version

    def close(self) -> None:
        """Refuse fields that were not taken: in a signed document nothing is ignored."""
        if self._left:
            raise Malformed("json has a field that this version does not know")

    def __contains__(self, name: str) -> bool:
        """True if an optional field is present."""
        return name in self._left

    def raw(self, name: str) -> Json:
        try:
            return self._left.pop(name)
        except KeyError as error:
            raise Malformed(f"field {name} is missing") from error

    def text(self, name: str, *, longest: int) -> str:
        """1 to ``longest`` characters, NFC, printable, without blanks at either end."""
        value = self.raw(name)
        if not isinstance(value, str) or not is_plain_text(value, longest=longest):
            raise Malformed(f"field {name} must be a text of 1 to {longest} printable characters")
        return value

    def number(self, name: str, *, least: int, most: int = LARGEST_NUMBER) -> int:
        value = self.raw(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Malformed(f"field {name} must be a whole number from {least} to {most}")
        return value

    def day(self, name: str) -> dt.date:
        value = self.raw(name)
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass  # a month or day that the calendar does not have; answered below, like every other wrong day
        raise Malformed(f"field {name} must be a day like 2026-11-23")

    def base64(self, name: str, *, length_bytes: int) -> bytes:
        """Standard base64 with padding."""
        value = self.raw(name)
        try:
            raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        except (binascii.Error, ValueError) as error:
            raise Malformed(f"field {name} must be base64") from error
        if len(raw) != length_bytes or base64_text(raw) != value:
            raise Malformed(f"field {name} must be {length_bytes} bytes in base64")
        return raw

    def hex(self, name: str, *, length_bytes: int) -> bytes:
        """Lower-case hex digits."""
        return hex_bytes(self.raw(name), length_bytes=length_bytes)

    def hex_or_null(self, name: str, *, length_bytes: int) -> bytes | None:
        value = self.raw(name)
        return None if value is None else hex_bytes(value, length_bytes=length_bytes)

    def array(self, name: str, *, least: int = 0, most: int) -> Sequence[Json]:
        value = self.raw(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise Malformed(f"field {name} must be a list of {least} to {most} entries")
        return value


def is_plain_text(text: str, *, longest: int) -> bool:
    """True if ``text`` may stand in a document: short, NFC, printable, no blank at either end."""
    return (
        1 <= len(text) <= longest
        and text.isprintable()
        and text.strip() == text
        and unicodedata.is_normalized("NFC", text)
    )


def base64_text(raw: bytes) -> str:
    """The text form that :meth:`Fields.base64` reads."""
    return base64.b64encode(raw).decode()


def hex_bytes(untrusted_value: Json, *, length_bytes: int) -> bytes:
    """``length_bytes`` bytes from lower-case hex digits.

    Raises:
        Malformed: anything else.
    """
    if (
        not isinstance(untrusted_value, str)
        or len(untrusted_value) != 2 * length_bytes
        or set(untrusted_value) - set("0123456789abcdef")
    ):
        raise Malformed(f"expected {length_bytes} bytes as hex digits in lower case")
    return bytes.fromhex(untrusted_value)


def text_value(untrusted_value: Json, *, longest: int) -> str:
    """An entry of a list that must be a text of at most ``longest`` characters.

    Raises:
        Malformed: anything else.
    """
    if not isinstance(untrusted_value, str) or len(untrusted_value) > longest:
        raise Malformed(f"expected a text of at most {longest} characters")
    return untrusted_value
