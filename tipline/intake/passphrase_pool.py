"""A pool of prepared passphrases: derived on an idle server, so that no tip waits. Each is used once."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from crypto.passphrases.mailbox import MailboxAddress
from crypto.passphrases.passphrase import Passphrase
from system.errors import ProgramError
from tipline.limits import request_scheduler
from tipline.limits.circuit_counter import CircuitCounter
from tipline.limits.kdf_queue import KdfQueue
from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason, Refused
from tipline.threads import resource_exhaustion

READY = 64
LOW = READY // 2
QUIET_SECONDS = 2.0
REST_SECONDS = 0.5
TURN_SECONDS = 1.0
"""Wait for a slot, and the pause after a refusal."""


@dataclass(frozen=True, slots=True)
class PreparedPassphrase:
    """Words that were never shown, and the mailbox they open. Prints nothing."""

    words: Passphrase
    mailbox: MailboxAddress

    def __repr__(self) -> str:
        return "<PreparedPassphrase>"


class PassphrasePool:
    """About 64 ready passphrases in memory. ``start`` begins to fill it, after any fork.

    The last ``LOW`` are for circuits that had none within ten minutes, so that junk from a few circuits leaves some
    for all others.

    A derivation uses the memory bus so much that a log-in beside it takes twice as long. So a passphrase that was
    given out is replaced once no other was taken for a while, with a pause before each; the first ones after a
    start are made in the same way. When one is requested and fewer than ``LOW`` are left, they are derived at once.
    """

    def __init__(
        self,
        derivations: KdfQueue,
        derive: Callable[[Passphrase], MailboxAddress],
        *,
        ready: int = READY,
        seconds: Callable[[], float] = time.monotonic,
        rest_seconds: float = REST_SECONDS,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """``ready``: how many wait when the pool is full; half of them are the last ones."""
        self._derivations = derivations
        self._derive = derive
        self._full, self._low = ready, ready // 2
        self._changed = threading.Condition()
        self._ready: deque[PreparedPassphrase] = deque()
        self._had = CircuitCounter(seconds=seconds)
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._seconds = seconds
        self._rest_seconds = rest_seconds
        self._turn_seconds = turn_seconds
        self._quiet_from = -math.inf
        self._is_hurried = False

    def __len__(self) -> int:
        return len(self._ready)

    def start(self) -> None:
        """Fill the pool from now on, in a thread of its own."""
        if self._thread is not None:
            raise RuntimeError("the pool was started already")
        self._stopped.clear()
        thread = threading.Thread(target=self._fill, name="passphrase pool", daemon=True)
        thread.start()
        self._thread = thread  # not before it runs: the system may refuse it

    def stop(self) -> None:
        """Stop filling, and forget what is ready."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._ready.clear()

    def take(self, circuit: Circuit) -> PreparedPassphrase:
        """Return a passphrase that was never shown.

        If none is ready for ``circuit``, it is derived when the circuit has its turn; a busy server never fails
        this.

        Raises:
            Refused: there is no memory to derive in, or to wait with.
        """
        is_first = not self._had.of(circuit)
        self._had.add(circuit, 1)
        with self._changed:
            taken = self._ready.popleft() if len(self._ready) > (0 if is_first else self._low) else None
            self._quiet_from = self._seconds() + QUIET_SECONDS
            self._is_hurried = len(self._ready) < self._low
            self._changed.notify_all()
        if taken is not None:
            return taken
        try:
            with request_scheduler.yielded(), self._derivations.for_tip(circuit, is_first=is_first):
                return self._make()
        except MemoryError as error:
            resource_exhaustion.note()
            raise Refused(Reason.BUSY) from error

    def sweep(self) -> None:
        """Forget which circuits had words ten minutes ago, and when words were last requested."""
        self._had.sweep()
        with self._changed:
            if self._quiet_from <= self._seconds():
                self._quiet_from = -math.inf

    def _make(self) -> PreparedPassphrase:
        words = Passphrase.generate()
        return PreparedPassphrase(words, self._derive(words))

    def _fill(self) -> None:
        while not self._stopped.is_set():
            try:
                self._one_turn(hurried=self._await_hurry_or_rest())
            except (ProgramError, Refused):
                # No manifest yet, so no salt to derive with: intake is closed meanwhile.
                time.sleep(self._turn_seconds)
            except (MemoryError, RuntimeError):
                # No 64 MiB to derive in, or no lock to wait with; to wait for ``_stopped`` would need one as well.
                resource_exhaustion.note()
                time.sleep(self._turn_seconds)

    def _await_hurry_or_rest(self) -> bool:
        """Wait until there is room for one more, and it is urgent or the pause is over.

        Returns whether it is urgent.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._ready) < self._full or self._stopped.is_set())
            while not (self._is_hurried or self._stopped.is_set()):
                rest_seconds = max(self._rest_seconds, self._quiet_from - self._seconds())
                self._changed.wait_for(lambda: self._is_hurried or self._stopped.is_set(), rest_seconds)
                if self._quiet_from <= self._seconds():
                    break
            return self._is_hurried

    def _one_turn(self, *, hurried: bool) -> None:
        if self._stopped.is_set():
            return
        with self._derivations.for_pool(low=hurried, wait_seconds=self._turn_seconds) as granted:
            if not granted:
                return
            made = self._make()
        with self._changed:
            self._ready.append(made)
            self._is_hurried = self._is_hurried and len(self._ready) < self._low
            has_enough = hurried and not self._is_hurried
        if has_enough:
            self._derivations.pool_has_enough()
