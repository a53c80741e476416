"""The server's own ends of a round, in the test's process: store, manifest, export and import."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crypto.keys import minisign
from crypto.keys.keys import RootVerifyKey
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest import SignedManifest
from crypto.passphrases.mailbox import MailboxKeys, reply_tag
from crypto.sharing.shared_item import ENVELOPE_BYTES
from crypto.submissions.reply import ReplyRow, open_reply
from crypto.submissions.submission import Head, Kind, SubmissionWriter
from system.clock import today
from tests.fakes_server import a_mailbox
from tests.organisation import FixedClock
from tests.reviewer.desk_stage import Desk
from tipline.bundles import exporter
from tipline.bundles.importer import BundleImporter, ImportResult
from tipline.bundles.manifest_update import adopt_run, read_run
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakePolicy
from tipline.store import Store


class RealServer:
    """The server's own store, manifest and carrying, with a clock to set."""

    def __init__(self, path: Path, root: RootVerifyKey, keys: PartyKeys) -> None:
        self.clock = FixedClock(today())
        self.folder = SiteFolder(path)
        self.store = Store(path, bytes(range(32)), create=True, clock=self.clock, reserve_bytes=0)
        Identity(keys, root).keep(self.store)
        self.policy = IntakePolicy(self.store, self.folder, self.clock)

    def adopt(self, run: list[SignedManifest]) -> None:
        adopt_run(run, store=self.store, folder=self.folder, policy=self.policy, clock=self.clock)

    def receive(self, text: str, content: bytes = b"") -> None:
        """A tip with a file."""
        with self._submission(Kind.SUBMISSION) as writer:
            writer.field("text", text)
            writer.begin_file("доклад.pdf", "application/pdf")
            writer.data(content)
            writer.end_file()

    def receive_act(self, *fields: tuple[str, str]) -> None:
        """Take in an act of the source in its mailbox."""
        with self._submission(Kind.ACT) as writer:
            for name, value in fields:
                writer.field(name, value)

    @contextmanager
    def _submission(self, kind: Kind) -> Iterator[SubmissionWriter]:
        intake = self.policy.intake()
        head = Head(kind, os.urandom(16), intake.manifest_sha256, intake.manifest_version, intake.week, today())
        with self.store.submissions.receive(str(intake.week), intake.manifest_sha256) as arrival:
            writer = SubmissionWriter(arrival.write, to=intake.keys, head=head)
            yield writer
            writer.finish(a_mailbox().address())
            arrival.complete()

    def tips_waiting(self) -> int:
        """How many tips the store holds; what reviewers share has a length of its own in these tests."""
        return sum(one.length != ENVELOPE_BYTES for one in self.store.submissions.waiting())

    def export(self, *, from_number: int | None = None) -> bytes:
        sink = io.BytesIO()
        exporter.carry_out(
            sink.write, store=self.store, folder=self.folder, policy=self.policy, clock=self.clock,
            from_number=from_number,
        )  # fmt: skip
        return sink.getvalue()

    def take_in(self, outbox: Path, *, accept: ConfirmedStream | None = None) -> ImportResult:
        importer = BundleImporter(store=self.store, folder=self.folder, policy=self.policy, clock=self.clock)
        return importer.carry_in(io.BytesIO(outbox.read_bytes()), accept=accept)

    def replies_to(self, mailbox: MailboxKeys) -> list[str]:
        """The replies that the source of this mailbox reads here."""
        mine = [
            reply_id
            for reply_id, salt, tag in self.store.replies.tags()
            if reply_tag(mailbox.mailbox_id, salt=salt) == tag
        ]
        rows = [ReplyRow(*row) for row in self.store.replies.rows(mine)]
        return sorted(open_reply(row, key=mailbox.source_key).text for row in rows)


@contextmanager
def server_of(desk: Desk, name: str = "site", *, manifest: Path | None = None) -> Iterator[RealServer]:
    """The one that ``desk`` knows, in a folder ``name``; it goes by ``manifest``, or by what was issued last."""
    root = minisign.parse_public_key_file((desk.root / "root.pub").read_bytes())
    folder = desk.folder / name
    folder.mkdir()
    server = RealServer(folder, root, desk.server.keys)
    server.adopt(read_run(manifest or desk.folder / "manifest.json"))
    yield server
    server.store.close()


def carry_out(desk: Desk, server: RealServer, *, from_number: int | None = None) -> None:
    """Everything that the server exports now, taken in at ``desk``."""
    stick = desk.folder / "stick"
    stick.write_bytes(server.export(from_number=from_number))
    desk.do("import", desk.home, stick)
