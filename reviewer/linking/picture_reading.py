"""Fingerprints of the pictures in tips, their questions, and the positions that they name.

Processes that are shut in make them. Files in quarantine are read as well, by the same processes: nothing of them
is shown, and each reading is counted. Each tip is one transaction, so a reading that was killed goes on later.
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
from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.fingerprints import (
    LEAST_QUALITY,
    SAME_BITS,
    Fingerprint,
    fingerprint_of,
    near_fingerprints,
)
from reviewer.clean_copy.limits import LARGEST_FILE_BYTES
from reviewer.clean_copy.picture_kind import HEAD_BYTES, PictureKind
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

_SUREST, _A_BIT = 1000, 12


def sureness(distance: int) -> int:
    """The place of a question among the others, from 0 to 1000; 800 and more up to :data:`SAME_BITS`."""
    return _SUREST - _A_BIT * distance


def read_new_pictures(home: Home, *, children: Children, most: int | None = None, today: dt.date) -> int:
    """Make the fingerprints of files that were not looked at yet, of ``most`` tips or all; how many tips.

    Raises:
        ProgramError: the kernel of this machine does not shut in the processes.
        CutShort: the desk is being locked.
    """
    unread = home.casebook.pictures.unread(most=most if most is not None else 1 << 30)
    return _read_some(home, unread, children, today)


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
    unread = wanted.intersection(home.casebook.pictures.unread(most=1 << 30))
    _read_some(home, sorted(unread), children, today)


def _read_some(home: Home, unread: Sequence[int], children: Children, today: dt.date) -> int:
    pictures = home.casebook.pictures
    if not unread:
        return 0
    index = PictureIndex(pictures.all(least_quality=LEAST_QUALITY))
    forgotten = Forgotten(home)
    for number in unread:
        submission = home.casebook.submissions.by_number(number)
        with home.casebook.changing():
            _read(home, submission, index, forgotten, children, today)
            pictures.note_read(number)
            BinnedMasks(home.casebook).mask(number)
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


def _read(
    home: Home,
    submission: Submission,
    index: PictureIndex,
    forgotten: Forgotten,
    children: Children,
    today: dt.date,
) -> None:
    pictures = home.casebook.pictures
    files = [
        one
        for one in list(numbered_files(home.casebook, submission))[:_MOST_FILES]
        if not pictures.has(submission.number, sealed_place=one.sealed_place, place=one.file.place)
    ]
    if not files:
        return
    kinds = kinds_of([_head(one) for one in files], children=children)
    for one, kind in zip(files, kinds, strict=True):
        looks = None
        if isinstance(kind, PictureKind) and one.file.length_bytes <= LARGEST_FILE_BYTES:
            looks = _fingerprint(home, submission, one, kind, children, today)
        if looks is not None and forgotten.has(PICTURE, [picture_identifier(looks.bits).key]):
            looks = None
        number = pictures.add(
            submission.number,
            sealed_place=one.sealed_place,
            place=one.file.place,
            bits=looks.bits if looks else None,
            quality=looks.quality if looks else 0,
        )
        if looks is not None and looks.quality >= LEAST_QUALITY:
            for distance, other in index.near(looks.bits, submission=submission.number)[:_MOST_QUESTIONS]:
                home.casebook.link_questions.raise_of_pictures(
                    number, other, sureness=sureness(distance), is_asked=distance <= SAME_BITS
                )
            index.add(looks.bits, number, submission.number)


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
