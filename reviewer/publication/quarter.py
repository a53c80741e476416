"""Quarters of a year. Only a closed one is published: its figures no longer grow from day to day."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from system.errors import ProgramError

_MONTHS: Final = 3
_WRITTEN: Final = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months: ``year``, and ``number`` from 1 to 4. Written as ``2026-Q3``."""

    year: int
    number: int

    @classmethod
    def parse(cls, untrusted_text: str) -> "Quarter":
        """Read ``2026-Q3``.

        Raises:
            ProgramError: it is no quarter.
        """
        found = _WRITTEN.fullmatch(untrusted_text.strip())
        if found is None or int(found[1]) < dt.MINYEAR:
            raise ProgramError("a quarter must be written as 2026-Q3")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        """The quarter that a day belongs to."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    def is_closed(self, *, today: dt.date) -> bool:
        """True from the first day of the next quarter on."""
        return self < Quarter.of(today)

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"
