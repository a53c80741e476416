"""Rate limiting of new messages and log-ins; the operator turns it on during a spam flood.

While it is on, a message is taken once its form is twenty seconds old, and from one circuit once a minute, unless
its mailbox is open. A source who writes a few words is slower than that and notices nothing. A quicker one gets
back what was typed, and presses Send again. Any eight words that fit together open a mailbox, so a circuit may log
in three times a minute. Sending a thousand messages needs forms and circuits by the hundred, which tor makes
costly. A person is asked for nothing: no picture, no riddle, no script. ADR 23 says what this stops, and what it
does not.

The form's nonce is the ticket: it carries its age, and is tied to no circuit, no visitor and no text.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from tipline.limits.circuit_counter import KEPT_SECONDS
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import LONGEST_AGE_SECONDS, Nonce
from tipline.requests.refusals import Reason, Refused

FORM_SECONDS = 20
CIRCUIT_SECONDS = 60
LEAST_TOLD_SECONDS = 2
"""The page says "seconds", in every language."""

TIMES_ADMITTED = 3
"""Pressed twice, or after a mistake that had to be put right, it is still one form."""

LOG_INS = 3
"""Limit of one circuit in a minute. A source types the words again to read on after using a button."""

MOST_REMEMBERED = 10_000
"""Forms, or circuits, that are remembered at once; the oldest is forgotten first."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class RateLimit:
    """Admits messages and log-ins. While it is off it admits everything and remembers nothing."""

    def __init__(
        self,
        *,
        is_on: Callable[[], bool] = lambda: False,
        seconds: Callable[[], float] = time.monotonic,
        most_remembered: int = MOST_REMEMBERED,
    ) -> None:
        self._is_on = is_on
        self._most_remembered = most_remembered
        self._seconds = seconds
        self._lock = threading.Lock()
        self._admitted: OrderedDict[Nonce, tuple[int, float]] = OrderedDict()  # how often, and when first
        self._strangers: OrderedDict[Nonce, float] = OrderedDict()  # since when
        self._next_turns: OrderedDict[Circuit, float] = OrderedDict()
        self._log_ins: OrderedDict[Circuit, tuple[int, float]] = OrderedDict()  # how often, and since when

    def admit(self, nonce: Nonce, circuit: Circuit) -> None:
        """Return if the message of this form may come in now.

        Asked before any file is read, and before any key is derived from words that come with it.

        Raises:
            Refused: not yet; it says in how many seconds.
        """
        if not self._is_on():
            return
        now = self._seconds()
        age = nonce.age_seconds(now)
        with self._lock:
            times, first_at = self._admitted.get(nonce, (0, now))
            if 0 < times < TIMES_ADMITTED:
                self._admitted[nonce] = times + 1, first_at
                return
            if self._admitted.pop(nonce, None):
                raise Refused(Reason.WAIT_A_LITTLE, wait_seconds=FORM_SECONDS)
            age_seconds = self._age_of_stranger(nonce, now) if age is None else age
            wait_seconds = max(FORM_SECONDS - age_seconds, self._next_turns.get(circuit, now) - now)
            if wait_seconds > 0:
                raise Refused(Reason.WAIT_A_LITTLE, wait_seconds=max(LEAST_TOLD_SECONDS, math.ceil(wait_seconds)))
            self._remember(self._admitted, nonce, (1, now))
            self._strangers.pop(nonce, None)
            if circuit.is_known:
                self._remember(self._next_turns, circuit, now + CIRCUIT_SECONDS)

    def admit_log_in(self, circuit: Circuit) -> None:
        """Return if one more mailbox may be opened on this circuit now.

        Asked before any key is derived, so that words that were given out and words that were not look alike.

        Raises:
            Refused: not yet; it says in how many seconds.
        """
        if not self._is_on() or not circuit.is_known:
            return
        now = self._seconds()
        with self._lock:
            times, first_at = self._log_ins.get(circuit, (0, now))
            wait_seconds = first_at + CIRCUIT_SECONDS - now
            if wait_seconds <= 0:
                times, first_at = 0, now
            elif times >= LOG_INS:
                raise Refused(Reason.TOO_MANY_TRIES, wait_seconds=math.ceil(wait_seconds))
            self._remember(self._log_ins, circuit, (times + 1, first_at))

    def sweep(self) -> None:
        """Forget circuits whose turn has come, and forms that were admitted ten minutes ago or came hours ago."""
        now = self._seconds()
        with self._lock:
            _forget(self._log_ins, lambda log_ins: log_ins[1] + CIRCUIT_SECONDS <= now)
            _forget(self._next_turns, lambda turn: turn <= now)
            _forget(self._admitted, lambda admitted: admitted[1] + KEPT_SECONDS < now)
            _forget(self._strangers, lambda since: since + LONGEST_AGE_SECONDS < now)

    def _age_of_stranger(self, nonce: Nonce, now: float) -> float:
        """Return the age of a form from before this start, or of more than two hours ago.

        Its page may hold a text and chosen files, so it need not be opened again: it ages from now on.
        """
        if nonce not in self._strangers:
            self._remember(self._strangers, nonce, now)
        return now - self._strangers[nonce]

    def _remember(self, kept: "OrderedDict[_Key, _Value]", key: _Key, value: _Value) -> None:
        kept[key] = value
        kept.move_to_end(key)
        if len(kept) > self._most_remembered:
            kept.popitem(last=False)


def _forget(kept: "OrderedDict[_Key, _Value]", is_over: Callable[[_Value], bool]) -> None:
    for key in [key for key, value in kept.items() if is_over(value)]:
        del kept[key]
