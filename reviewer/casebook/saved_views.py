"""Saved views: a name for a filter."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase
from reviewer.casebook.tip_filter import TipFilter


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter under the name that staff gave it."""

    number: int
    name: str = field(repr=False)
    wanted: TipFilter = field(repr=False)


class SavedViews:
    """Views by name; each name once."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def put(self, name: str, wanted: TipFilter) -> None:
        """Save a view; under a name that is taken it replaces the other."""
        self._small.run(
            "INSERT INTO saved_views (name, filter) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET filter = excluded.filter",
            (name, wanted.to_json()),
        )

    def all(self) -> Sequence[SavedView]:
        """In the order of their names."""
        rows = self._small.rows("SELECT number, name, filter FROM saved_views ORDER BY name")
        return [SavedView(number, name, TipFilter.from_json(text)) for number, name, text in rows]

    def find(self, name: str) -> SavedView | None:
        return next((view for view in self.all() if view.name == name), None)

    def by_number(self, number: int) -> SavedView | None:
        return next((view for view in self.all() if view.number == number), None)

    def remove(self, name: str) -> bool:
        """Remove a view; False if there is none."""
        return self._small.run("DELETE FROM saved_views WHERE name = ?", (name,)) > 0
