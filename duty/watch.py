"""The watch of one duty machine: posts in, a ringing bell out, and acknowledgements by people.

It knows no network and no page; both are handed what they need. All times are Unix seconds of this machine.
"""

import threading
from collections.abc import Callable, Iterable

from crypto.beacon.duty_note import MOST_ACKNOWLEDGED, Acknowledged, DutyNote
from crypto.primitives.week import Week
from duty.judgement import Judge, JudgedId
from duty.ledger import Ledger
from duty.presses import MachineRole, Press, Presses, PressKey

NOTED_SECONDS = 2 * 86_400


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
        self._unkept: dict[PressKey, Press] = {}
        self._copies: list[bytes] = []
        self._number = 0
        self._heard_number: dict[int, int] = {}
        self._told: tuple[Acknowledged, ...] = ()

    def take(self, untrusted_posts: Iterable[bytes], *, now: int, have_waited: bool = False) -> list[JudgedId]:
        """Judge all posts of one fetch, ring, and then keep what they say.

        ``have_waited`` is True for posts that may have waited for this machine, as after an outage.
        What the disk did not take before is kept as well. The caller stores its place in the stream only
        after this returns: a machine that is killed before gets the same posts again.

        Raises:
            OSError: the disk does not keep a press; all posts were judged, and their presses ring nevertheless.
        """
        with self._lock:
            findings: list[JudgedId] = []
            for post in untrusted_posts:
                judged = self._judge.judge(post, now=now, has_waited=have_waited)
                findings += judged.findings
                for finding in judged.findings:
                    self._take_finding(finding)
                if judged.copy is not None:
                    self._copies.append(judged.copy)
            self._tell_bell(now)
            self._keep()
            return findings

    def _keep(self) -> None:
        """Keep what has changed, and all that the disk did not take before."""
        while self._unkept:
            key = next(iter(self._unkept))
            self._ledger.note(self._unkept[key])
            del self._unkept[key]
        while self._copies:
            self._keep_copy(self._copies[0])
            del self._copies[0]

    def _take_finding(self, finding: JudgedId) -> None:
        press = self._presses.take(finding)
        if press is not None:
            self._unkept[press.key] = press
            self._heed_told()

    def _heed_told(self) -> None:
        """Acknowledge what the last note of the other machine says."""
        for press in filter(None, map(self._presses.heed, self._told)):
            self._unkept[press.key] = press

    def note_for(self, machine: int, week: Week, *, now: int) -> DutyNote:
        """The note for the other machine: presses acknowledged within two days.

        The last come first, and before all that are late only: those silence nothing there.
        """
        with self._lock:
            self._number = max(self._number + 1, now * 1000)
            recent = [
                press
                for press in self._presses.all()
                if press.acknowledged is not None and now - press.acknowledged <= NOTED_SECONDS
            ]
            recent.sort(key=lambda press: (not press.is_late_only, press.acknowledged or 0), reverse=True)
            told = [
                Acknowledged(
                    *(press.key.button, press.key.meaning, press.key.window),
                    at=press.acknowledged or 0,
                    is_late_only=press.is_late_only,
                )
                for press in recent[:MOST_ACKNOWLEDGED]
            ]
            return DutyNote(machine, week, self._number, now, tuple(told))

    def take_note(self, note: DutyNote, *, now: int) -> None:
        """Acknowledge what a person has acknowledged on the other machine, also a press that is not here yet.

        A note that is not newer than the last one of that machine is ignored.

        Raises:
            OSError: the disk does not keep it; then the press may ring again after a restart.
        """
        with self._lock:
            if note.number <= self._heard_number.get(note.machine, 0):
                return
            self._heard_number[note.machine] = note.number
            self._told = note.acknowledged
            self._heed_told()
            self._tell_bell(now)
            self._keep()

    def tick(self, *, now: int) -> list[Press]:
        """Start or stop the bell; returns the presses that ring at ``now``."""
        with self._lock:
            return self._tell_bell(now)

    def acknowledge(self, key: PressKey, *, by: str, now: int) -> None:
        """A person has seen a press: one that rings, or a late one, which is ticked off as late only.

        Raises:
            KeyError: there is no such press.
            OSError: the disk does not keep it; then the press still rings after a restart.
        """
        with self._lock:
            self._unkept[key] = self._presses.acknowledge(key, by=by, now=now)
            self._tell_bell(now)
            self._keep()

    def mute(self, key: PressKey, *, now: int) -> None:
        """Silence a press on this machine for ten minutes.

        Raises:
            KeyError: there is no such press.
        """
        with self._lock:
            self._presses.mute(key, now=now)
            self._tell_bell(now)

    def press(self, key: PressKey) -> Press:
        """One press. Raises KeyError: there is none of this key."""
        with self._lock:
            return self._presses.get(key)

    def waiting(self) -> list[Press]:
        """Presses that no person has acknowledged, the oldest first."""
        with self._lock:
            return self._presses.waiting()

    def acknowledged_since(self, since: int) -> list[Press]:
        """Presses that a person acknowledged at ``since`` or later, the last first."""
        with self._lock:
            found = [press for press in self._presses.all() if (press.acknowledged or 0) >= since]
            return sorted(found, key=lambda press: press.acknowledged or 0, reverse=True)

    def unanswered(self, *, now: int) -> list[Press]:
        """Presses for which the plan for no second person is shown."""
        with self._lock:
            return self._presses.unanswered(now)

    def _tell_bell(self, now: int) -> list[Press]:
        ringing = self._presses.ringing(now)
        self._ring(bool(ringing))
        return ringing
