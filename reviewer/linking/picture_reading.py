"""Fingerprints of the pictures in tips, their questions, and the positions that they name.

Processes that are shut in make them. Files in quarantine are read as well, by the same processes: nothing of them
is shown, and each reading is counted. Each file is one transaction, so a reading that ended early goes on later.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from reviewer.casebook.file_pictures import PICTURE
from reviewer.casebook.identifier_keys import Identifier
from reviewer.casebook.numbered_files import NumberedFile, numbered_files
from reviewer.casebook.picture_positions import StoredPosition
from reviewer.casebook.pictures import StoredPicture
from reviewer.casebook.submission import Submission
from reviewer.cases.numbered_files import verified_file
from reviewer.cases.quarantine import count_fingerprint
from reviewer.clean_copy.children import Children, MemoryFile, OutOfTime
from reviewer.clean_copy.fingerprints import (
    LEAST_QUALITY,
    SAME_BITS,
    Fingerprint,
    fingerprint_of,
    near_fingerprints,
)
from reviewer.clean_copy.limits import LARGEST_FILE_BYTES
from reviewer.clean_copy.picture_kind import HEAD_BYTES, FileKind, PictureKind
from reviewer.clean_copy.positions import position_in
from reviewer.clean_copy.redraw import kinds_of
from reviewer.errors import CasebookError, NoCleanCopy
from reviewer.home.home import Home
from reviewer.linking.tip_reading import Forgotten, read_new_tips, read_positions
from reviewer.masks.binned import BinnedMasks

ALIKE_BITS: Final = 31
"""The most bits, of 256, in which two pictures that look much alike differ."""

_MOST_QUESTIONS: Final = 50
_MOST_FILES: Final = 200
"""Of one tip; what stands behind is not compared."""

PRESS_SECONDS: Final = 24
TIP_SECONDS: Final = 8
"""The times of a press and of each tip in it, by the clock: a stranger chooses how long a file takes."""

_SUREST, _A_BIT = 1000, 12


def sureness(distance: int) -> int:
    """The place of a question among the others, from 0 to 1000; 800 and more up to :data:`SAME_BITS`."""
    return _SUREST - _A_BIT * distance


def read_new_pictures(home: Home, *, children: Children, today: dt.date) -> int:
    """Make the fingerprints of all files that were not looked at yet; how many tips that were.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes.
        CutShort: the desk is being locked.
    """
    return _read_some(home, home.casebook.pictures.unread(), children, today)


def read_some_pictures(home: Home, *, children: Children, with_begun: bool, today: dt.date) -> None:
    """The same for at most :data:`PRESS_SECONDS`, and for at most :data:`TIP_SECONDS` of a tip.

    ``with_begun`` goes on with tips that took longer than that before.

    Raises:
        ProgramError, CutShort: as :func:`read_new_pictures`.
    """
    with children.within(PRESS_SECONDS):
        _read_some(home, home.casebook.pictures.unread(with_begun=with_begun), children, today)


def read_before_leaving(
    home: Home, submissions: Sequence[Submission], *, children: Children, today: dt.date
) -> None:
    """Read what was not read yet, before something of these tips leaves: a mask hides only what was read.

    That is the text of each tip, hers among them, and the pictures of these tips and of those that were kept.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes.
        CutShort: the desk is being locked.
    """
    read_new_tips(home)
    kept = home.casebook.file_pictures.kept(least_quality=LEAST_QUALITY)
    wanted = {one.number for one in submissions} | {one.picture.submission for one in kept}
    unread = wanted.intersection(home.casebook.pictures.unread())
    _read_some(home, sorted(unread), children, today)


def _read_some(home: Home, unread: Sequence[int], children: Children, today: dt.date) -> int:
    if not unread:
        return 0
    reading = _Reading(home, children, today)
    is_bounded = children.seconds_left() < float("inf")
    for number in unread:
        submission = home.casebook.submissions.by_number(number)
        if not is_bounded:
            reading.read(submission)
        elif children.seconds_left() >= TIP_SECONDS:
            with suppress(OutOfTime), children.within(TIP_SECONDS):
                reading.read(submission)
    return len(unread)


def picture_identifier(bits: int) -> Identifier:
    """The fingerprint as an identifier, for the digest of a forgotten one."""
    return Identifier(PICTURE, f"{bits:064x}")


class PictureIndex:
    """Fingerprints in memory, to compare new ones with."""

    def __init__(self, pictures: Iterable[StoredPicture]) -> None:
        self._bits: list[int] = []
        self._places: list[tuple[int, int]] = []
        for one in pictures:
            self.add(one.bits, one.number, one.submission)

    def near(self, bits: int, *, submission: int) -> list[tuple[int, int]]:
        """Distance and number of pictures of other tips that look alike, the nearest first."""
        near = near_fingerprints(bits, self._bits, most=ALIKE_BITS).items()
        found = ((distance, *self._places[place]) for place, distance in near)
        return sorted((distance, number) for distance, number, tip in found if tip != submission)

    def add(self, bits: int, number: int, submission: int) -> None:
        """Add a picture."""
        self._bits.append(bits)
        self._places.append((number, submission))


class _Reading:
    """The index, and all else that the readings of several tips share."""

    def __init__(self, home: Home, children: Children, today: dt.date) -> None:
        self._home, self._children, self._today = home, children, today
        self._pictures = home.casebook.pictures
        self._index = PictureIndex(self._pictures.all(least_quality=LEAST_QUALITY))
        self._forgotten = Forgotten(home)
        self._binned = BinnedMasks(home.casebook)

    def read(self, submission: Submission) -> None:
        """Read the files of a tip that were not looked at; each is kept as it is read.

        Raises:
            ProgramError, CutShort, OutOfTime: as :meth:`reviewer.clean_copy.children.Children.require_done`.
        """
        files = [
            one
            for one in list(numbered_files(self._home.casebook, submission))[:_MOST_FILES]
            if not self._pictures.has(submission.number, sealed_place=one.sealed_place, place=one.file.place)
        ]
        kinds = kinds_of([_head(one) for one in files], children=self._children) if files else []
        for one, kind in zip(files, kinds, strict=True):
            with self._home.casebook.changing():
                self._keep(submission, one, self._looks(submission, one, kind, is_first=one is files[0]))
                self._binned.mask(submission.number)
        with self._home.casebook.changing():
            self._pictures.note_read(submission.number)
            self._binned.mask(submission.number)

    def _looks(
        self, submission: Submission, one: NumberedFile, kind: FileKind, *, is_first: bool
    ) -> Fingerprint | None:
        if not isinstance(kind, PictureKind) or one.file.length_bytes > LARGEST_FILE_BYTES:
            return None
        try:
            looks = _fingerprint(self._home, submission, one, kind, self._children, self._today)
        except OutOfTime:
            if not is_first:
                raise  # the next press begins with it
            return None  # it had the time of a whole tip
        if looks is not None and self._forgotten.has(PICTURE, [picture_identifier(looks.bits).key]):
            return None
        return looks

    def _keep(self, submission: Submission, one: NumberedFile, looks: Fingerprint | None) -> None:
        number = self._pictures.add(
            submission.number,
            sealed_place=one.sealed_place,
            place=one.file.place,
            bits=looks.bits if looks else None,
            quality=looks.quality if looks else 0,
        )
        if looks is not None and looks.quality >= LEAST_QUALITY:
            for distance, other in self._index.near(looks.bits, submission=submission.number)[:_MOST_QUESTIONS]:
                self._home.casebook.link_questions.raise_of_pictures(
                    number, other, sureness=sureness(distance), is_asked=distance <= SAME_BITS
                )
            self._index.add(looks.bits, number, submission.number)


def _head(one: NumberedFile) -> bytes:
    try:
        return next(iter(one.read()), b"")[:HEAD_BYTES]
    except CasebookError:  # it is damaged, as verifying it would say
        return b""


def _fingerprint(
    home: Home, submission: Submission, one: NumberedFile, kind: PictureKind, children: Children, today: dt.date
) -> Fingerprint | None:
    """The fingerprint of a picture; None if it cannot be decoded, or is not what was taken in.

    The position that it names is stored on the way, unless it is in quarantine.
    """
    is_quarantined = home.casebook.quarantine.since(one.file.sha256) is not None
    if is_quarantined:
        count_fingerprint(home, submission, one.file.sha256, today=today)
    try:
        content = verified_file(one.file, one.read)
    except CasebookError:
        return None
    with content:
        if not is_quarantined:
            _store_position(home, submission, one, kind, content, children)
        try:
            return fingerprint_of(content, kind, children=children)
        except NoCleanCopy:
            return None


def _store_position(
    home: Home,
    submission: Submission,
    one: NumberedFile,
    kind: PictureKind,
    content: MemoryFile,
    children: Children,
) -> None:
    with suppress(NoCleanCopy):  # what looks at it broke off: it names no position for us
        where = position_in(content, kind, children=children)
        if where is not None:
            home.casebook.picture_positions.put(
                submission.number,
                StoredPosition(one.sealed_place, one.file.place, where.latitude, where.longitude),
            )
            read_positions(home, submission)
