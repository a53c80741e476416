"""Query strings: a language, a look and a token are read there, and nothing else."""

from collections.abc import Iterator

from lab.hostile.paths import SCRIPTS
from lab.hostile.request import HARMLESS, MARK, HostileRequest, get, in_address

VALUES = (
    b"", MARK, b"en", b"EN", b"en-GB", b"en%00", b"en;q=1", b"../en", b"..%2f..%2fen", b"/etc/passwd", b"%ff",
    b"%c0%ae", b"en&lang=ar", b"<script>", b"%3Cscript%3E" + MARK, b"%22onload=x", b"{{7*7}}",
    b"%7B%7B7*7%7D%7D", b"x" * 1900, b"dark", b"DARK", b"0" * 32, b"f" * 32, b"-1", b"1e309",
    b"%0d%0aSet-Cookie:%20a=b", b"%E2%80%AE", b"%F0%9F%86%98", b"%", b"%%", b"%zz", b"%u0041", b"+",
    b"javascript:alert(1)", b"//" + MARK,
)  # fmt: skip
NAMES = (b"lang", b"look", b"token", b"lang[]", MARK, b"")
PAGES = (b"/", b"/return", b"/files/progress")


def requests() -> Iterator[HostileRequest]:
    for name in NAMES:
        for value in VALUES:
            page = PAGES[(len(name) + len(value)) % len(PAGES)]
            yield HostileRequest(get(page + b"?" + name + b"=" + value), HARMLESS)
    for script in SCRIPTS:
        yield HostileRequest(get(b"/?lang=" + in_address(script)), HARMLESS)
    for query in (
        b"&" * 1000,
        b"a=b&" * 400,
        b"lang=en&" * 200,
        b"lang=en&lang=ar",
        b"=",
        b"==",
        b"&=&=",
        b"?",
        b"??",
        b"lang",
        b";lang=ar",
        b"lang=ar;look=dark",
    ):
        yield HostileRequest(get(b"/?" + query), HARMLESS)
