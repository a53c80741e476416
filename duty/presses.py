"""Presses on this machine: which of them ring, which were acknowledged, which are muted for a while.

A press is one button, one of the three meanings of help, and the window in which it began. A later id of the same
press belongs to it; the next press of the button has another meaning, and so rings.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from crypto.beacon.duty_note import Acknowledged
from crypto.beacon.rotating_id import Meaning
from duty.judgement import Colour, Doubt, JudgedId

LONGEST_PRESS_WINDOWS = 2
"""The most windows behind its first that a press of 30 minutes reaches; an hour has three presses at most."""
PRESS_SECONDS = 1800
"""A press sends its ids for half an hour."""
SILENCE_SECONDS = 1500
"""The next press of one meaning begins an hour after this one began, so half an hour of silence lies between.

Five minutes less, since two clocks measure it.
"""
SECOND_MACHINE_SECONDS = 60
NO_ONE_SECONDS = 180
MUTE_SECONDS = 600
OTHER_MACHINE = "the other machine"
_KEPT_STEP_SECONDS = 300


class MachineRole(StrEnum):
    """The first machine rings at once, the second when no one has acknowledged after a minute."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True, order=True)
class PressKey:
    """By which both machines, and the ledger, name a press."""

    button: int
    meaning: Meaning
    window: int


@dataclass(slots=True)
class Press:
    """One press, with all that was found of it. Times are Unix seconds of this machine."""

    key: PressKey
    place: int
    came: int
    is_yellow: bool
    first_heard: int
    last_heard: int
    """Of its ids. The last time is kept in steps of five minutes."""
    relays: set[int] = field(default_factory=set)
    doubts: set[Doubt] = field(default_factory=set)
    acknowledged: int | None = None
    acknowledged_by: str = ""
    is_late_only: bool = False
    """It was ticked off as late, and rings if more of it comes in time."""
    muted_until: int = 0
    windows: set[int] = field(default_factory=set)
    """The windows of its ids that came, in any order; that of its key is one of them."""

    def may_have(self, window: int) -> bool:
        """True if an id of ``window`` can belong to it: a press reaches over three windows and no more.

        After an outage a later window may come first: with its key alone, the next press of this meaning, an hour
        later, would be taken for this one and be silent.
        """
        known = self.windows | {self.key.window}
        return max(known) - LONGEST_PRESS_WINDOWS <= window <= min(known) + LONGEST_PRESS_WINDOWS

    def has(self, finding: JudgedId) -> bool:
        """True if the finding is of this press.

        Windows alone do not tell: of one press perhaps only the last window is heard, and the next one of its
        meaning is one or two windows away. The ids of a press are heard within half an hour, and between the two
        presses there is silence. After an outage the later press may come first.
        """
        if self.knows(finding.window):
            return True
        heard, first, last = _heard(finding), self.first_heard, self.last_heard
        is_within = last - PRESS_SECONDS <= heard <= first + PRESS_SECONDS
        is_beside = first - SILENCE_SECONDS < heard < last + SILENCE_SECONDS
        return (is_within or is_beside) and self.may_have(finding.window)

    def knows(self, window: int) -> bool:
        """True if an id of ``window`` came. Two presses of one meaning share no window."""
        return window in self.windows or window == self.key.window

    def is_told_by(self, told: Acknowledged) -> bool:
        """True if the other machine means this press.

        It may have heard it first in another window. What was heard half an hour after it was acknowledged there is
        a later press. What is late only there counts for nothing that rings here.
        """
        if told.is_late_only and not (self.is_yellow and self.knows(told.window)):
            return False
        return self.may_have(told.window) and self.first_heard <= told.at + PRESS_SECONDS

    def note_heard(self, at: int) -> None:
        """An id of it was heard at ``at``."""
        self.first_heard = min(self.first_heard, at)
        if at - self.last_heard >= _KEPT_STEP_SECONDS:
            self.last_heard = at

    def rings_now(self, *, came: int) -> None:
        """Ring from now on: more of a late press has come in its time.

        A person who ticked it off as late has acknowledged no press that rang.
        """
        self.is_yellow, self.came, self.muted_until = False, came, 0
        self.doubts.clear()
        if self.is_late_only:
            self.acknowledged, self.acknowledged_by, self.is_late_only = None, "", False

    @property
    def is_one_source(self) -> bool:
        """True while one relay only has heard it."""
        return len(self.relays) < 2

    def is_muted(self, now: int) -> bool:
        """True for ten minutes after it was muted, also if the clock is set back meanwhile."""
        return 0 < self.muted_until - now <= MUTE_SECONDS


