"""Single values that the server keeps beside its tables."""

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
        """Of all values that are there and whose name begins so."""
        rows = self._small.rows("SELECT name FROM settings WHERE substr(name, 1, ?) = ?", (len(begin), begin))
        return [str(row[0]) for row in rows]

    def forget(self, name: str) -> None:
        """Let go of it; nothing happens when it is gone."""
        with self._small.transaction() as small:
            small.execute("DELETE FROM settings WHERE name = ?", (name,))
