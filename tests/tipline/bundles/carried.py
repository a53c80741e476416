"""A reviewer who reads what a server exports and answers it, with real keys on both sides."""

import io
import os
from collections.abc import Sequence

from crypto.bundles.bundle import (
    BundleWriter,
    Expected,
    ItemEntry,
    ItemType,
    Mark,
    Sealing,
    Statement,
    StreamPosition,
    read_bundle,
    sign_statement,
)
from crypto.bundles.bundle_file import BundleFileWriter, read_bundle_file
from crypto.bundles.bundle_items import DeliveryReceipt, WeekClosed
from crypto.errors import Replayed
from crypto.keys.keys import PartyVerifyKey, SourceSecretKey
from crypto.keys.party import PartyKeys
from crypto.passphrases.mailbox import MailboxAddress, MailboxId
from crypto.submissions.reply import ReplyRow, seal_reply
from tests.organisation import TODAY
from tests.server import Server
from tipline.bundles.exporter import carry_out
from tipline.bundles.importer import BundleImporter, ImportResult
from tipline.bundles.reviewer_streams import ConfirmedStream


class Reviewer:
    """Reads what a server exports, and answers it."""

    def __init__(self, keys: PartyKeys, server: Server) -> None:
        self.keys = keys
        self.server = server.keys.party()
        self.progress: dict[PartyVerifyKey, StreamPosition] = {}
        self.submissions: dict[bytes, bytes] = {}
        self.deleted: list[bytes] = []
        self.withheld: list[bytes] = []
        self.sealings: list[int] = []
        self.closed: list[WeekClosed] = []
        self.announced: list[bytes] = []
        self.forms: list[int] = []
        self.last: Statement | None = None

    def read(self, exported: bytes) -> None:
        for sealed in read_bundle_file(io.BytesIO(exported)):
            expect = Expected(senders=[self.server.verify_key], own=self.keys.signing.verify_key())
            try:
                bundle = read_bundle(sealed, keys=[self.keys.transport], expect=expect, progress=self.progress)
            except Replayed:
                continue
            for entry, item in bundle:
                if entry.type is ItemType.SUBMISSION:
                    self.submissions[entry.sha256] = item.read()
                elif entry.type is ItemType.ANNOUNCEMENT:
                    self.announced.append(item.read())
                else:
                    self.closed.append(WeekClosed.parse(item.read()))
            self.deleted += [one.entry.sha256 for one in bundle.absent if one.mark is Mark.DELETED]
            self.withheld += [one.entry.sha256 for one in bundle.absent if one.mark is Mark.WITHHELD]
            self.sealings.append(bundle.sealing)
            self.forms.append(bundle.statement.format_version)
            self.progress[bundle.statement.sender] = bundle.place

    def outbox(self, *items: tuple[ItemType, bytes]) -> bytes:
        entries = [ItemEntry.of(item_type, payload) for item_type, payload in items]
        sender, receivers = self.keys.signing.verify_key(), [self.server.verify_key]
        if self.last is None:
            self.last = Statement.first(sender=sender, receivers=receivers, items=entries)
        else:
            self.last = self.last.follow(receivers=receivers, items=entries)
        return self.seal([self.last], [payload for _type, payload in items])

    def seal(self, statements: Sequence[Statement], payloads: Sequence[bytes]) -> bytes:
        sink = io.BytesIO()
        file = BundleFileWriter(sink.write)
        for statement in statements:
            with file.bundle() as bundle_sink:
                writer = BundleWriter(
                    bundle_sink,
                    to=[self.server.transport_key],
                    statement_bytes=statement.to_bytes(),
                    signature=sign_statement(statement, key=self.keys.signing),
                    sealing=Sealing(self.keys.signing, statement.number),
                )
                for entry, payload in zip(statement.items, payloads, strict=True):
                    writer.item(entry, [payload])
                writer.finish()
        file.finish()
        return sink.getvalue()

    def receipt(self) -> bytes:
        return self.outbox((ItemType.RECEIPT, DeliveryReceipt(tuple(self.submissions)).to_bytes()))


def export(server: Server, from_number: int | None = None) -> bytes:
    sink = io.BytesIO()
    carry_out(
        sink.write,
        store=server.store,
        folder=server.folder,
        policy=server.policy,
        clock=server.clock,
        from_number=from_number,
    )
    return sink.getvalue()


def take_in(server: Server, untrusted: bytes, accept: ConfirmedStream | None = None) -> ImportResult:
    importer = BundleImporter(store=server.store, folder=server.folder, policy=server.policy, clock=server.clock)
    return importer.carry_in(io.BytesIO(untrusted), accept=accept)


def a_reply() -> ReplyRow:
    someone = MailboxAddress(MailboxId(os.urandom(32)), SourceSecretKey.generate().public_key())
    return seal_reply("we read it", to=someone, day=TODAY, number=1)
