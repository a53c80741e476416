"""Withheld items: submissions that the disk does not return. They are sent once the disk is well.

The last export that read a bundle notes in the store which of its items were withheld. ``status`` names them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tipline.store import Store
from tipline.store.errors import StoreBusy, StoreError, StoreFull
from tipline.store.submissions import StoredSubmission

_SETTING: Final = "withheld"
_HELD_BYTES: Final = 4 << 20
"""Up to here a submission is read once, into memory; a longer one a second time, as it is written."""


@dataclass(frozen=True, slots=True, order=True)
class WithheldItem:
    """Numbers from 1, as the reviewers are told them; ``sha256`` is the digest of the sealed submission."""

    bundle: int
    item: int
    sha256: bytes

    def __str__(self) -> str:
        return f"item {self.item} of bundle {self.bundle} (submission {self.sha256.hex()[:12]})"


def checked_pieces(stored: StoredSubmission, store: Store) -> Iterable[bytes] | None:
    """Return the bytes of a submission in pieces, once all were read and fit their digest.

    Returns None if they do not fit or the disk does not return them. Holds at most 4 MiB in memory.

    Raises:
        StoreBusy, StoreFull: nothing can be said now.
    """
    held: list[bytes] = []
    is_small = stored.length <= _HELD_BYTES
    digest = hashlib.sha256()
    try:
        for piece in store.submissions.pieces(stored.submission):
            digest.update(piece)
            if is_small:
                held.append(piece)
    except (StoreBusy, StoreFull):
        raise
    except StoreError:
        return None
    if digest.digest() != stored.sha256:
        return None
    return held if is_small else store.submissions.pieces(stored.submission)


def withheld_items(store: Store) -> list[WithheldItem]:
    """Return the withheld items that are still in the store, in order.

    Items of a stream that ended with a restore are left out.

    Raises:
        StoreError.
    """
    return sorted(one for one in _kept(store) if store.outgoing.bundle_of(one.sha256) == one.bundle)


def note_withheld(store: Store, bundle: int, found: Sequence[WithheldItem]) -> None:
    """Keep what an export found of one bundle, in place of what the one before had found of it.

    Raises:
        StoreError.
    """
    before = withheld_items(store)
    now = sorted([*(one for one in before if one.bundle != bundle), *found])
    if now != before:
        lines = (f"{one.bundle} {one.item} {one.sha256.hex()}" for one in now)
        store.settings.put(_SETTING, "\n".join(lines).encode("ascii"))


def _kept(store: Store) -> Iterator[WithheldItem]:
    for line in (store.settings.get(_SETTING) or b"").decode("ascii").splitlines():
        bundle, item, digits = line.split(" ")
        yield WithheldItem(int(bundle), int(item), bytes.fromhex(digits))
