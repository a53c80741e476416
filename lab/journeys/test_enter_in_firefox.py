"""Enter on every control of every form, in a real Firefox: a field or a tick never deletes or leaves, and a button
or a link does what it says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.firefox import ENTER, Firefox
from tests.end_to_end.site_in_firefox import SiteInFirefox, served, site_in_firefox
from tests.tipline.site_stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser

FIELDS_AND_TICKS = "main input:not([type=hidden]):not([type=file]), main textarea"
TAKES_AWAY = {"/left", "/kept", "/mailbox/delete", "/mailbox/new-words", "/mailbox/how"}
MESSAGE = "Room four, please come"


@dataclass
class Asked:
    """Which pages were asked for, in their order."""

    stage: Stage
    paths: list[str] = field(default_factory=list)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        self.paths.append(environ["PATH_INFO"])
        return self.stage.site.wsgi_app(environ, start_response)


@dataclass
class Visit:
    """A source with an answer of staff, whose requests are noted."""

    site: SiteInFirefox
    asked: Asked
    address: str
    words: str

    @property
    def firefox(self) -> Firefox:
        return self.site.firefox

    def go(self, path: str) -> None:
        self.firefox.open(f"{self.address}{path}")

    def mailbox(self) -> None:
        self.go("/return")
        self.firefox.fill("#passphrase", self.words)
        self.firefox.press("main form button[type=submit]")

    def answers(self) -> int:
        """Those that the mailbox still shows."""
        return self.firefox.count("article")

    def focus(self, node: dict[str, object]) -> None:
        """Also where it lies in a fold that is closed."""
        unfold = "for (let at = node; at; at = at.parentNode) at.open = true;"
        self.firefox.page.run(f"node => {{ {unfold} node.focus(); }}", node)

    def enter_on(self, node: dict[str, object]) -> None:
        self.focus(node)
        self.firefox.press_key(ENTER)
        # A round trip to the browser, so that a form which this key has sent is on its way.
        self.firefox.address()


@pytest.fixture
def visit(tmp_path: Path, firefox: Firefox) -> Iterator[Visit]:
    with site_in_firefox(tmp_path, firefox) as site:
        asked = Asked(site.stage)
        words = site.stage.browser.send_tip("first").words
        mailbox = site.stage.read_one().mailbox
        for text in ("Where are you now?", "Are you alone?"):
            site.stage.reply(text, mailbox)
        with served(asked) as address:
            yield Visit(site, asked, address, words)


def with_a_message_beside(visit: Visit) -> None:
    visit.mailbox()
    visit.firefox.fill("#text", MESSAGE)


def after_its_time(visit: Visit) -> None:
    with_a_message_beside(visit)
    visit.site.stage.site.sessions._open.clear()
    visit.firefox.press("form#write button.send")


PLACES: dict[str, Callable[[Visit], None]] = {
    "first page": lambda visit: visit.go("/"),
    "a door": lambda visit: visit.go("/form/1"),
    "files": lambda visit: visit.go("/files"),
    "coming back": lambda visit: visit.go("/return"),
    "mailbox": Visit.mailbox,
    "mailbox with a message": with_a_message_beside,
    "a message of a session that is over": after_its_time,
}


@pytest.mark.parametrize("place", PLACES)
def test_enter_in_a_field_or_on_a_tick_never_deletes_leaves_or_tells(visit: Visit, place: str) -> None:
    PLACES[place](visit)
    controls = visit.firefox.count(FIELDS_AND_TICKS)
    assert controls
    for number in range(controls):
        if number:
            PLACES[place](visit)
        visit.asked.paths.clear()
        visit.enter_on(visit.firefox.page.locate(FIELDS_AND_TICKS)[number])
        assert not TAKES_AWAY & set(visit.asked.paths), number
    visit.mailbox()
    assert visit.answers() == 2


def test_enter_on_a_ticked_answer_leaves_the_answer_the_tick_and_the_half_written_message(visit: Visit) -> None:
    with_a_message_beside(visit)
    visit.firefox.press("input[name=reply]", loads=False)
    visit.asked.paths.clear()
    visit.enter_on(visit.firefox.page.find("input[name=reply]"))
    assert visit.asked.paths == []
    assert visit.answers() == 2
    assert visit.firefox.page.run("node => node.checked", visit.firefox.page.find("input[name=reply]"))
    assert visit.firefox.page.run("node => node.value", visit.firefox.page.find("#text")) == MESSAGE


@pytest.mark.parametrize(
    ("button", "path", "heading"),
    [
        ("button[value=ticked]", "/mailbox/delete", "Deleted"),
        ("button[value=all]", "/mailbox/delete", "Deleted"),
        ("button[value=safe]", "/mailbox/how", "We are glad you are safe"),
        ("button[value=not-safe]", "/mailbox/how", "Thank you for telling us"),
        ("form#write button.send", "/mailbox/write", "Your message has arrived"),
        ("a.leave", "/left", "Bread"),
    ],
)
def test_enter_on_a_button_or_link_of_the_mailbox_does_what_it_says(
    visit: Visit, button: str, path: str, heading: str
) -> None:
    with_a_message_beside(visit)
    visit.firefox.press("input[name=reply]", loads=False)
    visit.focus(visit.firefox.page.find(button))
    visit.firefox.press_key(ENTER, loads=True)
    assert [asked for asked in visit.asked.paths if not asked.endswith(".css")][-1] == path
    assert heading in visit.firefox.text("h1")
