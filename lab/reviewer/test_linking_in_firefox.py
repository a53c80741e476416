"""Linking at the desk in a real Firefox: a morning by keyboard, a decision that is undone, and forgetting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import ENTER, TAB, Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.reviewer.cases.test_old_cases import ROWS, spreadsheet
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, findings, kept_person, tell
from tests.reviewer.linking.test_news import away_for

pytestmark = pytest.mark.browser

ALT, SHIFT = "\ue00a", "\ue008"
NADJA = (
    "My friend Nadja works in a house at the Boston farm. They took her passport in April and she may not leave.\n"
    "Her number is o7700 nine zero zero 123, she answers at night only. The boss is Karel, boss@example.org,"
    " he came with the car at Easter and took two others."
)
ARABIC = "أختي اسمها ناديا. اتصلوا على +٤٤ ٧٧٠٠ ٩٠٠١٢٣ بعد الساعة العاشرة، أو اكتبوا إلى boss@example.org."
HOSTILE = "<b>\u202e" + "W" * 3000 + f" {NUMBER} <script>alert(1)</script>"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def access(firefox: Firefox, key: str) -> None:
    """Alt, Shift and the letter that a page gives."""
    with firefox._waiting(loads=True):
        firefox.page.keys([("down", ALT), ("down", SHIFT), ("down", key), ("up", key), ("up", SHIFT), ("up", ALT)])


def look(firefox: Firefox, pictures: Path, name: str) -> None:
    """Nothing sticks out and axe finds nothing, narrow and wide; a picture of each."""
    for width in (320, 1100):
        firefox.set_viewport(width, 800)
        assert unfit(firefox) == [], (name, width)
        firefox.screenshot(pictures / f"{name}-{width}.png")


def test_a_morning_by_keyboard_from_the_first_line_to_the_last_finding(desk: Desk, firefox: Firefox) -> None:
    desk.do("findings", "regions", desk.home, "GB")
    first = tell(desk, NADJA)
    tell(desk, HOSTILE, mailbox=3)
    last = tell(desk, ARABIC, mailbox=2)
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        assert "New to look at: 8 findings in 3 tips, 3 that stood in earlier tips" in firefox.text("main")
        look(firefox, pictures, "first-page")
        access(firefox, "g")
        look(firefox, pictures, "findings")
        access(firefox, "n")
        assert last in firefox.text("h1")
        look(firefox, pictures, "tip-right-to-left")
        access(firefox, "k")
        access(firefox, "k")
        access(firefox, "d")
        assert "All findings are looked at" in firefox.text(".side")
        access(firefox, "n")
        look(firefox, pictures, "tip-hostile")
        access(firefox, "k")
        access(firefox, "n")
        assert first in firefox.text("h1")
        firefox.fill("#words", "the Boston farm")
        firefox.press_key(TAB)
        firefox.press_key(TAB)
        firefox.press_key(ENTER, loads=True)
        look(firefox, pictures, "tip")
        firefox.page.run("node => node.ownerDocument.documentElement.classList.add('dark')", firefox.page.body())
        firefox.screenshot(pictures / "tip-dark.png")
        firefox.open(f"{site}/tip/{first}")
        assert "3 tips, 3 mailboxes" in firefox.text("#also-in ~ p")
        look(firefox, pictures, "also-in")
        firefox.open(f"{site}/entities")
        look(firefox, pictures, "entities")
    assert {one["state"] for one in findings(desk, last)} == {"kept", "dismissed"}


def test_a_decision_a_protected_person_and_forgetting_can_be_read_by_everyone(desk: Desk, firefox: Firefox) -> None:
    first, second = tell(desk, NADJA), tell(desk, "They call her Nadja. She came in April.", mailbox=2)
    for tip in (first, second):
        desk.do("findings", "add", desk.home, tip, "Nadja", "--kind", "person")
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/entity/1")
        firefox.fill("#link-other", "E-2")
        firefox.fill("#link-because", "same name and same month")
        firefox.press("button[value=same]")
        assert "E-1 and E-2 are the same" in firefox.text()
        look(firefox, pictures, "entity")
        firefox.press("form[action$='/undo/1'] button")
        assert "undone by D-2" in firefox.text()
        firefox.press("#role", loads=False)
        firefox.page.keys([(move, "w") for move in ("down", "up")])
        firefox.press_key(ENTER)
        firefox.press("form[action$='/role'] button")
        assert "P-1" in firefox.text("h1")
        assert "Nadja" not in firefox.text()
        look(firefox, pictures, "protected")
        firefox.fill("#open-because", "her lawyer called")
        firefox.press("form[action$='/open'] button")
        assert "Nadja" in firefox.text("h1")
        look(firefox, pictures, "opened")
        forms = "[...node.ownerDocument.querySelectorAll('form.together')].map(one => one.clientHeight)"
        highest = firefox.page.run(f"node => Math.max(...{forms})", firefox.page.body())
        assert float(str(highest)) < 200, "a sentence beside a field is not one letter wide"
        firefox.press("a[href$='/forget']")
        look(firefox, pictures, "forget")
        firefox.press("form[action$='/forget'] button")
        assert "E-2" in firefox.text("ol.tips")
        assert "P-1" not in firefox.text("ol.tips")
        firefox.open(f"{site}/tip/{first}")
        assert "█████" in firefox.text("article")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}


def test_a_decision_to_print_old_cases_and_the_first_page_after_a_month(desk: Desk, firefox: Firefox) -> None:
    first = tell(desk, NADJA)
    second = tell(desk, "Again the house at the farm: Nadja is there, and Karel comes at night.", mailbox=2)
    one, other = (kept_person(desk, tip, "Nadja") for tip in (first, second))
    desk.do(
        *("links", "decide", desk.home, one, other, "same", "--because", "the same farm, and the boss is Karel"),
        *("--against", "the second tip gives no number"),
    )
    away_for(desk, 31)
    file = spreadsheet(desk, ROWS)
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        assert "No one was here for 31 days" in firefox.text("main")
        look(firefox, pictures, "after-a-month")
        firefox.open(f"{site}/decision/1")
        assert "the second tip gives no number" in firefox.text("main")
        look(firefox, pictures, "decision")
        firefox.open(f"{site}/old-cases")
        firefox.fill("#file", str(file))
        access(firefox, "s")
        assert "Columns of the text (2 rows)" in firefox.text("main")
        look(firefox, pictures, "old-cases")
