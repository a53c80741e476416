"""Single values that the server keeps beside its tables: settings by name, and the counted days."""

from tipline.store.database import Database


class Settings:
    """Named bytes."""

    def __init__(self, small: Database) -> None:
        self._small = small

    def get(self, name: str) -> bytes | None:
        row = self._small.row("SELECT setting FROM settings WHERE name = ?", (name,))
        return None if row is None else bytes(row[0])

    def put(self, name: str, setting: bytes) -> None:
        """Keep, in place of what was there."""
        with self._small.transaction() as small:
            small.execute(
                "INSERT INTO settings (name, setting) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET setting = excluded.setting",
                (name, setting),
            )

    def names(self, begin: str) -> list[str]:
        """Return the names that begin so."""
        rows = self._small.rows("SELECT name FROM settings WHERE substr(name, 1, ?) = ?", (len(begin), begin))
        return [str(row[0]) for row in rows]

    def forget(self, name: str) -> None:
        """Let go of it; nothing happens when it is gone."""
        with self._small.transaction() as small:
            small.execute("DELETE FROM settings WHERE name = ?", (name,))


class CountedDays:
    """The number of days on which this server ran and exported.

    It says nothing finer than a day, and never goes back; ``tipline/bundles/retention.py`` counts.
    """

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
