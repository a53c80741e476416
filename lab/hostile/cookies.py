"""Cookies that are none of ours, and such as no browser sends; on pages that read the one cookie there is."""

from collections.abc import Iterator

from lab.hostile.request import HARMLESS, MARK, PAIRS, REFUSED, HostileRequest, get, post

VALUES = (
    b"", b"x", b"0" * 64, b"f" * 128, b"x" * 3000, b"\"" + MARK + b"\"", b"\"", b"\"\\", b"\"\\0", b"\"\\000\"",
    b"\"\\777\"", b"\"\\" + b"1" * 100, b"a\\b", b"%00", b"%ff", b"\xff\xfe", b"\xc3\xbc", b"a b", b"a,b",
    b"a=b=c", b"../x", b"' or 1=1", b"<script>", b"{{7*7}}", b"[]", b"{}", b"true", b"null", b"-1",
    b"\xf0\x9f\x86\x98", b"a\tb", b"=", b"==", b"a;b", b"a;;;b", b"$Version=1", b"\"a;b\"",
)  # fmt: skip
NAMES = (b"s", MARK, b"", b"$Version")


def requests() -> Iterator[HostileRequest]:
    for value in VALUES:
        for name in NAMES:
            yield HostileRequest(get(b"/mailbox", b"Cookie: " + name + b"=" + value), HARMLESS)
        yield HostileRequest(get(b"/left", b"Cookie: " + value), HARMLESS)
        for act in (b"/mailbox/how", b"/mailbox/delete"):
            yield HostileRequest(post(act, b"nonce=" + MARK, b"Cookie: s=" + value, kind=PAIRS), REFUSED)
    many = b"; ".join(b"s=%d" % number for number in range(300))
    yield HostileRequest(get(b"/mailbox", b"Cookie: " + many), HARMLESS)
    yield HostileRequest(get(b"/mailbox", b"Cookie: " + b";" * 4000), HARMLESS)
    yield HostileRequest(get(b"/mailbox", b"Cookie: " + b"=" * 4000), HARMLESS)
