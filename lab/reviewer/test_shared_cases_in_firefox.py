"""Shared cases, private notes, masked words, bars and texts that read alike, in a real Firefox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from lab.reviewer.test_desk_in_firefox import served, unfit
from reviewer.cases.case_work import add_case_note, open_case, rename_case
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_reads_alike import CHANGED, OFFER
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk

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
    if PICTURES is not None:
        for width in (320, 1100):
            firefox.set_viewport(width, 900)
            firefox.screenshot(PICTURES / f"{name}-{width}.png")
        firefox.set_viewport(320, 900)
    assert unfit(firefox) == [], name


def carry(sender: Desk, reader: Desk) -> None:
    file = sender.folder / "for-colleagues"
    sender.do("share", "write", sender.home, file)
    reader.do("share", "read", reader.home, file)


def a_case_that_two_changed(desk: Desk, second: Colleague) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        thread = home.casebook.inbox_rows.thread_of(home.casebook.submissions.all()[0].number)
        open_case(home, "The hotel by the sea", [thread], today=today())
    carry(desk, second)
    for one, name in ((second, "فندق البحر"), (desk, "The hotel, and the driver")):
        with open_home(one.home, entry=SecretEntry(None)) as home:
            rename_case(home, 1, name, today=today())
            add_case_note(home, 1, "Ask the harbour office. اسألوا المكتب.", today=today())
            add_case_note(home, 1, "Only for us.", is_private=True, today=today())
    carry(second, desk)


def test_pages_of_shared_cases_masked_words_and_bars_are_fit_in_english_and_arabic(
    desk: Desk, firefox: Firefox
) -> None:
    second = a_colleague(desk)
    file = desk.write(
        desk.server.submissions(
            *(
                desk.server.seal(fields=[("text", text)], mailbox=a_mailbox(n), submission_id=bytes([n]) * 16)
                for n, text in enumerate((OFFER, CHANGED), 1)
            )
        )
    )
    for one in (desk, second):
        one.do("import", one.home, file)
    a_case_that_two_changed(desk, second)
    tip = desk.submissions()[0]["id"]
    with served(desk.home) as address:
        firefox.open(address)
        site = address.partition("/open/")[0]
        for tag in ("en", "ar"):
            firefox.open(f"{site}/cases")
            choose = f"node => {{ node.ownerDocument.querySelector('#desk-language').value = '{tag}' }}"
            firefox.page.run(choose, firefox.page.body())
            firefox.press("footer button")
            for name, path in (
                *(("case", "/case/1"), ("tip", f"/tip/{tip}"), ("numbers", "/numbers")),
                *(("evidence", f"/evidence?tips={tip}"), ("refused", "/case/99")),
            ):
                firefox.open(f"{site}{path}")
                if name == "evidence":
                    firefox.press("details.masks summary", loads=False)
                looked_at(firefox, f"{name}-{tag}")
