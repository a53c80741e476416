"""The end of a body, said twice, differently or not at all: the ways to smuggle a second request behind a first."""

from collections.abc import Iterator
from itertools import product

from lab.hostile.request import BAD_REQUEST, FORM, HOST, MARK, ORIGIN, REFUSED, HostileRequest, get, head

_SMUGGLED = b"GET /left HTTP/1.1\r\nHost: " + HOST + b"\r\nX: " + MARK + b"\r\n\r\n"
_BODIES = (b"0\r\n\r\n" + _SMUGGLED, b"5\r\nhello\r\n0\r\n\r\n" + _SMUGGLED)
LENGTHS = (
    b"-1", b"+5", b"0x5", b"5 5", b"5,5", b"5, 5", b"5;5", b"5.0", b"5e0", b"1_0", b"", b" ", b"five",
    b"\xc2\xb2", b"\xd9\xa5", b"\xb2", b"00x", b"9" * 14, b"9" * 16, b"9" * 40, b"9" * 1000, b"9" * 3900,
    b"0" * 3900 + b"5", b"5\x00", b"\t5\x0b", b"-0", b"Infinity", b"NaN", b"5\x0c",
)  # fmt: skip
ENCODINGS = (
    b"chunked", b"Chunked", b"CHUNKED", b"xchunked", b"chunkedx", b"chunked, chunked", b"chunked, identity",
    b"identity, chunked", b"identity", b"gzip", b"gzip, chunked", b"chunked, gzip", b"deflate", b"compress",
    b"br", b"", b",", b"chunked,", b", chunked", b"\"chunked\"", b"chunked;x", b"chunked\x0b", b"\x0bchunked",
    b"chunked\x00", b"cow", b"trailers", b"chun ked", b"\xc2\xa0chunked", b"chunked\xa0", b"ch\xc3\xbcnked",
    MARK,
)  # fmt: skip
NAMES = (
    b"Transfer-Encoding", b"transfer-encoding", b"TRANSFER-ENCODING", b"Transfer_Encoding",
    b"Transfer-Encoding ", b" Transfer-Encoding", b"Transfer-Encoding\t", b"Transfer\x00-Encoding",
    b"Transfer-\xc3\x89ncoding", b"X: x\nTransfer-Encoding", b"X: x\rTransfer-Encoding", b"TE",
    b"Transfer-Encoding\x0b",
)  # fmt: skip


def _form(*fields: bytes, body: bytes) -> bytes:
    line = b"POST / HTTP/1.1"
    return head(line, b"Host: " + HOST, ORIGIN, b"Content-Type: " + FORM, *fields) + body


def requests() -> Iterator[HostileRequest]:
    for length, body in product(LENGTHS, _BODIES):
        yield HostileRequest(_form(b"Content-Length: " + length, body=body), REFUSED)
    yield from _two_answers()
    for first, second in product((b"0", b"5", b"60"), repeat=2):
        for body in _BODIES:
            both = (b"Content-Length: " + first, b"Content-Length: " + second)
            yield HostileRequest(_form(*both, body=body), BAD_REQUEST)
    for encoding, body in product(ENCODINGS, _BODIES):
        yield HostileRequest(_form(b"Transfer-Encoding: " + encoding, body=body), REFUSED)
        yield HostileRequest(_form(b"Content-Length: 5", b"Transfer-Encoding: " + encoding, body=body), BAD_REQUEST)
        yield HostileRequest(
            _form(b"Transfer-Encoding: " + encoding, b"Content-Length: 60", body=body), BAD_REQUEST
        )
    for name, body in product(NAMES, _BODIES):
        yield HostileRequest(_form(b"Content-Length: 5", name + b": chunked", body=body), REFUSED)
        yield HostileRequest(_form(name + b": chunked", body=body), REFUSED)
    for body in _BODIES:
        twice = (b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity")
        yield HostileRequest(_form(*twice, body=body), BAD_REQUEST)
        yield HostileRequest(_form(*reversed(twice), body=body), REFUSED)
        yield HostileRequest(_form(twice[0], twice[0], body=body), BAD_REQUEST)
        old = _form(twice[0], body=body).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
        yield HostileRequest(old, BAD_REQUEST)
        yield HostileRequest(_form(body=body), REFUSED)


def _two_answers() -> Iterator[HostileRequest]:
    for method in (b"GET", b"HEAD", b"DELETE", b"OPTIONS"):
        for body in _BODIES:
            bodily = (b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked")
            for fields in (bodily[:1], bodily[1:], bodily):
                said = head(method + b" /left HTTP/1.1", b"Host: " + HOST, *fields) + body
                yield HostileRequest(said, REFUSED | {200})
    for count in (2, 3, 50):
        for path in (b"/", b"/left", b"/return"):
            yield HostileRequest(get(path, b"Connection: keep-alive") * count, REFUSED | {200})
