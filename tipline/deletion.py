"""When the server lets go: of a submission only on signed receipts for exactly its bytes, of a reply by its age."""

import datetime as dt
from typing import Final

from crypto.errors import CryptoError
from crypto.manifest import verify_manifest
from tipline.clock import Clock
from tipline.identity import Identity
from tipline.standing import IntakeClosed, Standing
from tipline.store import Store

REPLY_DAYS: Final = 60
_ONE_RECEIPT_DAYS: Final = 30


def delete_receipted(store: Store, identity: Identity, clock: Clock) -> int:
    """Delete what all reviewers of its manifest have receipted, or one of them 30 days ago.

    Returns:
        How many were deleted.
    """
    store.submissions.resume_deletions()
    today = clock.today()
    reviewers: dict[bytes, frozenset[bytes] | None] = {}
    deleted = 0
    for submission, receipts in store.outgoing.receipts():
        name = submission.manifest_sha256
        if name not in reviewers:
            reviewers[name] = _reviewers(store, identity, name)
        if may_delete(reviewers[name], receipts, today):
            store.submissions.delete(submission.submission)
            deleted += 1
    if deleted:
        store.wipe_traces()
    return deleted


def drop_old_replies(store: Store, standing: Standing, clock: Clock) -> None:
    """Forget replies, real and dummy alike, that are older than 60 days; while intake is closed, none: the clock
    may be what is wrong."""
    try:
        standing.intake()
    except IntakeClosed:
        return
    store.replies.drop_older_than(clock.today() - dt.timedelta(days=REPLY_DAYS))


def may_delete(reviewers: frozenset[bytes] | None, receipts: dict[bytes, dt.date], today: dt.date) -> bool:
    """The rule. ``reviewers`` are those of the submission's manifest, ``receipts`` the day of each one's receipt.
    Of a manifest that cannot be read nothing is deleted."""
    if not reviewers:
        return False
    counted = [day for reviewer, day in receipts.items() if reviewer in reviewers]
    if len(counted) == len(reviewers):
        return True
    return any(today - day >= dt.timedelta(days=_ONE_RECEIPT_DAYS) for day in counted)


def _reviewers(store: Store, identity: Identity, manifest_sha256: bytes) -> frozenset[bytes] | None:
    kept = store.manifests.by_sha256(manifest_sha256)
    if kept is None:
        return None
    try:
        verified = verify_manifest(kept.raw, kept.signature, root=identity.root)
    except CryptoError:
        return None
    return frozenset(party.verify_key.to_bytes() for party in verified.manifest.reviewers)
