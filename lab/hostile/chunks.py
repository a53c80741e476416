"""Bodies in chunks: sizes that lie, lines that do not end, extensions, trailers. The site takes none of them."""

from collections.abc import Iterator
from itertools import product

from lab.hostile.request import FORM, HOST, MARK, ORIGIN, PAIRS, REFUSED, HostileRequest, head

SIZES = (
    b"5", b"05", b"0x5", b"+5", b"-5", b" 5", b"5 ", b"\t5", b"5\t", b"", b"x", b"g", b"5.0", b"5,5", b"F" * 8,
    b"f" * 16, b"F" * 17, b"0" * 1000 + b"5", b"F" * 9000, b"\xd9\xa5", b"5\x00", b"5\x0b", b"5;", b"5;a",
    b"5;a=b", b"5;a=\"b\"", b"5;a=\"", b"5;" + MARK, b"5;" + b"x" * 9000, b"5 ;a", b"5\xa0", b"5\r", b"\r5",
    b"5\n", b"80000000", b"7fffffffffffffff", b"8000000000000000",
)  # fmt: skip
ENDS = (
    b"\r\nhello\r\n0\r\n\r\n",
    b"\nhello\n0\n\n",
    b"\r\nhelloo\r\n0\r\n\r\n",
    b"\r\nhello",
)
TRAILERS = (
    b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Host: " + MARK, b"X: " + MARK, b"X" * 5000 + b": x",
    b"x", b": x", b" x: y", b"X : y", b"X: y\nZ: z", b"Trailer: X", b"Content-Type: text/plain", b"X: \x00",
    b"\r\n".join(b"X-%d: x" % number for number in range(60)), b"Cookie: s=" + MARK,
)  # fmt: skip


def _chunked(body: bytes, path: bytes = b"/", kind: bytes = FORM) -> HostileRequest:
    fields = (b"Host: " + HOST, ORIGIN, b"Content-Type: " + kind, b"Transfer-Encoding: chunked")
    return HostileRequest(head(b"POST " + path + b" HTTP/1.1", *fields) + body, REFUSED)


def requests() -> Iterator[HostileRequest]:
    for size, end in product(SIZES, ENDS):
        yield _chunked(size + end)
    for trailer in TRAILERS:
        yield _chunked(b"5\r\nhello\r\n0\r\n" + trailer + b"\r\n\r\n")
        yield _chunked(b"0\r\n" + trailer + b"\r\n\r\n")
        yield _chunked(b"0\r\n" + trailer)
    for path in (b"/kept", b"/more", b"/files/send", b"/form/1", b"/mailbox", b"/mailbox/write", b"/nowhere"):
        yield _chunked(b"1\r\na\r\n" * 3000 + b"0\r\n\r\n", path)
        yield _chunked(b"0\r\n\r\n", path, PAIRS)
