"""The file that is being looked at, in memory between the page and its pictures.

It is one file, with few pictures. A lock replaces the process, and with it this memory.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final, Protocol

from reviewer.clean_copy.children import Children, OutOfTime
from reviewer.errors import CannotLook
from reviewer.viewers.looked_file import FileOverview, LookedFile
from reviewer.viewers.viewing import See
from system.clock import today

PAGE_SECONDS: Final = 30
"""The time of all pictures of one page, by the clock: a stranger chooses how long each takes."""

_MOST_PICTURES: Final = 2


class Lookable(Protocol):
    """A file that a reader or a member may look at; ``key`` names it among all of them."""

    @property
    def key(self) -> tuple[str, str]: ...

    def require_allowed(self, *, today: dt.date) -> None:
        """Return when it may be looked at; raises CannotLook, Quarantined or DiskSwapOn."""

    def open(self, *, children: Children, today: dt.date) -> LookedFile:
        """Read it, with a line in the log; raises as :func:`reviewer.cases.look.look_at`."""
        ...


class LookCache:
    """The newest file that was looked at, and its newest pictures."""

    def __init__(self) -> None:
        self._key: tuple[str, str] | None = None
        self._looked: LookedFile | None = None
        self._pictures: dict[tuple[int, See], bytes] = {}
        self._seconds_left: float = PAGE_SECONDS

    def forget(self) -> None:
        """Drop the file and its pictures."""
        looked, self._looked, self._key = self._looked, None, None
        self._pictures = {}
        if looked is not None:
            looked.close()

    def overview(self, file: Lookable, *, children: Children) -> FileOverview:
        """Open a file, with a line in the log each time. A page begins, and the time of its pictures.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :func:`reviewer.cases.look.look_at`.
        """
        self.forget()
        self._seconds_left = PAGE_SECONDS
        return self._open(file, children).overview(children=children)

    def picture(self, file: Lookable, picture: int, *, see: See, children: Children) -> bytes:
        """A PNG of ours; from memory if it was drawn before.

        Raises:
            CannotLook: the page has no time left, or as :meth:`overview`.
            CasebookError, ProgramError, CutShort: as :meth:`overview`.
        """
        looked = self._open(file, children)
        began = children.clock()
        try:
            with children.within(self._seconds_left):
                return self._kept((picture, see), lambda: looked.picture(picture, see=see, children=children))
        except OutOfTime:
            raise CannotLook(f"the pictures of one page may take {PAGE_SECONDS} seconds together") from None
        finally:
            self._seconds_left -= children.clock() - began

    def sound(self, file: Lookable, part: int, *, children: Children) -> bytes:
        """A WAV file of ours.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :meth:`overview`.
        """
        return self._open(file, children).sound(part, children=children)

    def _open(self, file: Lookable, children: Children) -> LookedFile:
        file.require_allowed(today=today())
        if self._looked is None or self._key != file.key:
            self.forget()
            self._looked = file.open(children=children, today=today())
            self._key = file.key
        return self._looked

    def _kept(self, key: tuple[int, See], draw: Callable[[], bytes]) -> bytes:
        if key not in self._pictures:
            picture = draw()
            while len(self._pictures) >= _MOST_PICTURES:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[key] = picture
        return self._pictures[key]
