"""Settings of the reviewer's machine, as names and values."""

from reviewer.casebook.database import CasebookDatabase
from reviewer.errors import CasebookError


class CasebookSettings:
    """Short texts by name."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def get(self, name: str) -> str | None:
        row = self._small.row("SELECT value FROM settings WHERE name = ?", (name,))
        return str(row[0]) if row else None

    def require(self, name: str) -> str:
        """The value.

        Raises:
            CasebookError: it was never set: this folder was not made whole.
        """
        value = self.get(name)
        if value is None:
            raise CasebookError(
                f"the casebook says nothing about {name}", hint="was init interrupted? make a new home"
            )
        return value

    def set(self, name: str, value: str) -> None:
        self._small.run(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def forget(self, name: str) -> None:
        self._small.run("DELETE FROM settings WHERE name = ?", (name,))
