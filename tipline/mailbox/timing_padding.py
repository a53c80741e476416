"""A mailbox takes as long with answers in it as without: to open, and for each of its buttons.

An answer takes about a millisecond to fetch, open and show, and some to delete. Next to the server, one log-in told
by that in two of three whether an answer waits. So whatever looked through the answers rests until it has taken as
long as with many.
"""

import time
from typing import Final

from tipline.limits import request_scheduler

OPENING_SECONDS: Final = 0.04
"""About eight times what an empty mailbox takes where nobody else comes meanwhile."""

BUTTON_SECONDS: Final = 0.07
"""Some more than it takes to put dummies in the place of twelve answers and then to tell staff. Both count: the
second of two writes is a millisecond or two quicker where the first one was large."""


def pad_to(looked_through_at: float, *, seconds: float) -> None:
    """Return so many seconds after it was known (by ``time.monotonic``) which answers are this mailbox's, or at
    once where that is over. Nobody else waits meanwhile. What writes to the store comes before, not after."""
    with request_scheduler.yielded():
        time.sleep(max(0.0, looked_through_at + seconds - time.monotonic()))
