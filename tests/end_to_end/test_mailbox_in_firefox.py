"""The mailbox on a small telephone: answers, then "Are you safe?", then a further message, and delete last."""

from pathlib import Path

import pytest

from demo.firefox import Firefox
from tests.end_to_end.site_in_firefox import site_in_firefox
from tests.end_to_end.test_first_page_in_firefox import IN_SIGHT

pytestmark = pytest.mark.browser

PLACE = "node => [...node.ownerDocument.querySelectorAll('*')].indexOf(node)"
ORDER = ["article", "#safe", "button[value=not-safe]", "#text", "button.send", "button[value=ticked]"]


def test_are_you_safe_is_on_the_first_screen_delete_comes_last_and_after_not_safe_a_text_follows_without_the_words(
    tmp_path: Path, firefox: Firefox
) -> None:
    with site_in_firefox(tmp_path, firefox, width=320, height=568) as site:
        words = site.stage.browser.send_tip("first").words
        mailbox = site.stage.read_one().mailbox
        for answer in ("A long answer. " * 60, "Where are you now?"):
            site.stage.reply(answer, mailbox)
        firefox.open(f"{site.address}/return")
        firefox.fill("#passphrase", words)
        firefox.press("main form button[type=submit]")
        assert firefox.text("a[href='#safe']") == "Are you safe?"
        assert firefox.page.run(IN_SIGHT, firefox.page.find("a[href='#safe']"))
        places = [firefox.page.run(PLACE, firefox.page.find(one)) for one in ORDER]
        assert places == sorted(places)
        firefox.press("a[href='#safe']", loads=False)
        assert firefox.page.run(IN_SIGHT, firefox.page.find("button[value=not-safe]"))
        firefox.press("button[value=not-safe]")
        assert firefox.text("h1") == "Thank you for telling us"
        assert firefox.text("label[for=text]") == "Where are you? What can we do?"
        firefox.fill("#text", "Behind the harbour. Come at night.")
        firefox.press("button.send")
        assert firefox.text("h1") == "Your message has arrived"
        sent = [read for read in site.stage.read_all() if read.text == "Behind the harbour. Come at night."]
        assert [read.mailbox for read in sent] == [mailbox]
        assert ("act", "not-safe") in [one for read in site.stage.read_all() for one in read.fields]
