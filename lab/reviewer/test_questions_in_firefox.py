"""Questions in a real Firefox: two sisters, one advert, and the tips of a rival."""

from collections.abc import Iterator

import pytest

from demo.firefox import ENTER, TAB, Firefox
from lab.reviewer.test_desk_in_firefox import served
from lab.reviewer.test_linking_in_firefox import access, look
from tests.reviewer.clean_copy.photos import drawn_scene
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_pictures import send, smaller
from tests.reviewer.linking.invented_tips import kept_person, tell, tell_many

pytestmark = pytest.mark.browser

SISTER = (
    "They took her passport in April and she may not leave the house at the Boston farm.\n"
    "They call her Nadezhda Petrovna Ivanova. Her number is o7700 nine zero zero 123, at night only."
)
OTHER_SISTER = "Мою сестру зовут Надежда Иванова, она с апреля на ферме. Её телефон +44 7700 900123, только ночью."
ARABIC = "أختي اسمها ناديا حداد. اتصلوا على +٤٤ ٧٧٠٠ ٩٠٠١٢٤ بعد العاشرة."
ARABIC_TOO = "I look for Nadia. Her whole name is Nadia Haddad, she is 19."


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def test_two_sisters_are_compared_decided_taken_back_and_nothing_is_lost(desk: Desk, firefox: Firefox) -> None:
    desk.do("findings", "regions", desk.home, "GB")
    tell(desk, SISTER)
    tell(desk, OTHER_SISTER, mailbox=2)
    tell(desk, ARABIC, mailbox=3)
    tell(desk, ARABIC_TOO, mailbox=4)
    tell_many(desk, [f"he is called {name} Weber" for name in ("Karel", "Anton", "Jonas", "Emil", "Otto")])
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/questions")
        look(firefox, pictures, "questions")
        access(firefox, "n")
        assert "the same person?" in firefox.text("h1")
        assert "pairs of strangers" in firefox.text(".chance") or "pair of strangers" in firefox.text(".chance")
        look(firefox, pictures, "question")
        first = firefox.text("h1")
        access(firefox, "n")
        assert firefox.text("h1") != first
        look(firefox, pictures, "question-right-to-left")
        access(firefox, "n")
        assert firefox.text("h1") == first
        firefox.fill("#because", "one number, one farm, one month")
        for _ in range(3):
            firefox.press_key(TAB)
        firefox.press_key(ENTER, loads=True)
        firefox.open(f"{site}/entity/1")
        assert "the same as E-2" in firefox.text()
        look(firefox, pictures, "entity")
        firefox.press("form[action$='/undo/1'] button")
        firefox.open(f"{site}/questions")
        assert first.partition(":")[0] in firefox.text("ol.tips")
        firefox.open(f"{site}/question/{first.partition(':')[0].removeprefix('Q-')}")
        firefox.set_viewport(760, 760)
        for colours in ("dark", "light"):
            root = "node.ownerDocument.documentElement"
            firefox.page.run(f"node => {{ {root}.className = '{colours}' }}", firefox.page.body())
            firefox.screenshot(pictures / f"question-{colours}.png")
    decisions = desk.json("links", "list", desk.home)["decisions"]
    assert [one["verdict"] for one in decisions] == ["same", "undo"]


def test_one_advert_a_protected_person_and_ten_tips_of_one_hand(desk: Desk, firefox: Firefox) -> None:
    first = send(desk, drawn_scene(1))
    second = send(desk, smaller(drawn_scene(1)), mailbox=2)
    rival = [tell(desk, f"the boss is Karel Novak, {place}", mailbox=7) for place in range(3)]
    person = kept_person(desk, rival[0], "Karel Novak")
    desk.do("entities", "role", desk.home, person, rival[0], "harmed")
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/questions?kind=picture")
        access(firefox, "n")
        assert {one for one in (first, second) if one in firefox.text("main")} == {first, second}
        look(firefox, pictures, "picture")
        firefox.open(f"{site}/questions?kind=person")
        look(firefox, pictures, "masked-list")
        assert "P-1" in firefox.text("ol.tips")
        access(firefox, "n")
        look(firefox, pictures, "masked-or-one-mailbox")
        assert "they are one witness" in firefox.text("main")
        for number in range(1, 9):
            firefox.open(f"{site}/question/{number}")
            if "Show both passages" in firefox.text():
                assert "Karel" not in firefox.text()
                look(firefox, pictures, "asked-for-a-reason")
                inputs = "[...node.ownerDocument.querySelectorAll('[id^=because-]:not([id$=hint])')]"
                ids = firefox.page.run(f"node => {inputs}.map(one => one.id).join(' ')", firefox.page.body())
                for field in str(ids).split():
                    firefox.fill(f"#{field}", "her lawyer called")
                firefox.press("form[action$='/open'] button")
                assert "Karel" in firefox.text("main")
                look(firefox, pictures, "opened")
                break
        else:
            raise AssertionError("no question was masked")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
