"""HTTP to an onion service through tor's SOCKS port, with the standard library only.

One connection carries one request: our servers close it after their answer. It is closed in every case, also when
tor cannot connect, which would cost a program that runs for months its file descriptors.
"""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

_GREETING = b"\x05\x01\x00"  # version 5, one way to authenticate: none
_NO_AUTHENTICATION = b"\x05\x00"
_CONNECT_NAME = b"\x05\x01\x00\x03"
_CONNECTED = b"\x05\x00"
_REPLY_BYTES = 10  # tor answers with an address of version 4


@dataclass(frozen=True, slots=True)
class OnionAnswer:
    """The status and the whole body of an answer."""

    status: int
    body: bytes = field(repr=False)


class OnionConnection(http.client.HTTPConnection):
    """A connection that tor makes; the name of the service never goes to a resolver."""

    def __init__(self, address: str, *, socks_port: int, seconds: float) -> None:
        super().__init__(address, 80, timeout=seconds)
        self._socks_port = socks_port

    def connect(self) -> None:
        """Connect through tor. Raises OSError: tor cannot, or does not answer in time."""
        self.sock = socket.create_connection(("127.0.0.1", self._socks_port), self.timeout)
        name = self.host.encode("ascii")
        self.sock.sendall(_GREETING)
        if self._exactly(len(_NO_AUTHENTICATION)) != _NO_AUTHENTICATION:
            raise OSError("tor's socks port asks for a password")
        self.sock.sendall(_CONNECT_NAME + bytes([len(name)]) + name + self.port.to_bytes(2, "big"))
        if not self._exactly(_REPLY_BYTES).startswith(_CONNECTED):
            raise ConnectionRefusedError("tor could not connect to the service")

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            piece = self.sock.recv(count - len(found))
            if not piece:
                raise ConnectionResetError("tor closed the connection")
            found += piece
        return found


def ask(
    address: str,
    method: str,
    path: str,
    *,
    socks_port: int,
    longest_answer: int,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 60.0,
) -> OnionAnswer | None:
    """One request; None where there was no whole answer, or one with more than ``longest_answer`` bytes.

    ``seconds`` bound each wait of the connection, not the whole.
    """
    connection = OnionConnection(address, socks_port=socks_port, seconds=seconds)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        content = answer.read(longest_answer + 1)
        if len(content) > longest_answer or (answer.length or 0) > 0:
            return None
        return OnionAnswer(answer.status, content)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
