"""Typed text in a real browser, when something else than Send is pressed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from demo.errors import BrowserError
from demo.firefox import ENTER, Firefox
from tests.end_to_end.site_in_firefox import SiteInFirefox, site_in_firefox
from tests.tipline.site_stage import well_formed_words
from tipline.pages.answer_memory import MOST_HELD_BYTES, SHORT_ANSWER_BYTES, AnswerCache
from tipline.requests.circuit import Circuit

pytestmark = pytest.mark.browser

PLEA = "Please help <us> &\n\nnow"
VALUE = "node => node.value"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, firefox: Firefox) -> Iterator[SiteInFirefox]:
    with site_in_firefox(tmp_path_factory.mktemp("typed"), firefox, width=320, height=640) as made:
        yield made


@contextmanager
def before_the_site(site: SiteInFirefox, see: Callable[[dict[str, Any]], object]) -> Iterator[None]:
    """A server that looks at each request before it hands it on."""
    app = site.stage.site.app
    inner = app.wsgi_app

    def wrapped(environ: dict[str, Any], start_response: Any) -> Any:
        see(environ)
        return inner(environ, start_response)

    app.wsgi_app = wrapped  # type: ignore[method-assign]  # Flask's own way to wrap
    try:
        yield
    finally:
        app.wsgi_app = inner  # type: ignore[method-assign]


def _value(site: SiteInFirefox, css: str) -> str:
    return str(site.firefox.page.run(VALUE, site.firefox.page.find(css)))


def _is_ticked(site: SiteInFirefox, css: str) -> bool:
    return bool(site.firefox.page.run("node => node.checked", site.firefox.page.find(css)))


def _is_shown(site: SiteInFirefox, css: str) -> bool:
    return bool(site.firefox.page.run("node => node.checkVisibility()", site.firefox.page.find(css)))


def test_language_and_look_take_everything_typed_along_and_leave_the_files_where_they_are(
    site: SiteInFirefox, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 100_000)
    sent: list[int] = []
    firefox = site.firefox
    firefox.open(f"{site.address}/")
    firefox.fill("#text", PLEA)
    firefox.press("input[name=urgent]", loads=False)
    firefox.attach("#files", [photo, photo])
    firefox.press("details.languages summary", loads=False)
    with before_the_site(site, lambda environ: sent.append(int(environ.get("CONTENT_LENGTH") or 0))):
        firefox.press("button[value=ar]")
    assert 0 < max(sent) < 1000
    assert firefox.attribute("html", "lang") == "ar"
    assert _value(site, "#text") == PLEA
    assert _is_ticked(site, "input[name=urgent]")
    assert firefox.count("#files-lost") == 1
    firefox.press("button[name=look]")
    assert firefox.attribute("html", "class") == "dark"
    assert _value(site, "#text") == PLEA
    firefox.press("form[enctype] button[type=submit]")
    assert firefox.attribute("html", "lang") == "ar"
    assert firefox.count("[data-passphrase]") == 1
    (read,) = site.stage.read_all()
    assert dict(read.fields) == {"text": PLEA, "urgent": "yes", "language": "ar"}
    assert read.files == []


def test_a_text_for_which_there_is_no_room_is_still_in_the_browser_and_comes_when_the_page_is_loaded_again(
    site: SiteInFirefox,
) -> None:
    answers: AnswerCache = site.stage.site.app.extensions["tipline"].long_answers
    count = MOST_HELD_BYTES // SHORT_ANSWER_BYTES
    others = [answers.hold(Circuit(f"{number}"), SHORT_ANSWER_BYTES, lambda: None) for number in range(count)]
    firefox = site.firefox
    firefox.open(f"{site.address}/")
    firefox.page.run("node => { node.value = 'ж'.repeat(50000); }", firefox.page.find("#text"))
    firefox.press("details.languages summary", loads=False)
    firefox.press("button[value=es]")
    assert firefox.text("h1") == "Todavía no tenemos tu mensaje"
    for other in others:
        assert other is not None
        other.release()
    firefox.load_again()
    assert _value(site, "#text") == "ж" * 50_000


def test_answers_of_a_door_come_along_and_enter_sends(site: SiteInFirefox) -> None:
    firefox = site.firefox
    firefox.open(f"{site.address}/form/2")
    assert not _is_shown(site, ".s-how"), "not asked before someone ticks what it may be"
    firefox.press("[name='q:kinds:Servitude']", loads=False)
    firefox.press("[name='q:means:deception']", loads=False)
    firefox.fill("#q-people", "3")
    firefox.press("p.languages button")
    firefox.press("details.languages summary", loads=False)
    firefox.press("button[value=es]")
    assert firefox.attribute("html", "lang") == "es"
    assert _is_ticked(site, "[name='q:means:deception']")
    assert _value(site, "#q-people") == "3"
    firefox.fill("#q-where", "Example Town")
    firefox.press_key(ENTER, loads=True)
    assert firefox.count("[data-passphrase]") == 1
    # Other tests have sent something too, and the store keeps no order.
    (answers,) = [dict(one.fields) for one in site.stage.read_all() if ("q:where", "Example Town") in one.fields]
    assert (answers["q:means"], answers["q:people"]) == ("deception", "3")


def test_coming_back_needs_no_page_of_its_own(site: SiteInFirefox) -> None:
    firefox = site.firefox
    firefox.open(f"{site.address}/")
    assert not _is_shown(site, "#passphrase")
    assert not _is_shown(site, ".ways .aside")
    firefox.hosts_asked()
    firefox.press(".ways a[href='#back']", loads=False)
    assert _is_shown(site, "#passphrase")
    assert not _is_shown(site, ".languages"), "a change of language would lose the words"
    assert firefox.hosts_asked() == set(), "no page was fetched"
    firefox.fill("#passphrase", well_formed_words())
    firefox.press("#back button")
    assert firefox.text("h1") == "Answers for you"


def test_with_something_in_the_box_coming_back_opens_a_window_of_its_own_at_the_same_place(
    site: SiteInFirefox,
) -> None:
    firefox = site.firefox
    firefox.open(f"{site.address}/")
    place = "node => JSON.stringify(node.getBoundingClientRect())"
    here = firefox.page.run(place, firefox.page.find(".ways a[href='#back']"))
    firefox.fill("#text", "x")
    firefox.page.run("node => window.scrollTo(0, 0)", firefox.page.body())
    assert not _is_shown(site, ".ways a[href='#back']")
    assert firefox.page.run(place, firefox.page.find(".ways .aside")) == here
    assert firefox.attribute(".ways .aside", "target") == "_blank"
    firefox.press(".ways .aside", loads=False)
    firefox._bidi.call("browsingContext.activate", context=firefox.page.context)
    assert _value(site, "#text") == "x"
    firefox.open(f"{site.address}/#back")
    firefox.fill("#text", PLEA)
    assert not _is_shown(site, "#passphrase"), "no words are left in a window that stays"


@pytest.mark.parametrize("button", ["[value=safe]", "[value='not-safe']", "[value=ticked]", "[value=all]"])
def test_a_button_of_a_mailbox_shows_the_text_in_its_box_again_and_send_sends_it(
    site: SiteInFirefox, button: str, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 100_000)
    firefox, text = site.firefox, f"{PLEA} {button}"
    words = _answered(site, f"of {button}")
    _open_mailbox(site, words)
    firefox.fill("#text", text)
    firefox.attach("#files", [photo])
    for tick in range(2):
        firefox.press(f"article:nth-of-type({tick + 1}) input", loads=False)
    if button == "[value=all]":
        firefox.press("main summary", loads=False)
    firefox.press(f"button{button}")
    assert "answer" not in firefox.text("h1").lower()
    assert _value(site, "#text") == text
    assert firefox.count("#files-lost") == 1
    assert [one for one in site.stage.read_all() if one.text == text] == []
    firefox.press("button.send")
    assert "arrived" in firefox.text("h1")
    (sent,) = [one for one in site.stage.read_all() if one.text == text]
    assert sent.files == []


def test_send_takes_the_files_and_no_ticks_along(site: SiteInFirefox, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 100_000)
    firefox = site.firefox
    _open_mailbox(site, _answered(site, "of send"))
    for tick in range(2):
        firefox.press(f"article:nth-of-type({tick + 1}) input", loads=False)
    firefox.fill("#text", "with a file")
    firefox.attach("#files", [photo])
    firefox.press("button.send")
    assert "arrived" in firefox.text("h1")
    (sent,) = [one for one in site.stage.read_all() if one.text == "with a file"]
    assert dict(sent.fields) == {"text": "with a file", "language": "en"}
    assert [len(content) for _name, _type, content in sent.files] == [200_000]


def test_new_words_and_the_page_for_files_take_the_text_along(site: SiteInFirefox) -> None:
    firefox = site.firefox
    _open_mailbox(site, well_formed_words())
    firefox.fill("#text", PLEA)
    firefox.press("button[formaction^='/files']")
    assert firefox.count("iframe") == 2
    assert _value(site, "#text") == PLEA
    _open_mailbox(site, well_formed_words())
    firefox.fill("#text", "to the new words")
    firefox.press("main details:last-of-type summary", loads=False)
    firefox.press("button[formaction^='/mailbox/new-words']")
    words = firefox.text("[data-passphrase]").split()
    assert len(words) == 8
    assert _value(site, "#text") == "to the new words"
    firefox.press("button[formaction^='/kept']")
    assert firefox.count("[data-passphrase]") == 0
    assert _value(site, "#text") == "to the new words"
    firefox.press("button.send")
    assert "arrived" in firefox.text("h1")
    (sent,) = [one for one in site.stage.read_all() if one.text == "to the new words"]
    site.stage.reply("we have read it", sent.mailbox)
    _open_mailbox(site, " ".join(words))
    assert firefox.text(".reply") == "we have read it"


def _answered(site: SiteInFirefox, text: str) -> str:
    """The words of someone who wrote this and has two answers."""
    words = site.stage.browser.send_tip(text).words
    mailbox = next(read for read in site.stage.read_all() if read.text == text).mailbox
    for answer in ("one", "two"):
        site.stage.reply(answer, mailbox)
    return words


def _open_mailbox(site: SiteInFirefox, words: str) -> None:
    site.firefox.open(f"{site.address}/return")
    site.firefox.fill("#passphrase", words)
    site.firefox.press("#write button[type=submit]")


def test_words_come_along_from_the_page_for_coming_back(site: SiteInFirefox) -> None:
    firefox = site.firefox
    words = well_formed_words()
    firefox.open(f"{site.address}/return")
    firefox.fill("#passphrase", words)
    firefox.press("button[name=look]")
    assert firefox.attribute("html", "class") == "dark"
    assert _value(site, "#passphrase") == words


def test_on_the_page_for_files_the_text_comes_along_too(site: SiteInFirefox) -> None:
    firefox = site.firefox
    firefox.open(f"{site.address}/files")
    firefox.fill("#text", PLEA)
    firefox.press("details.languages summary", loads=False)
    firefox.press("button[value=ru]")
    assert firefox.attribute("html", "lang") == "ru"
    assert _value(site, "#text") == PLEA
    assert firefox.count("iframe") == 2


class BreaksOnce:
    """The body of a request up to its last bytes, and then an error of ours."""

    def __init__(self, body: BinaryIO) -> None:
        self._body, self._has_read = body, False

    def read(self, size: int) -> bytes:
        if self._has_read:
            raise ZeroDivisionError
        self._has_read = True
        return self._body.read(size)[:-20]


def test_a_fault_of_ours_shows_the_form_filled(site: SiteInFirefox) -> None:
    firefox = site.firefox
    firefox.open(f"{site.address}/")
    firefox.fill("#text", PLEA)
    with before_the_site(site, lambda environ: environ.update({"wsgi.input": BreaksOnce(environ["wsgi.input"])})):
        firefox.press("form[enctype] button[type=submit]")
    assert "Something broke on our side" in firefox.text("#problem")
    assert _value(site, "#text") == PLEA
    firefox.press("form[enctype] button[type=submit]")
    assert "arrived" in firefox.text("h1")


def test_delete_all_takes_two_presses_at_two_places(site: SiteInFirefox) -> None:
    firefox = site.firefox
    words = _answered(site, "for an answer")
    _open_mailbox(site, words)
    assert not _is_shown(site, "button[value=all]")
    with pytest.raises(BrowserError):
        firefox.press("button[value=all]", loads=False)
    firefox.press("main summary", loads=False)
    assert firefox.text("h1") == "Answers for you"
    firefox.press("button[value=all]")
    assert firefox.text("h1") == "Deleted"
    assert "There is no answer here now" in site.stage.browser.open_mailbox(words).text
