"""The lists of the desk: shipped ones, saved views, and filters that were typed.

An address names a list by a short key, so that no label and no owner's name stands in the browser's history. A
typed filter is kept in memory until the desk is locked; after that its key leads to the open tips.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.tip_filter import ALL, ARCHIVED, TipFilter
from reviewer.cases.marking import own_name
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked

OPEN_LIST: Final = "open"
SHIPPED: Final[Mapping[str, tuple[str, TipFilter]]] = {
    OPEN_LIST: (marked("Open"), TipFilter()),
    "unread": (marked("Unread"), TipFilter(read="unread")),
    "waits": (marked("Waiting for us"), TipFilter(waits="us", sort="waiting")),
    "due": (marked("Due"), TipFilter(due="set", sort="due")),
    "aside": (marked("Archived"), TipFilter(box=ARCHIVED)),
    "all": (marked("All"), TipFilter(box=ALL)),
}
MINE: Final = "mine"
_VIEW, _TYPED = "v", "f"
_MOST_TYPED = 50


@dataclass(frozen=True, slots=True)
class ChosenList:
    """A list: ``key`` for addresses, ``title`` for people. ``view`` is the name of a saved view, or empty."""

    key: str
    title: str
    wanted: TipFilter = field(repr=False)
    view: str = ""
    is_typed: bool = False
    is_forgotten: bool = False
    """Another list was asked for, whose filter is no longer known."""

    @property
    def query(self) -> str | None:
        """The key for an address, which leaves that of the open tips out."""
        return None if self.key == OPEN_LIST else self.key


class TypedFilters:
    """Filters that were typed into the form, by number; the oldest go first."""

    def __init__(self) -> None:
        self._filters: dict[int, TipFilter] = {}
        self._last = 0

    def keep(self, wanted: TipFilter) -> str:
        """The key of the list."""
        for number, known in self._filters.items():
            if known == wanted:
                return f"{_TYPED}{number}"
        self._last += 1
        self._filters[self._last] = wanted
        if len(self._filters) > _MOST_TYPED:
            del self._filters[min(self._filters)]
        return f"{_TYPED}{self._last}"

    def find(self, number: int) -> TipFilter | None:
        return self._filters.get(number)


def chosen_list(home: Home, typed: TypedFilters, untrusted_key: str) -> ChosenList:
    """The list of a key; the open tips for a key that is not known."""
    if untrusted_key in SHIPPED:
        title, wanted = SHIPPED[untrusted_key]
        return ChosenList(untrusted_key, title, wanted)
    if untrusted_key == MINE:
        # An owner is a reviewer, which is this home with all of its people.
        is_shared = home.is_protected and len(home.people.all().people) > 1
        return ChosenList(MINE, marked("Ours") if is_shared else marked("Mine"), TipFilter(owner=own_name(home)))
    kind, number = untrusted_key[:1], _number(untrusted_key[1:])
    if kind == _VIEW and number is not None and (view := home.casebook.views.by_number(number)) is not None:
        return ChosenList(view_key(number), view.name, view.wanted, view=view.name)
    if kind == _TYPED and number is not None and (wanted_now := typed.find(number)) is not None:
        return ChosenList(untrusted_key, marked("Filtered"), wanted_now, is_typed=True)
    title, wanted = SHIPPED[OPEN_LIST]
    return ChosenList(OPEN_LIST, title, wanted, is_forgotten=bool(untrusted_key))


def view_key(number: int) -> str:
    """The key of a saved view."""
    return f"{_VIEW}{number}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
