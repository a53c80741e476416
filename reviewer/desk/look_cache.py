"""The file that is being looked at, in memory between the page and its pictures.

It is one file, with few pictures. A lock replaces the process, and with it this memory.
"""

from collections.abc import Callable
from typing import Final

from reviewer.casebook.submission import Submission
from reviewer.cases.look import look_at, require_can_look
from reviewer.cases.numbered_files import numbered_file
from reviewer.clean_copy.children import Children
from reviewer.home.home import Home
from reviewer.viewers.looked_file import FileOverview, LookedFile
from reviewer.viewers.viewing import See
from system.clock import today

_MOST_PICTURES: Final = 2


class LookCache:
    """The newest file that was looked at, its overview, and its newest pictures."""

    def __init__(self) -> None:
        self._key: tuple[int, str] | None = None
        self._looked: LookedFile | None = None
        self._overview: FileOverview | None = None
        self._pictures: dict[tuple[int, See], bytes] = {}

    def forget(self) -> None:
        """Drop the file and its pictures."""
        looked, self._looked, self._key, self._overview = self._looked, None, None, None
        self._pictures = {}
        if looked is not None:
            looked.close()

    def overview(self, home: Home, submission: Submission, number: str, *, children: Children) -> FileOverview:
        """Open a file, with a line in the log each time.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :func:`reviewer.cases.look.look_at`.
        """
        self.forget()
        looked = self._open(home, submission, number, children)
        self._overview = looked.overview(children=children)
        return self._overview

    def picture(
        self, home: Home, submission: Submission, number: str, picture: int, *, see: See, children: Children
    ) -> bytes:
        """A PNG of ours; from memory if it was drawn before.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :meth:`overview`.
        """
        looked = self._open(home, submission, number, children)
        return self._kept((picture, see), lambda: looked.picture(picture, see=see, children=children))

    def sound(self, home: Home, submission: Submission, number: str, part: int, *, children: Children) -> bytes:
        """A WAV file of ours.

        Raises:
            CannotLook, CasebookError, ProgramError, CutShort: as :meth:`overview`.
        """
        return self._open(home, submission, number, children).sound(part, children=children)

    def _open(self, home: Home, submission: Submission, number: str, children: Children) -> LookedFile:
        one = numbered_file(home, submission, number)
        require_can_look(home, submission, one, today=today())
        key = (submission.number, number)
        if self._looked is None or self._key != key:
            self.forget()
            self._looked = look_at(home, submission, one, today=today(), children=children)
            self._key = key
        return self._looked

    def _kept(self, key: tuple[int, See], draw: Callable[[], bytes]) -> bytes:
        if key not in self._pictures:
            picture = draw()
            while len(self._pictures) >= _MOST_PICTURES:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[key] = picture
        return self._pictures[key]
