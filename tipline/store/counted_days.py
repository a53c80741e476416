"""The number of days on which this server ran and exported; ``tipline/bundles/day_count.py`` counts them."""

from tipline.store.database import Database


class CountedDays:
    """One number in the store. It says nothing finer than a day, and never goes back."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def days(self) -> int:
        """Counted since the store was made; 0 at its beginning."""
        row = self._small.row("SELECT days FROM counted_days")
        if row is None:
            raise LookupError("the store must have one number of counted days")
        return int(row[0])

    def note_export(self) -> None:
        """Bundles were written: the next :meth:`count` may count."""
        if self._small.row("SELECT 1 FROM counted_days WHERE exported = 0") is not None:
            with self._small.transaction() as small:
                small.execute("UPDATE counted_days SET exported = 1")

    def count(self) -> bool:
        """Count one more day, if anything was exported since the last one; whether it was."""
        with self._small.transaction() as small:
            counted = small.execute("UPDATE counted_days SET days = days + 1, exported = 0 WHERE exported = 1")
            return int(counted.rowcount) == 1
