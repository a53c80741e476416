"""A tip that is sound in every byte, and ends before its last: after any of them the connection is closed."""

from collections.abc import Iterator

from lab.hostile.request import END, NONCE_PART, PAIRS, REFUSED, HostileRequest, part, post

_TIP = post(
    b"/",
    NONCE_PART
    + part(b'form-data; name="text"')
    + part(b'form-data; name="files"; filename="a"', b"file" * 20)
    + END,
)
_SHORT = post(b"/", b"nonce=" + b"0" * 32 + b"&text=help", kind=PAIRS)
_LOG_IN = post(b"/mailbox", b"passphrase=" + b"word " * 8, kind=PAIRS)


def requests() -> Iterator[HostileRequest]:
    whole = _TIP.rstrip(b"\r\n")  # a browser's last line end is no part of the form
    for sent, every in ((whole, 6), (_SHORT, 9), (_LOG_IN, 17)):
        for cut in range(1, len(sent) - 1, every):
            yield HostileRequest(sent[:cut], REFUSED, may_be_silent=b"\r\n\r\n" not in sent[:cut])
