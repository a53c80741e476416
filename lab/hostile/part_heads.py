"""Heads of the parts of a form: names and file names in every disguise, twice, too long, in no encoding.

Each form ends after its parts without the boundary that would make it whole, so that it may only be refused.
"""

from collections.abc import Iterator

from lab.hostile.paths import SCRIPTS
from lab.hostile.request import BOUNDARY_BYTES, END, MARK, NONCE, NONCE_PART, REFUSED, HostileRequest, part, post

DISPOSITIONS = (
    b"", b";", b"form-data", b"form-data;", b"form-data; name", b"form-data; name=", b"form-data; name=\"",
    b"form-data; name=\"\"", b"form-data; name=\"text", b"form-data; name=text", b"form-data; name='text'",
    b"form-data; NAME=\"text\"", b"form-data; name=\"text\"; name=\"nonce\"", b"form-data; name*=utf-8''text",
    b"form-data; name*=utf-7''text", b"form-data; name*=x", b"form-data; name*0=\"te\"; name*1=\"xt\"",
    b"attachment; name=\"text\"", b"file; name=\"text\"", b"inline", b"form-data, name=text",
    b"form-data name=text", b"form-data; name=\"text\\\"\"", b"form-data; name=\"\\\\\"",
    b"form-data; name=\"a\r\n\"", b"form-data; name=\"text\x00\"", b"form-data; name=\"" + MARK + b"\"",
    b"form-data; name=\"" + b"x" * 10_000 + b"\"", b"form-data; " + b"a=b; " * 2000,
    b"form-data; name=\"\xff\xfe\"", b"form-data; name=\"text\"; filename=\"\"",
    b"form-data; name=\"text\"; filename=\"a\"", b"form-data; name=\"nonce\"; filename=\"a\"",
    b"form-data; name=\"files\"", b"form-data; filename=\"a\"",
    b"form-data; name=\"files\"; filename*=utf-8''%zz", b"form-data; name=\"files\"; filename*=utf-16''a",
    b"form-data; name=\"files\"; filename*=x''a", b"form-data; name=\"files\"; filename*=''",
    b"form-data; name=\"files\"; filename*=utf-8''a; filename=\"b\"",
    b"form-data; name=\"files\"; filename*0*=utf-8''a; filename*1=b",
    b"form-data; name=\"files\"; filename*9999999999=a",
    b"form-data; name=\"files\"; filename=\"../../etc/passwd\"",
    b"form-data; name=\"files\"; filename=\"" + b"x" * 16_000 + b"\"",
    b"form-data; name=\"files\"; filename=\"a\"; filename=\"b\"", b"=?utf-8?q?form-data?=; name=\"text\"",
    b"\xff; name=\"text\"",
)  # fmt: skip
FIELDS = (
    b"Content-Type", b"Content-Type:", b"Content-Type: text/html; charset=utf-7",
    b"Content-Type: text/plain; charset=" + MARK, b"Content-Type: text/plain; charset=idna",
    b"Content-Type: text/plain; charset=utf-16", b"Content-Type: text/plain; charset=rot13",
    b"Content-Type: text/plain; charset=zlib_codec", b"Content-Type: text/plain; charset=\x00",
    b"Content-Type: text/plain; charset=" + b"x" * 5000,
    b"Content-Type: multipart/mixed; boundary=" + BOUNDARY_BYTES, b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: " + MARK, b"Content-Length: 1",
    b"Content-Length: -1", b"Content-Length: " + b"9" * 50, b"Content-Encoding: gzip",
    b"Content-Disposition: form-data; name=\"text\"", b": x", b"x", b" folded", b"X: " + b"x" * 17_000,
    b"\x00: x", b"\xff: \xff", b"X: a\nY: b", b"X: a\rY: b",
    b"\r\n".join(b"X-%d: x" % number for number in range(900)), b"Set-Cookie: a=b",
    b"Content-Type: a/b\r\nContent-Type: c/d",
)  # fmt: skip


def requests() -> Iterator[HostileRequest]:
    for disposition in DISPOSITIONS:
        for path in (b"/", b"/files/send", b"/form/1"):
            yield HostileRequest(post(path, NONCE_PART + part(disposition)), REFUSED)
        yield HostileRequest(post(b"/mailbox/how", part(disposition) + END), REFUSED)
    for field in FIELDS:
        for name in (b'form-data; name="text"', b'form-data; name="files"; filename="a"'):
            yield HostileRequest(post(b"/", NONCE_PART + part(name, MARK, field)), REFUSED)
        yield HostileRequest(post(b"/more", part(b'form-data; name="handle"', MARK, field) + END), REFUSED)
    for script in SCRIPTS:
        name = script.encode("utf-8", "surrogatepass")
        for disposition in (b'form-data; name="%s"', b'form-data; name="files"; filename="%s"'):
            yield HostileRequest(post(b"/", NONCE_PART + part(disposition % name)), REFUSED)
    for nonce in (
        b"",
        b"x",
        NONCE + b"0",
        NONCE[:-1],
        b"g" * 32,
        NONCE.upper(),
        b"\x00" * 32,
        b"\xd9\xa1" * 32,
        b"0" * 4096,
        b"0" * 5000,
    ):
        yield HostileRequest(post(b"/", part(b'form-data; name="nonce"', nonce) + NONCE_PART), REFUSED)
