"""Both programs' own ends of a round, without Tor between them: what one writes, the other reads."""

import datetime as dt
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import minisign
from crypto.keys import RootVerifyKey
from crypto.mailbox import reply_tag
from crypto.manifest import SignedManifest
from crypto.reply import open_reply
from crypto.submission import Head, Kind, SubmissionWriter
from reviewer.clock import today
from tests.fakes_server import a_mailbox
from tests.organisation import FixedClock
from tests.reviewer.desk import Desk
from tipline.adoption import adopt_run, read_run
from tipline.carry import CarriedIn, Import, carry_out
from tipline.folder import SiteFolder
from tipline.identity import Identity
from tipline.standing import Standing
from tipline.store import Store


class RealServer:
    """The server's own store, manifest and carrying, with a clock to set."""

    def __init__(self, path: Path, root: RootVerifyKey, desk: Desk) -> None:
        self.clock = FixedClock(today())
        self.folder = SiteFolder(path)
        self.store = Store(path, bytes(range(32)), create=True, clock=self.clock, reserve_bytes=0)
        Identity(desk.server.keys, root).keep(self.store)
        self.standing = Standing(self.store, self.folder, self.clock)

    def adopt(self, run: list[SignedManifest]) -> None:
        adopt_run(run, store=self.store, folder=self.folder, standing=self.standing, clock=self.clock)

    def receive(self, text: str, content: bytes = b"") -> None:
        intake = self.standing.intake()
        head = Head(
            Kind.SUBMISSION, os.urandom(16), intake.manifest_sha256, intake.manifest_version, intake.week, today()
        )
        with self.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
            writer = SubmissionWriter(arrival.write, to=intake.keys, head=head)
            writer.field("text", text)
            writer.begin_file("доклад.pdf", "application/pdf")
            writer.data(content)
            writer.end_file()
            writer.finish(a_mailbox().address())
            arrival.complete()

    def export(self) -> bytes:
        sink = io.BytesIO()
        carry_out(
            sink.write, store=self.store, folder=self.folder, standing=self.standing, clock=self.clock,
            from_number=None,
        )  # fmt: skip
        return sink.getvalue()

    def take_in(self, outbox: Path) -> CarriedIn:
        importer = Import(store=self.store, folder=self.folder, standing=self.standing, clock=self.clock)
        return importer.carry_in(io.BytesIO(outbox.read_bytes()))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found()
    made.know_server()
    made.issue()
    return made


@pytest.fixture
def server(desk: Desk) -> Iterator[RealServer]:
    root = minisign.parse_public_key_file((desk.root / "root.pub").read_bytes())
    (desk.folder / "site").mkdir()
    made = RealServer(desk.folder / "site", root, desk)
    made.adopt(read_run(desk.folder / "manifest.json"))
    yield made
    made.store.close()


def _carry_out(desk: Desk, server: RealServer) -> None:
    stick = desk.folder / "stick"
    stick.write_bytes(server.export())
    desk.do("import", desk.home, stick)


def _carry_in(desk: Desk, server: RealServer) -> CarriedIn:
    outbox = desk.folder / "outbox"
    desk.do("outbox", desk.home, "--out", outbox)
    return server.take_in(outbox)


def test_a_whole_round_there_and_back(desk: Desk, server: RealServer) -> None:
    content = os.urandom(3_000_000)
    server.receive("What I saw.", content)
    _carry_out(desk, server)
    (row,) = desk.submissions()
    desk.do("save", desk.home, row["id"], "--to", desk.folder / "case")
    assert (desk.folder / "case" / "доклад.pdf").read_bytes() == content
    (desk.folder / "answer").write_text("We read it.", encoding="utf-8")
    desk.do("reply", desk.home, row["id"], "--text-file", desk.folder / "answer")
    _carry_in(desk, server)
    mailbox = a_mailbox()
    mine = [
        reply_id
        for reply_id, salt, tag in server.store.replies.tags()
        if reply_tag(mailbox.mailbox_id, salt=salt) == tag
    ]
    (envelope,) = server.store.replies.envelopes(mine)
    assert open_reply(envelope, key=mailbox.source_key).text == "We read it."
    assert len(server.store.replies.tags()) == 32


def test_the_server_deletes_only_after_a_casebook_backup(desk: Desk, server: RealServer) -> None:
    server.receive("What I saw.")
    _carry_out(desk, server)
    assert _carry_in(desk, server).deleted == 0
    desk.backup()
    assert _carry_in(desk, server).deleted == 1
    assert server.store.submissions.waiting() == []


def test_the_run_of_manifests_reaches_a_server_through_the_outbox(desk: Desk, server: RealServer) -> None:
    for weeks in ("9", "10"):
        desk.issue("--weeks", weeks)
    _carry_in(desk, server)
    assert server.standing.intake().manifest_version == 3


def test_a_chain_leads_a_server_that_missed_some_to_the_newest(desk: Desk, server: RealServer) -> None:
    for weeks in ("9", "10", "11"):
        desk.issue("--weeks", weeks)
    server.adopt(read_run(desk.folder / "manifest.json"))
    assert server.standing.intake().manifest_version == 4


def test_a_week_is_retired_on_the_word_of_the_server(desk: Desk, server: RealServer) -> None:
    server.receive("What I saw.")
    week = server.standing.intake().week
    _carry_out(desk, server)
    desk.backup()
    assert desk.run("keys", "retire", desk.home, "--week", str(week)) == 1
    assert "has not signed" in desk.err
    server.clock.day = week.last_day + dt.timedelta(days=1)
    _carry_out(desk, server)
    assert f"week closed      {week}" in desk.out
    desk.backup()
    desk.do("keys", "retire", desk.home, "--week", str(week))
    assert f"destroyed        intake-{week}" in desk.out
