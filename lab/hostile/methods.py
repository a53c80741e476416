"""Methods that no route declares, on every route."""

from collections.abc import Iterator

from lab.hostile.request import HARMLESS, HOST, MARK, REFUSED, HostileRequest, head

METHODS = (
    b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"TRACK", b"CONNECT", b"DEBUG", b"BREW", b"PROPFIND",
    b"MKCOL", b"COPY", b"MOVE", b"LOCK", b"SEARCH", b"PURGE", b"QUERY", b"LINK", b"get", b"Get", b"post",
    b"GET\x00", b"G\xc3\x89T", b"\xff", b"GE T", b"GET,POST", b"GET/", b"GET:", b"(GET)", b"X", b"X" * 20,
    b"X" * 2000, b"-", b"1", b"!#$%&'*+-.^_`|~", MARK.upper(),
)  # fmt: skip
ROUTES = (
    b"/",
    b"/kept",
    b"/files",
    b"/files/send",
    b"/files/progress",
    b"/form/1",
    b"/mailbox",
    b"/mailbox/delete",
    b"/recipients.txt",
    b"/robots.txt",
    b"/nowhere",
    b"*",
)


def requests() -> Iterator[HostileRequest]:
    for method in METHODS:
        for number in range(4):
            route = ROUTES[(len(method) * 5 + number * 3) % len(ROUTES)]
            yield HostileRequest(head(method + b" " + route + b" HTTP/1.1", b"Host: " + HOST), REFUSED)
    for route in ROUTES:
        yield HostileRequest(head(b"POST " + route + b" HTTP/1.1", b"Host: " + HOST), REFUSED)
        yield HostileRequest(head(b"POST " + route + b" HTTP/1.0", b"Host: " + HOST), REFUSED)
        yield HostileRequest(head(b"HEAD " + route + b" HTTP/1.1", b"Host: " + HOST), HARMLESS)
        yield HostileRequest(head(b"GET " + route + b" HTTP/1.0"), HARMLESS)
