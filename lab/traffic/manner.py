"""How a browser words its requests, learnt from those that a real Firefox sent: which lines, in which order.

A line whose value depends on the visit (path, referring page, length, cookie) keeps its place and gets a new value.
"""

import random
import re
from dataclasses import dataclass, field
from typing import Final

_VARIES: Final = ("Referer", "Content-Type", "Content-Length", "Cookie")
_BOUNDARY: Final = re.compile(rb"boundary=(-*[a-z]+)([0-9a-f]+)\r\n")
CRLF: Final = b"\r\n"


@dataclass(frozen=True, order=True)
class Kind:
    """The kind of a request: for a page or its style, by address, by a link or by a form, with a cookie or not."""

    method: str
    is_style: bool
    has_referer: bool
    body: str
    """``""``, ``"urlencoded"`` or ``"multipart"``."""
    has_cookie: bool


@dataclass
class Manner:
    """The lines of each kind of request, and the boundaries of uploads, as they were seen."""

    _lines: dict[Kind, list[bytes]] = field(default_factory=dict)
    _boundaries: list[tuple[bytes, int]] = field(default_factory=list)

    def learn(self, request: bytes) -> None:
        """From one whole request."""
        head = request.partition(CRLF * 2)[0] + CRLF
        self._lines.setdefault(kind_of(request), head.splitlines(keepends=True)[1:])
        if found := _BOUNDARY.search(head):
            self._boundaries.append((found[1], len(found[2])))

    def boundary(self) -> bytes:
        """A new one, as long as one that was seen."""
        begin, digits = random.choice(self._boundaries)
        return begin + b"%0*x" % (digits, random.getrandbits(4 * digits))

    def request(self, path: str, kind: Kind, body: bytes = b"", **values: str) -> bytes:
        """A whole request; ``values`` are those of the lines that vary, by name with ``_`` for ``-``.

        Raises:
            KeyError: Firefox was never seen to send such a one.
        """
        pieces = [f"{kind.method} {path} HTTP/1.1".encode() + CRLF]
        for line in self._lines[kind]:
            name, _, _ = line.partition(b": ")
            told = name.decode()
            value = values[told.replace("-", "_")].encode() + CRLF if told in _VARIES else None
            pieces.append(line if value is None else name + b": " + value)
        return b"".join([*pieces, CRLF, body])


def kind_of(request: bytes) -> Kind:
    """Of one that a browser sent."""
    head = request.partition(CRLF * 2)[0] + CRLF
    content = re.search(rb"\r\nContent-Type: (?:application/x-www-form-)?(urlencoded|multipart)", head)
    return Kind(
        method=head.split(b" ", 1)[0].decode(),
        is_style=b"\r\nAccept: text/css" in head,
        has_referer=b"\r\nReferer: " in head,
        body=content[1].decode() if content else "",
        has_cookie=b"\r\nCookie: " in head,
    )
