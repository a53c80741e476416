"""Every page: whole without scripts, quick, calm, and the same for every kind of visitor from outside."""

import gzip
import re
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.template_rules import faults
from tests.tipline.outline import Outline
from tests.tipline.pages.named_pages import PAGES, form_refused, visited
from tests.tipline.pages.right_to_left import right_to_left
from tests.tipline.site_stage import Answer, Stage
from tipline.instance.site_settings import LONGEST_LEAVE_URL, SiteSettings
from tipline.pages.app import TEMPLATES
from tipline.pages.padding import HEAD_BYTES, PAGE_BYTES
from tipline.requests.refusals import Reason


@pytest.fixture(params=PAGES, ids=str)
def page(request: pytest.FixtureRequest) -> Answer:
    return visited(request.param)


def test_every_page_keeps_the_rules(page: Answer) -> None:
    body = page.body.decode()
    assert not faults(body, source=False)
    assert len(page.body) == PAGE_BYTES
    outline = Outline(body)
    assert outline.open == []
    (html,) = outline.all("html")
    assert (html["lang"], html["dir"]) == ("en", "ltr")
    focusable = [attributes for tag, attributes in outline.tags if tag in {"a", "button", "textarea", "summary"}]
    if page is visited("left"):
        assert focusable == [], "nothing of the site, and nothing that leads back"
    else:
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


def test_before_leaving_a_page_says_what_that_does_not_erase_and_afterwards_none_does(page: Answer) -> None:
    for said in (
        "“Leave now” does not wipe where you were.",
        "Close all windows, or press New Identity in Tor Browser.",
        "One more window may still be open.",
    ):
        assert (said in page.text) is (page is not visited("left"))


def test_what_a_page_offers_to_keep_has_a_name_that_says_nothing(page: Answer) -> None:
    assert page.header("Content-Disposition") is None
    links = re.findall(r"<a ([^>]*\bdownload\b[^>]*)>", page.body.decode())
    names = [re.search(r'href="(?:[^"]*/)?([^"/]*)"', link) for link in links]
    assert {name and name[1] for name in names} <= {"recipients.txt", "recipients.txt.minisig"}
    assert not any("download=" in link for link in links), "the name is that of the address"


def test_titles_say_nothing_about_what_the_site_is_for(page: Answer) -> None:
    (title,) = re.findall(r"<title>(.*?)</title>", page.body.decode())
    if page is visited("left"):
        assert title in {"Tea", "Rice", "Plants", "Bread"}
        return
    assert title in {
        "Write",
        "Not sent",
        "Not opened",
        "Done",
        "Files",
        "Closed",
        "Come back",
        "Notes",
        "Questions",
        "The way",
        "Limits",
        "Program",
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
    style = stage.browser.ask("GET", href, headers={"HTTP_ACCEPT_ENCODING": "gzip, deflate"})
    assert style.status == 200
    sent = stage.browser.get(href).body
    assert gzip.decompress(style.body) == sent
    assert sent.startswith((TEMPLATES / "site.css").read_bytes())
    assert style.header("Content-Type") == "text/css; charset=utf-8"
    on_the_wire = sum(
        len(answer.body) + sum(len(name) + len(value) + 4 for name, value in answer.headers) + 20
        for answer in (page, style)
    )
    assert on_the_wire <= 24 * 1024


def test_a_text_given_back_makes_the_page_longer_by_steps_only(stage: Stage) -> None:
    sizes = {len(stage.browser.send_tip("&" * count).body) for count in (50_001, 60_000, 100_000)}
    assert all(size in {PAGE_BYTES * 2**step for step in range(1, 8)} for size in sizes)


def test_a_dark_page_stays_dark_through_links_and_forms(stage: Stage) -> None:
    page = stage.browser.get("/?look=dark")
    outline = Outline(page.body.decode())
    assert outline.all("html")[0]["class"] == "dark"
    inside = [one["href"] for one in outline.all("a")] + [one["action"] for one in outline.all("form")]
    assert all("look=" in address for address in inside if not address.startswith("#"))
    assert 'name="look" value="light"' in page.text
    assert "look=light" in stage.browser.get("/way?look=dark").text
    for unknown in ("DARK", '"><b>', "x" * 3000):
        assert "class=" not in stage.browser.get(f"/?look={unknown}").text.split("<head>")[0]


def test_a_right_to_left_page_says_so_and_keeps_the_words_as_they_are_typed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, languages=right_to_left())
    try:
        receipt = stage.browser.send_tip("hello").body.decode()
    finally:
        stage.close()
    outline = Outline(receipt)
    assert outline.all("html")[0]["dir"] == "rtl"
    (words,) = [one for one in outline.all("p") if "data-passphrase" in one]
    assert (words["lang"], words["dir"]) == ("en", "ltr")


