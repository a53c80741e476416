"""The short forms, ``name=value``: broken escapes, other encodings, names twice, words that are no passphrase."""

from collections.abc import Iterator

from lab.hostile.paths import SCRIPTS
from lab.hostile.request import HARMLESS, MARK, PAIRS, REFUSED, HostileRequest, in_address, post

BODIES = (
    b"", b"=", b"&", b"&&&&", b"=&=&=", b"%", b"%%", b"%zz=%zz", b"%u0041=x", b"%00=%00", b"%ff=%fe",
    b"\xff=\xfe", b"a;b=c", b"a=b;c=d", b"+=+", b"a" * 60_000, b"a=" + b"b" * 60_000, b"a=" + b"b" * 66_000,
    b"=" * 60_000, b"&" * 60_000, b"a=&" * 20_000, b"passphrase[]=x", b"passphrase=x&passphrase=y",
    b"nonce=x&nonce=y", b"%70assphrase=x", b"passphrase%00=x", b"PASSPHRASE=x", b"__proto__=x",
    b"_charset_=utf-7&passphrase=x", b"{\"passphrase\": \"x\"}", b"<passphrase>x</passphrase>",
    b"\x1f\x8b\x08\x00" + bytes(40), b"--x\r\n\r\n", b"a=b\r\nc=d", b"a=b\x00", b"\xef\xbb\xbfpassphrase=x",
    "passphrase=x".encode("utf-16"), b"passphrase=" + MARK + b"+" * 3000,
)  # fmt: skip
PATHS = (
    b"/mailbox",
    b"/kept",
    b"/more",
    b"/files/receipt",
    b"/mailbox/write",
    b"/mailbox/delete",
    b"/mailbox/how",
    b"/mailbox/new-words",
    b"/",
)
KINDS = (
    PAIRS + b"; charset=utf-7", PAIRS + b"; charset=" + MARK, PAIRS + b"; charset=utf-16", PAIRS + b";;;",
    PAIRS + b", text/plain", PAIRS.upper(), PAIRS + b"x", b"application/x-www-form-urlencoded-x",
    b"text/x-www-form-urlencoded",
)  # fmt: skip


def requests() -> Iterator[HostileRequest]:
    for path in PATHS:
        # To have kept words of which nothing is known is no mistake, and told in the same way.
        statuses = HARMLESS if path == b"/kept" else REFUSED
        for body in BODIES if path in {b"/", b"/mailbox", b"/kept"} else BODIES[len(path) % 3 :: 3]:
            yield HostileRequest(post(path, body, kind=PAIRS), statuses)
    for kind in KINDS:
        yield HostileRequest(post(b"/mailbox", b"passphrase=" + MARK, kind=kind), REFUSED)
        yield HostileRequest(
            post(b"/mailbox", b"passphrase=" + MARK, b"Content-Encoding: gzip", kind=kind), REFUSED
        )
    for script in SCRIPTS:
        yield HostileRequest(post(b"/mailbox", b"passphrase=" + in_address(script), kind=PAIRS), REFUSED)
        yield HostileRequest(post(b"/mailbox", in_address(script) + b"=x", kind=PAIRS), REFUSED)
        yield HostileRequest(post(b"/mailbox/delete", b"reply=" + in_address(script), kind=PAIRS), REFUSED)
