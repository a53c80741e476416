"""Counts per circuit over the last ten minutes, in memory only.

A circuit's number means nothing outside of tor, and it has a new one as soon as the browser makes a new circuit.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from tipline.requests.circuit import Circuit

KEPT_SECONDS = 10 * 60
MOST_CIRCUITS = 10_000


class CircuitCounter:
    """Counts by circuit. What one had is forgotten ten minutes after it last had something."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._had: OrderedDict[Circuit, tuple[int, float]] = OrderedDict()  # the most recent circuit is at the end

    def add(self, circuit: Circuit, count: int) -> None:
        """Add to this circuit's count. A request without a circuit is not counted: all would share one count."""
        if not circuit.is_known:
            return
        with self._lock:
            self._forget()
            before, _ = self._had.pop(circuit, (0, 0.0))
            self._had[circuit] = (before + count, self._seconds())
            if len(self._had) > MOST_CIRCUITS:
                self._had.popitem(last=False)

    def of(self, circuit: Circuit) -> int:
        """Return the count of this circuit; 0 for an unknown one."""
        with self._lock:
            self._forget()
            count, _ = self._had.get(circuit, (0, 0.0))
            return count

    def sweep(self) -> None:
        """Forget expired counts, also when no request comes any more."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        ended = self._seconds() - KEPT_SECONDS
        while self._had and next(iter(self._had.values()))[1] < ended:
            self._had.popitem(last=False)
