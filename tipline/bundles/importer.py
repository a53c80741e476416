"""Imports what the courier brings from the reviewers: replies, receipts, withdrawals and manifests."""

import datetime as dt
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Final

from crypto.bundles.announcement import verify_announcement
from crypto.bundles.bundle import (
    BundleReader,
    Expected,
    ItemType,
    Statement,
    StreamPosition,
    read_bundle,
)
from crypto.bundles.bundle_file import SealedBundle, read_bundle_file
from crypto.errors import (
    CryptoError,
    Forked,
    NewerFormat,
    NewStream,
    NoKeyOpens,
    NotForUs,
    OutOfOrder,
    Replayed,
    RolledBack,
)
from crypto.keys.keys import PartyVerifyKey
from crypto.keys.party import Party
from crypto.manifests.manifest import SignedManifest
from crypto.primitives.byte_source import ByteSource
from crypto.submissions.reply import ROW_BYTES, ReplyRow, dummy_reply
from system.clock import Clock
from system.errors import system_reason
from tipline.bundles.announcements import keep_announcement
from tipline.bundles.manifest_update import adopt_carried
from tipline.bundles.retention import delete_receipted, drop_old_replies
from tipline.bundles.reviewer_streams import ConfirmedStream, StreamProgress
from tipline.bundles.shared_items import keep_shared
from tipline.bundles.small_items import SmallItems
from tipline.bundles.stream_acceptance import StreamAcceptance
from tipline.errors import CarryRefused, ManifestRefused
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakeClosed, IntakePolicy
from tipline.store import Store
from tipline.store.events import Event

_REPLIES_AT_ONCE: Final = 32
_COPY_AGAIN: Final = "copy the file again; if that does not help, ask the reviewer for a new outbox"
_HINTS: Final[tuple[tuple[type[CryptoError], str], ...]] = (
    (OutOfOrder, "import the outbox before it first, or ask the reviewer for one with all since (outbox --from N)"),
    (Forked, "that reviewer's machine was copied or restored: ask its staff before anything else"),
    (RolledBack, "it is of a stream that has ended: ask the reviewer for a new outbox"),
    (NewerFormat, "update this program"),
)


