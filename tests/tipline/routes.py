"""The routes that there are, written out once more, and what every answer of the site has in common."""

from werkzeug.routing import Rule

from tests.tipline.site_stage import Answer, Stage
from tipline.pages.headers import FIXED, HOLDS_FRAMES, IN_A_FRAME, KEPT_BY_NAME
from tipline.pages.padding import PAGE_BYTES

EXPECTED_ROUTES = {
    ("/", "GET"),
    ("/", "POST"),
    ("/kept", "POST"),
    ("/more", "POST"),
    ("/files", "GET"),
    ("/files", "POST"),
    ("/files/again", "POST"),
    ("/files/send", "GET"),
    ("/files/send", "POST"),
    ("/files/progress", "GET"),
    ("/files/receipt", "POST"),
    ("/form/<int:number>", "GET"),
    ("/form/<int:number>", "POST"),
    ("/program", "GET"),
    ("/recipients.txt", "GET"),
    ("/recipients.txt.minisig", "GET"),
    ("/return", "GET"),
    ("/return", "POST"),
    ("/mailbox", "GET"),
    ("/mailbox", "POST"),
    ("/mailbox/write", "POST"),
    ("/mailbox/delete", "POST"),
    ("/mailbox/how", "POST"),
    ("/mailbox/new-words", "POST"),
    ("/questions", "GET"),
    ("/way", "GET"),
    ("/limits", "GET"),
    ("/left", "GET"),
    ("/<name>.css", "GET"),
    ("/robots.txt", "GET"),
}


PATHS = sorted({path for path, _ in EXPECTED_ROUTES})


FRAMED = {(path, method) for path in ("/files/send", "/files/progress") for method in ("GET", "HEAD", "POST")}


NONCE = ("nonce", "0" * 32)


def rules(stage: Stage) -> list[Rule]:
    return list(stage.site.app.url_map.iter_rules())


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD"}


def assert_uniform(
    answer: Answer,
    *,
    kept: bool = False,
    framed: bool = False,
    may_hold_frames: bool = False,
    size: int = PAGE_BYTES,
) -> None:
    sent = dict(answer.headers)
    assert len(sent) == len(answer.headers), "a header stands twice"
    ours = {"Content-Security-Policy": IN_A_FRAME, "X-Frame-Options": "SAMEORIGIN"} if framed else {}
    holds_frames = may_hold_frames and sent["Content-Security-Policy"] == HOLDS_FRAMES
    for name, value in FIXED:
        if not (holds_frames and name == "Content-Security-Policy"):
            assert sent[name] == ours.get(name, value)
    assert sent["Cache-Control"] == (KEPT_BY_NAME if kept else "no-store")
    own = {name.lower() for name in sent} - {name.lower() for name, _ in FIXED} - {"cache-control"}
    assert own <= {
        "content-type",
        "content-length",
        "location",
        "set-cookie",
        "clear-site-data",
        "allow",
        "retry-after",
    }
    if (sent.get("Content-Type") or "").startswith("text/html"):
        assert len(answer.body) in {0, size}
        assert sent["Content-Length"] == str(size)
        for inside in ("Traceback", "werkzeug", "Werkzeug", "flask", "Flask", "tipline"):
            assert inside not in answer.body.decode().replace("tipline-seal", "")  # the program that /program names


def stylesheet(stage: Stage) -> str:
    page = stage.browser.get("/").body.decode()
    return page.split('rel="stylesheet" href="')[1].split('"')[0]
