"""Every page in the colours that someone's system dictates, and with letters twice as large."""

from collections.abc import Iterator

import pytest

from demo.firefox import Firefox
from lab.accessibility import axe
from lab.accessibility.inside_firefox import SHOW, in_page, in_turn, in_window
from lab.accessibility.test_layout import faults
from tests.end_to_end.site_in_firefox import served_page
from tests.tipline.pages.named_pages import PAGES

pytestmark = pytest.mark.browser

FORCE = """async ({forced}) => {
    Services.prefs.setIntPref("browser.display.document_color_use", forced ? 2 : 0);
    Services.prefs.setIntPref("ui.useAccessibilityTheme", forced ? 1 : 0);
}"""
ARE_FORCED = 'async () => matchMedia("(forced-colors: active)").matches'
ENLARGE = "async ({times}) => { window.gBrowser.selectedBrowser.textZoom = times; }"
LINE_HEIGHT = """node => {
    const heading = node.querySelector("body > iframe").contentDocument.querySelector("h1");
    const letters = heading.ownerDocument.createRange();
    letters.selectNodeContents(heading);
    return letters.getClientRects()[0].height;
}"""
# Backgrounds are taken away there: what can be pressed or filled needs an edge, and a pictogram its own colour.
FRAMED = "button:not(.look, .languages *), .leave, textarea, select, input:not([type=hidden], [type=checkbox])"
LOST = f"""async ({{addresses}}) => {{
    const found = [];
    for (const address of addresses) {{
        await ({SHOW})(address, "light");
        for (const closed of document.querySelectorAll("details")) closed.open = true;
        const paper = getComputedStyle(document.documentElement).backgroundColor;
        const told = one => found.push(`${{address}}: ${{one.outerHTML.slice(0, 80)}}`);
        for (const one of document.querySelectorAll("{FRAMED}")) {{
            const edge = getComputedStyle(one);
            if (edge.borderTopStyle === "none" || edge.borderTopColor === paper) told(one);
        }}
        for (const one of document.querySelectorAll(".icon")) {{
            const drawn = getComputedStyle(one, "::before"), unseen = [paper, "rgba(0, 0, 0, 0)"];
            if (drawn.maskImage === "none" || unseen.includes(drawn.backgroundColor)) told(one);
        }}
    }}
    return found;
}}"""
FAULTY = b"""<!doctype html><title>x</title><button style="border:0">a</button><p class="icon">b</p>"""


@pytest.fixture
def forced(every_page_at: str, firefox: Firefox) -> Iterator[Firefox]:
    """In colours of the system; axe is there already."""
    in_window(firefox, FORCE, forced=True)
    firefox.set_viewport(*axe.TELEPHONE)
    firefox.open(f"{every_page_at}/start?lang=en")
    axe.begin(firefox)
    assert in_page(firefox, ARE_FORCED)
    yield firefox
    in_window(firefox, FORCE, forced=False)


def test_in_forced_colours_letters_edges_and_pictograms_are_seen_on_every_page(
    every_page_at: str, forced: Firefox
) -> None:
    pages = [f"{every_page_at}/{name}?lang=en" for name in PAGES]
    assert in_turn(forced, LOST, pages) == []
    assert axe.faults_of(forced, pages, rules=axe.LOOKS) == {}
    with served_page(FAULTY) as faulty:
        assert len(in_turn(forced, LOST, [faulty])) == 2


@pytest.mark.parametrize("tag", ["ar", "tl"])
def test_letters_twice_as_large_stick_out_of_no_page(every_page_at: str, firefox: Firefox, tag: str) -> None:
    firefox.set_viewport(1280, 700)
    firefox.open(f"{every_page_at}/all?lang={tag}")
    usual = firefox.page.run(LINE_HEIGHT, firefox.page.body())
    in_window(firefox, ENLARGE, times=2)
    try:
        assert firefox.page.run(LINE_HEIGHT, firefox.page.body()) > 1.5 * usual > 0
        found = faults(firefox, [1280])
    finally:
        in_window(firefox, ENLARGE, times=1)
    assert found == []
