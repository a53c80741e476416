"""The waiting line of a test, which has its own time."""

import time

from tipline.limits.rate_limit import MOST_REMEMBERED, RateLimit
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Reason, Refused


class Patience:
    """A waiting line, and a clock that goes on when it is told to."""

    def __init__(self, most_remembered: int = MOST_REMEMBERED) -> None:
        self.is_on = True
        self._later = 0.0
        self._stopped_at: float | None = None
        self.line = RateLimit(is_on=lambda: self.is_on, seconds=self._seconds, most_remembered=most_remembered)

    def _seconds(self) -> float:
        return (time.monotonic() if self._stopped_at is None else self._stopped_at) + self._later

    def stop(self) -> None:
        """From now on the clock goes on only when it is told to."""
        self._stopped_at = time.monotonic()

    def wait(self, seconds: float) -> None:
        self._later += seconds

    def asked(self, nonce: Nonce, circuit: Circuit) -> int:
        """In how many seconds the form may come; 0: it was admitted."""
        try:
            self.line.admit(nonce, circuit)
        except Refused as refused:
            return refused.wait_seconds if refused.reason is Reason.WAIT_A_LITTLE else -1
        return 0

    def logged_in(self, circuit: Circuit) -> int:
        """In how many seconds this circuit may log in; 0: it was admitted."""
        try:
            self.line.admit_log_in(circuit)
        except Refused as refused:
            return refused.wait_seconds if refused.reason is Reason.TOO_MANY_TRIES else -1
        return 0

    def remembered(self) -> list[Nonce | Circuit]:
        """All forms and circuits that the line has in memory."""
        line = self.line
        return [*line._admitted, *line._strangers, *line._next_turns, *line._log_ins]
