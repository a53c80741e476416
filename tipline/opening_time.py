"""A mailbox opens as quickly with answers in it as without, from when the work goes on with its keys derived.

An answer takes about a millisecond to fetch, open and show. Next to the server, one log-in told by that in two of
three whether an answer waits. So the page rests until it has taken as long as one with many.
"""

import time
from typing import Final

from tipline import turns

OPENING_SECONDS: Final = 0.04
"""About eight times what an empty mailbox takes where nobody else comes meanwhile."""


def even_out(derived_at: float) -> None:
    """Return ``OPENING_SECONDS`` after ``derived_at`` (of ``time.monotonic``), or at once where that is over.
    Nobody else waits for it."""
    turns.over()
    time.sleep(max(0.0, derived_at + OPENING_SECONDS - time.monotonic()))
