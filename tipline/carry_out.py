"""What the courier takes to the reviewers: a FILE of all bundles that not every reviewer has receipted."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.bundle import BundleWriter, ItemEntry, ItemType, Statement, sign_statement
from crypto.bundle_file import BundleFileWriter
from crypto.errors import CryptoError
from crypto.keys import PartyVerifyKey
from crypto.manifest import VerifiedManifest
from crypto.party import Party
from crypto.statements import WeekClosed
from crypto.week import Week
from tipline.clock import Clock
from tipline.errors import CarryRefused, FolderInUse
from tipline.folder import SiteFolder
from tipline.identity import Identity
from tipline.standing import IntakeClosed, Standing
from tipline.store import Store
from tipline.store.errors import StoreBusy, StoreError, StoreFull
from tipline.store.events import Event
from tipline.store.outgoing import FreshStatement, SignedStatement
from tipline.store.submissions import StoredSubmission
from tipline.week_closing import Closing, past_weeks, to_close

_MOST_ITEMS: Final = 512
_BUNDLE_BYTES: Final = 512 << 20
"""A bundle is taken in whole or not at all: not too much in one, so that a bad medium costs little."""


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What was written."""

    bundles: int
    submissions: int
    damaged: tuple["DamagedSubmission", ...] = ()


@dataclass(frozen=True, slots=True)
class DamagedSubmission:
    """One whose bytes the disk no longer gives back as they were; it was left out, and stays in the store."""

    bundle: int
    sha256: bytes

    def __str__(self) -> str:
        return f"submission {self.sha256.hex()[:12]} of bundle {self.bundle}"


def carry_out(
    sink: Callable[[bytes], object],
    *,
    store: Store,
    folder: SiteFolder,
    standing: Standing,
    clock: Clock,
    from_number: int | None = None,
    without_damaged: bool = False,
    closing: Closing = Closing.HOLD_OPEN,
) -> CarriedOut:
    """Sign what is new, then write a FILE: what some reviewer has not receipted, or all from a number on.

    Streams; memory does not grow with what is written. ``without_damaged`` reads each submission once before it is
    written, and leaves those out that the disk has harmed: reviewers are shown a gap in their place. ``closing``
    says what happens where the clock alone would close more than two weeks.

    Raises:
        CarryRefused: there is no manifest that says who reviews, or the store holds a damaged submission, or an
            import deleted one that was being written; what reached the sink is then no FILE.
        StoreError.
    """
    store.make_way()
    identity = Identity.load(store)
    try:
        manifest = standing.manifest()
    except IntakeClosed as closed:
        raise CarryRefused(f"nobody to export to: {closed.because.value}", hint=closed.hint) from closed
    _sweep_after_a_dead_server(store, folder)
    _sign_fresh(store, identity, manifest, clock, closing)
    written = submissions = 0
    damaged: list[DamagedSubmission] = []
    file = BundleFileWriter(sink)
    try:
        for signed, receivers in _wanted(store, manifest, from_number):
            left_out = _damaged(signed, store) if without_damaged else []
            damaged += left_out
            with file.bundle() as bundle_sink:
                submissions += _write_bundle(bundle_sink, signed, receivers, store, left_out)
            written += 1
        file.finish()
    except CryptoError as error:
        raise CarryRefused(f"the store is damaged: {error}") from error
    store.events.note(Event.BUNDLES_FETCHED)
    return CarriedOut(written, submissions, tuple(damaged))


def _damaged(signed: SignedStatement, store: Store) -> list[DamagedSubmission]:
    found = []
    for entry in Statement.parse(signed.statement).items:
        stored = store.submissions.by_sha256(entry.sha256) if entry.type is ItemType.SUBMISSION else None
        if stored is None or _comes_back_whole(stored, store):
            continue
        if store.submissions.is_kept(stored.submission):  # else an import has deleted it meanwhile
            found.append(DamagedSubmission(signed.number, entry.sha256))
    return found


def _comes_back_whole(stored: StoredSubmission, store: Store) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in store.submissions.pieces(stored.submission):
            digest.update(piece)
    except (StoreBusy, StoreFull):
        raise
    except StoreError:
        return False
    return digest.digest() == stored.sha256


def _sweep_after_a_dead_server(store: Store, folder: SiteFolder) -> None:
    """Uploads that died with a server keep their week open; while one is alive they are its business."""
    if store.submissions.any_unfinished() and not folder.is_served():
        with contextlib.suppress(FolderInUse), folder.hold_for_serving():
            store.submissions.sweep_unfinished()


def _sign_fresh(
    store: Store, identity: Identity, manifest: VerifiedManifest, clock: Clock, closing: Closing
) -> None:
    reviewers = [party.verify_key for party in manifest.manifest.reviewers]
    past = past_weeks(manifest, clock.today())
    closed_before = {week for week in past if store.submissions.is_closed(week)}

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
            weeks = closable if place == len(groups) - 1 else ()
            number = 1 if before is None else before.number + 1
            items += [ItemEntry.of(ItemType.WEEK_CLOSED, _week_closed(week, number)) for week in weeks]
            before = _next(before, identity, reviewers, items)
            signature = sign_statement(before, key=identity.keys.signing)
            signed = SignedStatement(before.number, before.to_bytes(), signature)
            made.append(FreshStatement(signed, [each.submission for each in group], weeks))
        return made

    store.outgoing.sign_fresh(sign, past_weeks=past)


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
    """Statements to be sealed anew, in order, with those of today's reviewers to whom each was addressed."""
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
    left_out: Sequence[DamagedSubmission],
) -> int:
    writer = BundleWriter(
        sink,
        to=[party.transport_key for party in receivers],
        statement_bytes=signed.statement,
        signature=signed.signature,
    )
    closed = {
        ItemEntry.of(ItemType.WEEK_CLOSED, payload).sha256: payload
        for payload in (_week_closed(week, signed.number) for week in store.outgoing.closed_weeks(signed.number))
    }
    present = 0
    for entry in writer.statement.items:
        if entry.type is ItemType.WEEK_CLOSED:
            writer.item(entry, [closed[entry.sha256]] if entry.sha256 in closed else None)
            continue
        this_one = DamagedSubmission(signed.number, entry.sha256)
        stored = None if this_one in left_out else store.submissions.by_sha256(entry.sha256)
        try:
            writer.item(entry, None if stored is None else store.submissions.pieces(stored.submission))
        except (StoreBusy, StoreFull):
            raise
        except (CryptoError, StoreError) as error:
            if stored is not None and not store.submissions.is_kept(stored.submission):
                raise CarryRefused(
                    f"{this_one} was receipted and deleted while it was being written",
                    hint="nothing is lost: export or fetch again",
                ) from error
            raise CarryRefused(
                f"{this_one} is damaged on this disk: {error}",
                hint="restore the store from a backup, or export all others with --without-damaged",
            ) from error
        present += stored is not None
    writer.finish()
    return present


def _week_closed(week: str, number: int) -> bytes:
    return WeekClosed(Week.parse(week), number).to_bytes()
