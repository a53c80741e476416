"""Saved views of the list: a name that staff choose for a filter. The log has no name."""

import datetime as dt
from typing import Final

from reviewer.casebook.tip_filter import TipFilter
from reviewer.cases.marking import plain_name
from reviewer.home.home import Home
from system.errors import ProgramError

VIEW_NAME_LETTERS: Final = 40
MOST_VIEWS: Final = 30


def save_view(home: Home, name: str, wanted: TipFilter, *, today: dt.date) -> int:
    """Save a view; it replaces a view of the same name. Its number.

    Raises:
        ProgramError: the name is empty, too long or not visible, or thirty views are there already.
    """
    words = plain_name(name, "the name of a view", VIEW_NAME_LETTERS)
    if not words:
        raise ProgramError("the name of a view must not be empty")
    views = home.casebook.views
    if views.find(words) is None and len(views.all()) >= MOST_VIEWS:
        raise ProgramError(f"at most {MOST_VIEWS} views can be saved", hint="remove one first")
    with home.casebook.changing():
        views.put(words, wanted)
        home.casebook.log.add("view saved", "", today=today)
    saved = views.find(words)
    return saved.number if saved else 0


def remove_view(home: Home, name: str, *, today: dt.date) -> None:
    """Remove a view; tips stay as they are.

    Raises:
        ProgramError: there is no such view.
    """
    with home.casebook.changing():
        if not home.casebook.views.remove(" ".join(name.split())):
            raise ProgramError("there is no saved view of this name", hint="tipline-review view list HOME")
        home.casebook.log.add("view removed", "", today=today)
