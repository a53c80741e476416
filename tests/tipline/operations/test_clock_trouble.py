"""The server's clock jumps by a year and comes back: all are told, nothing goes, and then it works again."""

import datetime as dt

import pytest

from crypto.passphrases.mailbox import open_mailbox
from crypto.passphrases.passphrase import Passphrase
from tests.tipline.site_stage import Stage
from tipline.bundles.retention import delete_receipted, drop_old_replies
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.open_site import OpenSite
from tipline.operations.site_status import SiteStatus
from tipline.operations.store_health import check_store


@pytest.mark.parametrize("days", [365, -365], ids=["forward", "back"])
def test_a_clock_that_jumps_by_a_year_closes_intake_loses_nothing_and_all_works_when_it_is_right(
    stage: Stage, days: int
) -> None:
    words = stage.browser.send_tip("before").words
    keys = open_mailbox(Passphrase.parse(words), by=stage.policy.derivation())
    stage.reply("an answer that waits", keys.address())
    (before,) = stage.store.submissions.waiting()
    form = stage.browser.get("/")
    right = stage.clock.day
    stage.clock.day = right + dt.timedelta(days=days)

    assert stage.browser.get("/").status == 503
    refused = stage.browser.upload("/", [("nonce", form.hidden("nonce")), ("text", "typed before it jumped")])
    assert refused.status == 503
    assert "typed before it jumped" in refused.text
    assert "112" in refused.text, "whom to call stands on the page"
    assert "an answer that waits" in stage.other_browser().open_mailbox(words).text
    # What the heartbeat and the courier do meanwhile.
    stage.store.beat()
    drop_old_replies(stage.store, stage.policy, stage.clock)
    delete_receipted(stage.store, Identity.load(stage.store), stage.policy)
    (stage.path / "database.key").write_text("status only looks whether it has a passphrase")
    site = OpenSite(SiteFolder(stage.path), stage.store, stage.policy, stage.clock)
    assert not SiteStatus.of(site).intake_open
    assert "danger" in {found.severity.value for found in check_store(site) if found.about == "intake"}

    stage.clock.day = right
    assert "an answer that waits" in stage.other_browser().open_mailbox(words).text
    assert stage.browser.upload("/", [("nonce", form.hidden("nonce")), ("text", "typed before it jumped")]).words
    assert stage.store.submissions.by_sha256(before.sha256) == before
    assert {read.text for read in stage.read_all()} == {"before", "typed before it jumped"}
    assert SiteStatus.of(site).intake_open
