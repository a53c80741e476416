"""Timing padding: a mailbox takes as long with replies in it as without, to open and for each button.

A reply takes about a millisecond to fetch, open and show, and some to delete. An attacker on a low-latency link
could tell from one log-in, two times in three, whether a reply was waiting. So each request that looked through the
replies is padded to the time that many would take.
"""

import time
from typing import Final

from tipline.limits import request_scheduler

OPENING_SECONDS: Final = 0.04
"""About eight times what an empty mailbox takes on an idle server."""

BUTTON_SECONDS: Final = 0.07
"""Slightly more than it takes to replace twelve replies with dummies and then to tell staff.

Both count: the second of two writes is a millisecond or two quicker where the first one was large.
"""


def pad_to(looked_through_at: float, *, seconds: float) -> None:
    """Wait until ``seconds`` after ``looked_through_at``, by ``time.monotonic``.

    That is when the mailbox's replies were known. Returns at once if the time is over. No other request waits
    meanwhile. Writes to the store belong before this call, not after.
    """
    with request_scheduler.yielded():
        time.sleep(max(0.0, looked_through_at + seconds - time.monotonic()))
