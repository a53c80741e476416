"""Graph, timeline and map in a real Firefox: narrow, wide, dark, from right to left and by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import TAB, Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import findings, kept, kept_person, tell

pytestmark = pytest.mark.browser

FIRST = (
    "The boss is called Karel Zqxwv. On 3 March 2025 he brought us from Iași to Milano, in Italy. From April to"
    " June 2025 we were in a house near Bologna. Last summer he went to Hamburg. Write to boss@example.org."
)
SECOND = (
    "كاريل أخذنا من بيروت إلى دبي في 15 رمضان 1446. Karel has +44 7700 900123. On 03/04/2025 we were in London."
)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True, drawings=True) as started:
        yield started


def a_boss(desk: Desk) -> str:
    """A person of whom two tips tell places and days, with a number and an address."""
    first, second = tell(desk, FIRST), tell(desk, SECOND, mailbox=2)
    boss = kept_person(desk, first, "Karel Zqxwv")
    for tip in (first, second):
        said = [str(one["finding"]) for one in findings(desk, tip) if one["kind"] in {"place", "date"}]
        desk.do("findings", "keep", desk.home, *said, "--to", boss)
    others = [one["finding"] for one in findings(desk) if one["kind"] in {"phone", "email"}]
    for name in kept(desk, *others):
        finding = next(one["finding"] for one in findings(desk) if one["entity"] == name)
        desk.do("relate", desk.home, boss, "uses", name, "--finding", str(finding))
    kept_person(desk, second, "Karel")
    return boss


def test_each_drawing_can_be_seen_and_walked_by_keyboard(desk: Desk, firefox: Firefox) -> None:
    boss = a_boss(desk)[2:]
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for what in ("graph", "timeline", "map"):
            firefox.open(f"{site}/entity/{boss}/{what}")
            for width in (320, 1100):
                firefox.set_viewport(width, 800)
                assert unfit(firefox) == [], (what, width)
                firefox.page.run(
                    "node => node.ownerDocument.documentElement.className = 'light'", firefox.page.body()
                )
                firefox.screenshot(pictures / f"{what}-{width}.png")
            firefox.page.run(
                "node => node.ownerDocument.documentElement.classList.add('dark')", firefox.page.body()
            )
            firefox.screenshot(pictures / f"{what}-dark.png")
            links = firefox.count("svg a")
            reached = set()
            for _step in range(60):
                firefox.press_key(TAB)
                here = "node => node.ownerDocument.activeElement.closest('svg a')?.textContent.trim() ?? ''"
                reached.add(firefox.page.run(here, firefox.page.body()))
            assert len(reached - {""}) == links, what
        right_to_left(firefox, site, boss, pictures)
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}


def right_to_left(firefox: Firefox, site: str, boss: str, pictures: Path) -> None:
    choose = "node => { node.ownerDocument.querySelector('#desk-language').value = 'ar' }"
    firefox.page.run(choose, firefox.page.body())
    firefox.press("footer button")
    for what in ("graph", "timeline", "map"):
        firefox.open(f"{site}/entity/{boss}/{what}")
        assert unfit(firefox) == [], what
        firefox.screenshot(pictures / f"{what}-right-to-left.png")
