"""Every page: whole without scripts, quick, calm, and the same for every kind of visitor from outside."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.organisation import TODAY
from tests.template_rules import faults
from tests.tipline.site_stage import Answer, Stage, Upload, well_formed_words
from tipline.app import TEMPLATES
from tipline.languages import Direction, Language
from tipline.padding import PAGE_BYTES
from tipline.refusals import Reason
from tipline.site_settings import SiteSettings

Visit = Callable[[Stage], Answer]


def mailbox(stage: Stage) -> Answer:
    words = stage.browser.send_tip("hello").words
    for read in stage.read_all():
        stage.reply("an answer", read.mailbox)
    return stage.browser.open_mailbox(words)


def act(stage: Stage, action: str, *fields: tuple[str, str]) -> Answer:
    page = mailbox(stage)
    return stage.browser.post(action, [("nonce", page.form_nonce(action)), *fields])


def more(stage: Stage, *files: Upload) -> Answer:
    receipt = stage.browser.send_tip("hello")
    fields = [("nonce", receipt.form_nonce("/more")), ("handle", receipt.hidden("handle"))]
    return stage.browser.upload("/more", fields, files)


def closed(stage: Stage) -> Answer:
    nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day = TODAY.replace(year=2030)
    return stage.browser.send_tip("my words", nonce=nonce)


def follow_up(stage: Stage, text: str) -> Answer:
    page = mailbox(stage)
    return stage.browser.upload("/mailbox/write", [("nonce", page.form_nonce("/mailbox/write")), ("text", text)])


PAGES: dict[str, Visit] = {
    "start": lambda stage: stage.browser.get("/"),
    "start-dark": lambda stage: stage.browser.get("/?look=dark"),
    "refused": lambda stage: stage.browser.send_tip(""),
    "receipt": lambda stage: stage.browser.send_tip("hello", [Upload("x", b"1")]),
    "kept": lambda stage: stage.browser.post("/kept", [("nonce", "0" * 32)]),
    "more": lambda stage: more(stage, Upload("x", b"1")),
    "more-refused": more,
    "closed": closed,
    "return": lambda stage: stage.browser.get("/return"),
    "typo": lambda stage: stage.browser.open_mailbox("a b c"),
    "mailbox": mailbox,
    "mailbox-empty": lambda stage: stage.browser.open_mailbox(well_formed_words()),
    "written": lambda stage: follow_up(stage, "more"),
    "write-again": lambda stage: follow_up(stage, ""),
    "deleted": lambda stage: act(stage, "/mailbox/delete", ("which", "all")),
    "safe": lambda stage: act(stage, "/mailbox/safe", ("how", "safe")),
    "not-safe": lambda stage: act(stage, "/mailbox/safe", ("how", "not-safe")),
    "new-words": lambda stage: act(stage, "/mailbox/new-words"),
    "session-over": lambda stage: stage.browser.post("/mailbox/safe", [("nonce", "0" * 32)]),
    "left": lambda stage: stage.browser.get("/left"),
    "moved": lambda stage: stage.browser.get("/mailbox"),
    "not-found": lambda stage: stage.browser.get("/nothing"),
}


class Outline(HTMLParser):
    """What a page consists of, for the rules below."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.labelled: set[str] = set()
        self.wrapped: list[dict[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append((tag, known))
        if tag == "label":
            self.labelled.add(known.get("for", ""))
        if tag == "input" and "label" in self.open:
            self.wrapped.append(known)
        if tag not in {"meta", "link", "input", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes something else"

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module", params=PAGES, ids=str)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    made = Stage(tmp_path_factory.mktemp("page"))
    try:
        return PAGES[request.param](made)
    finally:
        made.close()


def test_every_page_keeps_the_rules(page: Answer) -> None:
    body = page.body.decode()
    assert not faults(body, source=False)
    assert len(page.body) == PAGE_BYTES
    outline = Outline(body)
    assert outline.open == []
    (html,) = outline.all("html")
    assert (html["lang"], html["dir"]) == ("en", "ltr")
    focusable = [attributes for tag, attributes in outline.tags if tag in {"a", "button", "textarea", "summary"}]
    assert focusable[0]["class"] == "leave"
    assert focusable[0]["href"].startswith("/left")
    for form in outline.all("form"):
        assert form["method"] == "post"
    for tag in ("textarea", "input"):
        for field in outline.all(tag):
            assert field.get("type") == "hidden" or field.get("id") in outline.labelled or field in outline.wrapped
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in outline.tags:
        for name in attributes.get("aria-describedby", "").split():
            assert name in ids
    assert len(outline.all("link")) == 2


def test_titles_say_nothing_about_what_the_site_is_for(page: Answer) -> None:
    (title,) = re.findall(r"<title>(.*?)</title>", page.body.decode())
    assert title in {
        "Write",
        "Eight words",
        "Done",
        "Files",
        "Closed",
        "Come back",
        "Notes",
        "Page",
        "Not here",
        "Not done",
        "Go on",
    }


def test_files_stand_behind_the_nonce_and_the_text_in_every_form(page: Answer) -> None:
    for form in re.findall(r"<form.*?</form>", page.body.decode(), re.DOTALL):
        names = re.findall(r'name="(\w+)"', form)
        if "files" in names:
            assert names[0] == "nonce"
            assert names[-1] == "files"
            assert 'enctype="multipart/form-data"' in form


def test_a_first_visit_is_two_requests_of_24_kib_together_with_headers(stage: Stage) -> None:
    page = stage.browser.get("/")
    href = page.body.decode().split('rel="stylesheet" href="')[1].split('"')[0]
    style = stage.browser.get(href)
    assert style.status == 200
    assert style.header("Content-Type") == "text/css; charset=utf-8"
    on_the_wire = sum(
        len(answer.body) + sum(len(name) + len(value) + 4 for name, value in answer.headers) + 20
        for answer in (page, style)
    )
    assert on_the_wire <= 24 * 1024
    assert len(style.body) <= 8 * 1024


def test_a_text_given_back_makes_the_page_longer_by_steps_only(stage: Stage) -> None:
    sizes = {len(stage.browser.send_tip("&" * count).body) for count in (50_001, 60_000, 100_000)}
    assert all(size in {PAGE_BYTES * 2**step for step in range(1, 8)} for size in sizes)


def test_a_dark_page_stays_dark_through_links_and_forms(stage: Stage) -> None:
    page = stage.browser.get("/?look=dark")
    outline = Outline(page.body.decode())
    assert outline.all("html")[0]["class"] == "dark"
    inside = [one["href"] for one in outline.all("a")] + [one["action"] for one in outline.all("form")]
    assert all("look=" in address for address in inside if not address.startswith("#"))
    assert "look=light" in page.text
    for unknown in ("DARK", '"><b>', "x" * 3000):
        assert "class=" not in stage.browser.get(f"/?look={unknown}").text.split("<head>")[0]


def test_a_right_to_left_page_says_so_and_keeps_the_words_as_they_are_typed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, language=Language("en", Direction.RIGHT_TO_LEFT))
    try:
        receipt = stage.browser.send_tip("hello").body.decode()
    finally:
        stage.close()
    outline = Outline(receipt)
    assert outline.all("html")[0]["dir"] == "rtl"
    (words,) = [one for one in outline.all("p") if "data-passphrase" in one]
    assert (words["lang"], words["dir"]) == ("en", "ltr")


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.label)
def test_every_reason_has_words_of_its_own(reason: Reason) -> None:
    assert f'problem == "{reason.label}"' in (TEMPLATES / "_problem.html").read_text(encoding="utf-8")


def test_the_page_says_that_the_server_sees_the_text_while_it_arrives(stage: Stage) -> None:
    text = stage.browser.get("/").text
    assert "runs no scripts" in text
    assert "has it open in its memory" in text


def test_the_operators_words_are_escaped(tmp_path: Path) -> None:
    settings = SiteSettings(name="<b>A & B</b>", reading_hours="<i>Mondays</i>")
    stage = Stage(tmp_path, settings)
    try:
        body = stage.browser.send_tip("hello").body.decode()
    finally:
        stage.close()
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in body
    assert "&lt;i&gt;Mondays" in body


def test_the_operators_neutral_page_is_where_leaving_leads(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SiteSettings(leave_url="https://weather.example/"))
    try:
        answer = stage.browser.get("/left")
    finally:
        stage.close()
    assert answer.status == 303
    assert answer.header("Location") == "https://weather.example/"
    assert not faults(answer.body.decode(), source=False)


def test_search_engines_are_sent_away(stage: Stage) -> None:
    assert stage.browser.get("/robots.txt").body == b"User-agent: *\nDisallow: /\n"
    assert 'name="robots" content="noindex' in stage.browser.get("/").text
