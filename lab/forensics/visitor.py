"""A source over HTTP: few words, one connection a request, and an upload that can be held in the middle."""

import http.client
import re
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urlencode

from tests.tipline.site_stage import BOUNDARY, Upload, multipart

_BLOCK_BYTES: Final = 1 << 20
_BYTE_EVERY_SECONDS: Final = 30.0
_HANG_UP_SECONDS: Final = 60.0
UPLOAD_TYPE: Final = f"multipart/form-data; boundary={BOUNDARY}"
FORM_TYPE: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Address:
    """A port of this machine, or an onion address behind a SOCKS port of it."""

    host: str
    port: int
    socks_port: int = 0
    patience_seconds: float = 600.0
    circuit: str = ""
    """Over tor, connections of one name share a circuit, and no one else is on it: as one browser's."""

    def connect(self) -> http.client.HTTPConnection:
        """A connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.patience_seconds)
        if self.socks_port:
            connection.sock = self._through_tor()
        return connection

    def _through_tor(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.socks_port), timeout=self.patience_seconds)
        name, circuit = self.host.encode(), self.circuit.encode() or b"any"
        # Tor takes any name and password, and parts circuits by them (RFC 1929).
        steps = (
            (b"\x05\x01\x02", 2, b"\x02"),
            (b"\x01" + bytes([len(circuit)]) + circuit + b"\x01-", 2, b"\x00"),
            (b"\x05\x01\x00\x03" + bytes([len(name)]) + name + self.port.to_bytes(2, "big"), 10, b"\x00"),
        )
        for asked, answer_bytes, wanted in steps:
            opened.sendall(asked)
            if opened.recv(answer_bytes)[1:2] != wanted:
                opened.close()
                raise ConnectionRefusedError("tor could not connect")
        return opened


class Visitor:
    """Keeps the cookie of its mailbox and the page that it sees."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._cookie = ""
        self.page = ""
        self.status = 0
        self.handed_over = False
        """True if all of the last request was handed to the system, so that the server may have had it."""
        self._upload: http.client.HTTPConnection | None = None

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> str:
        return self._ask("POST", path, urlencode(fields).encode(), FORM_TYPE)

    def upload(self, path: str, fields: Sequence[tuple[str, str]], files: Sequence[Upload] = ()) -> str:
        return self._ask("POST", path, multipart(fields, files), UPLOAD_TYPE)

    def upload_large(
        self,
        path: str,
        fields: Sequence[tuple[str, str]],
        name: str,
        block: bytes,
        blocks: int,
        *,
        goes_on: Callable[[], bool],
    ) -> str:
        """A file of this number of equal blocks.

        Once half of it was sent, ``goes_on`` is asked until it says so, and a byte is sent each time: the server
        has three minutes of patience with a silence, and a search may take more.
        """
        whole = multipart(fields, [Upload(name, b"")])
        cut = whole.rindex(b"\r\n--")
        connection = self._upload = self._address.connect()
        try:
            connection.putrequest("POST", path)
            for header, value in self._headers(UPLOAD_TYPE).items():
                connection.putheader(header, value)
            connection.putheader("Content-Length", str(len(whole) + len(block) * blocks))
            connection.endheaders(whole[:cut])
            for number in range(blocks):
                ahead = 0
                while number == blocks // 2 and not goes_on():
                    connection.send(block[ahead : ahead + 1])
                    ahead += 1
                connection.send(block[ahead:])
            connection.send(whole[cut:])
            return self._read(connection)
        finally:
            connection.close()

    def hang_up(self) -> None:
        """Break off the large upload, whatever its thread waits for."""
        if self._upload is not None and self._upload.sock is not None:
            with suppress(OSError):
                self._upload.sock.shutdown(socket.SHUT_RDWR)

    def hidden(self, name: str, *, form: str = "") -> str:
        """The value of a hidden field: in the form with this action, or of a button with this action."""
        is_of_a_button = f' formaction="{form}' in self.page
        start = self.page.index(f'action="{form}') if form and not is_of_a_button else 0
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page[start:])
        if found is None:
            raise LookupError(f"no hidden field {name} at status {self.status}: {self.page[:300]}")
        return found[1]

    def words(self) -> tuple[str, ...]:
        """Those that the page shows to be kept."""
        found = re.search(r"data-passphrase [^>]*>(.*?)</p>", self.page, re.DOTALL)
        if found is None:
            raise LookupError(f"no words at status {self.status}: {self.page[:300]}")
        return tuple(re.sub(r"<[^>]+>", " ", found[1]).split())

    def _headers(self, content_type: str) -> dict[str, str]:
        headers = {"Content-Type": content_type, "Sec-Fetch-Site": "same-origin"}
        return headers | ({"Cookie": self._cookie} if self._cookie else {})

    def _ask(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> str:
        self.handed_over = False
        connection = self._address.connect()
        try:
            connection.request(method, path, body, self._headers(content_type) if body is not None else {})
            self.handed_over = True
            return self._read(connection)
        finally:
            connection.close()

    def _read(self, connection: http.client.HTTPConnection) -> str:
        answer = connection.getresponse()
        self.status = answer.status
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._cookie = value.partition(";")[0]
        self.page = unescape(answer.read().decode())
        return self.page


class Held:
    """An upload in a thread of its own, which stands still in the middle until it is let go."""

    def __init__(
        self,
        visitor: Visitor,
        path: str,
        fields: Sequence[tuple[str, str]],
        name: str,
        block: bytes,
        blocks: int,
    ) -> None:
        self._go_on = threading.Event()
        self._stands = threading.Event()
        self._breaks = False
        self._visitor = visitor
        self._plan = (path, fields, name, block, blocks)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def await_middle(self) -> None:
        if not self._stands.wait(600):
            raise TimeoutError("the upload did not come to its middle")

    def end(self) -> None:
        """Let it go on, and wait until it was answered or has failed."""
        self._go_on.set()
        self._thread.join()

    def end_without_server(self) -> None:
        """Let it go on after its server was killed. Tor may not tell a client of that: then the client hangs up."""
        self._go_on.set()
        self._thread.join(_HANG_UP_SECONDS)
        self._visitor.hang_up()
        self._thread.join()

    def cut(self) -> None:
        """Break it off where it stands."""
        self._breaks = True
        self.end()

    def _run(self) -> None:
        path, fields, name, block, blocks = self._plan
        try:
            self._visitor.upload_large(path, fields, name, block, blocks, goes_on=self._goes_on_from_middle)
        except (OSError, http.client.HTTPException):
            self._visitor.page = ""  # the server was killed, or we broke it off
        finally:
            self._stands.set()

    def _goes_on_from_middle(self) -> bool:
        self._stands.set()
        goes_on = self._go_on.wait(_BYTE_EVERY_SECONDS)
        if self._breaks:
            raise ConnectionAbortedError
        return goes_on
