"""The name that a browser asked for: none, several, foreign, and such as would make our links lead elsewhere."""

from collections.abc import Iterator

from lab.hostile.request import END, FORM, HARMLESS, MARK, NONCE_PART, REFUSED, HostileRequest, head, part

ADDRESS = b"a" * 56 + b".onion"
"""The address of the site that is played against."""

HOSTS = (
    b"", b" ", b".", b"..", b":", b":80", b"x:", b"x:y", b"x:99999", b"x:-1", b"x:80:80", b"[::1", b"::1]",
    b"[]", b"[::1]:y", b"[g::1]", b"%00", b"%2e", b"x%20y", b"x y", b"x\ty", b"x/y", b"x\\y", b"x?y", b"x#y",
    b"x@" + ADDRESS, ADDRESS + b"@x", ADDRESS + b".", ADDRESS + b".example", ADDRESS + b":80:80",
    ADDRESS + b"/", ADDRESS + b"#", ADDRESS + b"\x00", b"x." + ADDRESS, b"a" * 55 + b".onion",
    b"a" * 57 + b".onion", b"b" * 56 + b".onion", b"a" * 3000, b"." * 300, b"\xc3\xbc.example", b"\xff\xfe",
    b"xn--\xff", b"xn--", b"-x-", b"_x_", b"<script>", b"\"><b>", b"${x}", b"{{7*7}}", b"127.0.0.1.example",
    b"127.1", b"0x7f000001", b"2130706433", b"localhost.example", b"LOCALHOST\x00", b"0.0.0.0", b"[::]",
    b"[::ffff:127.0.0.1]", b"example.onion.to", b"tips.example", MARK, MARK + b".onion", b"http://" + ADDRESS,
    b"//" + ADDRESS, b"127.0.0.1:80@x", b"127.0.0.1, x", b"127.0.0.1;x",
)  # fmt: skip


def requests() -> Iterator[HostileRequest]:
    body = NONCE_PART + part(b'form-data; name="text"') + END
    for host in HOSTS:
        for path in (b"/", b"/nowhere"):
            yield HostileRequest(head(b"GET " + path + b" HTTP/1.1", b"Host: " + host), HARMLESS)
        fields = (b"Host: " + host, b"Origin: http://" + host, b"Content-Type: " + FORM)
        yield HostileRequest(head(b"POST / HTTP/1.1", *fields, b"Content-Length: %d" % len(body)) + body, REFUSED)
        yield HostileRequest(head(b"GET http://" + host + b"/ HTTP/1.1", b"Host: " + host), HARMLESS)
    for version in (b"HTTP/1.1", b"HTTP/1.0"):
        yield HostileRequest(head(b"GET / " + version), HARMLESS)
