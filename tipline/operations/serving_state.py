"""Serving state: is a site being served, and how did its last start go, seen from other processes.

The serving process leaves a line in the lock file that it holds, readable without the database key: nothing while
it starts, then the address of its first page, or why it could not start. A day is the finest time in it.
"""

import datetime as dt
import os
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from system.errors import ProgramError
from tipline.instance.folder import SiteFolder
from tipline.operations.first_page import FirstPage
from tipline.operations.unlocking import is_awaited
from tipline.store.events import NO_STARTS, Event

LOOK_SECONDS: Final = 5.0
_LONGEST_BYTES: Final = 4096
_PAGE: Final = "page "


class Serving(StrEnum):
    """The value is what the operator reads."""

    YES = "yes"
    WAITING = "no: it is waiting for its passphrase"
    STARTING = "no: it is being started"
    SILENT = "no: it runs, and does not answer with its first page"
    NO = "no"


@dataclass(frozen=True, slots=True)
class FailedStart:
    """Why the last start failed, on which day, and whether the events in the store tell it already."""

    reason: Event
    day: dt.date
    is_noted: bool

    @classmethod
    def parse(cls, line: str) -> Self | None:
        """Parse the text of :meth:`__str__`; None if it is something else."""
        name, _, rest = line.partition(" ")
        day, _, noted = rest.partition(" ")
        found = [reason for reason in NO_STARTS if reason.name == name]
        try:
            return cls(found[0], dt.date.fromisoformat(day), noted == "noted") if found else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.reason.name} {self.day.isoformat()} {'noted' if self.is_noted else 'untold'}"


@dataclass(frozen=True, slots=True)
class ServingState:
    """``failed`` is the last start, where that failed and none has come since."""

    serving: Serving
    failed: FailedStart | None = None

    @classmethod
    def of(cls, folder: SiteFolder) -> Self:
        """Look now: ask for the first page, at most 5 s. Does not fail."""
        if not folder.is_served():
            return cls(Serving.NO, failed_start(folder))
        if is_awaited(folder):
            return cls(Serving.WAITING, failed_start(folder))
        page = _page(_line(folder))
        if page is None:
            return cls(Serving.STARTING)
        return cls(Serving.YES if page.is_answered(seconds=LOOK_SECONDS) else Serving.SILENT)


def failed_start(folder: SiteFolder) -> FailedStart | None:
    """The last start, if it failed and none has come further since."""
    return FailedStart.parse(_line(folder))


def leave(descriptor: int, left: FirstPage | FailedStart | None) -> None:
    """Write the state into the lock file open as ``descriptor``; None at the beginning of a start.

    A disk that refuses it is no reason to end.
    """
    line = f"{_PAGE}{left}" if isinstance(left, FirstPage) else str(left or "")
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, line.encode("utf-8", "surrogateescape"), 0)


def _line(folder: SiteFolder) -> str:
    try:
        with folder.serve_lock.open("rb") as file:
            return file.read(_LONGEST_BYTES).decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def _page(line: str) -> FirstPage | None:
    with suppress(ProgramError):
        return FirstPage.parse(line.removeprefix(_PAGE)) if line.startswith(_PAGE) else None
    return None
