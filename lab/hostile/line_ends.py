"""Bytes that other programs may take for the end of a line, or for nothing, in every part of a head."""

from collections.abc import Iterator
from itertools import product

from lab.hostile.request import BAD_REQUEST, HOST, MARK, REFUSED, HostileRequest, get

ENDINGS = (
    b"\n",
    b"\r",
    b"\n\n",
    b"\r\r",
    b"\n\r",
    b"\r\r\n",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x85",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\x00\r\n",
)
CONTROLS = tuple(bytes((byte,)) for byte in (*range(9), *range(0x0A, 0x20), 0x7F))
FOLDS = (b"\r\n ", b"\r\n\t", b"\r\n  \t ", b"\r\n \r\n ", b"\n ", b"\r ")


def requests() -> Iterator[HostileRequest]:
    lines = (b"GET / HTTP/1.1", b"Host: " + HOST, b"X: " + MARK, b"Y: y")
    for ending in ENDINGS:
        yield HostileRequest(ending.join((*lines, b"", b"")), BAD_REQUEST, may_be_silent=True)
        for place in range(len(lines)):
            joined = b"\r\n".join(lines[: place + 1]) + ending + b"\r\n".join((*lines[place + 1 :], b"", b""))
            # Some are a part of a value to us, as to everyone; none may end a line.
            yield HostileRequest(joined, REFUSED | {200}, may_be_silent=True)
    for control, frame in product(CONTROLS, (b"X: a%sb", b"X: %s", b"X%s: a", b"%sX: a")):
        yield HostileRequest(get(b"/", frame % control), BAD_REQUEST)
    for fold in FOLDS:
        yield HostileRequest(get(b"/", b"X: a" + fold + b"b"), BAD_REQUEST)
        yield HostileRequest(get(b"/", b"X:" + fold + b"b"), BAD_REQUEST)
        yield HostileRequest(get(b"/", b"Transfer-Encoding:" + fold + b"chunked"), BAD_REQUEST)
        yield HostileRequest(get(b"/").replace(b"Host:", b"Host:" + fold), BAD_REQUEST)
