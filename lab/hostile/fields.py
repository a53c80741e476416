"""Header fields: too many, too long, twice, without a name, with names that mean something elsewhere."""

from collections.abc import Iterator

from lab.hostile.request import BAD_REQUEST, HARMLESS, HOST, MARK, REFUSED, HostileRequest, get, head

BROKEN = (
    b": x", b":", b"x", b" x: y", b"\tx: y", b"x : y", b"x\t: y", b"x y: z", b"\xc3\xbc: x", b"\xff: x",
    b"(x): y", b"x@y: z", b"x/y: z", b"x[y]: z", b"x{y}: z", b"\"x\": y", b"x,y: z", b"x;y: z", b"x=y",
    b"x?y: z", b"<x>: y", b"x\\y: z", b"x\x7f: y",
)  # fmt: skip
CLAIMS = (
    b"a_b: c", b"Content_Length: 5", b"X_Forwarded_For: " + MARK, b"Transfer_Encoding: chunked",
    b"X-Forwarded-Proto: https", b"X-Forwarded-Host: " + MARK, b"X-Forwarded-Port: 443", b"X-Forwarded-Ssl: on",
    b"X-Forwarded-Prefix: /" + MARK, b"X-Forwarded-Protocol: ssl", b"X-Original-URL: /" + MARK,
    b"X-Rewrite-URL: /" + MARK, b"X-HTTP-Method-Override: DELETE", b"X-Method-Override: POST",
    b"X-Script-Name: /" + MARK, b"X-Real-IP: 127.0.0.1", b"X-Remote-User: root", b"Remote-User: root",
    b"REMOTE-ADDR: 127.0.0.1", b"SCRIPT-NAME: /" + MARK, b"PATH-INFO: /" + MARK,
    b"Authorization: Basic " + MARK, b"Proxy: http://" + MARK, b"Proxy-Authorization: x",
    b"X-Sendfile: /etc/passwd", b"X-Accel-Redirect: /" + MARK, b"X-Wsgi-Input: x", b"wsgi.input: x",
    b"werkzeug.request: x", b"tipline.machine.listener: /run/courier", b"Forwarded-Allow-Ips: *",
    b"Client-Ip: 127.0.0.1", b"True-Client-Ip: " + MARK, b"Referer: http://" + MARK, b"User-Agent: " + MARK,
    b"From: a@example.org", b"DNT: 1", b"Via-X: x", b"Content-Encoding: gzip", b"Content-Type: " + MARK,
    b"Content-Language: xx", b"Content-MD5: x", b"If-None-Match: *", b"X-Http-Method: PUT", b"Max-Forwards: 0",
    b"Date: " + MARK,
)  # fmt: skip
SAID_ONCE = (
    b"Host",
    b"Content-Type",
    b"Origin",
    b"Cookie",
    b"Accept-Language",
    b"Sec-Fetch-Site",
    b"Expect",
    b"User-Agent",
)


def requests() -> Iterator[HostileRequest]:
    for line in BROKEN:
        yield HostileRequest(get(b"/", line), BAD_REQUEST)
        yield HostileRequest(get(b"/", b"X: x", line, b"Y: y"), BAD_REQUEST)
        yield HostileRequest(head(b"GET / HTTP/1.1", line, b"Host: " + HOST), BAD_REQUEST)
    for line in CLAIMS:
        yield HostileRequest(get(b"/left", line), HARMLESS)
        yield HostileRequest(get(b"/" + MARK, line), REFUSED)
        yield HostileRequest(get(b"/left", line, line), HARMLESS)
    for count in (49, 50, 51, 100, 1000, 20_000):
        many = tuple(b"X-%d: %s" % (number, MARK) for number in range(count))
        yield HostileRequest(get(b"/left", *many), HARMLESS if count < 50 else BAD_REQUEST)
        yield HostileRequest(get(b"/left", *(b"Cookie: a=b",) * count), HARMLESS if count < 50 else BAD_REQUEST)
    for size in (4000, 4085, 4096, 5000, 16_000, 17_000, 70_000, 300_000):
        statuses = HARMLESS if size < 4090 else BAD_REQUEST
        yield HostileRequest(get(b"/left", b"X: " + b"x" * size), statuses)
        yield HostileRequest(get(b"/left", b"X" * size + b": x"), statuses)
        yield HostileRequest(get(b"/left", b"Cookie: a=" + b"x" * size), statuses)
        yield HostileRequest(get(b"/left", b"Accept-Language: " + b"x," * (size // 2)), statuses)
    for name in SAID_ONCE:
        yield HostileRequest(get(b"/left", name + b": a", name + b": " + MARK), HARMLESS)
        yield HostileRequest(get(b"/left", name + b": a, " + MARK), HARMLESS)
        yield HostileRequest(get(b"/left", name + b":"), HARMLESS)
        yield HostileRequest(get(b"/left", name + b": \xff\xfe\xc3\x28"), HARMLESS)
