"""The watch of one duty machine: posts in, a ringing bell out, and acknowledgements by people.

It knows no network and no page; both are handed what they need. All times are Unix seconds of this machine.
"""

import threading
from collections.abc import Callable, Iterable

from duty.judgement import Judge, JudgedId
from duty.ledger import Ledger
from duty.presses import MachineRole, Press, Presses, PressKey


class DutyWatch:
    """Judges posts, keeps presses in the ledger, and says when to ring; usable by several threads.

    ``ring`` is told whether this machine rings; ``keep_copy`` takes copy B of each post with a press, for the
    casebook.
    """

    def __init__(
        self,
        judge: Judge,
        ledger: Ledger,
        role: MachineRole,
        *,
        ring: Callable[[bool], object],
        keep_copy: Callable[[bytes], object],
    ) -> None:
        self._judge = judge
        self._ledger = ledger
        self._ring = ring
        self._keep_copy = keep_copy
        self._lock = threading.Lock()
        self._presses = Presses(role)
        for press in ledger.presses():
            self._presses.restore(press)

    def take(self, untrusted_posts: Iterable[bytes], *, now: int) -> list[JudgedId]:
        """Judge the posts of one fetch, keep what they say, and ring.

        The caller asks the server for later posts only after this has returned: a machine that is killed before
        gets the same posts again.

        Raises:
            OSError: the disk does not keep a press; it rings nevertheless.
        """
        with self._lock:
            findings: list[JudgedId] = []
            try:
                for post in untrusted_posts:
                    judged = self._judge.judge(post, now=now)
                    findings += judged.findings
                    presses = [self._presses.take(finding) for finding in judged.findings]
                    if judged.copy is not None:
                        self._keep_copy(judged.copy)
                    for press in presses:
                        if press is not None:
                            self._ledger.note(press)
            finally:
                self._tell_bell(now)
            return findings

    def tick(self, *, now: int) -> list[Press]:
        """Ring, or stop ringing, as it must be at ``now``; the presses that ring."""
        with self._lock:
            return self._tell_bell(now)

    def acknowledge(self, key: PressKey, *, by: str, now: int) -> None:
        """A person has seen a press.

        Raises:
            KeyError: there is no such press.
            OSError: the disk does not keep it; then the press still rings after a restart.
        """
        with self._lock:
            press = self._presses.acknowledge(key, by=by, now=now)
            self._tell_bell(now)
            self._ledger.note(press)

    def mute(self, key: PressKey, *, now: int) -> None:
        """Silence a press on this machine for ten minutes.

        Raises:
            KeyError: there is no such press.
        """
        with self._lock:
            self._presses.mute(key, now=now)
            self._tell_bell(now)

    def waiting(self) -> list[Press]:
        """Presses that no person has acknowledged, the oldest first."""
        with self._lock:
            return self._presses.waiting()

    def unanswered(self, *, now: int) -> list[Press]:
        """Presses for which the plan for no second person is shown."""
        with self._lock:
            return self._presses.unanswered(now)

    def _tell_bell(self, now: int) -> list[Press]:
        ringing = self._presses.ringing(now)
        self._ring(bool(ringing))
        return ringing
