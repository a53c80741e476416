"""Items of members that are in the casebook already.

An item is taken into the casebook first, and leaves the store of members after that. Where the program is killed
between the two, the item is still in the store, and this register says that it must not be taken in again. A name
is forgotten when its item has left the store.
"""

from reviewer.casebook.database import CasebookDatabase


class TakenFromMembers:
    """Names of items, 16 random bytes each; no person and no day."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def note(self, item: bytes) -> bool:
        """Note an item in the caller's transaction; False if it was noted before."""
        return self._small.run("INSERT OR IGNORE INTO taken_from_members VALUES (?)", (item,)) > 0

    def has(self, item: bytes) -> bool:
        """True if the item is in the casebook."""
        return self._small.row("SELECT 1 FROM taken_from_members WHERE item = ?", (item,)) is not None

    def forget(self, item: bytes) -> None:
        """The item has left the store: it cannot come again."""
        self._small.run("DELETE FROM taken_from_members WHERE item = ?", (item,))

    def count(self) -> int:
        """Items that have not left the store yet."""
        row = self._small.row("SELECT count(*) FROM taken_from_members")
        return int(row[0]) if row else 0