class Presses:
    """All presses that are not forgotten; what changes one is told to the ledger by the caller."""

    def __init__(self, role: MachineRole) -> None:
        self._role = role
        self._presses: dict[PressKey, Press] = {}

    def all(self) -> list[Press]:
        """Every press that is known, the oldest first."""
        return sorted(self._presses.values(), key=lambda press: (press.came, press.key))

    def take(self, finding: JudgedId) -> Press | None:
        """Add a finding of help to its press; None for a finding of another meaning."""
        if not finding.meaning.is_help:
            return None
        press = self._press_of(finding)
        press.windows.add(finding.window)
        press.note_heard(_heard(finding))
        if finding.colour is Colour.RED:
            if press.is_yellow:
                press.rings_now(came=finding.came)
            press.relays.add(finding.relay)
        # What comes late of a press that rang, or is played again, must not make it look old.
        if finding.colour is Colour.RED or press.is_yellow:
            press.doubts |= set(finding.doubts)
        return press

    def restore(self, press: Press) -> None:
        """Put back a press that the ledger knows, as it stood there."""
        self._presses[press.key] = press

    def acknowledge(self, key: PressKey, *, by: str, now: int) -> Press:
        """A person has seen the press: it never rings again, and a yellow one is ticked off.

        Raises:
            KeyError: there is no such press.
        """
        press = self._presses[key]
        if press.acknowledged is None:
            press.acknowledged, press.acknowledged_by, press.is_late_only = now, by, press.is_yellow
        return press

    def get(self, key: PressKey) -> Press:
        """One press. Raises KeyError: there is none of this key."""
        return self._presses[key]

    def heed(self, told: Acknowledged) -> Press | None:
        """Acknowledge what a person has acknowledged on the other machine; None where that changes nothing."""
        key = PressKey(told.button, told.meaning, told.window)
        press = self._near(key, lambda one: one.is_told_by(told))
        if press is None or (press.acknowledged is not None and press.is_late_only <= told.is_late_only):
            return None
        press.acknowledged, press.acknowledged_by, press.is_late_only = told.at, OTHER_MACHINE, told.is_late_only
        return press

    def _near(self, key: PressKey, is_it: Callable[[Press], bool]) -> Press | None:
        """The press that has an id of the window of ``key``, else the oldest: in doubt the later one rings."""
        span = range(key.window - LONGEST_PRESS_WINDOWS, key.window + LONGEST_PRESS_WINDOWS + 1)
        keys = (PressKey(key.button, key.meaning, window) for window in span)
        found = [press for one in keys if (press := self._presses.get(one)) is not None and is_it(press)]
        return min(found, key=lambda press: (not press.knows(key.window), press.first_heard), default=None)

    def mute(self, key: PressKey, *, now: int) -> Press:
        """Silence one press on this machine for ten minutes. The other machine, and a new press, still ring.

        Raises:
            KeyError: there is no such press.
        """
        press = self._presses[key]
        press.muted_until = now + MUTE_SECONDS
        return press

    def waiting(self) -> list[Press]:
        """Presses, yellow ones too, that no person has acknowledged, the oldest first."""
        return [press for press in self.all() if press.acknowledged is None]

    def ringing(self, now: int) -> list[Press]:
        """Presses for which this machine rings now.

        A press that came in the future rings: the clock was set back since.
        """
        patience = 0 if self._role is MachineRole.FIRST else SECOND_MACHINE_SECONDS
        return [
            press
            for press in self.waiting()
            if not press.is_yellow and not press.is_muted(now) and not 0 <= now - press.came < patience
        ]

    def unanswered(self, now: int) -> list[Press]:
        """Presses for which the plan is shown: no person acknowledged them for three minutes."""
        return [one for one in self.waiting() if not one.is_yellow and not 0 <= now - one.came < NO_ONE_SECONDS]

    def _press_of(self, finding: JudgedId) -> Press:
        key = PressKey(finding.button, finding.meaning, finding.window)
        known = self._near(key, lambda one: one.has(finding))
        if known is not None:
            return known
        is_yellow, heard = finding.colour is Colour.YELLOW, _heard(finding)
        press = Press(key, finding.place, finding.came, is_yellow, first_heard=heard, last_heard=heard)
        self._presses[key] = press
        return press


def _heard(finding: JudgedId) -> int:
    """When it was heard, by this machine's clock; no later than it came, whatever a relay says."""
    return min(finding.heard_here, finding.came)
