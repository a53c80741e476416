"""One hostile request: the bytes that are sent, and the answers that are not a mistake of ours."""

from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from tests.tipline.site_stage import BOUNDARY

CANARY = "canary-9d2f"
"""Stands in every place where a request could be quoted."""

MARK = CANARY.encode()
HOST = b"127.0.0.1"
ORIGIN = b"Origin: http://" + HOST
NONCE = b"0123456789abcdef" * 2
BOUNDARY_BYTES = BOUNDARY.encode()
FORM = b"multipart/form-data; boundary=" + BOUNDARY_BYTES
PAIRS = b"application/x-www-form-urlencoded"

REFUSED = frozenset({400, 403, 404, 405, 411, 413, 422, 429, 503})
"""Whatever it asked for was not done, and it was told so."""

BAD_REQUEST = frozenset({400})
HARMLESS = REFUSED | {200, 303}
"""An odd request that asks for nothing but a page may get it, or the way to another one."""


@dataclass(frozen=True, slots=True)
class HostileRequest:
    """``statuses``: what an answer may say. ``may_be_silent``: it is cut so short that there is nothing to answer.
    ``bare``: tor's own line is not put before it. ``pieces``: more that is sent, each after a short pause."""

    sent: bytes
    statuses: frozenset[int] = REFUSED
    may_be_silent: bool = False
    bare: bool = False
    pieces: tuple[bytes, ...] = ()


def head(line: bytes, *fields: bytes) -> bytes:
    """Everything before a body, as it should end."""
    return b"\r\n".join((line, *fields, b"", b""))


def get(target: bytes = b"/", *fields: bytes) -> bytes:
    """A sound request for a page, but for what is told."""
    return head(b"GET " + target + b" HTTP/1.1", b"Host: " + HOST, *fields)


def post(target: bytes, body: bytes, *fields: bytes, kind: bytes = FORM) -> bytes:
    """A sound form from a page of ours, but for what is told."""
    length = b"Content-Length: %d" % len(body)
    line = b"POST " + target + b" HTTP/1.1"
    return head(line, b"Host: " + HOST, ORIGIN, length, b"Content-Type: " + kind, *fields) + body


def part(disposition: bytes, content: bytes = MARK, *fields: bytes) -> bytes:
    """One part of a form whose boundary is the usual one."""
    lines = (b"--" + BOUNDARY_BYTES, b"Content-Disposition: " + disposition, *fields, b"", content, b"")
    return b"\r\n".join(lines)


END = b"--" + BOUNDARY_BYTES + b"--\r\n"
NONCE_PART = part(b'form-data; name="nonce"', NONCE)


def percent(content: bytes) -> bytes:
    """Every byte as ``%xx``."""
    return b"".join(b"%%%02x" % byte for byte in content)


def in_address(text: str) -> bytes:
    """As a browser writes it into an address."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass")).encode()
