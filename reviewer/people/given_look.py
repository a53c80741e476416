"""Looking at a file that was given to a member, by the same viewers as readers use."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.cases.look import require_can_look_here
from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.errors import CannotLook, CasebookError
from reviewer.people.documents import GivenFile, GivenTip
from reviewer.people.given import GivenTips
from reviewer.viewers.looked_file import LookedFile


@dataclass(frozen=True, slots=True)
class LookedGiven:
    """One file of a given tip by its number, counted from 1 through all messages."""

    given: GivenTips
    tip: GivenTip
    number: str
    file: GivenFile

    @property
    def key(self) -> tuple[str, str]:
        """Names the file among all that can be looked at."""
        return self.tip.short_id, self.number

    def require_allowed(self, *, today: dt.date) -> None:  # noqa: ARG002 -- as for a reader, who counts refusals
        """Return when the file may be looked at on this machine.

        Raises:
            CannotLook: it is too large, or was not given.
            DiskSwapOn: memory of this machine can reach a disk.
        """
        if self.file.item is None:
            raise CannotLook("this file was not given: it is too large, or in quarantine", hint="ask a reader")
        require_can_look_here(self.file.length_bytes)

    def open(self, *, children: Children, today: dt.date) -> LookedFile:
        """Read the file into memory; the log gets a line. The caller closes it.

        Raises:
            CasebookError: it is not what was given.
            CannotLook, DiskSwapOn, ProgramError, CutShort: as :func:`reviewer.cases.look.look_at`.
        """
        self.require_allowed(today=today)
        self.given.note_look(self.tip, today=today)
        content = self.given.content(self.file)
        if hashlib.sha256(content).hexdigest() != self.file.sha256:
            raise CasebookError("a file is not what was given", hint="ask a reader to give the tip again")
        memory = MemoryFile(_whole(content))
        try:
            return LookedFile(memory, children=children)
        except BaseException:
            memory.__exit__()
            raise


def file_given(given: GivenTips, untrusted_id: str, untrusted_number: str) -> LookedGiven:
    """The file with this number of a tip.

    Raises:
        HomeError: the tip was not given.
        CannotLook: the tip has no such file.
    """
    tip = given.find(untrusted_id)
    for number, file in enumerate(tip.files(), 1):
        if str(number) == untrusted_number:
            return LookedGiven(given, tip, untrusted_number, file)
    raise CannotLook("this tip has no file with that number", hint="files are numbered from 1")


def _whole(content: bytes) -> Iterator[bytes]:
    yield content
