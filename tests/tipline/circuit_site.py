"""The real web process behind a socket, as tor reaches it: each visitor comes on a circuit with a name."""

import re
import secrets
from pathlib import Path

from tests.tipline.served import raw
from tests.tipline.site_stage import BOUNDARY, Upload, multipart


def line_of(circuit: int) -> bytes:
    """The line of tor before the first byte of a stream."""
    return b"PROXY TCP6 fc00:dead:beef:4dad::0:%x ::1 38 80\r\n" % circuit


class Site:
    """The real web process, as tor reaches it: a socket, and a line that names the circuit."""

    def __init__(self, socket_path: Path) -> None:
        self.path = socket_path

    def ask(self, head: bytes, body: bytes = b"", *, circuit: int) -> bytes:
        lines = b"%s HTTP/1.1\r\nHost: x.onion\r\nSec-Fetch-Site: same-origin\r\nContent-Length: %d\r\n" % (
            head,
            len(body),
        )
        kind = b"Content-Type: multipart/form-data; boundary=%s\r\n\r\n" % BOUNDARY.encode()
        return raw(self.path, line_of(circuit) + lines + kind + body)

    def send_tip(self, text: str, *, circuit: int) -> str:
        """The words of its receipt; empty when there is none."""
        body = multipart([("nonce", secrets.token_hex(16)), ("text", text)], [Upload("a.bin", b"1")])
        page = self.ask(b"POST /", body, circuit=circuit)
        found = re.search(rb"data-passphrase [^>]*>(.*?)</p>", page, re.DOTALL)
        return b" ".join(re.findall(rb"[a-z]+(?=</span>)", found[1])).decode() if found else ""

    def log_in(self, words: str, *, circuit: int) -> int:
        """The status of the answer."""
        answer = self.ask(b"POST /mailbox", multipart([("passphrase", words)]), circuit=circuit)
        return int(answer.split(b" ", 2)[1])
