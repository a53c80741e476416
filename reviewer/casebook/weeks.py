"""Weeks whose keys were destroyed."""

import datetime as dt

from crypto.primitives.week import Week
from reviewer.casebook.database import CasebookDatabase


class RetiredWeeks:
    """A week is retired once."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, week: Week, *, today: dt.date) -> None:
        self._small.run("INSERT OR IGNORE INTO weeks_retired VALUES (?, ?)", (str(week), today.isoformat()))

    def all(self) -> list[Week]:
        return [Week.parse(row[0]) for row in self._small.rows("SELECT week FROM weeks_retired ORDER BY week")]
