"""Both programs' own ends of a round, without Tor between them: what one writes, the other reads."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.passphrases.mailbox import reply_tag
from crypto.submissions.reply import ReplyRow, open_reply
from tests.end_to_end.real_server import RealServer, carry_out, server_of
from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk
from tipline.bundles.importer import ImportResult
from tipline.bundles.manifest_update import read_run


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found()
    made.know_server()
    made.issue()
    return made


@pytest.fixture
def server(desk: Desk) -> Iterator[RealServer]:
    with server_of(desk) as made:
        yield made


def _carry_in(desk: Desk, server: RealServer) -> ImportResult:
    outbox = desk.folder / "outbox"
    desk.do("outbox", desk.home, "--out", outbox)
    return server.take_in(outbox)


def test_a_whole_round_there_and_back(desk: Desk, server: RealServer) -> None:
    content = os.urandom(3_000_000)
    server.receive("What I saw.", content)
    carry_out(desk, server)
    (row,) = desk.submissions()
    desk.do("save", desk.home, row["id"], "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "доклад.pdf.untrusted").read_bytes() == content
    (desk.folder / "answer").write_text("We read it.", encoding="utf-8")
    desk.do("reply", desk.home, row["id"], "--text-file", desk.folder / "answer", "--confirm-contents")
    _carry_in(desk, server)
    mailbox = a_mailbox()
    mine = [
        reply_id
        for reply_id, salt, tag in server.store.replies.tags()
        if reply_tag(mailbox.mailbox_id, salt=salt) == tag
    ]
    (row_of_reply,) = server.store.replies.rows(mine)
    assert open_reply(ReplyRow(*row_of_reply), key=mailbox.source_key).text == "We read it."
    assert len(server.store.replies.tags()) == 32


def test_the_server_deletes_only_after_a_casebook_backup(desk: Desk, server: RealServer) -> None:
    server.receive("What I saw.")
    carry_out(desk, server)
    assert _carry_in(desk, server).deleted == 0
    desk.backup()
    assert _carry_in(desk, server).deleted == 1
    assert server.tips_waiting() == 0


def test_the_run_of_manifests_reaches_a_server_through_the_outbox(desk: Desk, server: RealServer) -> None:
    for weeks in ("9", "10"):
        desk.issue("--weeks", weeks)
    _carry_in(desk, server)
    assert server.policy.intake().manifest_version == 3


def test_a_chain_leads_a_server_that_missed_some_to_the_newest(desk: Desk, server: RealServer) -> None:
    for weeks in ("9", "10", "11"):
        desk.issue("--weeks", weeks)
    server.adopt(read_run(desk.folder / "manifest.json"))
    assert server.policy.intake().manifest_version == 4


def test_a_server_that_was_restored_to_a_day_before_catches_up_by_the_outbox_or_by_the_chain(
    desk: Desk, server: RealServer
) -> None:
    for weeks in ("9", "10"):
        desk.issue("--weeks", weeks)
    server.adopt(read_run(desk.folder / "manifest.json"))
    server.receive("Sealed under the newest.")
    carry_out(desk, server)
    _carry_in(desk, server)
    desk.issue("--weeks", "11")
    # The same server from a backup of its first day, and its first export.
    for name, bring in (("by-outbox", _by_outbox), ("by-chain", _by_chain)):
        with server_of(desk, name, manifest=desk.root / "manifests" / "00000001.json") as restored:
            bring(desk, restored)
            assert restored.policy.intake().manifest_version == 4


def _by_outbox(desk: Desk, restored: RealServer) -> None:
    desk.do("servers", "confirm", desk.home, "server", "5a" * 16)
    assert _carry_in(desk, restored).manifest_refused is None


def _by_chain(desk: Desk, restored: RealServer) -> None:
    restored.adopt(read_run(desk.folder / "manifest.json"))


def test_what_a_server_cannot_adopt_out_of_an_outbox_is_named_with_the_ways_out(
    desk: Desk, server: RealServer
) -> None:
    _carry_in(desk, server)
    for weeks in ("9", "10"):
        desk.issue("--weeks", weeks)
    desk.tamper("UPDATE streams_out SET manifests_through = 2")
    refused = _carry_in(desk, server).manifest_refused
    assert refused
    for told in ("manifest 2 is missing", "NAME.chain", "tipline manifests", "manifests/ on the root medium"):
        assert told in refused


def test_a_week_is_retired_on_the_word_of_the_server(desk: Desk, server: RealServer) -> None:
    server.receive("What I saw.")
    week = server.policy.intake().week
    carry_out(desk, server)
    desk.backup()
    assert desk.run("keys", "retire", desk.home, "--week", str(week)) == 1
    assert "has not signed" in desk.err
    server.clock.day = week.last_day + dt.timedelta(days=1)
    carry_out(desk, server)
    assert f"week closed      {week}" in desk.out
    desk.backup()
    desk.do("keys", "retire", desk.home, "--week", str(week))
    assert f"destroyed        intake-{week}" in desk.out
