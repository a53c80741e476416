"""The queue for key derivations: at most two at a time, as each takes 64 MiB and a tenth of a second.

Log-ins wait in a short queue that is fair by circuit: a thousand attempts on one circuit wait behind each other,
and so do a thousand tips once no prepared passphrase is left. When the queue is full, the circuit with the most
waiting requests loses its newest. If every circuit has one, a circuit that logged in during the last ten minutes
loses its place to one that did not. One of the two slots belongs to the passphrase pool when that runs low, so that
log-ins never delay a tip. A circuit that sends more than a first tip shares that slot with the pool in turns, so
that passphrases are prepared however much junk waits.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tipline.limits.circuit_counter import CircuitCounter
from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason, Refused

SLOTS = 2
MOST_WAITING = 64
MOST_WAITING_A_CIRCUIT = 4
PATIENCE_SECONDS = 20.0


class _Ticket:
    __slots__ = ("granted", "sent_away")

    def __init__(self) -> None:
        self.granted = False
        self.sent_away = False


class _CircuitQueue:
    """Waiting requests by circuit. Circuits take turns, so that many on one wait behind each other."""

    def __init__(self) -> None:
        self._queues: OrderedDict[Circuit, deque[_Ticket]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def waiting_on(self, circuit: Circuit) -> int:
        return len(self._queues.get(circuit, ()))

    def join(self, circuit: Circuit) -> _Ticket:
        ticket = _Ticket()
        self._queues.setdefault(circuit, deque()).append(ticket)
        return ticket

    def call_next(self) -> None:
        """Grant the next ticket; there must be one."""
        circuit, queue = next(iter(self._queues.items()))
        queue.popleft().granted = True
        self._queues.move_to_end(circuit)
        if not queue:
            del self._queues[circuit]

    def make_place_for(self, circuit: Circuit) -> bool:
        """Drop the newest request of the fullest circuit, if it has more than ``circuit`` would have.

        Returns whether there is a place now.
        """
        longest = max(self._queues, key=lambda one: len(self._queues[one]), default=circuit)
        if self.waiting_on(longest) <= self.waiting_on(circuit) + 1:
            return False
        self._queues[longest].pop().sent_away = True
        return True

    def make_place_by(self, gives_way: Callable[[Circuit], bool]) -> bool:
        """Send away who comes last of the circuits that give way; whether there is a place now."""
        for circuit, queue in reversed(self._queues.items()):
            if gives_way(circuit):
                queue.pop().sent_away = True
                if not queue:
                    del self._queues[circuit]
                return True
        return False

    def leave(self, circuit: Circuit, ticket: _Ticket) -> None:
        """Remove a ticket that waits no longer."""
        self._queues[circuit].remove(ticket)
        if not self._queues[circuit]:
            del self._queues[circuit]


class KdfQueue:
    """Grants slots; knows nothing of what is derived in them."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._changed = threading.Condition()
        self._running = 0
        self._pool_running = False
        self._pool_is_low = False
        self._pool_waits = False
        self._pool_was_last = False
        self._first_tips = _CircuitQueue()
        self._tips = _CircuitQueue()
        self._logins = _CircuitQueue()
        self._were_let_in = CircuitCounter(seconds=seconds)

    def sweep(self) -> None:
        """Forget which circuits logged in ten minutes ago."""
        self._were_let_in.sweep()

    @contextmanager
    def for_login(self, circuit: Circuit) -> Iterator[None]:
        """Take a slot for a source who types a passphrase.

        Raises:
            Refused: too many wait, on this circuit or in all, or it took too long.
        """
        with self._changed:
            self._join(circuit)
        try:
            self._were_let_in.add(circuit, 1)
            yield
        finally:
            self._end_login()

    @contextmanager
    def for_tip(self, circuit: Circuit, *, is_first: bool = True) -> Iterator[None]:
        """Take the pool's slot for a tip for which no passphrase was ready.

        Waits as long as it takes. Circuits take turns, and one whose tip ``is_first`` goes before the others.
        """
        turns = self._first_tips if is_first else self._tips
        with self._changed:
            ticket = turns.join(circuit)
            try:
                self._call_next()
                while not ticket.granted:
                    self._wait(None)
            except BaseException:
                # No memory to wait with, perhaps: a slot granted to no thread would be lost.
                if ticket.granted:
                    self._end_pool_turn(of_the_pool=False)
                else:
                    turns.leave(circuit, ticket)
                raise
        try:
            yield
        finally:
            self._end_pool_turn(of_the_pool=False)

    @contextmanager
    def for_pool(self, *, low: bool, wait_seconds: float) -> Iterator[bool]:
        """Take the pool's slot to prepare one more passphrase; yield whether there was one in time.

        When the pool is ``low`` it gets the next free slot, else only when nothing else runs. Waits
        ``wait_seconds``.
        """
        granted = False
        ends_at = self._seconds() + wait_seconds
        with self._changed:
            self._pool_is_low, self._pool_waits = low, True
            try:
                self._call_next()
                while not (granted := self._pool_may_run()):
                    left = ends_at - self._seconds()
                    if left <= 0:
                        break
                    self._wait(left)
            finally:
                self._pool_waits = False
                self._pool_running = self._pool_running or granted
                if not granted:
                    self._call_next()
        try:
            yield granted
        finally:
            if granted:
                self._end_pool_turn(of_the_pool=True)

    def pool_has_enough(self) -> None:
        """Return the pool's slot to log-ins, as the pool is low no more."""
        with self._changed:
            self._pool_is_low = False
            self._call_next()

    def _pool_may_run(self) -> bool:
        if self._pool_running or self._first_tips or (self._tips and self._pool_was_last):
            return False
        return self._running < SLOTS if self._pool_is_low else self._running == 0 and not self._logins

    def _tip_may_run(self) -> bool:
        if self._pool_running or self._running >= SLOTS:
            return False
        is_pools_turn = self._pool_waits and self._pool_is_low and not self._pool_was_last
        return bool(self._first_tips) or (bool(self._tips) and not is_pools_turn)

    def _end_login(self) -> None:
        with self._changed:
            self._running -= 1
            self._call_next()

    def _end_pool_turn(self, *, of_the_pool: bool) -> None:
        with self._changed:
            self._pool_running = False
            self._pool_was_last = of_the_pool
            self._call_next()

    def _login_may_run(self) -> bool:
        kept_free = self._pool_running or self._pool_is_low or bool(self._first_tips) or bool(self._tips)
        return self._running < (SLOTS - 1 if kept_free else SLOTS)

    def _join(self, circuit: Circuit) -> None:
        # Behind a tor that does not tell circuits apart, all log-ins share one queue: only the whole is limited.
        if circuit.is_known and self._logins.waiting_on(circuit) >= MOST_WAITING_A_CIRCUIT:
            raise Refused(Reason.TOO_MANY_TRIES)
        if len(self._logins) >= MOST_WAITING:
            if not self._logins.make_place_for(circuit) and not self._make_place_for_a_new_one(circuit):
                raise Refused(Reason.BUSY)
            self._changed.notify_all()
        ticket = self._logins.join(circuit)
        try:
            self._call_next()
            self._wait_for(ticket)
        except BaseException:
            if ticket.granted:
                self._end_login()
            elif not ticket.sent_away:
                self._logins.leave(circuit, ticket)
            raise

    def _make_place_for_a_new_one(self, circuit: Circuit) -> bool:
        is_new = circuit.is_known and not self._were_let_in.of(circuit)
        return is_new and self._logins.make_place_by(lambda other: self._were_let_in.of(other) > 0)

    def _wait_for(self, ticket: _Ticket) -> None:
        ends_at = self._seconds() + PATIENCE_SECONDS
        while not ticket.granted:
            if ticket.sent_away:
                raise Refused(Reason.TOO_MANY_TRIES)
            left = ends_at - self._seconds()
            if left <= 0:
                raise Refused(Reason.BUSY)
            self._wait(left)

    def _wait(self, seconds: float | None) -> None:
        """Wait for a change.

        Raises:
            MemoryError: there is none to wait with. Python raises another error for a lock that the system refuses.
        """
        try:
            self._changed.wait(seconds)
        except RuntimeError as error:
            raise MemoryError from error

    def _call_next(self) -> None:
        if self._tip_may_run():
            (self._first_tips or self._tips).call_next()
            self._pool_running = True
        while self._logins and self._login_may_run():
            self._logins.call_next()
            self._running += 1
        self._changed.notify_all()
