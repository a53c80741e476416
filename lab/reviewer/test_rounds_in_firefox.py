"""A week at the desk in a real Firefox: with media plugged in, only the digits from the telephone are typed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import WeekClosed
from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.fakes_server import a_mailbox, file_of
from tests.reviewer.desk_stage import Desk
from tests.reviewer.weeks import first_week

pytestmark = pytest.mark.browser

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


def plugged_in(**media: Path) -> list[str | Path]:
    """A command that runs another one with these folders mounted below /media."""
    binds = [part for name, folder in media.items() for part in ("--bind", folder, f"/media/{name}")]
    return ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--tmpfs", "/media", *binds, "--"]


def press(firefox: Firefox, action: str) -> str:
    """Press the button of one form; what the page then tells."""
    firefox.press(f"form[action='{action}'] button:not([name])")
    return firefox.text("main")


def test_97_a_week_is_finished_in_a_browser_and_only_the_digits_of_a_server_are_typed(
    desk: Desk, firefox: Firefox
) -> None:
    stick, backups = (desk.folder / name for name in ("stick", "backups"))
    twin_medium = desk.folder / "twin-medium"
    for folder in (stick, backups, twin_medium):
        folder.mkdir()
    desk.issue("--twin", twin_medium / "twin")
    week = first_week(desk)
    server = desk.server
    desk.take_in(server.seal(mailbox=a_mailbox(2), submission_id=b"2" * 16))
    server.last = None  # it was restored
    bundles = [server.submissions(server.seal(mailbox=a_mailbox()))]
    assert server.last is not None
    digits = server.last.stream.hex()
    closed = WeekClosed(week, server.last.number + 1).to_bytes()
    bundles.append(server.bundle((ItemType.WEEK_CLOSED, closed)))
    (stick / "tips.bundles").write_bytes(file_of(*bundles))
    with served(
        desk.home, ends_itself=True, below=plugged_in(stick=stick, backup=backups, twin=twin_medium)
    ) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        firefox.open(f"{site}/rounds")
        looked_at(firefox, "rounds")
        # A medium with keys is for neither the backup nor the courier.
        assert firefox.count("input[value^='/media/twin/']") == 0
        assert "Not done" in press(firefox, "/rounds/import")
        assert digits not in firefox.source()
        looked_at(firefox, "rounds-refused")
        firefox.fill("#confirm-digits", digits)
        assert "from its new stream" in press(firefox, "/rounds/confirm")
        assert "1 new submissions" in press(firefox, "/rounds/import")
        looked_at(firefox, "rounds-taken-in")
        firefox.press("nav a[href='/']")
        firefox.press(".tips .unread a[href^='/tip/']")
        firefox.fill("#reply", "We read it.")
        firefox.press("form[action$='/reply'] button:not([name])")
        firefox.press("form[action$='/seal'] button:not([name])")
        assert "We read it." in firefox.text(".reply")
        firefox.press("nav a[href='/rounds']")
        firefox.press("form[action='/rounds/backup'] input[value='/media/backup/casebook.age']", loads=False)
        assert "2 submissions are in the backup" in press(firefox, "/rounds/backup")
        firefox.press("form[action='/rounds/outbox'] input[value='/media/stick/outbox.bundles']", loads=False)
        assert "The outbox is written" in press(firefox, "/rounds/outbox")
        firefox.press("details:has(a[href*='/rounds/retire']) summary", loads=False)
        firefox.press(f"a[href='/rounds/retire?week={week}']")
        looked_at(firefox, "retire")
        assert "What is missing" not in firefox.text("main")
        told = press(firefox, "/rounds/retire")
        assert f"Destroyed: intake-{week}" in told
        looked_at(firefox, "retired")
        assert firefox.hosts_asked() - {"data"} == {"127.0.0.1"}
        firefox.press("form[action='/stop'] button")
    assert not (twin_medium / "twin" / "keys" / f"intake-{week}.key").exists()
    assert not (desk.home / "keys" / f"intake-{week}.key").exists()
    assert (backups / "casebook.age").exists()
    kinds = [kind.name for kind, _payload in server.take_outbox((stick / "outbox.bundles").read_bytes())]
    assert (kinds.count("REPLY"), "RECEIPT" in kinds) == (32, True)
    acts = re.findall("import|stream confirmed|reply|backup|outbox|keys retired", desk.do("log", "show", desk.home))
    assert [one for one in ("stream confirmed", "keys retired") if one not in acts] == []
