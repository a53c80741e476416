"""Pages of a colleague's proposals, and the traces told before a package leaves, in a real Firefox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.accessibility.inside_firefox import in_window
from lab.reviewer.test_desk_in_firefox import served, unfit
from tests.end_to_end.site_in_firefox import sticks_out
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.sharing.test_shared_deletion import carry
from tests.reviewer.sharing.test_shared_parts import parts, send_answer
from tests.reviewer.viewers.samples import rar, seven_zip, zipped

pytestmark = pytest.mark.browser
PICTURES: Path | None = None
"""A folder for pictures of each page, while one looks at them."""

_NARROW, _WIDE = (320, 900), (1100, 900)
_ENLARGE = "async ({times}) => { window.gBrowser.selectedBrowser.fullZoom = times; }"
_DARK = "node => { node.ownerDocument.documentElement.className = 'dark'; }"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """The window is as wide as a telephone."""
    with Firefox(tmp_path_factory.mktemp("browser"), width=_NARROW[0], scripts=True) as started:
        yield started


def looked_at(firefox: Firefox, name: str) -> None:
    """Fit for a narrow screen, for 200 % and for axe; pictures where one is wanted."""
    assert unfit(firefox) == [], name
    firefox.set_viewport(*_WIDE)
    in_window(firefox, _ENLARGE, times=2)
    assert not sticks_out(firefox), name
    if PICTURES is not None:
        firefox.screenshot(PICTURES / f"{name}-200.png")
    in_window(firefox, _ENLARGE, times=1)
    if PICTURES is not None:
        firefox.screenshot(PICTURES / f"{name}-wide.png")
        firefox.page.run(_DARK, firefox.page.body())
        firefox.screenshot(PICTURES / f"{name}-dark.png", whole=False)
        firefox.set_viewport(*_NARROW)
        firefox.screenshot(PICTURES / f"{name}-320.png")
    firefox.set_viewport(*_NARROW)


def a_tip_with_archives(desk: Desk, second: Colleague, folder: Path) -> str:
    """Both have it; the first sent an answer, and then deleted the answer and one file."""
    photo = [("house.jpg", photos.jpeg())]
    files = [
        ("photos.rar", "application/vnd.rar", rar([*photo, ("plan.pdf", b"%PDF-1.4 and no more")])),
        ("locked.rar", "application/vnd.rar", rar(photo, locked=True)),
        ("photos.7z", "application/x-7z-compressed", seven_zip(*photo[0], folder)),
        ("photos.zip", "application/zip", zipped(photo)),
    ]
    tip = desk.server.seal(fields=[("text", "Nadja works in the house.")], files=files, mailbox=a_mailbox())
    bundle = desk.server.submissions(tip)
    for one in (desk, second):
        one.do("import", one.home, one.write(bundle))
    (short_id,) = [str(one["id"]) for one in second.submissions()]
    second.do("show", second.home, short_id)
    send_answer(desk, short_id)
    carry(desk, second)
    desk.delete_part(short_id, "--answer", "1", because="harm")
    desk.delete_part(short_id, "--file", "4", because="asked")
    carry(desk, second)
    return short_id


def test_proposals_for_a_part_and_traces_of_archives_can_be_read_by_everyone(
    desk: Desk, firefox: Firefox, tmp_path: Path
) -> None:
    second = a_colleague(desk)
    tip = a_tip_with_archives(desk, second, tmp_path)
    names = [one["name"] for one in parts(second)]
    assert len(names) == 2
    with served(second.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for tag, unread in (("en", "files inside that were not read"), ("ar", "ملفات في داخله لم تُقرأ")):
            firefox.open(f"{site}/")
            choose = f"node => {{ node.ownerDocument.querySelector('#desk-language').value = '{tag}' }}"
            firefox.page.run(choose, firefox.page.body())
            firefox.press("footer button")
            looked_at(firefox, f"list-{tag}")
            firefox.open(f"{site}/proposals")
            looked_at(firefox, f"proposals-{tag}")
            for number, name in enumerate(names):
                firefox.open(f"{site}/proposals/part/{name}")
                looked_at(firefox, f"part-{number}-{tag}")
            firefox.open(f"{site}/evidence?tips={tip}")
            assert firefox.text("main").count(unread) == 2
            looked_at(firefox, f"evidence-{tag}")
            for number in (1, 3):
                firefox.open(f"{site}/tip/{tip}/look/{number}")
                assert "house.jpg" in firefox.text("main")
                looked_at(firefox, f"look-{number}-{tag}")
