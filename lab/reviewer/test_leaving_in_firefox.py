"""Everything that leaves the desk, in a real Firefox: evidence, hand-over, print and numbers, narrow and by axe."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk_stage import Desk
from tests.reviewer.leaving.conftest import Receiver, receiver
from tests.reviewer.leaving.test_hand_over import key_of, other

__all__ = ["other", "receiver"]
pytestmark = pytest.mark.browser

MESSAGE = """They keep our passports in the office.
أعمل في بيت كبير منذ سنتين، والجوازات عند صاحب العمل.
<script>document.title = 'owned'</script>\u202etxt.exe"""
PICTURES: Path | None = None
"""A folder for pictures of each page, while one looks at them."""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The window is as wide as a telephone."""
    with Firefox(tmp_path_factory.mktemp("browser"), width=320, scripts=True) as started:
        yield started


def looked_at(firefox: Firefox, name: str) -> None:
    """Fit for a narrow screen and for axe; a picture of it where one is wanted."""
    assert unfit(firefox) == [], name
    if PICTURES is not None:
        for width in (320, 1100):
            firefox.set_viewport(width, 900)
            firefox.screenshot(PICTURES / f"{name}-{width}.png")
        firefox.set_viewport(320, 900)


def test_evidence_and_hand_over_are_done_in_a_browser_and_every_page_is_fit(
    desk: Desk, other: Desk, receiver: Receiver, firefox: Firefox
) -> None:
    (short_id,) = desk.take_in(
        desk.server.seal(
            fields=[("text", MESSAGE), ("urgent", "yes"), ("language", "ar")],
            files=[("صورة.jpg", "image/jpeg", photos.jpeg()), ("list.pdf", "application/pdf", b"%PDF-1.7")],
            mailbox=a_mailbox(),
        )
    )
    key, words = key_of(other)
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/tip/{short_id}")
        looked_at(firefox, "tip")
        firefox.press("a[href^='/evidence']")
        assert "place, time, device or program" in firefox.text("main")
        firefox.press(f"input[value^='{short_id}:'][name=passage]", loads=False)
        firefox.press(f"label:nth-of-type(3) > input[value^='{short_id}:'][name=passage]", loads=False)
        firefox.press(f"input[value^='{short_id}:'][name=file]", loads=False)
        firefox.fill("#receiver", "Prosecutor, file 12")
        firefox.fill("#to", receiver.key)
        looked_at(firefox, "evidence")
        firefox.press("form[action='/evidence/preview'] button")
        assert "passports in the office" in firefox.text(".paper")
        assert "owned" not in firefox.text(".paper")
        firefox.press("input[name=place][value='']", loads=False)
        firefox.fill("input[name=folder]", str(receiver.folder / "got"))
        looked_at(firefox, "evidence-preview")
        firefox.press("form[action='/evidence/write'] button")
        assert "The package is written" in firefox.text("h1")
        looked_at(firefox, "evidence-written")
        firefox.open(f"{site}/left")
        looked_at(firefox, "left")
        firefox.open(f"{site}/hand-over?tips={short_id}")
        firefox.press(f"input[value^='{short_id}:'][name=field]", loads=False)
        firefox.press("input[name=told][value=agreed]", loads=False)
        firefox.fill("#key_file", str(key))
        looked_at(firefox, "hand-over")
        firefox.press("form[action='/hand-over/preview'] button")
        firefox.fill("#words", words)
        firefox.fill("#out", str(desk.folder / "case"))
        looked_at(firefox, "hand-over-preview")
        firefox.press("form[action='/hand-over/write'] button")
        assert "The case is written" in firefox.text("h1")
        firefox.open(f"{site}/hand-over/key")
        looked_at(firefox, "hand-over-key")
        firefox.open(f"{site}/tip/{short_id}/print")
        looked_at(firefox, "print")
        firefox.open(f"{site}/numbers")
        looked_at(firefox, "numbers")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
    (receiver.folder / "got" / "key.txt").write_text(receiver.identity)
    assert receiver.follow(receiver.folder / "got" / "README.txt").returncode == 0
    own_words = key_of(desk)[1]
    with served(other.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/hand-over/key")
        firefox.fill("#case", str(desk.folder / "case"))
        firefox.press("form[action='/hand-over/look'] button")
        firefox.fill("#words", own_words)
        looked_at(firefox, "hand-over-look")
        firefox.press("form[action='/hand-over/read'] button")
        looked_at(firefox, "handed-in")
        firefox.press("main li a")
        assert "Handed over by Example Watch" in firefox.text("main")
        looked_at(firefox, "handed-over-tip")
        firefox.open(f"{site}/")
        looked_at(firefox, "list")
