"""Timing padding: a mailbox takes as long with replies in it as without, to open and for each button.

A reply takes about a millisecond to fetch, open and show, and some to delete. An attacker on a low-latency link
could tell from one log-in, two times in three, whether a reply was waiting. So each request that looked through the
replies is padded to the time that many would take.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tipline.limits import request_scheduler

OPENING_SECONDS = 0.04
"""About eight times what an empty mailbox takes on an idle server."""

BUTTON_SECONDS = 0.07
"""Slightly more than it takes to replace twelve replies with dummies and then to tell staff.

Both count: the second of two writes is a millisecond or two quicker where the first one was large.
"""


class TimingPadding:
    """Pads the requests to the mailboxes of one site, each from the moment when its replies were known.

    No other request waits meanwhile. Writes to the store belong before the end of the padding, not after.
    """

    def __init__(
        self, *, seconds: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep

    def now(self) -> float:
        """Return the moment, for :meth:`pad_opening`."""
        return self._seconds()

    def pad_opening(self, looked_through_at: float) -> None:
        """Wait until a mailbox whose replies were known at ``looked_through_at`` may be shown."""
        self._pad_to(looked_through_at + OPENING_SECONDS)

    @contextmanager
    def as_long_as_any_button(self) -> Iterator[None]:
        """Pad all that a button does once its replies are known, whether it succeeds or not."""
        looked_through_at = self._seconds()
        try:
            yield
        finally:
            self._pad_to(looked_through_at + BUTTON_SECONDS)

    def _pad_to(self, moment: float) -> None:
        with request_scheduler.yielded():
            self._sleep(max(0.0, moment - self._seconds()))
