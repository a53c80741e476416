"""Addresses inside the site: climbing, doubled and overlong encodings, every script, names that others serve."""

from collections.abc import Iterator

from lab.hostile.request import HARMLESS, MARK, REFUSED, HostileRequest, get, in_address, percent

CLIMBS = (
    b"..",
    b"%2e%2e",
    b"%2E%2E",
    b"..%00",
    b"..;",
    b"..%2f",
    b"..%5c",
    b"..\\",
    b"....//",
    b"%252e%252e",
    b"%c0%ae%c0%ae",
    b"%e0%80%ae",
    b"\xc0\xae",
    b".%2e",
    b"%u002e",
    b"..%01",
)
GOALS = (b"/etc/passwd", b"/database.key", b"/")
SERVED_ELSEWHERE = (
    b"/.git/config", b"/.env", b"/.well-known/security.txt", b"/.htaccess", b"/wp-login.php", b"/admin",
    b"/console", b"/debug", b"/server-status", b"/metrics", b"/status", b"/bundles", b"/outbox",
    b"/favicon.ico", b"/sitemap.xml", b"/crossdomain.xml", b"/static/site.css", b"/static/../site.css",
    b"/site.css", b"/%73ite.css", b"/index.html", b"/cgi-bin/x", b"/api/v1", b"/graphql", b"/actuator/env",
    b"/phpinfo.php", b"/backup.zip", b"/server.pub", b"/tipline.db", b"/bulk.db", b"/robots.txt/",
    b"/robots.txt/x", b"/recipients.txt.minisig/",
)  # fmt: skip
NUMBERS = (
    b"0",
    b"-1",
    b"01",
    b"1.0",
    b"1e3",
    b"999",
    b"9" * 30,
    b"9" * 1900,
    b"0x1",
    b"\xd9\xa1",
    b"%D9%A1",
    b"%31",
    b"1%00",
    b"1;x",
    b"1,2",
    b"NaN",
    b"+1",
    b"%2B1",
    b"1%20",
    b"",
)
ROUTES = (
    b"/",
    b"/files",
    b"/return",
    b"/mailbox",
    b"/questions",
    b"/way",
    b"/limits",
    b"/left",
    b"/program",
    b"/robots.txt",
    b"/kept",
    b"/more",
)
SCRIPTS = (
    "ü", "доклад", "تقرير", "דוח", "रिपोर्ट", "রিপোর্ট", "รายงาน", "报告", "報告", "보고서", "ዘገባ", "အစီရင်ခံစာ", "🆘",
    "👩‍👩‍👧‍👦", "\u202egnp", "\u2066x\u2069", "\u200b", "\ufeff", "\u00ad", "\u2028", "\u0085",
    "e" + "\u0301" * 100, "\ud800", "\udfff", "\uffff", "\U0010ffff", "ﬁ", "ſ", "K", "İ", "ı", "ß", "／", "．．",
    "＜script＞", "%", "%%", "%zz", "\\", "|", "`", "'", '"', "<b>", "{{x}}", "${x}", "\x00", "\x1b[2J", "\r\n",
    "\r\nSet-Cookie: a=b",
)  # fmt: skip


def requests() -> Iterator[HostileRequest]:
    for climb in CLIMBS:
        for goal in GOALS:
            yield HostileRequest(get(b"/" + (climb + b"/") * 4 + goal.lstrip(b"/")), HARMLESS)
            yield HostileRequest(get(b"/files/" + climb + goal), HARMLESS)
    for path in SERVED_ELSEWHERE:
        yield HostileRequest(get(path), REFUSED)
    for number in NUMBERS:
        yield HostileRequest(get(b"/form/" + number), HARMLESS)
        yield HostileRequest(get(b"/" + number + b".css"), REFUSED)
    for route in ROUTES:
        for wrong in (
            route + b"/",
            b"/" + route,
            route + b"//",
            route + b"/.",
            percent(route),
            route + b"%00",
            route + b"%20",
            route + b";x=y",
            route.upper() + b"X",
            route + b"." + MARK,
        ):
            yield HostileRequest(get(wrong), HARMLESS)
    for script in SCRIPTS:
        yield HostileRequest(get(b"/" + in_address(script)), HARMLESS)
        yield HostileRequest(get(b"/" + in_address(script) + b".css"), HARMLESS)
        yield HostileRequest(get(b"/" + script.encode("utf-8", "surrogatepass")), REFUSED | {200})
