"""The file that is being looked at, in memory between the page and its pictures.

It is one file, with few pictures. A lock replaces the process, and with it this memory.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final, Protocol

from reviewer.clean_copy.children import Children
from reviewer.viewers.looked_file import FileOverview, LookedFile
from reviewer.viewers.viewing import See
from system.clock import today

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

    def forget(self) -> None:
        """Drop the file and its pictures."""
        looked, self._looked, self._key = self._looked, None, None
        self._pictures = {}
        if looked is not None:
            looked.close()

    def overview(self, file: Lookable, *, children: Children) -> FileOverview:
        """Open a file, with a line in the log each time.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :func:`reviewer.cases.look.look_at`.
        """
        self.forget()
        return self._open(file, children).overview(children=children)

    def picture(self, file: Lookable, picture: int, *, see: See, children: Children) -> bytes:
        """A PNG of ours; from memory if it was drawn before.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :meth:`overview`.
        """
        looked = self._open(file, children)
        return self._kept((picture, see), lambda: looked.picture(picture, see=see, children=children))

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
