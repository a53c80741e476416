"""The first page as a newcomer sees it: few words, Send in sight, Language at hand.

In three languages. ``lab/journeys`` has the others.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from demo.firefox import TAB, Firefox
from tests.end_to_end.site_in_firefox import SiteInFirefox, served, site_in_firefox
from tests.end_to_end.test_files_in_firefox import eventually
from tipline.languages.site_languages import SiteLanguages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.browser

SOME_TAGS = ("en", "ar", "th")
ELSEWHERE = {"type": "pointerMove", "x": 5, "y": 5}
SMALL = [(320, 568), (320, 420)]
MOST_WORDS = {"en": 110}
MOST_WORDS_ELSEWHERE = 140
MOST_CHARACTERS = {"zh-Hans": 220, "th": 480}
"""Of languages that put no spaces between words."""
HIGHEST_HEADER = 64
# The text of the page between its head and its foot, without what is folded away, left to other presses, or hidden.
SHOWN = """node => {
    const walk = node.ownerDocument.createTreeWalker(node, NodeFilter.SHOW_TEXT), found = [];
    const seen = {contentVisibilityAuto: true, visibilityProperty: true};
    while (walk.nextNode()) {
        const at = walk.currentNode.parentElement;
        if (at.localName !== "textarea" && at.checkVisibility(seen)) found.push(walk.currentNode.data);
    }
    return found.join(" ");
}"""
IN_SIGHT = """node => {
    const box = node.getBoundingClientRect(), page = node.ownerDocument, root = page.documentElement;
    const top = page.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    const shown = node.checkVisibility({visibilityProperty: true}) && node.contains(top);
    return shown && box.top > -1 && box.bottom < root.clientHeight + 1;
}"""
# Of what has the focus: whether the bar lies over any of it, unless it is on the bar itself.
UNDER_THE_BAR = """node => {
    const page = node.ownerDocument, one = page.activeElement, bar = page.querySelector(".bar");
    const box = one.getBoundingClientRect(), over = bar.getBoundingClientRect();
    return !bar.contains(one) && box.bottom > over.top && box.top < over.bottom;
}"""


def scrolled(firefox: Firefox) -> float:
    """The distance that the window has scrolled, in CSS pixels."""
    return float(firefox.page.run("node => node.ownerDocument.defaultView.scrollY", firefox.page.body()))


@dataclass
class HeldLine:
    """Takes a form, and answers it only when it is told to."""

    site: "WSGIApplication"
    asked: threading.Event = field(default_factory=threading.Event)
    answers: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        if environ["REQUEST_METHOD"] == "POST":
            self.asked.set()
            self.answers.wait()
        return self.site(environ, start_response)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, firefox: Firefox) -> Iterator[SiteInFirefox]:
    folder = tmp_path_factory.mktemp("site")
    with site_in_firefox(folder, firefox, languages=SiteLanguages.load(), width=320, height=568) as made:
        yield made


def first_page(site: SiteInFirefox, tag: str, size: tuple[int, int] = (320, 568)) -> Firefox:
    site.firefox.set_viewport(*size)
    site.firefox.open(f"{site.address}/?lang={tag}")
    assert site.firefox.attribute("html", "lang") == tag
    return site.firefox


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_the_first_page_has_few_words(site: SiteInFirefox, tag: str) -> None:
    firefox = first_page(site, tag)
    shown = str(firefox.page.run(SHOWN, firefox.page.find("main")))
    assert "112" in shown, "the numbers are not folded away"
    if tag in MOST_CHARACTERS:
        assert len(re.sub(r"\s", "", shown)) <= MOST_CHARACTERS[tag], shown
    else:
        words = [one for one in shown.split() if any(map(str.isalnum, one))]
        assert len(words) <= MOST_WORDS.get(tag, MOST_WORDS_ELSEWHERE), shown


@pytest.mark.parametrize(("tag", "size"), [("en", SMALL[0]), ("ar", SMALL[1])], ids=str)
def test_send_is_in_sight_and_never_lies_over_what_has_the_focus(
    site: SiteInFirefox, tag: str, size: tuple[int, int]
) -> None:
    firefox = first_page(site, tag, size)
    assert firefox.page.run(IN_SIGHT, firefox.page.find(".send"))
    firefox.fill("#text", "x")
    assert firefox.page.run(IN_SIGHT, firefox.page.find(".send")), "while someone writes"
    stops = 0
    while firefox.page.run("node => node.ownerDocument.activeElement !== node", firefox.page.body()):
        # The window scrolls when it can, which may be a moment after the key.
        eventually(lambda: not firefox.page.run(UNDER_THE_BAR, firefox.page.body()))
        stops += 1
        assert stops < 40
        # A scroll that is still under way ends where it was going, and undoes that of the next key.
        eventually(lambda: scrolled(firefox) == scrolled(firefox))
        firefox.press_key(TAB)
        if firefox.page.run("node => node.ownerDocument.activeElement.matches('footer *')", firefox.page.body()):
            break
    assert stops > 5


@pytest.mark.parametrize("size", [*SMALL, (1280, 800)], ids=str)
def test_a_press_on_send_is_answered_at_once_by_a_line_in_sight_and_nothing_moves_under_the_finger(
    site: SiteInFirefox, size: tuple[int, int]
) -> None:
    line = HeldLine(site.stage.site.wsgi_app)
    firefox = site.firefox
    place = "node => JSON.stringify(node.getBoundingClientRect())"
    with served(line) as address:
        try:
            firefox.set_viewport(*size)
            firefox.open(f"{address}/")
            firefox.fill("#text", "help")
            send = firefox.page.find(".send")
            firefox.page.hover(send)
            before = firefox.page.run(place, send)
            assert not firefox.page.run(IN_SIGHT, firefox.page.find(".sending"))
            firefox.page._perform(
                {"type": "pointer", "id": "mouse", "actions": [{"type": "pointerDown", "button": 0}]}
            )
            assert firefox.page.run(place, send) == before
            firefox.page._perform(
                {"type": "pointer", "id": "mouse", "actions": [{"type": "pointerUp", "button": 0}]}
            )
            assert line.asked.wait(60)
            assert firefox.page.run(IN_SIGHT, firefox.page.find(".sending"))
            firefox.page._perform({"type": "pointer", "id": "mouse", "actions": [ELSEWHERE]})
            assert firefox.page.run(IN_SIGHT, firefox.page.find(".sending")), "until the answer comes"
            assert "Stay on this page." in firefox.text(".sending")
        finally:
            line.answers.set()
        eventually(lambda: firefox.count("[data-passphrase]") == 1)


def test_on_a_desk_send_comes_right_after_the_message_and_the_line_about_danger(site: SiteInFirefox) -> None:
    firefox = first_page(site, "en", (1280, 800))
    assert firefox.page.run(IN_SIGHT, firefox.page.find(".send"))
    top, bottom = (f"node => node.getBoundingClientRect().{edge}" for edge in ("top", "bottom"))
    gap = firefox.page.run(top, firefox.page.find(".send")) - firefox.page.run(bottom, firefox.page.find("#danger"))
    assert 0 <= gap <= 40


@pytest.mark.parametrize("tag", SOME_TAGS)
def test_the_header_is_low_and_the_second_tab_is_language_with_a_sign(site: SiteInFirefox, tag: str) -> None:
    firefox = first_page(site, tag)
    height = firefox.page.run("node => node.getBoundingClientRect().height", firefox.page.find("header"))
    assert height <= HIGHEST_HEADER
    for _ in range(2):
        firefox.press_key(TAB)
    focused = "node => node.ownerDocument.activeElement.matches('.languages summary')"
    assert firefox.page.run(focused, firefox.page.body())
    sign = """node => {
        const drawn = node.ownerDocument.defaultView.getComputedStyle(node, '::before');
        return drawn.maskImage !== 'none' && parseFloat(drawn.width) >= 16;
    }"""
    assert firefox.page.run(sign, firefox.page.find(".languages summary .icon"))
    assert 3 <= firefox.count(".languages summary bdi") <= 6
