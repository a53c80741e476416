"""Visitors who log in, each in a thread of their own, and who of them stand in line."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tipline.limits.kdf_queue import KdfQueue
from tipline.requests.circuit import Circuit
from tipline.requests.refusals import Reason, Refused

ONE, TWO, UNKNOWN = Circuit("one"), Circuit("two"), Circuit("")


class Visitor:
    """Someone who logs in, in a thread of their own."""

    def __init__(self, derivations: KdfQueue, circuit: Circuit) -> None:
        self.circuit = circuit
        self.running = threading.Event()
        self.may_end = threading.Event()
        self.refused: Reason | None = None
        self._derivations = derivations
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._derivations.for_login(self.circuit):
                self.running.set()
                self.may_end.wait()
        except Refused as refused:
            self.refused = refused.reason

    def end(self) -> None:
        self.may_end.set()
        self._thread.join()


def waiting(derivations: KdfQueue) -> int:
    with derivations._changed:
        return len(derivations._logins)


def tips_waiting(derivations: KdfQueue) -> int:
    with derivations._changed:  # free only once anyone who stands in line waits
        return len(derivations._tips)


def come(derivations: KdfQueue, circuit: Circuit) -> Visitor:
    """A visitor who runs or stands in line when this returns."""
    before = waiting(derivations)
    visitor = Visitor(derivations, circuit)
    while not visitor.running.is_set() and waiting(derivations) <= before:
        visitor.running.wait(0.001)
    return visitor


@contextmanager
def visitors(derivations: KdfQueue, *circuits: Circuit) -> Iterator[list[Visitor]]:
    came = [come(derivations, circuit) for circuit in circuits]
    try:
        yield came
    finally:
        for visitor in came:
            visitor.may_end.set()
        for visitor in came:
            visitor.end()
