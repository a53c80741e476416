"""Items of one reviewer for the others: kept and sent as submissions are, and opened by none but them.

The server does with such an envelope what it does with one that it sealed itself: it lists it in its next bundle
to all reviewers, and deletes it on the same receipts. In its store nothing tells the two apart.
"""

import hashlib

from crypto.errors import CryptoError
from crypto.manifests.manifest import verify_manifest
from crypto.sharing.carried_item import CarriedItem
from tipline.instance.identity import Identity
from tipline.store import Store
from tipline.store.errors import StoreFull, WeekIsClosed


def keep_shared(carried: CarriedItem, store: Store, identity: Identity) -> bool:
    """Keep the envelope; return False where that is not possible, and its author sends it again.

    Its week is closed here, or in no manifest that was adopted, or the disk is full. An import that was cut short
    may bring it again; it is kept once.

    Raises:
        StoreError.
    """
    if not _lists(carried, store, identity):
        return False
    if store.submissions.is_known(hashlib.sha256(carried.envelope).digest()):
        return True
    try:
        with store.submissions.receive(str(carried.week), carried.manifest_sha256) as arrival:
            arrival.write(carried.envelope)
            arrival.complete()
    except WeekIsClosed:
        # Reviewers may destroy the keys of this week: what comes now would be unreadable.
        return False
    except StoreFull:
        # Only the receipts beside it make room again: it must not keep them out.
        return False
    return True


def _lists(carried: CarriedItem, store: Store, identity: Identity) -> bool:
    """True if the manifest that the item names is here and has keys of its week."""
    kept = store.manifests.by_sha256(carried.manifest_sha256)
    if kept is None:
        return False
    try:
        verified = verify_manifest(kept.raw, kept.signature, root=identity.root)
    except CryptoError:
        return False
    return any(entry.week == carried.week for entry in verified.manifest.intake)
