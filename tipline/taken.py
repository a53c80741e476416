"""What an intake gives back: one completed request."""

from dataclasses import dataclass, field

from tipline.choices import Choices
from tipline.nonce import Nonce
from tipline.receipts import Receipt
from tipline.refusals import Typed


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
