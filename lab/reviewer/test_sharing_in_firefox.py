"""Shared items at the desk in a real Firefox: narrow and wide, dark, and with the words of an Arab."""

import re
from collections.abc import Iterator

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from reviewer.cases.archive import add_note
from reviewer.cases.reply_to import reply_to
from reviewer.home.home import open_home
from reviewer.sharing.ownership import assign, owner_of
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.colleagues import a_colleague
from tests.reviewer.desk_stage import Desk

pytestmark = pytest.mark.browser

TIP = "The boss of the farm took our passports. We sleep eleven in one room."
ARABIC = "سنلتقي يوم الاثنين عند المكتبة."
DAY = today()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def act(desk: Desk, tip: str, *, answer: str, owner: str) -> None:
    """One reviewer answers, notes, and names an owner."""
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(tip)
        named = owner_of(home, submission).name
        reply_to(home, submission, answer, despite_two_keys=False, instead_of=named, today=DAY)
        add_note(home, submission, "She calls from a shop, in the evening only.", today=DAY)
        assign(home, submission, owner, today=DAY)


def test_what_a_colleague_said_and_who_answers_can_be_read_by_everybody(desk: Desk, firefox: Firefox) -> None:
    second = a_colleague(desk)
    envelope = desk.server.seal(fields=[("text", TIP)], mailbox=a_mailbox())
    file = desk.write(desk.server.submissions(envelope))
    for one in (desk, second):
        one.do("import", one.home, file)
    tip = desk.submissions()[0]["id"]
    act(second, tip, answer="Meet at the library at 6. " + ARABIC, owner="second")
    act(desk, tip, answer="We are here for you.", owner="reviewer")
    second.do("share", "write", second.home, desk.folder / "for-colleagues")
    desk.do("share", "read", desk.home, desk.folder / "for-colleagues")
    pictures = desk.folder / "pictures"
    pictures.mkdir()
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for width in (320, 1100):
            firefox.set_viewport(width, 700)
            firefox.open(f"{site}/tip/{tip}")
            assert "Reply of second" in firefox.text()
            assert "Two reviewers took this conversation at once" in firefox.text(".colleagues")
            assert unfit(firefox) == []
            firefox.screenshot(pictures / f"tip-{width}.png")
            firefox.open(f"{site}/rounds")
            assert re.search(r"second\s+last heard from", firefox.text("#colleagues ~ dl"))
            assert unfit(firefox) == []
            firefox.screenshot(pictures / f"rounds-{width}.png")
        firefox.open(f"{site}/tip/{tip}")
        firefox.press("button[name=owner][value=second]")
        assert "answered by second" in firefox.text(".colleagues")
        firefox.fill("#reply", "Do not go to the library.")
        firefox.press("form[action$='/reply'] button")
        assert "The source will see this" in firefox.text("h1")
        firefox.press("form[action$='/seal'] button")
        assert "Answer instead of second?" in firefox.text("h1")
        assert "Do not go to the library." in firefox.source()
        for width in (320, 1100):
            firefox.set_viewport(width, 700)
            assert unfit(firefox) == []
            firefox.screenshot(pictures / f"instead-{width}.png")
