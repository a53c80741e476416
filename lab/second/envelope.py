"""age v1 files with slots of the type mlkem768x25519, after docs/formats/envelope.md."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from lab.second.flow import Flow
from lab.second.hkdf import hkdf
from lab.second.hybrid import HybridKey, check_point
from lab.second.refused import Refused, malformed, newer

CHUNK = 65_536
SEALED = CHUNK + 16
HEADER_LIMIT = 65_536
OURS = b"mlkem768x25519"
VERSION = b"age-encryption.org/v1"
FOREIGN_VERSION = re.compile(rb"age-encryption\.org/[\x21-\x7e]+")
STANZA = re.compile(rb"->(?: [\x21-\x7e]+)+")


@dataclass
class Stanza:
    arguments: list[bytes]
    body: bytes


def decode(text: bytes) -> bytes:
    """Standard base64 without padding, in its one form."""
    try:
        found = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise malformed() from None
    if base64.b64encode(found).rstrip(b"=") != text:
        raise malformed()
    return found


class Header:
    """Version line, stanzas, MAC. `end` is where the payload begins."""

    def __init__(self, envelope: bytes) -> None:
        self._bytes = envelope[:HEADER_LIMIT]
        self.end = 0
        version = self._line()
        if version != VERSION:
            raise newer() if FOREIGN_VERSION.fullmatch(version) else malformed()
        self.stanzas: list[Stanza] = []
        while not (line := self._line()).startswith(b"---"):
            if not STANZA.fullmatch(line):
                raise malformed()
            self.stanzas.append(Stanza(line.split(b" ")[1:], self._body()))
        self.covered = envelope[: self.end - len(line) - 1 + 3]
        if not self.stanzas or line[:4] != b"--- ":
            raise malformed()
        self.mac = decode(line[4:])
        if len(self.mac) != 32:
            raise malformed()

    def _line(self) -> bytes:
        after = self._bytes.find(b"\n", self.end)
        if after < 0:
            raise malformed()
        line, self.end = self._bytes[self.end : after], after + 1
        return line

    def _body(self) -> bytes:
        whole = b""
        while len(line := self._line()) == 64:
            whole += decode(line)
        if len(line) > 64:
            raise malformed()
        return whole + decode(line)


def slots_of(header: Header, demanded: int | None) -> list[tuple[bytes, bytes]]:
    """Encapsulation and body of each slot of ours, all of them sound."""
    types = [stanza.arguments[0] for stanza in header.stanzas]
    if b"scrypt" in types and len(types) > 1:
        raise malformed()
    slots = []
    for stanza in header.stanzas:
        if stanza.arguments[0] == OURS:
            if len(stanza.arguments) != 2 or len(stanza.body) != 32:
                raise malformed()
            encapsulation = decode(stanza.arguments[1])
            if len(encapsulation) != 1120:
                raise malformed()
            check_point(encapsulation[1088:])
            slots.append((encapsulation, stanza.body))
    if demanded is not None and (len(slots) != demanded or len(types) != demanded):
        raise malformed()
    return slots


def open_envelope(envelope: bytes, *, keys: Sequence[HybridKey], slots: int | None) -> Flow:
    """The content, chunk by chunk; a chunk that does not fit is malformed when it is reached."""
    header = Header(envelope)
    sound = slots_of(header, slots)
    found = (key.unwrap(*slot) for key in keys for slot in sound)
    file_key = next((opened for opened in found if opened is not None), None)
    if file_key is None:
        raise Refused("no key opens")
    if not hmac.compare_digest(hmac.digest(hkdf(file_key, b"header"), header.covered, "sha256"), header.mac):
        raise malformed()
    return Flow(chunks_of(envelope[header.end :], file_key))


def chunks_of(payload: bytes, file_key: bytes) -> Iterator[bytes]:
    nonce, sealed = payload[:16], payload[16:]
    if len(nonce) != 16:
        raise malformed()
    cipher = ChaCha20Poly1305(hkdf(file_key, b"payload", salt=nonce))
    count, last = 0, False
    while not last:
        piece = sealed[count * SEALED : (count + 1) * SEALED]
        if len(piece) < 16 or (count and len(piece) == 16):
            raise malformed()
        chunk, last = open_chunk(cipher, count, piece)
        if chunk:
            yield chunk
        count += 1
    if sealed[count * SEALED :]:
        raise malformed()


def open_chunk(cipher: ChaCha20Poly1305, count: int, piece: bytes) -> tuple[bytes, bool]:
    """The plain bytes, and whether they are the last."""
    for last in (False, True) if len(piece) == SEALED else (True,):
        try:
            return cipher.decrypt(count.to_bytes(11, "big") + bytes([last]), piece, b""), last
        except InvalidTag:
            continue
    raise malformed()
