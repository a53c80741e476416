"""Looking at a file of a submission: whether it may be looked at, and the line in the log."""

import datetime as dt
from dataclasses import dataclass

from reviewer.casebook.numbered_files import NumberedFile
from reviewer.casebook.submission import Submission
from reviewer.cases.numbered_files import verified_file
from reviewer.cases.quarantine import LOOK, require_not_quarantined
from reviewer.clean_copy.children import Children
from reviewer.errors import CannotLook
from reviewer.home.home import Home
from reviewer.machine.swap_warning import require_no_disk_swap
from reviewer.viewers.look_kind import LARGEST_LOOK_BYTES
from reviewer.viewers.looked_file import LookedFile


def require_can_look(home: Home, submission: Submission, one: NumberedFile, *, today: dt.date) -> None:
    """Return when this file may be looked at on this machine. Every way to look at a file asks here first.

    Raises:
        CannotLook: it is too large; the message says so.
        Quarantined: it is in quarantine, or a list of known digests holds it. The attempt was counted.
        DiskSwapOn: memory of this machine can reach a disk.
        CasebookError: it is not what was taken in.
    """
    require_can_look_here(one.file.length_bytes)
    require_not_quarantined(home, submission, one.file, one.read, act=LOOK, today=today)


def require_can_look_here(length_bytes: int) -> None:
    """Return when a file of this length may be looked at on this machine.

    Raises:
        CannotLook: it is too large; the message says so.
        DiskSwapOn: memory of this machine can reach a disk.
    """
    if length_bytes > LARGEST_LOOK_BYTES:
        raise CannotLook(
            f"this file has more than {LARGEST_LOOK_BYTES >> 20} MB, which is too much to look at here",
            hint="save it, and open it on a machine that is only for looking",
        )
    require_no_disk_swap()


@dataclass(frozen=True, slots=True)
class LookedTipFile:
    """One file of a submission, to be looked at by a reader."""

    home: Home
    submission: Submission
    one: NumberedFile

    @property
    def key(self) -> tuple[str, str]:
        """Names the file among all that can be looked at."""
        return self.submission.short_id, self.one.number

    def require_allowed(self, *, today: dt.date) -> None:
        """As :func:`require_can_look`."""
        require_can_look(self.home, self.submission, self.one, today=today)

    def open(self, *, children: Children, today: dt.date) -> LookedFile:
        """As :func:`look_at`."""
        return look_at(self.home, self.submission, self.one, today=today, children=children)


def look_at(
    home: Home, submission: Submission, one: NumberedFile, *, today: dt.date, children: Children
) -> LookedFile:
    """Read a file into memory, after a line in the log. The caller closes it.

    Raises:
        CannotLook, Quarantined, DiskSwapOn: it may not be looked at.
        CasebookError: it is not what was verified when it was taken in.
        ProgramError, CutShort: as :class:`LookedFile`.
    """
    require_can_look(home, submission, one, today=today)
    home.casebook.log.add(LOOK, f"{submission.short_id} file {one.number}", today=today)
    content = verified_file(one.file, one.read)
    try:
        return LookedFile(content, children=children)
    except BaseException:
        content.__exit__()
        raise
