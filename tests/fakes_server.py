"""A server as the reviewer sees it: it seals, signs and numbers for real, and does wrong when told to."""

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from crypto.age.envelope import EnvelopeWriter
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
from crypto.bundles.bundle_head import MAGIC, VERSION_WITHOUT_MARKS
from crypto.errors import NoKeyOpens
from crypto.keys import minisign
from crypto.keys.keys import PartyVerifyKey, SourceSecretKey, TransportSecretKey
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest import VerifiedManifest, verify_manifest
from crypto.passphrases.mailbox import MailboxId, MailboxKeys
from crypto.primitives.week import Week
from crypto.submissions.submission import Head, Kind, SubmissionWriter

Item = tuple[ItemType, bytes]
File = tuple[str, str, bytes]


def a_mailbox(number: int = 1) -> MailboxKeys:
    """The mailbox of one source, as words would derive it."""
    return MailboxKeys(MailboxId(bytes([number]) * 32), SourceSecretKey(bytes([number]) * 32))


class FakeServer:
    """Knows what a server knows: its own keys and the manifest."""

    def __init__(self, name: str = "server") -> None:
        self.keys = PartyKeys.generate(name)
        self.manifest: VerifiedManifest | None = None
        self.last: Statement | None = None
        self._items: Sequence[Item] = ()
        self.sealed: list[bytes] = []
        self._received: dict[PartyVerifyKey, StreamPosition] = {}

    def write_party(self, folder: Path) -> Path:
        path = folder / f"{self.keys.name}.pub"
        path.write_bytes(self.keys.party().to_bytes())
        return path

    def adopt(self, manifest: Path, root_pub: Path) -> None:
        root = minisign.parse_public_key_file(root_pub.read_bytes())
        signature = manifest.with_name(manifest.name + ".minisig").read_bytes()
        self.manifest = verify_manifest(manifest.read_bytes(), signature, root=root)

    def seal(
        self,
        *,
        fields: Sequence[tuple[str, str]] = (("text", "What I saw."),),
        files: Sequence[File] = (),
        mailbox: MailboxKeys | None = None,
        kind: Kind = Kind.SUBMISSION,
        week: Week | None = None,
        named_week: Week | None = None,
        submission_id: bytes = bytes(range(16)),
        manifest_sha256: bytes | None = None,
        day: dt.date | None = None,
    ) -> bytes:
        """One envelope, to the keys of ``week`` or the first one of the manifest, on its Monday or ``day``."""
        manifest = self._manifest()
        entry = next(one for one in manifest.manifest.intake if week is None or one.week == week)
        head = Head(
            kind=kind,
            submission_id=submission_id,
            manifest_sha256=manifest_sha256 or manifest.sha256,
            manifest_version=manifest.version,
            week=named_week or entry.week,
            day=day or entry.week.monday,
        )
        pieces: list[bytes] = []
        writer = SubmissionWriter(pieces.append, to=entry.keys, head=head)
        for name, value in fields:
            writer.field(name, value)
        for name, media_type, content in files:
            writer.begin_file(name, media_type)
            writer.data(content)
            writer.end_file()
        writer.finish(mailbox.address() if mailbox else None)
        return b"".join(pieces)

    def bundle(self, *items: Item, gone: Sequence[int] = (), withheld: Sequence[int] = ()) -> bytes:
        """The next bundle of the stream, sealed; items at these places are marked as deleted, or as withheld."""
        manifest = self._manifest().manifest
        entries = [ItemEntry.of(kind, payload) for kind, payload in items]
        receivers = [reviewer.verify_key for reviewer in manifest.reviewers]
        if self.last is None:
            statement = Statement.first(sender=self.keys.signing.verify_key(), receivers=receivers, items=entries)
        else:
            statement = self.last.follow(receivers=receivers, items=entries)
        self.last, self._items = statement, items
        return self.bundle_again(gone=gone, withheld=withheld, sealing=statement.number)

    def bundle_again(self, *, gone: Sequence[int] = (), withheld: Sequence[int] = (), sealing: int) -> bytes:
        """The last bundle, under another number of sealing; items at these places are marked."""
        if self.last is None:
            raise RuntimeError("seal a bundle first")
        pieces: list[bytes] = []
        writer = BundleWriter(
            pieces.append,
            to=[reviewer.transport_key for reviewer in self._manifest().manifest.reviewers],
            statement_bytes=self.last.to_bytes(),
            signature=sign_statement(self.last, key=self.keys.signing),
            sealing=Sealing(self.keys.signing, sealing),
        )
        for place, (entry, (_kind, payload)) in enumerate(zip(self.last.items, self._items, strict=True)):
            mark = Mark.DELETED if place in gone else Mark.WITHHELD if place in withheld else None
            writer.item(entry, [payload] if mark is None else mark)
        writer.finish()
        return b"".join(pieces)

    def lying_bundle(self, promised: bytes, payload: bytes) -> bytes:
        """The first bundle of a stream, whose statement promises another submission than the one that follows."""
        reviewer = self._manifest().manifest.reviewers[0]
        statement = Statement.first(
            sender=self.keys.signing.verify_key(),
            receivers=[reviewer.verify_key],
            items=[ItemEntry(ItemType.SUBMISSION, hashlib.sha256(promised).digest(), len(payload))],
        )
        signed = statement.to_bytes()
        pieces: list[bytes] = []
        strangers = [TransportSecretKey.generate().public_key() for _ in range(3)]
        envelope = EnvelopeWriter(pieces.append, to=[reviewer.transport_key, *strangers])
        envelope.write(MAGIC + bytes([VERSION_WITHOUT_MARKS]) + statement.sender.to_bytes())
        envelope.write(sign_statement(statement, key=self.keys.signing))
        envelope.write(len(signed).to_bytes(4, "big") + signed + b"\1" + payload)
        envelope.finish()
        return b"".join(pieces)

    def submissions(self, *envelopes: bytes) -> bytes:
        """A bundle of submissions."""
        return self.bundle(*((ItemType.SUBMISSION, envelope) for envelope in envelopes))

    def take_outbox(self, file: bytes) -> list[Item]:
        """Everything in the reviewer's FILE that is for this server, verified as a server verifies it."""
        reviewers = [reviewer.verify_key for reviewer in self._manifest().manifest.reviewers]
        expect = Expected(senders=reviewers, own=self.keys.signing.verify_key())
        items: list[Item] = []
        for sealed in read_bundle_file(io.BytesIO(file)):
            try:
                reader = read_bundle(sealed, keys=[self.keys.transport], expect=expect, progress=self._received)
            except NoKeyOpens:
                continue
            items += [(entry.type, source.read()) for entry, source in reader]
            self._received[reader.statement.sender] = reader.place
        return items

    def _manifest(self) -> VerifiedManifest:
        if self.manifest is None:
            raise RuntimeError("adopt a manifest first")
        return self.manifest


def file_of(*bundles: bytes) -> bytes:
    """A FILE with these sealed bundles."""
    pieces: list[bytes] = []
    writer = BundleFileWriter(pieces.append)
    for bundle in bundles:
        with writer.bundle() as sink:
            sink(bundle)
    writer.finish()
    return b"".join(pieces)
