"""Forms of the desk in a real Firefox: a double click, another language, a lock; and pages that fit each screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk

pytestmark = pytest.mark.browser

PICTURES: Path | None = None
"""A folder for pictures of each page, while one looks at them."""

PAGES = (
    ("/evidence?tips={tip}", "evidence"),
    ("/hand-over?tips={tip}", "hand-over"),
    ("/hand-over/key", "hand-over-key"),
    ("/quarantine", "quarantine"),
    ("/case/1", "case"),
    ("/rounds", "rounds"),
    ("/rounds/sheets", "sheets"),
    ("/retention", "retention"),
    ("/", "list"),
)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The window is as wide as a telephone."""
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def looked_at(firefox: Firefox, name: str) -> None:
    """Fit for a narrow screen and for axe; pictures narrow, wide and dark where they are wanted."""
    firefox.page.run("node => node.ownerDocument.defaultView.scrollTo(0, 0)", firefox.page.body())
    assert unfit(firefox) == [], name
    if PICTURES is None:
        return
    for width, colours in ((320, "light"), (1100, "light"), (1100, "dark")):
        firefox.set_viewport(width, 900)
        firefox.page.run(
            "(node, colours) => { node.ownerDocument.documentElement.className = colours }".replace(
                "colours }", f"'{colours}' }}"
            ),
            firefox.page.body(),
        )
        firefox.screenshot(PICTURES / f"{name}-{width}-{colours}.png")
    firefox.set_viewport(320, 900)


def is_shown(firefox: Firefox, selector: str) -> bool:
    """True if the stylesheet shows this element."""
    return firefox.page.run("node => getComputedStyle(node).display", firefox.page.find(selector)) != "none"


def press_twice(firefox: Firefox, selector: str) -> None:
    """A double click: the second press comes while the page that answers the first is on its way."""
    with firefox._waiting(loads=True):
        firefox.page.hover(firefox.page.find(selector))
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        firefox.page._perform({"type": "pointer", "id": "mouse", "actions": [*press, *press]})


def test_forms_act_once_keep_their_text_and_fit_each_screen(desk: Desk, firefox: Firefox) -> None:
    files = [("photo.jpg", "image/jpeg", photos.jpeg()), ("note.txt", "text/plain", b"a note")]
    lines = "\n".join(f"line {number} of a long message" for number in range(1, 6))
    tip = desk.take_in(desk.server.seal(fields=[("text", lines)], files=files, mailbox=a_mailbox()))[0]
    desk.do("quarantine", desk.home, tip, "1")
    desk.do("case", "new", desk.home, "farm", tip)
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/tip/{tip}")
        other_tab, same_tab = "footer button.if-typed", "footer button.if-untouched"
        assert (is_shown(firefox, other_tab), is_shown(firefox, same_tab)) == (False, True)
        firefox.fill("#note", "asked the shelter")
        press_twice(firefox, "form[action$='/note'] button")
        assert firefox.text("main").count("asked the shelter") == 1
        assert (is_shown(firefox, other_tab), is_shown(firefox, same_tab)) == (False, True)
        firefox.fill("#note", "not lost")
        assert (is_shown(firefox, other_tab), is_shown(firefox, same_tab)) == (True, False)
        assert firefox.attribute(other_tab, "formtarget") == "_blank"
        for form, opens_a_tab in (("/aside", True), ("/reply", True), ("/marks", True), ("/note", False)):
            twin = f"form[action$='{form}'] button[formtarget]"
            assert is_shown(firefox, twin) is opens_a_tab, form
            assert is_shown(firefox, f"form[action$='{form}'] button:not([formtarget])") is not opens_a_tab, form
        firefox.press("form[action$='/aside'] button[formtarget]", loads=False)
        assert firefox.page.run("node => node.value", firefox.page.find("#note")) == "not lost"
        looked_at(firefox, "tip-typed")
        firefox.open(f"{site}/tip/{tip}")
        firefox.press(".translate summary", loads=False)
        firefox.fill(".translate textarea", "A translation.")
        assert is_shown(firefox, "form[action$='/note'] button[formtarget]")
        assert not is_shown(firefox, ".translate button[formtarget]")
        for path, name in PAGES:
            firefox.open(f"{site}{path.format(tip=tip)}")
            if name == "quarantine":
                firefox.press("details summary", loads=False)
            looked_at(firefox, name)
        firefox.page.run("node => { node.value = 'ar' }", firefox.page.find("#desk-language"))
        firefox.press(same_tab)
        assert firefox.attribute("html", "dir") == "rtl"
        for path, name in PAGES:
            firefox.open(f"{site}{path.format(tip=tip)}")
            looked_at(firefox, f"{name}-arabic")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        assert [note.text for note in home.casebook.notes.of(1)] == ["asked the shelter"]
    assert "set aside" in desk.do("log", "show", desk.home)
