"""What an intake gives back: one completed request."""

from dataclasses import dataclass, field

from tipline.intake.receipts import Receipt
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Typed
from tipline.requests.tip_options import Choices


@dataclass(frozen=True, slots=True)
class Taken:
    """One completed request: its receipt, how much came, and what was chosen with it; ``typed`` for the case that
    the page which says so cannot be made."""

    nonce: Nonce
    receipt: Receipt
    files: int
    bytes_in: int
    choices: Choices = field(default_factory=Choices)
    typed: Typed | None = None
