"""Stories 3 and 4 in a real Firefox: Ben refers a case to the police, and Ruth publishes tables."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.primitives.week import Quarter
from demo.firefox import TAB, Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from lab.reviewer.test_drawings_in_firefox import a_boss
from reviewer.casebook.entities import SaidRole
from reviewer.home.home import open_home
from reviewer.linking.entity_work import add_role
from reviewer.linking.finding_work import add_finding
from reviewer.sharing.party import begin_new_run
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver, receiver
from tests.reviewer.linking.invented_tips import next_id
from tests.reviewer.linking.test_masking import harmed_person
from tests.reviewer.publication.test_releases import tell_of

__all__ = ["receiver"]
pytestmark = pytest.mark.browser

FOR = "Police, file 12"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True, drawings=True) as started:
        yield started


def look(firefox: Firefox, pictures: Path, name: str) -> None:
    """Nothing sticks out and axe finds nothing, narrow and wide, light and dark; a picture of each."""
    pictures.mkdir(exist_ok=True)
    document = "node.ownerDocument"
    for width, theme in ((320, "light"), (1100, "light"), (1100, "dark")):
        firefox.set_viewport(width, 800)
        setting = f"{document}.documentElement.className = '{theme}'; {document}.defaultView.scrollTo(0, 0)"
        firefox.page.run(f"node => {{ {setting} }}", firefox.page.body())
        assert unfit(firefox) == [], (name, width, theme)
        firefox.page.run(f"node => {{ {setting} }}", firefox.page.body())
        firefox.screenshot(pictures / f"{name}-{width}-{theme}.png")


def choose_language(firefox: Firefox, tag: str) -> None:
    choose = f"node => {{ node.ownerDocument.querySelector('#desk-language').value = '{tag}' }}"
    firefox.page.run(choose, firefox.page.body())
    firefox.press("footer button")


def test_ben_writes_to_the_police_and_she_withdraws(desk: Desk, receiver: Receiver, firefox: Firefox) -> None:
    boss = a_boss(desk)
    tip, her, _number = harmed_person(desk)
    pictures = desk.folder / "pictures"
    out = receiver.folder / "for-the-police"
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/entity/{boss[2:]}")
        look(firefox, pictures, "entity")
        firefox.press("a[href^='/refer']")
        assert firefox.count("input[type=checkbox]:checked") == 0, "nothing leaves that no one ticked"
        firefox.fill("#receiver", FOR)
        firefox.fill("#more", her)
        firefox.press("#more ~ button")
        for box in firefox_values(firefox, "entity"):
            firefox.press(f"input[name=entity][value='{box}']", loads=False)
        firefox.press(f"input[name=with][value='{her[2:]}']", loads=False)
        firefox.press("input[name=names]", loads=False)
        firefox.fill("#to", receiver.key)
        firefox.press("button[formaction]")
        assert "no consent of" in firefox.text("main")
        firefox.fill(f"#by-{her[2:]}", "herself")
        firefox.fill(f"#what-{her[2:]}", "protection in the trial")
        look(firefox, pictures, "refer-no-consent")
        firefox.press(f"button[name=note][value='E-{her[2:]}']")
        assert "protection in the trial" in firefox.text("main")
        look(firefox, pictures, "refer")
        firefox.press("input[name=add-tip]", loads=False)
        firefox.press("section:has(input[name=add-tip]) > button")
        firefox.press("input[name=passage]", loads=False)
        look(firefox, pictures, "refer-passages")
        firefox.press("button[formaction]")
        shown = firefox.text("main")
        assert "Karel Zqxwv" in shown
        assert "Nadja" in shown
        assert receiver.key[-16:] not in shown
        firefox.fill("#heard", receiver.key[-16:])
        firefox.press("input[name=place][value='']", loads=False)
        firefox.fill("input[name=folder]", str(out))
        look(firefox, pictures, "refer-preview")
        firefox.press("form[action='/refer/write'] button")
        assert "The package is written" in firefox.text("h1")
        firefox.open(f"{site}/entity/{her[2:]}/consents")
        look(firefox, pictures, "consents")
        firefox.fill("#withdraw-by", "herself")
        firefox.press_key(TAB)
        assert firefox.focused(), "the keyboard reaches the button"
        firefox.press("form[action$='/withdraw'] button")
        assert FOR in firefox.text(".received")
        assert "withdrew" in firefox.text("main")
        look(firefox, pictures, "withdrawn")
        firefox.open(f"{site}/refer?tips={tip}")
        firefox.fill("#receiver", FOR)
        firefox.press("#receiver ~ button")
        assert "withdrew, and does not leave" in firefox.text("main")
        choose_language(firefox, "ar")
        for name, page in (("refer", f"refer?entity={boss}"), ("consents", f"entity/{her[2:]}/consents")):
            firefox.open(f"{site}/{page}")
            assert unfit(firefox) == [], name
            firefox.screenshot(pictures / f"{name}-right-to-left.png")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
    assert sorted(path.name for path in out.iterdir()) == ["README.txt", "evidence.tar.age"]


def firefox_values(firefox: Firefox, name: str) -> list[str]:
    """The values of the boxes with this name."""
    inputs = f"node.ownerDocument.querySelectorAll('input[name={name}]')"
    found = f"node => [...{inputs}].map(one => one.value).join(' ')"
    return str(firefox.page.run(found, firefox.page.body())).split()


def last_quarter() -> dt.date:
    """A day of the quarter that is over."""
    first = Quarter.of(today())
    return dt.date(first.year, 3 * first.number - 2, 1) - dt.timedelta(days=10)


def test_ruth_publishes_and_sees_why_there_is_too_few(desk: Desk, firefox: Firefox) -> None:
    text = "Zq from Romania, kept in Italy"
    tips = desk.take_in(
        *(
            desk.server.seal(
                fields=[("text", text), ("language", "ro" if number < 14 else "uk")],
                mailbox=a_mailbox(number),
                submission_id=next_id(),
                day=last_quarter(),
            )
            for number in range(26)
        )
    )
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for short_id in tips:
            tell_of(home, home.casebook.submissions.find(short_id), "Zq", is_twice=False)
        alone = home.casebook.submissions.find(tips[0])
        other = home.casebook.findings.find(add_finding(home, alone, "person", "kept", today=today())).entity or 0
        add_role(home, other, alone, SaidRole.HARMED, today=today())
        begin_new_run(home)
    pictures = desk.folder / "pictures"
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/published")
        look(firefox, pictures, "published-after-restore")
        firefox.fill("#last", "2")
        firefox.press("form[action='/published/last'] button")
        assert "lacks these releases: 1, 2" in firefox.text("main")
        look(firefox, pictures, "published-lacks")
        firefox.fill("#last", "0")
        firefox.press("form[action='/published/last'] button")
        assert firefox.count("#last") == 0
        look(firefox, pictures, "published")
        quarter = Quarter.of(last_quarter())
        firefox.open(f"{site}/published/preview?table=recruited&quarter={quarter}")
        look(firefox, pictures, "recruited")
        assert "persons" in firefox.text("main")
        firefox.open(f"{site}/published/preview?table=questionnaire&quarter={quarter}")
        look(firefox, pictures, "questionnaire")
        firefox.open(f"{site}/published/preview?table=language&quarter={quarter}")
        assert "Romanian" in firefox.text("main")
        assert "too few" in firefox.text("main")
        look(firefox, pictures, "language")
        firefox.press("form[action='/published/publish'] button")
        assert ("Romanian,14" in firefox.text("pre")) != ("Ukrainian,12" in firefox.text("pre"))
        look(firefox, pictures, "release")
        firefox.press("a[href*='/published/preview']")
        assert firefox.count("#because") == 1
        look(firefox, pictures, "correct")
        firefox.open(f"{site}/published/preview?table=harmed&quarter={quarter}")
        choose_language(firefox, "ar")
        firefox.open(f"{site}/published/preview?table=recruited&quarter={quarter}")
        assert unfit(firefox) == []
        firefox.screenshot(pictures / "recruited-right-to-left.png")
