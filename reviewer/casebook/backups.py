"""The submissions that are in a casebook backup: only these get delivery receipts."""

import datetime as dt

from reviewer.casebook.database import CasebookFiles


class Backups:
    """Backups by number."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def record(self, *, today: dt.date) -> int:
        """Record that all opened submissions are in the backup just written; returns its number."""
        with self._files.changing():
            self._small.run("INSERT INTO backups (day) VALUES (?)", (today.isoformat(),))
            row = self._small.row("SELECT last_insert_rowid()")
            number = int(row[0]) if row else 0
            self._small.run(
                "UPDATE submissions SET backup = ? WHERE backup IS NULL AND unopenable IS NULL", (number,)
            )
        return number

    def last_day(self) -> dt.date | None:
        row = self._small.row("SELECT day FROM backups ORDER BY number DESC LIMIT 1")
        return dt.date.fromisoformat(row[0]) if row else None
