"""Removing a list: its entries, hits, questions, answers and sums go with it."""

import datetime as dt
import re
from typing import Final

from reviewer.casebook.listed_entities import WatchedList
from reviewer.home.home import Home
from system.errors import ProgramError

_NAME: Final = re.compile(r"[Ll]-?([0-9]{1,9})")


def remove_list(home: Home, number: int, *, today: dt.date) -> WatchedList:
    """Delete a list with its entries, hits, questions and answers; what it was.

    Raises:
        ProgramError: there is no such list.
    """
    with home.casebook.changing():
        if (watched := home.casebook.listed.find(number)) is None:
            raise ProgramError("there is no such list", hint="tipline-review lists HOME shows L-1, L-2, …")
        home.casebook.listed.remove(watched)
        home.casebook.log.add("list removed", watched.name, today=today)
    return watched


def where_it_stays(home: Home) -> list[str]:
    """The places that may still have a removed list, in sentences."""
    lines = []
    if home.casebook.backups.last_day() is not None:
        lines.append("backups from before still have the list: write a new one, and destroy the old ones")
    if count := len(home.casebook.bin.all()):
        lines.append(f"answers about {count} tips in the bin stay there until these come back or are deleted")
    return lines


def list_number(untrusted_name: str) -> int:
    """The number in a name such as L-2.

    Raises:
        ProgramError: it is no such name.
    """
    if (found := _NAME.fullmatch(untrusted_name.strip())) is None:
        raise ProgramError("a list must be named by its number, as L-2", hint="tipline-review lists HOME")
    return int(found[1])
