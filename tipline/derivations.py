"""Who may derive now: at most two at a time, since each costs 64 MiB and a tenth of a second.

Log-ins stand in a short queue that is fair by circuit: whoever tries a thousand times waits behind himself. One of
the two slots is the pool's when it runs low, so that log-ins never keep a tip waiting.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tipline.circuit import Circuit
from tipline.refusals import Reason, Refused

SLOTS = 2
MOST_WAITING = 24
MOST_WAITING_A_CIRCUIT = 4
PATIENCE_SECONDS = 20.0


class _Ticket:
    __slots__ = ("granted",)

    def __init__(self) -> None:
        self.granted = False


class Derivations:
    """Grants slots; knows nothing of what is derived in them."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._changed = threading.Condition()
        self._running = 0
        self._pool_running = False
        self._pool_is_low = False
        self._tips_waiting = 0
        self._queues: OrderedDict[Circuit, deque[_Ticket]] = OrderedDict()

    @contextmanager
    def for_login(self, circuit: Circuit) -> Iterator[None]:
        """A slot for somebody who types words.

        Raises:
            Refused: too many wait, on this circuit or in all, or it took too long.
        """
        with self._changed:
            self._stand_in_line(circuit)
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._call_next()

    @contextmanager
    def for_tip(self) -> Iterator[None]:
        """The pool's slot, for a tip that has arrived while the pool was empty. Waits as long as it takes."""
        with self._changed:
            self._tips_waiting += 1
            try:
                while self._pool_running or self._running >= SLOTS:
                    self._changed.wait()
            finally:
                self._tips_waiting -= 1
            self._pool_running = True
        try:
            yield
        finally:
            self._end_pool_turn()

    @contextmanager
    def for_pool(self, *, low: bool, wait_seconds: float) -> Iterator[bool]:
        """The pool's slot, for one more ready passphrase: when it is ``low`` as soon as one is free, else only when
        nothing else goes on. Yields whether there was one within ``wait_seconds``."""
        with self._changed:
            self._pool_is_low = low
            ends_at = self._seconds() + wait_seconds
            while not (granted := self._pool_may_run()):
                left = ends_at - self._seconds()
                if left <= 0 or not self._changed.wait(left):
                    break
            self._pool_running = self._pool_running or granted
        try:
            yield granted
        finally:
            if granted:
                self._end_pool_turn()

    def _pool_may_run(self) -> bool:
        if self._pool_running or self._tips_waiting:
            return False
        return self._running < SLOTS if self._pool_is_low else self._running == 0 and not self._queues

    def _end_pool_turn(self) -> None:
        with self._changed:
            self._pool_running = False
            self._call_next()

    def _login_may_run(self) -> bool:
        kept_free = self._pool_running or self._pool_is_low or self._tips_waiting > 0
        return self._running < (SLOTS - 1 if kept_free else SLOTS)

    def _stand_in_line(self, circuit: Circuit) -> None:
        waiting = sum(len(queue) for queue in self._queues.values())
        if waiting >= MOST_WAITING:
            raise Refused(Reason.BUSY)
        queue = self._queues.setdefault(circuit, deque())
        # Behind a tor that does not tell circuits apart, all log-ins share one queue: only the whole is limited.
        if circuit.is_known and len(queue) >= MOST_WAITING_A_CIRCUIT:
            raise Refused(Reason.TOO_MANY_TRIES)
        ticket = _Ticket()
        queue.append(ticket)
        self._call_next()
        ends_at = self._seconds() + PATIENCE_SECONDS
        while not ticket.granted:
            left = ends_at - self._seconds()
            if left <= 0:
                queue.remove(ticket)
                if not queue:
                    self._queues.pop(circuit, None)
                raise Refused(Reason.BUSY)
            self._changed.wait(left)

    def _call_next(self) -> None:
        while self._queues and self._login_may_run():
            circuit, queue = next(iter(self._queues.items()))
            queue.popleft().granted = True
            self._running += 1
            self._queues.move_to_end(circuit)
            if not queue:
                del self._queues[circuit]
        self._changed.notify_all()
