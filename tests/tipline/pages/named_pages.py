"""Every page of the site by a name, each brought about as a visitor would, and looked at once for all tests."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, abort

from tests.organisation import TODAY
from tests.tipline.pages.shown_page import Shown, watched
from tests.tipline.site_stage import Answer, Stage, Upload, well_formed_words
from tipline.instance.site_settings import SiteSettings
from tipline.instance.site_texts import SiteTexts, Slot, render, render_line
from tipline.languages.site_languages import SiteLanguages
from tipline.pages.statuses import status_of
from tipline.pages.views import mailbox as mailbox_view
from tipline.pages.views import start
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import FormInput, Reason, Refused

Visit = Callable[[Stage], Answer]
ZEROS = "A" * 43
"""32 bytes of zero, as age writes them."""
TYPED = [("text", "more"), ("files", "a.jpg")]
"""Fields beside the button that is pressed."""


ADDRESS = f"{'abcdefgh' * 7}.onion"
UNBROKEN = "wordwithoutanyplacetobreakit" * 3


def deployed(folder: Path, languages: SiteLanguages | None = None) -> Stage:
    """A site as an operator runs it: with its address, the place where that is published, and words of its own,
    each with a string in it that is wider than a telephone."""
    settings = SiteSettings(published_at=f"{UNBROKEN[:60]}.example")
    words = {
        (slot, "en"): (render_line if slot is Slot.HOURS else render)(f"Our {slot}: {UNBROKEN}.", name=slot)
        for slot in Slot
    }
    return Stage(folder, settings, languages, words=SiteTexts(words), address=ADDRESS)


def mailbox(stage: Stage) -> Answer:
    words = stage.browser.send_tip("hello").words
    for read in stage.read_all():
        stage.reply("an answer", read.mailbox)
    return stage.browser.open_mailbox(words)


def act(stage: Stage, action: str, *fields: tuple[str, str]) -> Answer:
    page = mailbox(stage)
    return stage.browser.post(action, [("nonce", page.form_nonce(action)), *fields])


def kept_typed(stage: Stage) -> Answer:
    page = act(stage, "/mailbox/new-words", *TYPED)
    fields = [("nonce", page.form_nonce("/kept")), ("handle", page.hidden("handle"))]
    return stage.browser.post("/kept", [*fields, *TYPED])


def not_safe_refused(stage: Stage) -> Answer:
    page = mailbox(stage)
    stage.clock.day = TODAY.replace(year=2030)
    return stage.browser.post("/mailbox/how", [("nonce", page.form_nonce("/mailbox/how")), ("how", "not-safe")])


def more(stage: Stage, *files: Upload) -> Answer:
    receipt = stage.browser.send_tip("hello")
    fields = [("nonce", receipt.form_nonce("/more")), ("handle", receipt.hidden("handle"))]
    return stage.browser.upload("/more", fields, files)


def chosen(stage: Stage, *choices: tuple[str, str]) -> Answer:
    nonce = stage.browser.get("/").hidden("nonce")
    return stage.browser.upload("/", [("nonce", nonce), ("text", "hello"), *choices])


def answered(stage: Stage, door: int, *answers: tuple[str, str]) -> Answer:
    nonce = stage.browser.get(f"/form/{door}").hidden("nonce")
    return stage.browser.upload(f"/form/{door}", [("nonce", nonce), ("text", "hello"), *answers])


def closed(stage: Stage) -> Answer:
    nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day = TODAY.replace(year=2030)
    return stage.browser.send_tip("my words", nonce=nonce)


def program_without_keys(stage: Stage) -> Answer:
    stage.clock.day = TODAY.replace(year=2030)
    return stage.browser.get("/program")


def sealed(stage: Stage, *lines: str) -> Answer:
    content = "".join(f"{line}\n" for line in lines).encode()
    return stage.browser.send_tip("hello", [Upload("sealed.age", content)])


def follow_up(stage: Stage, text: str) -> Answer:
    page = mailbox(stage)
    return stage.browser.upload("/mailbox/write", [("nonce", page.form_nonce("/mailbox/write")), ("text", text)])


def result(stage: Stage, text: str) -> Answer:
    """The answer of the page for files, in a window of its own."""
    page = stage.browser.get("/files")
    fields = [("nonce", page.hidden("nonce")), ("handle", ""), ("text", text)]
    return stage.browser.upload("/files/send", fields, headers={"HTTP_SEC_FETCH_DEST": "document"})


def brought_about(stage: Stage, view: Callable[[], Response]) -> Answer:
    """A page that only a crowd or a fault of ours brings about."""
    stage.site.app.add_url_rule("/shown", "shown", view)
    return stage.browser.get("/shown")


def form_refused(stage: Stage, reason: Reason) -> Answer:
    typed = FormInput(text="help", had_files=True)
    return brought_about(stage, partial(start.form_page, status_of(reason), problem=reason.label, typed=typed))


PAGES: dict[str, Visit] = {
    "start": lambda stage: stage.browser.get("/"),
    "start-dark": lambda stage: stage.browser.get("/?look=dark"),
    "safety": lambda stage: stage.browser.get("/questions"),
    "way": lambda stage: stage.browser.get("/way"),
    "limits": lambda stage: stage.browser.get("/limits"),
    "program": lambda stage: stage.browser.get("/program"),
    "program-without-keys": program_without_keys,
    "sealed-for-others": lambda stage: sealed(
        stage, "age-encryption.org/v1", f"-> X25519 {ZEROS}", ZEROS, f"--- {ZEROS}"
    ),
    "sealed-broken": lambda stage: sealed(stage, "age-encryption.org/v1"),
    "sealed-in-letters": lambda stage: sealed(stage, "-----BEGIN AGE ENCRYPTED FILE-----"),
    "door-help": lambda stage: stage.browser.get("/form/1"),
    "door-saw": lambda stage: stage.browser.get("/form/2"),
    "door-work": lambda stage: stage.browser.get("/form/3"),
    "door-voice": lambda stage: stage.browser.get("/form/4"),
    "door-refused": lambda stage: answered(stage, 3, ("q:workers", "many")),
    "refused": lambda stage: stage.browser.send_tip(""),
    "receipt": lambda stage: stage.browser.send_tip("hello", [Upload("x", b"1")]),
    "receipt-urgent": lambda stage: chosen(stage, ("urgent", "yes")),
    "sent": lambda stage: chosen(stage, ("answer", "no"), ("urgent", "yes")),
    "kept": lambda stage: stage.browser.post("/kept", [("nonce", "0" * 32)]),
    "more": lambda stage: more(stage, Upload("x", b"1")),
    "more-refused": more,
    "files": lambda stage: stage.browser.get("/files"),
    "files-of-a-receipt": lambda stage: stage.browser.post(
        "/files", [("handle", stage.browser.send_tip("hello").hidden("handle"))]
    ),
    "files-arrived": lambda stage: result(stage, "words"),
    "files-refused": lambda stage: result(stage, ""),
    "start-again": lambda stage: stage.browser.post("/", [("text", "words"), ("files", "a"), ("look", "dark")]),
    "closed": closed,
    "return": lambda stage: stage.browser.get("/return"),
    "typo": lambda stage: stage.browser.open_mailbox("a b c"),
    "mailbox": mailbox,
    "mailbox-empty": lambda stage: stage.browser.open_mailbox(well_formed_words()),
    "written": lambda stage: follow_up(stage, "more"),
    "write-again": lambda stage: follow_up(stage, ""),
    "deleted": lambda stage: act(stage, "/mailbox/delete", ("which", "all")),
    "safe": lambda stage: act(stage, "/mailbox/how", ("how", "safe")),
    "not-safe": lambda stage: act(stage, "/mailbox/how", ("how", "not-safe")),
    "not-safe-refused": not_safe_refused,
    "not-safe-typed": lambda stage: act(stage, "/mailbox/how", ("how", "not-safe"), *TYPED),
    "new-words": lambda stage: act(stage, "/mailbox/new-words"),
    "new-words-again": lambda stage: brought_about(
        stage, partial(mailbox_view._new_words_again, Refused(Reason.STORE_TROUBLE), Nonce.generate())
    ),
    "new-words-typed": lambda stage: act(stage, "/mailbox/new-words", *TYPED),
    "kept-typed": kept_typed,
    "session-over": lambda stage: stage.browser.post("/mailbox/how", [("nonce", "0" * 32)]),
    "left": lambda stage: stage.browser.get("/left"),
    "moved": lambda stage: stage.browser.get("/mailbox"),
    "not-found": lambda stage: stage.browser.get("/nothing"),
    "other-method": lambda stage: stage.browser.ask("DELETE", "/"),
    "cross-site": lambda stage: stage.browser.send_tip("hello", headers={"HTTP_SEC_FETCH_SITE": "cross-site"}),
    "unknown-site": lambda stage: stage.browser.send_tip("hello", own_site=False),
    "broken": lambda stage: stage.browser.ask("POST", "/", b"x", content_type="text/plain"),
    "too-big": lambda stage: stage.browser.ask("POST", "/", length=2 << 40, content_type="multipart/form-data"),
    "no-room": lambda stage: form_refused(stage, Reason.NO_ROOM),
    "our-fault": lambda stage: form_refused(stage, Reason.OUR_FAULT),
    "store-trouble": lambda stage: form_refused(stage, Reason.STORE_TROUBLE),
    "too-many-tries": lambda stage: brought_about(
        stage, partial(mailbox_view._words_again, Refused(Reason.TOO_MANY_TRIES), "a b c")
    ),
    "busy": lambda stage: brought_about(stage, partial(mailbox_view._words_again, Refused(Reason.BUSY), "a b c")),
    "status-413": lambda stage: brought_about(stage, partial(abort, 413)),
    "status-429": lambda stage: brought_about(stage, partial(abort, 429)),
    "status-500": lambda stage: brought_about(stage, partial(abort, 500)),
    "status-503": lambda stage: brought_about(stage, partial(abort, 503)),
}


def visited(name: str) -> Answer:
    """One of ``PAGES``, looked at once for all tests that only look."""
    return _looked_at(name)[0]


def shown(name: str) -> Shown:
    """The template and values of that page."""
    return _looked_at(name)[1]


@cache
def _looked_at(name: str) -> tuple[Answer, Shown]:
    with TemporaryDirectory() as folder:
        made = deployed(Path(folder))
        try:
            with watched(made.site.app) as seen:
                answer = PAGES[name](made)
            return answer, seen[-1]
        finally:
            made.close()
