"""Wishes about the answer and the connection: parts of a page, encodings, another protocol, a go-ahead."""

from collections.abc import Iterator

from lab.hostile.request import END, HARMLESS, MARK, REFUSED, HostileRequest, get, post

RANGES = (
    b"bytes=0-0", b"bytes=0-", b"bytes=-1", b"bytes=1-0", b"bytes=-", b"bytes=", b"bytes",
    b"bytes=0-0," * 300 + b"0-1", b"bytes=99999999999999999999-", b"bytes=0-99999999999999999999", b"bytes=x-y",
    b"lines=0-1", b"bytes=0-0,-1", b"bytes=-0", b"bytes = 0 - 1", b"bytes=\xd9\xa0-\xd9\xa1", MARK,
)  # fmt: skip
WISHES = (
    b"If-Modified-Since: " + MARK, b"If-Modified-Since: Sun, 31 Feb 2026 25:61:61 GMT",
    b"If-Unmodified-Since: 0", b"If-Match: *", b"If-Match: \"x\"", b"If-None-Match: *", b"If-Range: x",
    b"Accept: " + MARK, b"Accept: text/html;q=x", b"Accept: */*;q=-1", b"Accept: " + b"a/b," * 900,
    b"Accept-Encoding: gzip;q=1.5", b"Accept-Encoding: " + MARK, b"Accept-Encoding: identity;q=0, *;q=0",
    b"Accept-Charset: utf-7", b"Accept-Language: *", b"Accept-Language: en;q=x", b"Accept-Language: ;;;,,,",
    b"Accept-Language: " + b"a-" * 1500, b"Accept-Language: xx, " + MARK, b"Accept-Language: en\xff",
    b"Accept-Language: ar;q=1e999", b"Accept-Language: -", b"Accept-Language: en;q=nan", b"TE: trailers",
    b"TE: chunked", b"Trailer: Host", b"Connection: upgrade", b"Connection: close, keep-alive",
    b"Connection: Host", b"Connection: Content-Length", b"Keep-Alive: timeout=99999",
    b"Proxy-Connection: keep-alive", b"Upgrade: h2c", b"Upgrade: websocket", b"Upgrade: TLS/1.0",
    b"Upgrade: " + MARK, b"HTTP2-Settings: AAMAAABkAAQAAP__", b"Sec-WebSocket-Key: x", b"Priority: u=0",
    b"Early-Data: 1", b"Save-Data: on", b"Purpose: prefetch", b"Sec-Fetch-Site: none",
    b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Mode: " + MARK, b"Origin: null", b"Origin: " + MARK,
    b"Access-Control-Request-Method: PUT", b"Cache-Control: no-cache", b"Pragma: no-cache",
)  # fmt: skip
EXPECTED = (
    b"100-continue",
    b"100-Continue",
    b"100-continue, x",
    b"200-ok",
    b"",
    b"x",
    MARK,
    b"100-continue;q=1",
    b'"100-continue"',
)
UPGRADE = (b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAMAAABkAAQAAP__")


def requests() -> Iterator[HostileRequest]:
    for page in (b"/", b"/site.css", b"/recipients.txt", b"/robots.txt"):
        for asked in RANGES:
            yield HostileRequest(get(page, b"Range: " + asked), HARMLESS)
    for wish in WISHES:
        yield HostileRequest(get(b"/", wish), HARMLESS)
        yield HostileRequest(get(b"/return", wish, b"Connection: Upgrade"), HARMLESS)
    for expected in EXPECTED:
        yield HostileRequest(get(b"/left", b"Expect: " + expected), HARMLESS)
        yield HostileRequest(post(b"/", END, b"Expect: " + expected), REFUSED)
        yield HostileRequest(post(b"/", END, b"Expect: " + expected)[: -len(END)], REFUSED)
    for protocol in (b"h2c", b"websocket", b"h2c, websocket", b"HTTP/2.0"):
        yield HostileRequest(get(b"/left", b"Upgrade: " + protocol, *UPGRADE), HARMLESS)
        yield HostileRequest(post(b"/", END, b"Upgrade: " + protocol, *UPGRADE), REFUSED)
