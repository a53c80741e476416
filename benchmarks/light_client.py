"""A client light enough to share two cores with the measured server: asyncio, one process, no parser.

It connects as tor does: over the unix socket, with a line before the first byte that names the circuit.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

EDGE = "----anedgeforthemeasurement"
_FORM = f"multipart/form-data; boundary={EDGE}"
_PIECE_BYTES = 256 << 10


@dataclass(frozen=True, slots=True)
class LightAnswer:
    """The answer, and the seconds from the first byte sent to its last byte. Status 0: no answer."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        return self.body.split(b'name="%s" value="' % name.encode(), 1)[1].split(b'"', 1)[0].decode()

    def is_polite(self) -> bool:
        """True if a refusal says when to come again."""
        return b"\r\nretry-after: " in self.head.lower()


class LightClient:
    """One site on its socket; each request has a connection of its own, as the site wants it."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    async def get(self, path: str, *, circuit: int) -> LightAnswer:
        return await self.ask(b"GET", path, [], 0, circuit=circuit)

    async def post(self, path: str, fields: dict[str, str], *, circuit: int) -> LightAnswer:
        body = form_of(fields)
        return await self.ask(b"POST", path, [body], len(body), circuit=circuit)

    async def ask(
        self, method: bytes, path: str, pieces: Iterable[bytes], length_bytes: int, *, circuit: int
    ) -> LightAnswer:
        """One request; ``pieces`` are sent as fast as they are taken."""
        begun = time.perf_counter()
        try:
            reader, writer = await self._connect(circuit)
        except OSError:
            return LightAnswer(0, b"", b"", time.perf_counter() - begun)
        try:
            writer.write(header(method, path, length_bytes))
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            whole = await reader.read(-1)
        except OSError:
            whole = b""
        finally:
            writer.close()
        head, _, body = whole.partition(b"\r\n\r\n")
        status = int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0
        return LightAnswer(status, head, body, time.perf_counter() - begun)

    async def _connect(self, circuit: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_unix_connection(str(self.socket), limit=1 << 20)
        writer.write(line_of(circuit))
        return reader, writer


def line_of(circuit: int) -> bytes:
    """The line that tor sends before the first byte of a stream."""
    return f"PROXY TCP6 fc00:dead:beef:4dad::{circuit >> 16:x}:{circuit & 0xFFFF:x} ::1 38 80\r\n".encode()


def header(method: bytes, path: str, length_bytes: int) -> bytes:
    """A browser's."""
    browser = "Host: x.onion\r\nSec-Fetch-Site: same-origin\r\nAccept-Language: en\r\n"
    body = f"Content-Type: {_FORM}\r\nContent-Length: {length_bytes}\r\n" if method == b"POST" else ""
    return f"{method.decode()} {path} HTTP/1.1\r\n{browser}{body}\r\n".encode()


def form_of(fields: dict[str, str], *, tail: bool = True) -> bytes:
    """The body of a form; without its ``tail`` a file may follow."""
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + (f"--{EDGE}--\r\n" if tail else "")).encode()


def file_form(fields: dict[str, str], *, name: str, length_bytes: int) -> tuple[list[bytes], int]:
    """The pieces of a form with one file of ``length_bytes``, and the total length.

    All pieces but the ends share the same memory.
    """
    begin = (
        form_of(fields, tail=False)
        + (
            f'--{EDGE}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
    )
    end = f"\r\n--{EDGE}--\r\n".encode()
    piece = bytes(_PIECE_BYTES)
    whole, rest = divmod(length_bytes, _PIECE_BYTES)
    pieces = [begin, *[piece] * whole, piece[:rest], end]
    return pieces, len(begin) + length_bytes + len(end)
