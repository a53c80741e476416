"""Retention: when the server deletes a submission or a reply.

A submission is deleted only on signed receipts for exactly its bytes, a reply by its age. :class:`DayCount` counts
the thirty days of a submission, so that a wrong clock deletes nothing. Monotonic time starts again with each start
and is kept nowhere: a server must run for 20 hours before it counts its first day. A machine that restarts often
counts too few days, and never too many.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Final

from crypto.errors import CryptoError
from crypto.manifests.manifest import verify_manifest
from system.clock import Clock
from tipline.instance.identity import Identity
from tipline.instance.intake_status import IntakeClosed, IntakePolicy
from tipline.store import Store
from tipline.store.settings import CountedDays

DAY_SECONDS: Final = 20 * 60 * 60.0
REPLY_DAYS: Final = 60
_ONE_RECEIPT_DAYS: Final = 30


class DayCount:
    """Counts the days on which this server ran and exported. ``seconds`` is monotonic time."""

    def __init__(self, days: CountedDays, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._days = days
        self._seconds = seconds
        self._since = seconds()

    def look(self) -> None:
        """Count a day when 20 hours have passed since the start and the last one, and something was exported.

        Raises:
            StoreError: not this time.
        """
        now = self._seconds()
        if now - self._since >= DAY_SECONDS and self._days.count():
            self._since = now


def delete_receipted(store: Store, identity: Identity, policy: IntakePolicy) -> int:
    """Delete submissions that their reviewers have receipted; return how many.

    A submission goes when all reviewers of its manifest have receipted it, or when one has and 30 counted days have
    passed. While intake is closed, none goes by age. After a restore, none goes before a person has adopted a
    manifest: what the old receipts name may have been lost with a machine since.
    """
    store.submissions.resume_deletions()
    if policy.is_put_back():
        return 0
    present = frozenset(party.verify_key.to_bytes() for party in policy.manifest().manifest.reviewers)
    days = store.days.days() if _is_open(policy) else None
    reviewers: dict[bytes, frozenset[bytes] | None] = {}
    deleted = 0
    for submission, receipts in store.outgoing.receipts():
        name = submission.manifest_sha256
        if name not in reviewers:
            reviewers[name] = _reviewers(store, identity, name)
        if may_delete(reviewers[name], receipts, present=present, days=days):
            store.submissions.delete(submission.submission)
            deleted += 1
    if deleted:
        store.wipe_traces()
    return deleted


def drop_old_replies(store: Store, policy: IntakePolicy, clock: Clock) -> None:
    """Delete replies, real and dummy alike, that are older than 60 days.

    While intake is closed none is deleted, as the clock may be wrong.
    """
    if _is_open(policy):
        store.replies.drop_older_than(clock.today() - dt.timedelta(days=REPLY_DAYS))


def may_delete(
    reviewers: frozenset[bytes] | None,
    receipts: dict[bytes, int],
    *,
    present: frozenset[bytes],
    days: int | None,
) -> bool:
    """Apply the retention rule to one submission.

    ``reviewers`` are those of its manifest, None if that cannot be read: then it stays. ``receipts`` maps a
    reviewer to the count of days at its receipt, ``days`` is the count now. Only a receipt of a reviewer who is
    ``present`` in the newest manifest counts for deletion by age: a reviewer who was removed may have lost the
    submission. Without ``days`` nothing goes by age.
    """
    if not reviewers:
        return False
    counted = {reviewer: at for reviewer, at in receipts.items() if reviewer in reviewers}
    if len(counted) == len(reviewers):
        return True
    kept_since = [at for reviewer, at in counted.items() if reviewer in present]
    return days is not None and any(days - at >= _ONE_RECEIPT_DAYS for at in kept_since)


def _is_open(policy: IntakePolicy) -> bool:
    try:
        policy.intake()
    except IntakeClosed:
        return False
    return True


def _reviewers(store: Store, identity: Identity, manifest_sha256: bytes) -> frozenset[bytes] | None:
    kept = store.manifests.by_sha256(manifest_sha256)
    if kept is None:
        return None
    try:
        verified = verify_manifest(kept.raw, kept.signature, root=identity.root)
    except CryptoError:
        return None
    return frozenset(party.verify_key.to_bytes() for party in verified.manifest.reviewers)
