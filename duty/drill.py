"""A drill: presses of a button where it hangs, counted until the place may be called served.

Two people do it: one presses and says so by telephone, one sits at the desk. ``docs/beacon/place.md`` says how.
"""

from dataclasses import dataclass

from crypto.beacon.drill_rule import heard_at_least, is_enough
from crypto.beacon.rotating_id import Meaning
from duty.judgement import Colour, JudgedId

MISSED_SECONDS = 120
"""A press of which nothing has come for so long is a miss."""
REST_SECONDS = 15
"""A drill sends for ten seconds: what a relay heard within this time of the last press belongs to that one."""
BETWEEN_SECONDS = 20
"""From one press to the next: more than the rest, so that people who do not press on the second miss none."""
EARLY_SECONDS = 3
"""A sighting that was heard earlier than that before a press belongs to the press before it."""


@dataclass(frozen=True, slots=True)
class DrillResult:
    """How a drill stands; ``missed`` presses were not heard in time.

    ``is_waiting`` is True while a press may still come. After it was heard, ``rest_seconds`` pass before the next.
    """

    presses: int
    heard: int
    missed: int
    is_waiting: bool
    bound: float
    rest_seconds: int = 0

    @property
    def is_served(self) -> bool:
        """True once the place may be called served."""
        return is_enough(self.heard, self.presses)


class Drill:
    """The drill of one button. Times are Unix seconds of this machine."""

    def __init__(self, button: int) -> None:
        self._button = button
        self._heard = self._missed = 0
        self._pressed_at: int | None = None
        self._next_from = 0
        self._last_heard: dict[int, int] = {}

    def pressed(self, *, now: int) -> int:
        """The person at the button presses now; returns the number of the press.

        Raises:
            ValueError: the press before may still come, or is still sent. Wait for it.
        """
        result = self.result(now=now)
        if result.is_waiting or result.rest_seconds:
            raise ValueError("wait until the press before was heard and is over, or two minutes have passed")
        self._pressed_at, self._next_from = now, now + BETWEEN_SECONDS
        return self._heard + self._missed + 1

    def take(self, found: JudgedId) -> bool:
        """True if this is the press that was waited for. Of another button, or of no drill, it is not."""
        if found.button != self._button or found.meaning is not Meaning.DRILL or found.colour is not Colour.GREEN:
            return False
        before = self._last_heard.get(found.relay)
        is_rest = before is not None and found.heard - before < REST_SECONDS
        if not is_rest:
            self._last_heard[found.relay] = found.heard
        at = self._pressed_at
        if is_rest or at is None or not 0 <= found.came - at <= MISSED_SECONDS:
            return False
        if found.heard_here < at - EARLY_SECONDS:
            # The second relay's post about the press before: it comes up to a slot later, and proves nothing now.
            return False
        self._heard += 1
        self._pressed_at = None
        return True

    def result(self, *, now: int) -> DrillResult:
        """How the drill stands; a press of which nothing came in time is a miss from now on."""
        if self._pressed_at is not None and now - self._pressed_at > MISSED_SECONDS:
            self._missed += 1
            self._pressed_at = None
        presses = self._heard + self._missed
        bound = heard_at_least(self._heard, presses)
        is_waiting, left = self._pressed_at is not None, self._next_from - now
        rest = left if not is_waiting and 0 < left <= BETWEEN_SECONDS else 0
        return DrillResult(presses, self._heard, self._missed, is_waiting, bound, rest)
