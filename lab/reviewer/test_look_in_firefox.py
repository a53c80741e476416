"""Looking at files in a real Firefox: pictures are drawn, sound is silent, and all stays on the machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk
from tests.reviewer.viewers.samples import EMAIL, docx, media, pdf

pytestmark = pytest.mark.browser

DRAWN = "node => [...node.querySelectorAll('img')].filter(one => one.complete && one.naturalWidth > 0).length"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """It would run scripts, were there any; the window is as wide as a telephone."""
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def test_each_kind_is_looked_at_in_a_browser_and_nothing_plays_by_itself(
    desk: Desk, firefox: Firefox, tmp_path: Path
) -> None:
    files = [
        ("صورة.jpg", "image/jpeg", photos.encoded(photos.board((1200, 900)), "JPEG")),
        ("plan.pdf", "application/pdf", pdf(12)),
        ("list.docx", "", docx()),
        ("clip.mp4", "video/mp4", media("mp4", tmp_path, with_video=True)),
        ("mail.eml", "", EMAIL),
    ]
    (short_id,) = desk.take_in(desk.server.seal(files=files, mailbox=a_mailbox()))
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{short_id}")
        assert unfit(firefox) == []
        firefox.press(f"a[href='/tip/{short_id}/look/1']")
        for shown in ("grey and blurred", "grey", "colour"):
            assert firefox.page.run(DRAWN, firefox.page.body()) == 1
            assert firefox.attribute("img", "alt") == f"Picture 1, {shown}"
            assert unfit(firefox) == []
            if shown != "colour":
                firefox.press("a.press:not(.quiet)")
        for number, pictures in (("2", 10), ("3", 1), ("4", 1), ("5", 0)):
            firefox.open(f"{site}/tip/{short_id}/look/{number}")
            assert firefox.page.run(DRAWN, firefox.page.body()) == pictures
            assert unfit(firefox) == []
        firefox.open(f"{site}/tip/{short_id}/look/4")
        assert firefox.page.run("node => node.querySelector('audio').paused", firefox.page.body()) is True
        assert firefox.page.run("node => node.querySelector('audio').networkState", firefox.page.body()) <= 1
        firefox.open(f"{site}/viewers")
        assert unfit(firefox) == []
        firefox.open(f"{site}/")
        firefox.press("form[action='/cover'] button")
        assert f"Tip {short_id}, covered" in firefox.text("main")
        assert unfit(firefox) == []
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
