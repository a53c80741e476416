"""Writes the export: a FILE of all bundles that some reviewer has not receipted."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.bundles.bundle import BundleWriter, ItemEntry, ItemType, Mark, Sealing, Statement, sign_statement
from crypto.bundles.bundle_file import BundleFileWriter
from crypto.bundles.bundle_items import WeekClosed
from crypto.errors import CryptoError
from crypto.keys.keys import PartyVerifyKey
from crypto.keys.party import Party
from crypto.manifests.manifest import VerifiedManifest
from crypto.primitives.week import Week
from system.clock import Clock
from tipline.bundles.announcements import announcement_with, to_pass_on
from tipline.bundles.week_closing import WeekClosing, kept_for_old_files, past_weeks, to_close
from tipline.bundles.withheld_items import WithheldItem, checked_pieces, note_withheld
from tipline.errors import CarryRefused, FolderInUse
from tipline.instance.folder import SiteFolder
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakeClosed, IntakePolicy
from tipline.store import Store
from tipline.store.errors import StoreBusy, StoreError, StoreFull
from tipline.store.events import Event
from tipline.store.outgoing import FreshStatement, SignedStatement
from tipline.store.submissions import StoredSubmission

_MOST_ITEMS: Final = 512
_BUNDLE_BYTES: Final = 512 << 20
"""A bundle is taken in whole or not at all: not too much in one, so that a bad medium costs little."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Counts of what was written, and the items that were withheld because the disk does not return them."""

    bundles: int
    submissions: int
    withheld: tuple[WithheldItem, ...] = ()
    stream: str | None = None
    """Hex of the stream of bundles; None where nothing was ever signed."""


def carry_out(
    sink: Callable[[bytes], object],
    *,
    store: Store,
    folder: SiteFolder,
    policy: IntakePolicy,
    clock: Clock,
    from_number: int | None = None,
    closing: WeekClosing = WeekClosing.HOLD_OPEN,
) -> ExportResult:
    """Sign what is new, then write a FILE: what some reviewer has not receipted, or all from a number on.

    Streams; memory does not grow with what is written. Each submission is read once before it is written: one that
    the disk has harmed is withheld, which this server signs, and holds back no other. ``closing`` says what happens
    where the clock alone would close more than two weeks.

    Raises:
        CarryRefused: there is no manifest that says who reviews, or a person must adopt the newest first, as this
            server was restored; or the store holds a damaged submission, or an import deleted one that was being
            written. What reached the sink is then no FILE.
        StoreError.
    """
    store.make_way()
    identity = Identity.load(store)
    try:
        manifest = policy.manifest_to_seal_to()
    except IntakeClosed as closed:
        raise CarryRefused(
            f"there is no reviewer to export to: {closed.reason.value}", hint=closed.hint
        ) from closed
    _sweep_after_a_dead_server(store, folder)
    _sign_fresh(store, identity, manifest, clock, closing)
    # Kept on the disk before anything is looked at: what is said under a higher number was seen later.
    sealing = Sealing(identity.keys.signing, store.outgoing.next_sealing())
    written = submissions = 0
    withheld: list[WithheldItem] = []
    file = BundleFileWriter(sink)
    try:
        for signed, receivers in _wanted(store, manifest, from_number):
            with file.bundle() as bundle_sink:
                present, held_back = _write_bundle(bundle_sink, signed, receivers, store, sealing)
            if held_back:
                store.events.note(Event.SUBMISSION_WITHHELD)
            note_withheld(store, signed.number, held_back)
            withheld += held_back
            submissions += present
            written += 1
        file.finish()
    except CryptoError as error:
        raise CarryRefused(f"the store is damaged: {error}") from error
    store.events.note(Event.BUNDLES_FETCHED)
    with contextlib.suppress(StoreError):  # a day is counted later then; what was written is whole
        store.days.note_export()
    return ExportResult(written, submissions, tuple(withheld), present_stream(store))


def present_stream(store: Store) -> str | None:
    """Hex of the stream that this server signs, for staff to compare; None where nothing was ever signed."""
    newest = store.outgoing.newest()
    return None if newest is None else Statement.parse(newest.statement).stream.hex()


def _sweep_after_a_dead_server(store: Store, folder: SiteFolder) -> None:
    """Uploads that died with a server keep their week open; while one is alive they are its business."""
    if store.submissions.any_unfinished() and not folder.is_served():
        with contextlib.suppress(FolderInUse), folder.hold_for_serving():
            store.submissions.sweep_unfinished()


