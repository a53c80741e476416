"""A line that breaks at Send, in a real Firefox: the browser's own Try Again, or a reload of its error page, sends
the same form once more, and one message is there with one receipt. Back shows nothing that was typed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.errors import BrowserError
from demo.firefox import Firefox
from lab.accessibility.inside_firefox import in_window
from tests.end_to_end.cut_line import Cut, CutLine, cut_line
from tests.end_to_end.site_in_firefox import SiteInFirefox, site_in_firefox
from tests.end_to_end.test_files_in_firefox import eventually

pytestmark = pytest.mark.browser

PLEA = "They hold my passport."
SAFEST = 'async () => Services.prefs.setBoolPref("javascript.enabled", false)'
ASKS_BEFORE_IT_RESENDS = """async () =>
    Services.prefs.setBoolPref("dom.confirm_repost.testing.always_accept", false)"""
# The button of Firefox's error page; it stands in a shadow tree, where no selector of WebDriver reaches.
TRY_AGAIN = """node =>
    node.ownerDocument.querySelector("net-error-card").shadowRoot.querySelector("#tryAgainButton").click()"""
HAS_TRY_AGAIN = """node => Boolean(node.ownerDocument.querySelector("net-error-card")
    ?.shadowRoot?.querySelector("#tryAgainButton"))"""
RELOAD = "async () => window.BrowserCommands.reload()"
BACK = "async () => window.gBrowser.goBack()"
# Firefox asks whether to send the form again. True once it was answered with yes.
RESEND = """async () => {
    const box = window.gBrowser.getTabDialogBox(window.gBrowser.selectedBrowser);
    const open = [box.getTabDialogManager(), box.getContentDialogManager()].flatMap(one => one.dialogs);
    const yes = open[0]?._frame.contentDocument?.querySelector("dialog")?.getButton?.("accept");
    yes?.click();
    return Boolean(yes);
}"""


@dataclass
class Sender:
    """A browser on a line that can be cut."""

    site: SiteInFirefox
    address: str
    line: CutLine

    @property
    def firefox(self) -> Firefox:
        return self.site.firefox

    def send_into(self, cut: Cut) -> None:
        """Type and send; the line breaks, and Firefox shows a page of its own."""
        self.firefox.open(f"{self.address}/")
        self.firefox.fill("#text", PLEA)
        self.line.cut = cut
        with pytest.raises(BrowserError, match="cannot be reached"):
            self.firefox.press("button.send")
        eventually(self._is_error_page)
        self.line.cut = None
        assert self.line.forms_cut

    def send_again(self, way: str) -> None:
        if way == "Try Again":
            self.firefox.page.run(TRY_AGAIN, self.firefox.page.body())
        else:
            in_window(self.firefox, RELOAD)
        eventually(lambda: bool(in_window(self.firefox, RESEND)))
        eventually(self._has_receipt)

    def back(self) -> None:
        in_window(self.firefox, BACK)
        eventually(self._has_form)

    def _is_error_page(self) -> bool:
        return self._looks(lambda: bool(self.firefox.page.run(HAS_TRY_AGAIN, self.firefox.page.body())))

    def _has_receipt(self) -> bool:
        return self._looks(lambda: self.firefox.count("[data-passphrase] span") == 8)

    def _has_form(self) -> bool:
        return self._looks(lambda: self.firefox.count("#text") == 1)

    def _looks(self, seen: Callable[[], bool]) -> bool:
        try:
            return seen()
        except BrowserError:  # between two pages there is none to look at
            return False


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """At "Safest" too, but its own window can be reached: no driver answers the question of that window."""
    with Firefox(tmp_path_factory.mktemp("browser"), scripts=True) as running:
        in_window(running, SAFEST)
        in_window(running, ASKS_BEFORE_IT_RESENDS)
        yield running


@pytest.fixture
def sender(tmp_path: Path, firefox: Firefox) -> Iterator[Sender]:
    with (
        site_in_firefox(tmp_path, firefox) as site,
        cut_line(int(site.address.rpartition(":")[2])) as (address, line),
    ):
        yield Sender(site, address, line)


def texts(sender: Sender) -> list[str]:
    return [read.text for read in sender.site.stage.read_all()]


@pytest.mark.parametrize("way", ["Try Again", "reload"])
@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
def test_a_form_that_was_cut_off_is_sent_once_more_by_the_browser_and_is_one_message_with_one_receipt(
    sender: Sender, cut: Cut, way: str
) -> None:
    sender.send_into(cut)
    assert texts(sender) == ([PLEA] if cut is Cut.AFTER_THE_BODY else [])
    sender.send_again(way)
    assert sender.firefox.text("h1") == "Your message has arrived"
    assert texts(sender) == [PLEA], "once, however often it was sent"
    words = sender.firefox.text("[data-passphrase]").split()
    assert sender.site.stage.browser.open_mailbox(" ".join(words)).status == 200
    sender.site.stage.reply("we have read it", sender.site.stage.read_one().mailbox)
    assert "we have read it" in sender.site.stage.browser.open_mailbox(" ".join(words)).text
    sender.back()
    assert sender.firefox.page.run("node => node.value", sender.firefox.page.find("#text")) == ""
    assert PLEA not in sender.firefox.source()


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
def test_back_from_the_error_page_shows_nothing_that_was_typed(sender: Sender, cut: Cut) -> None:
    sender.send_into(cut)
    sender.back()
    assert sender.firefox.page.run("node => node.value", sender.firefox.page.find("#text")) == ""
    assert PLEA not in sender.firefox.source()


def test_beside_send_stands_what_to_press_when_an_error_page_comes(sender: Sender) -> None:
    sender.firefox.open(f"{sender.address}/")
    assert "If an error page comes, press Try Again, not Back." in sender.firefox.text("#write .bar + .hint")