@dataclass(slots=True)
class ImportResult:
    """Counts of what was imported, and what staff have to do about it.

    ``replies_wait``: replies are held back until a person adopts a manifest. ``to_accept`` names a stream, in the
    form that ``--accept-stream`` takes; receipts of its reviewer count for nothing until staff accept it.
    ``shared_left_out`` counts items for the other reviewers that are not kept: too late, or the disk is full.
    """

    bundles: int = 0
    repeated: int = 0
    for_others: int = 0
    replies: int = 0
    receipts: int = 0
    withdrawn: int = 0
    deleted: int = 0
    manifest_version: int | None = None
    manifest_refused: str | None = None
    shared_left_out: int = 0
    replies_wait: bool = False
    to_accept: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return what a courier is told; how many replies were withdrawn is not its business."""
        told = asdict(self)
        del told["withdrawn"]
        return told


class BundleImporter:
    """Imports FILEs into an open site, one after another."""

    def __init__(self, *, store: Store, folder: SiteFolder, policy: IntakePolicy, clock: Clock) -> None:
        self._store = store
        self._folder = folder
        self._policy = policy
        self._clock = clock
        self._identity = Identity.load(store)
        self._acceptance = StreamAcceptance(store, policy)

    def carry_in(
        self, untrusted_source: ByteSource, *, accept: ConfirmedStream | None = None, is_courier: bool = False
    ) -> ImportResult:
        """Read a FILE; each bundle is imported whole or not at all, and those before a bad one stay.

        Others can import meanwhile, except while a signed bundle comes that is the next of its stream. So a
        connection that brings nothing new, however slowly, blocks no other import.

        On a restored server no manifest is adopted here. Replies wait for the one that a person adopts, and
        receipts count for nothing until a person at the server has accepted the reviewer again.

        Raises:
            CarryRefused: cut, changed, out of order, forked, a new stream other than ``accept``, or nothing in it
                is for this server.
            FolderInUse: another process imports.
            StoreError.
        """
        done = ImportResult()
        with self._folder.hold_for_import():  # told before a long file has come, if another one is at it now
            self._store.make_way()
            if accept is not None:
                self._acceptance.begin(accept, self._reviewers(), is_courier=is_courier)
        try:
            for sealed in read_bundle_file(_CheckedSource(untrusted_source)):
                self._take(sealed, done, accept)
        except CryptoError as error:
            raise CarryRefused(_refusal(error, done), hint=_hint(error)) from error
        if done.for_others and not done.bundles and not done.repeated:
            raise CarryRefused("nothing in this file is for this server", hint="is it the outbox of its reviewers?")
        self._store.events.note(Event.OUTBOX_CAME)
        with self._folder.hold_for_import():
            self._store.replies.drop_pending()
            done.deleted = delete_receipted(self._store, self._identity, self._policy)
            drop_old_replies(self._store, self._policy, self._clock)
        return done

    def _take(self, sealed: SealedBundle, done: ImportResult, accept: ConfirmedStream | None) -> None:
        reviewers = self._reviewers()
        progress = StreamProgress(self._store, reviewers, accept)
        own = self._identity.keys.signing.verify_key()
        with ExitStack() as held:
            try:
                bundle = read_bundle(
                    sealed,
                    keys=[self._identity.keys.transport],
                    expect=Expected(senders=[party.verify_key for party in reviewers], own=own),
                    progress=progress,
                )
                held.enter_context(self._folder.hold_for_import())
                self._require_still_next(bundle.statement, progress)
            except (NoKeyOpens, NotForUs):
                done.for_others += 1
            except Replayed:
                done.repeated += 1
            except NewStream as error:
                asked_for = ConfirmedStream(progress.asked_for, error.stream)
                raise self._acceptance.refusal(asked_for, is_unaccepted=progress.is_unaccepted) from error
            else:
                self._store.replies.drop_pending()
                self._take_in(bundle, done, accept)
                done.bundles += 1

    def _require_still_next(self, statement: Statement, progress: StreamProgress) -> None:
        """Check again, now that no other process imports: the last one may have brought this, or a manifest."""
        if all(party.verify_key != statement.sender for party in self._reviewers()):
            raise NotForUs("bundle must be by a sender that this machine knows")
        place = progress.get(statement.sender) or StreamPosition.begin(statement.stream)
        place.advance(statement, own=self._identity.keys.signing.verify_key())

    def _take_in(self, bundle: BundleReader, done: ImportResult, accept: ConfirmedStream | None) -> None:
        statement = bundle.statement
        sender, name = statement.sender.to_bytes(), self._name_of(statement.sender)
        told = self._read(bundle, self._clock.today())
        said = [verify_announcement(one, root=self._identity.root) for one in told.announced]
        bundle.place  # noqa: B018 -- raises unless all of the bundle was read and verified
        # Nothing before this line is visible to any reader. What follows may be done twice, but not left out: the
        # statement counts as read only at its end.
        for reply_id in told.withdrawn:
            dummy = dummy_reply()
            self._store.replies.replace([(reply_id, dummy.salt, dummy.tag, dummy.envelope)])
        for item, announced in zip(told.announced, said, strict=True):
            if announced.party == statement.sender:
                keep_announcement(item, announced.party, self._store)
        if told.manifests:
            self._adopt(told.manifests, done)
        done.shared_left_out += sum(not keep_shared(one, self._store, self._identity) for one in told.shared)
        if accept == ConfirmedStream(name, statement.stream):
            self._store.incoming.begin_stream(sender, statement.stream)
        replies_wait = self._policy.is_put_back()
        done.receipts += self._store.incoming.finish(
            sender=sender,
            stream=statement.stream,
            number=statement.number,
            sha256=statement.sha256,
            receipted=told.receipted,
            replies_wait=replies_wait,
        )
        done.replies_wait = done.replies_wait or (replies_wait and told.replies > 0)
        if not replies_wait and sender in self._store.incoming.unaccepted():
            done.to_accept = str(ConfirmedStream(name, statement.stream))
        done.replies += told.replies
        done.withdrawn += len(told.withdrawn)

    def _read(self, bundle: BundleReader, today: dt.date) -> SmallItems:
        told = SmallItems()
        rows: list[tuple[bytes, bytes, bytes, bytes]] = []
        for entry, item in bundle:
            if entry.type is ItemType.REPLY:
                row = ReplyRow.parse(item.whole(limit_bytes=ROW_BYTES))
                rows.append((row.reply_id, row.salt, row.tag, row.envelope))
                told.replies += 1
                if len(rows) == _REPLIES_AT_ONCE:
                    self._store.replies.put_pending(rows, today, bundle.statement.sha256)
                    rows = []
                continue
            told.collect(entry, item)
        if rows:
            self._store.replies.put_pending(rows, today, bundle.statement.sha256)
        return told

    def _adopt(self, run: list[SignedManifest], done: ImportResult) -> None:
        try:
            adopted = adopt_carried(
                run, store=self._store, folder=self._folder, policy=self._policy, clock=self._clock
            )
        except ManifestRefused as error:
            # Not a reason to stop the stream: replies and receipts are good, and the manifest can come as a file.
            done.manifest_refused = f"{error}; {error.hint}" if error.hint else str(error)
        else:
            done.manifest_version = adopted.version

    def _name_of(self, reviewer: PartyVerifyKey) -> str:
        return next(party.name for party in self._reviewers() if party.verify_key == reviewer)

    def _reviewers(self) -> tuple[Party, ...]:
        try:
            return self._policy.manifest().manifest.reviewers
        except IntakeClosed as closed:
            raise CarryRefused(
                f"there is no reviewer to import from: {closed.reason.value}", hint=closed.hint
            ) from closed


class _CheckedSource:
    """A source whose own troubles (a medium pulled out, a line cut) are refusals too."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source

    def read(self, size: int, /) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            reason = system_reason(error)
            raise CarryRefused(f"file of bundles cannot be read: {reason}", hint=_COPY_AGAIN) from error


def _refusal(error: CryptoError, done: ImportResult) -> str:
    before = f" after {done.bundles} bundles that were taken in" if done.bundles else ""
    return f"file of bundles is refused{before}: {error}"


def _hint(error: CryptoError) -> str:
    return next((hint for kind, hint in _HINTS if isinstance(error, kind)), _COPY_AGAIN)
