"""A reader that knows no JSON but the canonical form, after docs/formats/canonical-json.md."""

import re
from collections.abc import Iterable, Mapping

from lab.second.refused import malformed, newer

DEPTH = 8
LARGEST = 2**53 - 1
NUMBER = re.compile(r"0|-?[1-9][0-9]{0,15}(?![0-9])")
STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\["\\btnfr]|\\u00[01][0-9a-f])*)"')
ESCAPE = re.compile(r"\\(?:u00([01][0-9a-f])|(.))")
SHORT = {'"': '"', "\\": "\\", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
WORDS = {"null": None, "true": True, "false": False}


class Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def ahead(self) -> str:
        return self.text[self.at : self.at + 1]

    def accept(self, token: str) -> bool:
        found = self.text.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise malformed()

    def string(self) -> str:
        found = STRING.match(self.text, self.at)
        if not found:
            raise malformed()
        self.at = found.end()
        if "\\" not in found[1]:
            return found[1]
        return ESCAPE.sub(self._unescape, found[1])

    @staticmethod
    def _unescape(escape: re.Match[str]) -> str:
        if escape[1] is None:
            return SHORT[escape[2]]
        letter = chr(int(escape[1], 16))
        if letter in SHORT.values():  # it has a short form, and that is the only one
            raise malformed()
        return letter

    def number(self) -> int:
        found = NUMBER.match(self.text, self.at)
        if not found or abs(int(found[0])) > LARGEST:
            raise malformed()
        self.at = found.end()
        return int(found[0])

    def value(self, depth: int) -> object:
        if self.ahead() == "{":
            return self.members(depth + 1)
        if self.ahead() == "[":
            return self.elements(depth + 1)
        if self.ahead() == '"':
            return self.string()
        for word, meaning in WORDS.items():
            if self.accept(word):
                return meaning
        return self.number()

    def members(self, depth: int) -> dict[str, object]:
        self._open("{", depth)
        found: dict[str, object] = {}
        last: str | None = None
        while not self.accept("}"):
            if last is not None:
                self.expect(",")
            key = self.string()
            if last is not None and key <= last:
                raise malformed()
            self.expect(":")
            found[key] = self.value(depth)
            last = key
        return found

    def elements(self, depth: int) -> list[object]:
        self._open("[", depth)
        found: list[object] = []
        while not self.accept("]"):
            if found:
                self.expect(",")
            found.append(self.value(depth))
        return found

    def _open(self, bracket: str, depth: int) -> None:
        self.expect(bracket)
        if depth > DEPTH:
            raise malformed()


def read_object(raw: bytes, *, limit: int) -> dict[str, object]:
    if len(raw) > limit:
        raise malformed()
    try:
        reader = Reader(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise malformed() from None
    found = reader.members(1)
    if reader.at != len(reader.text):
        raise malformed()
    return found


def read_document(
    raw: bytes,
    *,
    limit: int,
    name: str,
    fields: Iterable[str],
    versions: tuple[int, ...] = (1,),
    more: Mapping[int, str] | None = None,
) -> dict[str, object]:
    """The fields of a document of this name, which has them all and no others.

    With more than one version, the version stands among them; `more` names a field that one version adds."""
    found = read_object(raw, limit=limit)
    version = found.pop("format_version", None)
    if found.pop("format", None) != name or type(version) is not int or version < 1:
        raise malformed()
    if version not in versions:
        raise newer()
    exactly(found, {*fields, more[version]} if more and version in more else fields)
    return found | {"format_version": version} if len(versions) > 1 else found


def exactly(found: object, fields: Iterable[str]) -> dict[str, object]:
    if not isinstance(found, dict) or set(found) != set(fields):
        raise malformed()
    return found