REFUSED = {
    "Not sent": {"Not sent yet", "Your message was not sent yet", "Your files were not sent yet"},
    "Not opened": {"Not opened yet"},
    "Not done": {
        "That did not work",
        "That does not work here",
        "That was too big",
        "Too many tries",
        "Many people are here right now",
        "Something broke on our side",
    },
    "Not here": {"There is no page here"},
    "Closed": {"We cannot take messages right now"},
}


def test_a_refusal_says_so_in_title_and_heading_first_thing_on_the_page_and_no_other_page_does(
    page: Answer,
) -> None:
    (title,) = re.findall(r"<title>(.*?)</title>", page.text)
    refused = page.status >= HTTPStatus.BAD_REQUEST
    assert (title in REFUSED) is refused
    assert (page.heading in {one for several in REFUSED.values() for one in several}) is refused
    if refused:
        assert page.heading in REFUSED[title]
        before = page.text.split("<main>")[1].split("<h1")[0]
        assert "<p" not in before or 'role="alert"' in before, "nothing but the reason stands above it"


@pytest.mark.parametrize("reason", list(Reason), ids=lambda reason: reason.label)
def test_every_reason_is_named_above_the_form_that_it_refused(stage: Stage, reason: Reason) -> None:
    page = form_refused(stage, reason)
    assert "<title>Not sent</title>" in page.text
    assert page.heading == "Not sent yet"
    alert = page.text.split("<main>")[1].split("<h1")[0]
    assert re.search(r'role="alert" id="problem">\s*<p>\s*<strong>\w', alert)


@pytest.mark.parametrize("reason", list(Reason), ids=lambda reason: reason.label)
def test_every_reason_has_words_of_its_own(reason: Reason) -> None:
    assert f'problem == "{reason.label}"' in (TEMPLATES / "_problem.html").read_text(encoding="utf-8")


def test_the_page_says_that_the_server_sees_the_text_while_it_arrives(stage: Stage) -> None:
    assert 'href="/way"' in stage.browser.get("/").text
    text = stage.browser.get("/way").text
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


@pytest.mark.parametrize(
    ("look", "shown"), [("quiet", "<p>Weather</p>"), ("strong", '<p class="strong">Weather</p>'), ("hidden", "")]
)
def test_the_operator_chooses_how_the_name_looks(tmp_path: Path, look: str, shown: str) -> None:
    stage = Stage(tmp_path, SiteSettings(name="Weather", name_look=look))
    try:
        alone = stage.browser.ask("GET", "/files/progress", headers={"HTTP_SEC_FETCH_DEST": "document"})
        pages = [answer.body.decode() for answer in (stage.browser.get("/"), alone)]
    finally:
        stage.close()
    for body in pages:
        assert shown in body
        assert body.count("Weather") == bool(shown)


def test_the_operators_neutral_page_is_where_leaving_leads(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SiteSettings(leave_url="https://weather.example/"))
    try:
        answer = stage.browser.get("/left")
    finally:
        stage.close()
    assert answer.status == 303
    assert answer.header("Location") == "https://weather.example/"
    assert not faults(answer.body.decode(), source=False)


def test_leaving_has_the_head_of_every_answer_with_the_longest_address_too(tmp_path: Path) -> None:
    leave_url = "https://weather.example/".ljust(LONGEST_LEAVE_URL, "x")
    stage = Stage(tmp_path, SiteSettings(leave_url=leave_url))
    try:
        words = stage.browser.send_tip("hello").words
        assert words is not None
        stage.browser.open_mailbox(words)
        answer = stage.browser.get("/left")
    finally:
        stage.close()
    assert answer.header("Clear-Site-Data")
    lines = ["HTTP/1.1 303 SEE OTHER", "Connection: close", "X-Fill: ", ""]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    assert sum(len(line) + len("\r\n") for line in lines) <= HEAD_BYTES


def test_search_engines_are_sent_away(stage: Stage) -> None:
    assert stage.browser.get("/robots.txt").body == b"User-agent: *\nDisallow: /\n"
    assert 'name="robots" content="noindex' in stage.browser.get("/").text