def _sign_fresh(
    store: Store, identity: Identity, manifest: VerifiedManifest, clock: Clock, closing: WeekClosing
) -> None:
    reviewers = [party.verify_key for party in manifest.manifest.reviewers]
    past = past_weeks(manifest, clock.today())
    closed_before = {week for week in past if store.submissions.is_closed(week)}
    kept_open = kept_for_old_files(store, past)
    announced = [ItemEntry.of(ItemType.ANNOUNCEMENT, item) for item in to_pass_on(manifest, store, identity)]

    def sign(
        last: SignedStatement | None, fresh: Sequence[StoredSubmission], over: Sequence[str]
    ) -> list[FreshStatement]:
        closable = to_close(over, issued=manifest.manifest.issued, closed_before=closed_before, closing=closing)
        before = None if last is None else Statement.parse(last.statement)
        made: list[FreshStatement] = []
        groups = list(_groups(fresh))
        if closable and not groups:
            groups = [[]]
        for place, group in enumerate(groups):
            items = [ItemEntry(ItemType.SUBMISSION, each.sha256, each.length) for each in group]
            # All that was sealed to a week lies before, or in, the last bundle of this export.
            is_last = place == len(groups) - 1
            weeks = closable if is_last else ()
            number = 1 if before is None else before.number + 1
            items += [ItemEntry.of(ItemType.WEEK_CLOSED, _week_closed(week, number)) for week in weeks]
            items += announced if is_last else []
            before = _next(before, identity, reviewers, items)
            signature = sign_statement(before, key=identity.keys.signing)
            signed = SignedStatement(before.number, before.to_bytes(), signature)
            made.append(FreshStatement(signed, [each.submission for each in group], weeks))
        return made

    store.outgoing.sign_fresh(sign, past_weeks=[week for week in past if week not in kept_open])


def _next(
    before: Statement | None, identity: Identity, reviewers: Sequence[PartyVerifyKey], items: Sequence[ItemEntry]
) -> Statement:
    if before is None:
        return Statement.first(sender=identity.keys.signing.verify_key(), receivers=reviewers, items=items)
    return before.follow(receivers=reviewers, items=items)


def _groups(fresh: Sequence[StoredSubmission]) -> Iterator[list[StoredSubmission]]:
    group: list[StoredSubmission] = []
    size = 0
    for each in fresh:
        if group and (len(group) == _MOST_ITEMS or size + each.length > _BUNDLE_BYTES):
            yield group
            group, size = [], 0
        group.append(each)
        size += each.length
    if group:
        yield group


def _wanted(
    store: Store, manifest: VerifiedManifest, from_number: int | None
) -> Iterator[tuple[SignedStatement, list[Party]]]:
    """Yield the statements to seal again, in order, each with its present reviewers."""
    for number in store.outgoing.numbers():
        if from_number is not None and number < from_number:
            continue
        signed = store.outgoing.statement(number)
        named = {receiver.key for receiver in Statement.parse(signed.statement).receivers}
        receivers = [party for party in manifest.manifest.reviewers if party.verify_key in named]
        open_for = [
            party for party in receivers if not store.outgoing.is_receipted(number, party.verify_key.to_bytes())
        ]
        if receivers and (from_number is not None or open_for):
            yield signed, receivers


def _write_bundle(
    sink: Callable[[bytes], object],
    signed: SignedStatement,
    receivers: Sequence[Party],
    store: Store,
    sealing: Sealing,
) -> tuple[int, list[WithheldItem]]:
    """Write one bundle; return how many submissions it holds, and the withheld items."""
    writer = BundleWriter(
        sink,
        to=[party.transport_key for party in receivers],
        statement_bytes=signed.statement,
        signature=signed.signature,
        sealing=sealing,
    )
    closed = {
        ItemEntry.of(ItemType.WEEK_CLOSED, payload).sha256: payload
        for payload in (_week_closed(week, signed.number) for week in store.outgoing.closed_weeks(signed.number))
    }
    present = 0
    withheld: list[WithheldItem] = []
    for number, entry in enumerate(writer.statement.items, start=1):
        this_one = WithheldItem(signed.number, number, entry.sha256)
        if entry.type is ItemType.WEEK_CLOSED:
            # A word once given is never taken back: where the store has lost it, it is not called deleted.
            writer.item(entry, [closed[entry.sha256]] if entry.sha256 in closed else Mark.WITHHELD)
            continue
        if entry.type is ItemType.ANNOUNCEMENT:
            announced = announcement_with(entry.sha256, store)
            writer.item(entry, Mark.DELETED if announced is None else [announced])
            continue
        content = _content(entry, store)
        if content is Mark.WITHHELD:
            withheld.append(this_one)
        present += not isinstance(content, Mark)
        _write_submission(writer, entry, content, this_one, store)
    writer.finish()
    return present, withheld


def _content(entry: ItemEntry, store: Store) -> Iterable[bytes] | Mark:
    """Yield a submission in pieces, or the reason why it is missing.

    Only the retention rules delete a submission, so what is not in the store was deleted by them.
    """
    stored = store.submissions.by_sha256(entry.sha256)
    if stored is None:
        return Mark.DELETED
    pieces = checked_pieces(stored, store)
    if pieces is not None:
        return pieces
    return Mark.WITHHELD if store.submissions.is_kept(stored.submission) else Mark.DELETED


def _write_submission(
    writer: BundleWriter, entry: ItemEntry, content: Iterable[bytes] | Mark, this_one: WithheldItem, store: Store
) -> None:
    try:
        writer.item(entry, content)
    except (StoreBusy, StoreFull):
        raise
    except (CryptoError, StoreError) as error:
        if store.submissions.by_sha256(entry.sha256) is None:
            raise CarryRefused(
                f"{this_one} was receipted and deleted while it was being written",
                hint="nothing is lost: export or fetch again",
            ) from error
        raise CarryRefused(
            f"{this_one} became damaged while it was being written: {error}",
            hint="export or fetch again: what is damaged is left out, and comes when the disk gives it back",
        ) from error


def _week_closed(week: str, number: int) -> bytes:
    return WeekClosed(Week.parse(week), number).to_bytes()
