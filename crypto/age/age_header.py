"""The textual header of an age v1 file: ``docs/formats/envelope.md``, section "Header".

Strict: :meth:`Header.to_bytes`, over which the MAC is computed, returns exactly the bytes that were read.
"""

import binascii
import hmac
import re
from dataclasses import dataclass
from typing import Self

from crypto.errors import Malformed, NewerFormat
from crypto.primitives import _hybrid, _sodium
from crypto.primitives.byte_source import ExactSource

FILE_KEY_BYTES = 16
LIMIT_BYTES = 65536
"""Most bytes of a header that are read; ours have 1,627 or 6,298."""

_VERSION_LINE = b"age-encryption.org/v1\n"
_ANY_VERSION = re.compile(rb"age-encryption\.org/[!-~]+\n")
_ARGUMENT_LINE = re.compile(rb"-> [!-~]+(?: [!-~]+)*\n")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*")
_COLUMNS = 64
_MAC_MARK = b"---"
_MAC_BYTES = 32
_MAC_LABEL = b"header"


def base64_of(raw: bytes) -> bytes:
    """Standard base64 without padding."""
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=")


def base64_to_bytes(untrusted_text: bytes) -> bytes:
    """Undo :func:`base64_of`.

    Raises:
        Malformed: a foreign letter, padding, or bits left over that are not zero.
    """
    if not _BASE64.fullmatch(untrusted_text) or len(untrusted_text) % 4 == 1:
        raise Malformed("base64 must be of the standard alphabet, without padding")
    raw = binascii.a2b_base64(untrusted_text + b"=" * (-len(untrusted_text) % 4))
    if base64_of(raw) != untrusted_text:
        raise Malformed("base64 must be canonical")
    return raw


@dataclass(frozen=True, slots=True)
class Stanza:
    """One slot of the header: the file key, wrapped for one recipient. ``arguments`` begin with the type."""

    arguments: tuple[bytes, ...]
    body: bytes

    @property
    def type(self) -> bytes:
        return self.arguments[0]

    def to_bytes(self) -> bytes:
        text = base64_of(self.body)
        # The body ends with a line that is shorter than full, if need be with an empty one.
        lines = [text[start : start + _COLUMNS] + b"\n" for start in range(0, len(text) + 1, _COLUMNS)]
        return b"-> " + b" ".join(self.arguments) + b"\n" + b"".join(lines)


@dataclass(frozen=True, slots=True)
class Header:
    """All slots and the MAC; not trusted until :meth:`verify` has returned."""

    stanzas: tuple[Stanza, ...]
    mac: bytes

    @classmethod
    def make(cls, stanzas: tuple[Stanza, ...], *, file_key: bytes) -> Self:
        """The header that wraps ``file_key`` (16 bytes) in ``stanzas``."""
        return cls(stanzas, _mac(stanzas, file_key))

    @classmethod
    def read(cls, source: ExactSource) -> Self:
        """Read a header from ``source``, up to the first byte of the payload.

        Raises:
            Malformed: not the grammar, or longer than 64 KiB.
            NewerFormat: another version of age.
        """
        lines = _HeaderLines(source)
        line = lines.next()
        if line != _VERSION_LINE:
            if _ANY_VERSION.fullmatch(line):
                raise NewerFormat("envelope is of a newer version than age v1")
            raise Malformed("envelope must begin with the age version line")
        stanzas: list[Stanza] = []
        while not (line := lines.next()).startswith(_MAC_MARK):
            if not _ARGUMENT_LINE.fullmatch(line):
                raise Malformed("stanza must begin with -> and arguments, one blank between each")
            stanzas.append(Stanza(tuple(line[3:-1].split(b" ")), lines.body()))
        if not stanzas:
            raise Malformed("header must have a stanza")
        if line[3:4] != b" ":
            raise Malformed("header must end with --- and its MAC")
        mac = base64_to_bytes(line[4:-1])
        if len(mac) != _MAC_BYTES:
            raise Malformed(f"MAC of the header must have {_MAC_BYTES} bytes")
        return cls(tuple(stanzas), mac)

    def to_bytes(self) -> bytes:
        return _before_mac(self.stanzas) + b" " + base64_of(self.mac) + b"\n"

    def verify(self, file_key: bytes) -> None:
        """Return when this header is exactly as the holder of ``file_key`` wrote it.

        Raises:
            Malformed: it is not.
        """
        if not _sodium.equal(_mac(self.stanzas, file_key), self.mac):
            raise Malformed("MAC of the header must fit its bytes")


class _HeaderLines:
    """The lines of one header, all of them within its limit."""

    __slots__ = ("_left", "_source")

    def __init__(self, source: ExactSource) -> None:
        self._source = source
        self._left = LIMIT_BYTES

    def next(self) -> bytes:
        line = self._source.line(self._left)
        self._left -= len(line)
        return line

    def body(self) -> bytes:
        """The body of a stanza: full lines, then one that is shorter."""
        letters: list[bytes] = []
        while len(line := self.next()) == _COLUMNS + 1:
            letters.append(line[:-1])
        if len(line) > _COLUMNS:
            raise Malformed(f"stanza body must have {_COLUMNS} letters a line")
        return base64_to_bytes(b"".join(letters) + line[:-1])


def _before_mac(stanzas: tuple[Stanza, ...]) -> bytes:
    return _VERSION_LINE + b"".join(stanza.to_bytes() for stanza in stanzas) + _MAC_MARK


def _mac(stanzas: tuple[Stanza, ...], file_key: bytes) -> bytes:
    key = _hybrid.hkdf_sha256(file_key, salt=None, label=_MAC_LABEL, length_bytes=32)
    return hmac.digest(key, _before_mac(stanzas), "sha256")
