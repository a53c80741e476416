"""A press on "Leave now" hides the page at once and for good, on a dead line too, and leads away on a live one. In
a real Firefox at "Safest"; what a finger does on Android is tried by hand (docs/develop/manual-check.md)."""

import base64
import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from PIL import Image

from demo.firefox import Firefox
from tests.end_to_end.site_in_firefox import SiteInFirefox, served, site_in_firefox
from tests.end_to_end.test_files_in_firefox import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.browser

PLEA = "They hold my passport."
WIDTH, HEIGHT = 320, 568
RING = 8
"""CSS pixels around a link in which its outline is drawn."""
LONG_AFTER_SECONDS = 10
BOX = "node => (({left, top, right, bottom}) => [left, top, right, bottom].join())(node.getBoundingClientRect())"


@dataclass
class DeadLine:
    """Takes the wish to leave, and answers it only when it is told to."""

    site: "WSGIApplication"
    asked: threading.Event = field(default_factory=threading.Event)
    mended: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        if environ["PATH_INFO"] == "/left":
            self.asked.set()
            self.mended.wait()
        return self.site(environ, start_response)


@dataclass
class Visit:
    """Someone on a line on which leaving is not answered."""

    site: SiteInFirefox
    line: DeadLine
    address: str

    @property
    def firefox(self) -> Firefox:
        return self.site.firefox

    def open(self, path: str) -> None:
        self.firefox.open(f"{self.address}{path}")


@pytest.fixture
def visit(tmp_path: Path, firefox: Firefox) -> Iterator[Visit]:
    with site_in_firefox(tmp_path, firefox, width=WIDTH, height=HEIGHT) as site:
        line = DeadLine(site.stage.site.wsgi_app)
        with served(line) as address:
            try:
                yield Visit(site, line, address)
            finally:
                line.mended.set()


def is_blank_but(firefox: Firefox, link: str) -> bool:
    """True if the window shows nothing beside this link: each line of pixels has one colour, but for the link."""
    asked = firefox._bidi.call
    shot = asked("browsingContext.captureScreenshot", context=firefox.page.context, origin="viewport")
    seen = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    left, top, right, bottom = map(float, str(firefox.page.run(BOX, firefox.page.find(link))).split(","))
    for y in range(seen.height):
        beside_the_link = top - RING <= y <= bottom + RING
        colours = {
            seen.getpixel((x, y))
            for x in range(seen.width)
            if not (beside_the_link and left - RING <= x <= right + RING)
        }
        if len(colours) > 1:
            return False
    return True


def pointer(firefox: Firefox, *moves: dict[str, object]) -> None:
    firefox.page._perform({"type": "pointer", "id": "mouse", "actions": list(moves)})


DOWN: dict[str, object] = {"type": "pointerDown", "button": 0}
UP: dict[str, object] = {"type": "pointerUp", "button": 0}
ELSEWHERE: dict[str, object] = {"type": "pointerMove", "x": WIDTH // 2, "y": HEIGHT * 3 // 4}


def first_page(visit: Visit) -> None:
    visit.open("/")
    visit.firefox.fill("#text", PLEA)


def in_arabic_and_dark(visit: Visit) -> None:
    visit.open("/?lang=ar&look=dark")
    visit.firefox.fill("#text", PLEA)


def files(visit: Visit) -> None:
    visit.open("/files")
    visit.firefox.fill("#text", PLEA)
    visit.firefox.page.run("node => node.scrollIntoView()", visit.firefox.page.find("iframe"))


def answer_of_the_page_for_files_alone(visit: Visit) -> None:
    visit.open("/files/send")


def receipt(visit: Visit) -> None:
    first_page(visit)
    visit.firefox.press("button.send")


def mailbox(visit: Visit) -> None:
    words = visit.site.stage.browser.send_tip("first").words
    visit.site.stage.reply("Where are you now?", visit.site.stage.read_one().mailbox)
    visit.open("/return")
    visit.firefox.fill("#passphrase", words)
    visit.firefox.press("main form button[type=submit]")


PLACES: list[tuple[Callable[[Visit], None], str]] = [
    (first_page, "header .leave"),
    (in_arabic_and_dark, "header .leave"),
    (files, "header .leave"),
    (answer_of_the_page_for_files_alone, "header .leave"),
    (receipt, "header .leave"),
    (mailbox, "header .leave"),
    (mailbox, "main .leave"),
]


@pytest.mark.parametrize(("place", "link"), PLACES, ids=[f"{place.__name__}-{link}" for place, link in PLACES])
def test_a_press_hides_all_but_the_link_also_on_a_dead_line_and_after_a_tap_elsewhere_and_then_leads_away(
    visit: Visit, place: Callable[[Visit], None], link: str
) -> None:
    firefox = visit.firefox
    place(visit)
    firefox.page.hover(firefox.page.find(link))
    assert not is_blank_but(firefox, link)
    pointer(firefox, DOWN)
    assert is_blank_but(firefox, link), "before the finger is lifted"
    pointer(firefox, UP)
    assert visit.line.asked.wait(60)
    assert is_blank_but(firefox, link)
    pointer(firefox, ELSEWHERE, DOWN, UP)
    assert is_blank_but(firefox, link)
    visit.line.mended.set()
    eventually(lambda: urlsplit(firefox.address()).path == "/left")
    assert firefox.count("a, button, form, textarea") == 0, "nothing that leads back, and nothing of the site"


def test_long_after_a_press_on_a_dead_line_the_page_is_still_hidden(visit: Visit) -> None:
    first_page(visit)
    visit.firefox.press("header .leave", loads=False)
    assert visit.line.asked.wait(60)
    time.sleep(LONG_AFTER_SECONDS)
    assert is_blank_but(visit.firefox, "header .leave")


@pytest.mark.parametrize("path", ["/", "/files", "/questions"])
def test_a_page_that_was_left_and_is_come_back_to_is_shown_again_with_nothing_typed(
    visit: Visit, path: str
) -> None:
    firefox = visit.firefox
    visit.line.mended.set()
    visit.open(path)
    fields = firefox.count("#text")
    if fields:
        firefox.fill("#text", PLEA)
    firefox.press("header .leave")
    with firefox._waiting(loads=True):
        firefox._bidi.call("browsingContext.traverseHistory", context=firefox.page.context, delta=-1)
    assert not is_blank_but(firefox, "header .leave")
    assert firefox.count("#text") == fields
    assert PLEA not in firefox.source()
    if fields:
        assert firefox.page.run("node => node.value", firefox.page.find("#text")) == ""
