"""Errors of the store, told apart only where the caller acts differently."""

from system.errors import ProgramError


class StoreError(ProgramError):
    """The store cannot do what was asked; nothing half done stays in it."""


class StoreFull(StoreError):
    """The disk has no room left.

    The submission that was being stored is gone, earlier ones are safe, and the store works again as soon as there
    is room.
    """


class StoreBusy(StoreError):
    """Another process holds the store for longer than we wait."""


class StoreBroken(StoreError):
    """The disk or its file system fails the store: read-only, taken away, damaged."""


class WrongDatabaseKey(StoreError):
    """The database key does not open the store (or its first page is damaged: the two look alike)."""


class NewerStore(StoreError):
    """The store was made by a newer version of this program."""


class OlderStore(StoreError):
    """The store was made by an older version of this program, and waits for ``tipline upgrade``."""


class WeekIsClosed(StoreError):
    """This server has signed that the week is closed: nothing more is sealed to its keys, ever."""
