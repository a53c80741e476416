"""Announcements: which parts of formats the programs of the reviewers and of this server read.

``docs/formats/announcement.md``. Those of the reviewers come with their outboxes and are passed on to all of them.
Each is kept under its digest, as a statement that lists one may be sealed again later.
"""

import hashlib
from typing import Final

from crypto.bundles.announcement import sign_announcement
from crypto.keys.keys import PartyVerifyKey
from crypto.manifests.manifest import VerifiedManifest
from tipline.instance.identity import Identity
from tipline.store import Store

_LAST: Final = "last announcement of "
_KEPT: Final = "announcement "


def keep_announcement(item: bytes, party: PartyVerifyKey, store: Store) -> None:
    """Keep the verified announcement of a reviewer in place of an earlier one.

    Raises:
        StoreError.
    """
    digest = _keep(item, store)
    store.settings.put(f"{_LAST}{party}", digest.encode("ascii"))


def to_pass_on(manifest: VerifiedManifest, store: Store, identity: Identity) -> list[bytes]:
    """This server's announcement and those of its reviewers; none before each of them has announced.

    A reviewer whose program is older would refuse a bundle with an announcement as newer, and all tips in it.

    Raises:
        StoreError.
    """
    found = [announcement_of(party.verify_key, store) for party in manifest.manifest.reviewers]
    known = [item for item in found if item is not None]
    if len(known) < len(found):
        return []
    own = sign_announcement(key=identity.keys.signing, root=identity.root)
    _keep(own, store)
    return [own, *known]


def announcement_of(party: PartyVerifyKey, store: Store) -> bytes | None:
    """The last announcement of a reviewer; None before its first one."""
    digest = store.settings.get(f"{_LAST}{party}")
    return None if digest is None else store.settings.get(f"{_KEPT}{digest.decode('ascii')}")


def announcement_with(sha256: bytes, store: Store) -> bytes | None:
    """The announcement with this digest (32 bytes); None where the store has lost it."""
    return store.settings.get(f"{_KEPT}{sha256.hex()}")


def _keep(item: bytes, store: Store) -> str:
    """Keep an announcement; its digest in hex digits."""
    digest = hashlib.sha256(item).hexdigest()
    if store.settings.get(f"{_KEPT}{digest}") is None:
        store.settings.put(f"{_KEPT}{digest}", item)
    return digest
