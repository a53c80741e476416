"""Much of everything in one request, up to what the limits let in and a little more."""

from collections.abc import Iterator

from lab.hostile.request import END, FORM, HOST, MARK, NONCE_PART, ORIGIN, PAIRS, HostileRequest, head, part, post

_FILE = part(b'form-data; name="files"; filename="a"', b"x")
_FIELD = part(b'form-data; name="f%d"', b"")


def requests() -> Iterator[HostileRequest]:
    for count in (257, 10_000):
        yield HostileRequest(post(b"/", NONCE_PART + b"".join(_FIELD % number for number in range(count)) + END))
        yield HostileRequest(post(b"/", NONCE_PART + _FILE * count + END))
        yield HostileRequest(post(b"/kept", _FIELD * count + END, kind=FORM))
        yield HostileRequest(post(b"/", b"&".join(b"f%d=x" % number for number in range(count)), kind=PAIRS))
    for size in (1_100_000, 1_500_000):
        yield HostileRequest(post(b"/", NONCE_PART + part(b'form-data; name="text"', b"x" * size) + END))
        yield HostileRequest(post(b"/", b"text=" + b"x" * size, kind=PAIRS))
        yield HostileRequest(post(b"/", NONCE_PART + part(b'form-data; name="other"', b"x" * size) + END))
        yield HostileRequest(post(b"/mailbox", b"passphrase=" + b"x" * size, kind=PAIRS))
    for length in (b"%d" % (1 << 40), b"%d" % (1 << 62), b"1" + b"0" * 14):
        fields = (b"Host: " + HOST, ORIGIN, b"Content-Type: " + FORM, b"Content-Length: " + length)
        for path in (b"/", b"/kept", b"/mailbox", b"/nowhere"):
            yield HostileRequest(head(b"POST " + path + b" HTTP/1.1", *fields) + NONCE_PART + MARK)
    nested = b"".join(
        part(b'form-data; name="files"', b"", b"Content-Type: multipart/mixed; boundary=%d" % deep)
        for deep in range(200)
    )
    yield HostileRequest(post(b"/", NONCE_PART + nested))
