"""Forms in parts whose boundaries are missing, doubled, nested, cut, inside of each other or somewhere else."""

from collections.abc import Iterator

from lab.hostile.request import BOUNDARY_BYTES, END, HARMLESS, MARK, NONCE_PART, REFUSED, HostileRequest, part, post

TYPES = (
    b"multipart/form-data", b"multipart/form-data;", b"multipart/form-data; boundary",
    b"multipart/form-data; boundary=", b"multipart/form-data; boundary=\"\"",
    b"multipart/form-data; boundary=\"", b"multipart/form-data; boundary=\"x",
    b"multipart/form-data; boundary=" + b"x" * 71, b"multipart/form-data; boundary=" + b"x" * 3900,
    b"multipart/form-data; boundary=\xc3\xbc", b"multipart/form-data; boundary=a b",
    b"multipart/form-data; boundary==", b"multipart/form-data; boundary=--",
    b"multipart/form-data; boundary=x; boundary=y", b"multipart/form-data; boundary*=utf-8''x",
    b"multipart/form-data; boundary*0=x; boundary*1=y", b"multipart/form-data; Boundary=x",
    b"multipart/form-data, boundary=x", b"multipart/form-data; boundary=(.*)",
    b"multipart/form-data; boundary=[", b"multipart/form-data; boundary=\\",
    b"multipart/form-data; boundary=%0d%0a", b"multipart/mixed; boundary=x", b"multipart/related; boundary=x",
    b"multipart/byteranges; boundary=x", b"multipart/; boundary=x", b"multipart; boundary=x",
    b"multipart/form-data/x; boundary=x", b"Multipart/Form-Data; boundary=x",
    b"multipart/form-data\t; boundary=x", b"message/rfc822", b"text/plain", b"text/plain; boundary=x",
    b"application/json", b"application/octet-stream", b"", b" ", b";", b"/", b"*/*", MARK, b"x" * 3900,
    b"application/x-www-form-urlencoded; boundary=x", b"multipart/form-data; charset=utf-7; boundary=x",
    b"multipart/form-data; boundary=x, multipart/form-data; boundary=y", b"\xff",
    b"multipart/form-data; boundary=x\xff",
)  # fmt: skip
_TEXT = part(b'form-data; name="text"')
_DASHES = b"--" + BOUNDARY_BYTES
_INNER = b"--y\r\nContent-Disposition: file; filename=x\r\n\r\nx\r\n--y--"
BODIES = (
    b"", b"\r\n", b"-", b"--", b"--\r\n", b"----", _DASHES, _DASHES + b"\r\n", _DASHES + b"--", END, END * 2,
    END + _TEXT, END + _TEXT + END, b"\r\n" * 5000, b"\x00" * 60_000, b"-" * 60_000, MARK * 3000, _TEXT,
    _TEXT + _DASHES, _TEXT + _DASHES + b"-", _TEXT + _DASHES + b"\r\n", _TEXT + _DASHES + b"\r\n\r\n",
    _TEXT[:-2] + END, _TEXT + b"x" + END, _TEXT + b" " + END, _TEXT.replace(b"\r\n", b"\n") + END,
    _TEXT.replace(b"\r\n", b"\r") + END, _TEXT + _TEXT + END, NONCE_PART * 2 + END,
    NONCE_PART + _TEXT * 2 + END, (_DASHES + b"\r\n") * 3000 + END, (_DASHES + b"\r\n\r\n\r\n") * 3000 + END,
    NONCE_PART + _DASHES + b"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nx\r\n--y--\r\n" + END,
    NONCE_PART + part(b'form-data; name="files"', _INNER, b"Content-Type: multipart/mixed; boundary=y") + END,
    b"preamble " * 5000 + _TEXT, b"x" + _TEXT + END, b"\r\n" + _TEXT[:-1],
    NONCE_PART + END + b"epilogue " * 5000, NONCE_PART + END + _DASHES,
    _TEXT.replace(BOUNDARY_BYTES, BOUNDARY_BYTES + b"x") + END,
    _TEXT.replace(BOUNDARY_BYTES, BOUNDARY_BYTES[:-1]) + END,
    _TEXT.replace(_DASHES, b"-" + BOUNDARY_BYTES) + END, _TEXT.replace(_DASHES, b"-" + _DASHES) + END,
    NONCE_PART + part(b'form-data; name="files"; filename="a"', (b"\r\n" + _DASHES[:-1]) * 2000),
    NONCE_PART + part(b'form-data; name="files"; filename="a"', b"\r\n" * 20_000),
    NONCE_PART + part(b'form-data; name="files"; filename="a"', b"\r" * 20_000),
)  # fmt: skip


def requests() -> Iterator[HostileRequest]:
    for kind in TYPES:
        for path in (b"/", b"/kept", b"/mailbox"):
            said = post(
                path, b"--x\r\nContent-Disposition: form-data; name=" + MARK + b"\r\n\r\nx\r\n--x--\r\n", kind=kind
            )
            yield HostileRequest(said, REFUSED if path == b"/" else HARMLESS)
    for body in BODIES:
        for path in (b"/", b"/files/send", b"/form/1", b"/more"):
            # A frame answers 200 to say in its own page what was refused.
            yield HostileRequest(post(path, body), REFUSED)
    for cut in range(1, len(_TEXT + END) - 3, 3):
        yield HostileRequest(post(b"/", NONCE_PART + (_TEXT + END)[:cut]), REFUSED)
