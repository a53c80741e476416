"""Faulty request lines: other protocols, other versions, blanks, targets of other kinds."""

from collections.abc import Iterator

from lab.hostile.request import BAD_REQUEST, HARMLESS, HOST, MARK, REFUSED, HostileRequest, get, head

_REST = b"Host: " + HOST
OTHER_PROTOCOLS = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10",
    b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    b"EHLO " + MARK + b"\r\n\r\n",
    b"HELO x\r\nMAIL FROM:<a@example.org>\r\n\r\n",
    b"USER anonymous\r\nPASS x\r\n\r\n",
    b"A001 LOGIN a b\r\n\r\n",
    b"NICK x\r\nUSER x x x x\r\n\r\n",
    b"\x04\x01\x00\x50\x7f\x00\x00\x01\x00\r\n\r\n",
    b"\x05\x01\x00\r\n\r\n",
    b"*1\r\n$4\r\nINFO\r\n\r\n",
    b"stats\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0)),
    b"PRI * HTTP/2.0\r\n\r\n",
    b"OPTIONS sip:x SIP/2.0\r\n\r\n",
    b"DESCRIBE rtsp://x RTSP/1.0\r\n\r\n",
    b"GET / ICY\r\n\r\n",
    b"CNXN" + bytes(20) + b"\r\n\r\n",
    b"\x00\x0eEXPLAIN" + MARK + b"\r\n\r\n",
    b"\xff\xfd\x18\xff\xfd\x20\r\n\r\n",
    b'{"jsonrpc": "2.0", "method": "' + MARK + b'"}\r\n\r\n',
    b'<?xml version="1.0"?><x>' + MARK + b"</x>\r\n\r\n",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\r\n\r\n",
    b"\x00" * 300 + b"\r\n\r\n",
    b"\xff" * 300 + b"\r\n\r\n",
    b"\xef\xbb\xbf" + get(),
    b"\xff\xfe" + get().decode().encode("utf-16-le"),
    get().decode().encode("utf-16-be"),
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"0\r\n\r\n" + get(),
)
VERSIONS = (
    b"HTTP/0.9", b"HTTP/2.0", b"HTTP/2", b"HTTP/3.0", b"HTTP/9.9", b"HTTP/1", b"HTTP/1.", b"HTTP/.1",
    b"HTTP/01.1", b"HTTP/1.01", b"HTTP/1.10", b"HTTP/11.1", b"HTTP/-1.1", b"HTTP/+1.1", b"HTTP/1,1",
    b"HTTP/1.1.1", b"HTTP/A.B", b"HTTP 1.1", b"HTTP1.1", b"HTTP//1.1", b"HTTP\\1.1", b"http/1.1", b"Http/1.1",
    b"HTTPS/1.1", b"HTPP/1.1", b"XHTTP/1.1", b"HTTP/1.1\x00", b"HTTP/1.1\t", b"HTTP/1.1 ", b"HTTP/1.1;q=1",
    b"HTTP/\xd9\xa1.\xd9\xa1", b"HTTP/\xef\xbc\x91.\xef\xbc\x91", b"HTTP/1.1" + MARK,
    b"HTTP/" + b"1" * 500 + b".1", b"/", b"",
)  # fmt: skip
BLANKS = (
    b"  ",
    b"\t",
    b" \t",
    b"\x0b",
    b"\x0c",
    b"\xa0",
    b"\xc2\xa0",
    b"\xe2\x80\x83",
    b"\x00",
    b"\x1f",
    b"%20",
    b"+",
)
TARGETS = (
    b"", b"*", b"x", b"..", b"?", b"#", b"\\", b"\\\\x\\y", b"http:", b"http:/", b"http://", b"http:///",
    b"http://[", b"http://[::1", b"http://]/", b"http://[v1.x]/", b"http://%zz/", b"http://" + MARK,
    b"http://x:99999/", b"http://x:-1/", b"http://x:y/", b"http://a@b@c/", b"http://user:pass@" + HOST + b"/",
    b"https://" + HOST + b"/", b"ftp://" + HOST + b"/", b"file:///etc/passwd", b"javascript:alert(1)",
    b"data:text/html,x", b"ws://" + HOST + b"/", b"gopher://x/", b"//" + MARK + b"/", b"///", b"/\\" + MARK,
    b"x:80", b"[::1]:80", b"@/", b"/@", b":", b"::", b"0", b"/ /", b"/\x00", b"/\x7f", b"/\x80", b"/\xff\xfe",
    b"/\xc3\xbc", b"/#" + MARK, b"/?#", b"/" + b"x" * 2030, b"/" + b"x" * 2060, b"/" + b"x" * 9000,
    b"/?" + b"x" * 2030, b"/?" + b"&" * 2000, b"/" + b"/" * 2000, b"http://" + b"x" * 2000 + b"/", b"/%" * 600,
)  # fmt: skip


def requests() -> Iterator[HostileRequest]:
    for said in OTHER_PROTOCOLS:
        yield HostileRequest(said, BAD_REQUEST, may_be_silent=True)
    for version in (b"HTTP/1.2", b"HTTP/1.9"):
        yield HostileRequest(head(b"GET /left " + version, _REST), HARMLESS)
    for version in VERSIONS:
        yield HostileRequest(head(b"GET / " + version, _REST), BAD_REQUEST)
        yield HostileRequest(head(b"POST / " + version, _REST, b"Content-Length: 0"), BAD_REQUEST)
        yield HostileRequest(b"GET / " + version + b"\r\n\r\n", BAD_REQUEST)
    for blank in BLANKS:
        yield HostileRequest(head(b"GET" + blank + b"/ HTTP/1.1", _REST), REFUSED)
        yield HostileRequest(head(b"GET /" + blank + b"HTTP/1.1", _REST), REFUSED)
        yield HostileRequest(head(blank + b"GET / HTTP/1.1", _REST), REFUSED)
        yield HostileRequest(head(b"GET / HTTP/1.1" + blank, _REST), REFUSED)
        yield HostileRequest(head(b"GET /x" + blank + b"y HTTP/1.1", _REST), REFUSED)
    for method in (b"GET", b"POST", b"CONNECT"):
        for target in TARGETS:
            statuses = HARMLESS if method == b"GET" else REFUSED
            yield HostileRequest(head(method + b" " + target + b" HTTP/1.1", _REST), statuses)
    for before in (b"\r\n" * 2, b"\r\n" * 50, b"\n", b"\r", b" \r\n", b"\x00\r\n", b"x\r\n", b"\r\n\n"):
        yield HostileRequest(before + get(), BAD_REQUEST, may_be_silent=True)
    for line in (
        b"GET /",
        b"GET",
        b"/",
        b"GET / HTTP/1.1",
        b"GET / HTTP/1.1\r",
        b"GET / HTTP/1.1\n",
        b"G",
        b"\r\n",
        b"\r",
    ):
        yield HostileRequest(line, BAD_REQUEST, may_be_silent=True)
        yield HostileRequest(line + b"\r\n", BAD_REQUEST, may_be_silent=True)
