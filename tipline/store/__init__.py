"""The server's store: sealed bytes, and the little that must be known about them.

Nothing in here can open anything: it takes and gives bytes that were sealed elsewhere, and imports no ``crypto``.
"""

from tipline.store.arrival import Arrival
from tipline.store.store import Store

__all__ = ["Arrival", "Store"]
