"""The small items of one bundle of a reviewer. They count only once the whole bundle was read."""

from dataclasses import dataclass, field
from typing import Final

from crypto.bundles.announcement import LONGEST_BYTES as ANNOUNCEMENT_BYTES
from crypto.bundles.bundle import ItemEntry, ItemSource, ItemType
from crypto.bundles.bundle_items import LONGEST_BYTES, DeliveryReceipt, Withdrawal
from crypto.manifests.manifest import SignedManifest
from crypto.sharing.carried_item import PAYLOAD_BYTES, CarriedItem
from tipline.errors import CarryRefused

_MANIFEST_BYTES: Final = (4 << 20) + (8 << 10)
_SMALL_ITEMS_BYTES: Final = 64 << 20
_NOTHING_TAKEN: Final = "nothing of it was taken in: ask that reviewer which program wrote it"


@dataclass(slots=True)
class SmallItems:
    """Digests that were receipted, ids of withdrawn replies, and what else is not a reply.

    ``announced`` are announcements that were not verified.
    """

    receipted: list[bytes] = field(default_factory=list)
    withdrawn: list[bytes] = field(default_factory=list)
    manifests: list[SignedManifest] = field(default_factory=list)
    shared: list[CarriedItem] = field(default_factory=list)
    announced: list[bytes] = field(default_factory=list)
    replies: int = 0
    size: int = 0

    def collect(self, entry: ItemEntry, item: ItemSource) -> None:
        """Read an item that is not a reply.

        Raises:
            CarryRefused: too much of it, or an item that no reviewer sends.
            CryptoError: the item is not as it must be.
        """
        self.size += entry.length
        if self.size > _SMALL_ITEMS_BYTES:
            raise CarryRefused("bundle has too many receipts, withdrawals and manifests")
        match entry.type:
            case ItemType.RECEIPT:
                self.receipted.extend(DeliveryReceipt.parse(item.whole(limit_bytes=LONGEST_BYTES)).hashes)
            case ItemType.WITHDRAWAL:
                self.withdrawn.extend(Withdrawal.parse(item.whole(limit_bytes=LONGEST_BYTES)).reply_ids)
            case ItemType.MANIFEST:
                self.manifests.append(SignedManifest.parse(item.whole(limit_bytes=_MANIFEST_BYTES)))
            case ItemType.SHARED:
                if self.shared:
                    raise CarryRefused(
                        "a bundle must hold one item for the other reviewers at most", hint=_NOTHING_TAKEN
                    )
                self.shared.append(CarriedItem.parse(item.whole(limit_bytes=PAYLOAD_BYTES)))
            case ItemType.ANNOUNCEMENT:
                self.announced.append(item.whole(limit_bytes=ANNOUNCEMENT_BYTES))
            case _:
                raise CarryRefused(f"reviewers send no item of the type {entry.type.value}", hint=_NOTHING_TAKEN)
