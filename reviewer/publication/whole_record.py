"""The record of releases must be whole before a table is published.

A table is compared with all releases: with one that is missing, or that this program does not know, nothing can be
compared. A person settles what no program can know: the number of the last table that left, and that a release of
a colleague never left.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from crypto.primitives.week import Quarter
from crypto.sharing.operation import Operation
from reviewer.home.home import Home
from reviewer.publication.publisher import last_said, require_publisher, took_over
from reviewer.publication.register import TABLES
from reviewer.publication.release_record import HIGHEST, Release, read_release, releases
from reviewer.sharing.appliers import RELEASE
from reviewer.sharing.party import RELEASES_UNSURE, ReviewerNames, own_key
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

_LOST: Final = "releases-lost"
"""The last number and the day, after releases were lost for good."""
_ANSWERED: Final = "releases-answered"
"""How this home took over, when a person last said which release was the last."""
_NEVER_LEFT: Final = "releases-never-left"
"""Digests of releases of which a person said that they never left."""
_FURTHER_KINDS: Final = f"{RELEASE}-"
_NAMED: Final = 5
"""The most missing numbers that an error names."""
_LEAP: Final = 1000
"""No organisation loses so many releases: a number this far above the one before is in question."""
_LAST_SAID: Final = HIGHEST // 2
_ID_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class InQuestion:
    """A release that this program does not know, or whose number is far above all others.

    ``name`` is untrusted. ``is_own``: this home signed it.
    """

    release_id: str
    name: str
    day: dt.date
    reviewer: str
    is_own: bool


def require_whole_record(home: Home, quarter: Quarter) -> None:
    """Refuse to publish a table of this quarter unless every earlier release is here and can be compared.

    Raises:
        ProgramError: a release is unknown or missing, or no one said which was the last after a restore, or after
            another laptop published.
    """
    for one in _unknown(home):
        raise ProgramError(
            f"the release “{plain_line(_name(one))}” is of a table that this program does not know",
            hint="update the program: a table is compared with every earlier release",
        )
    lost_through, lost_on = _lost(home)
    if lost_on is not None and quarter.last_day < lost_on:
        raise ProgramError(
            f"releases were lost by {lost_on.isoformat()}, so no table of {quarter} is published any more",
            hint="quarters that end later can be published",
        )
    if _is_unanswered(home):
        raise ProgramError(
            "this home was restored or took over from another one, and its record may lack releases",
            hint="tipline-review releases HOME --last NUMBER",
        )
    if missing := _missing(home, through=lost_through):
        raise _lacks(missing)


def comparable(home: Home) -> list[Release]:
    """The releases that a table is compared with: all of tables that this program knows, the oldest first."""
    names = ReviewerNames(home)
    known = {one.sha256.hex() for one in _every(home) if _is_known(one, names)}
    return [one for one in releases(home) if one.release_id in known]


def next_number(home: Home) -> int:
    """The number of the next release.

    Raises:
        ProgramError: there is none left.
    """
    number = 1 + max(_lost(home)[0], _highest(home))
    if number > HIGHEST:
        raise ProgramError("no number is left for a release", hint="a release with too high a number is on record")
    return number


def is_unsure(home: Home) -> bool:
    """True until a person said which release was the last, if one must, and while the record has gaps."""
    return _is_unanswered(home) or bool(_missing(home, through=_lost(home)[0]))


def confirm_last(home: Home, last: int, *, are_lost: bool = False, today: dt.date) -> None:
    """A person says the number of the last table that left; 0 says that none did.

    With ``are_lost`` those that are missing never come back: then no quarter that is over is published any more.

    Raises:
        ProgramError: the record has a later one, or lacks some.
    """
    highest = _highest(home)
    if not 0 <= last <= _LAST_SAID:
        raise ProgramError("the number of a release must be a whole number from 0")
    if last < highest:
        raise ProgramError(
            f"release {highest} is on record, so it was not the last",
            hint="look for the last file that left; its last line has the number",
        )
    missing = _missing(home, through=_lost(home)[0], highest=last)
    if missing and not are_lost:
        raise _lacks(missing)
    if are_lost and not missing:
        raise ProgramError("the record lacks no release", hint="say its number without “lost”")
    with home.casebook.changing():
        home.casebook.settings.forget(RELEASES_UNSURE)
        home.casebook.settings.set(_ANSWERED, took_over(home))
        if are_lost:
            home.casebook.settings.set(_LOST, f"{last} {today.isoformat()}")
        home.casebook.log.add("last release", f"{last}{f', {len(missing)} lost' if are_lost else ''}", today=today)


def in_question(home: Home) -> list[InQuestion]:
    """Releases beside which nothing is published, and that a gap does not explain."""
    names, own, through = ReviewerNames(home), own_key(home), _lost(home)[0]
    numbers = sorted({through, *(one.number for one in _counted(home))})
    leaps = {number for before, number in pairwise(numbers) if number > through and number - before > _LEAP}
    ids = {one.release_id for one in _counted(home) if one.number in leaps}
    found = [*_unknown(home), *(one for one in _every(home) if one.sha256.hex() in ids)]
    by = {one.sha256: one for one in found}
    return [
        InQuestion(one.sha256.hex(), _name(one), one.day, names.of(one.author.to_bytes()), one.author == own)
        for one in by.values()
    ]


def say_never_left(home: Home, release_id: str, *, signed_by: str, today: dt.date) -> None:
    """A person says that a release of a colleague never left: it stops no other one, and has no number.

    It stays on record. If this program knows its table, it is compared all the same.

    Raises:
        ProgramError: another reviewer publishes, no such release is in question, or another one signed it.
    """
    require_publisher(home)
    digits = release_id.strip().lower()
    others = [one for one in in_question(home) if not one.is_own and one.release_id.startswith(digits)]
    if len(digits) < _ID_DIGITS or len(others) != 1:
        raise ProgramError("no release of a colleague with this id is in question")
    (found,) = others
    if signed_by.strip() != found.reviewer:
        raise ProgramError(f"this release was signed by {found.reviewer}")
    with home.casebook.changing():
        home.casebook.settings.set(_NEVER_LEFT, " ".join(sorted({*_never_left(home), found.release_id})))
        subject = f"{found.release_id[:_ID_DIGITS]}, signed by {found.reviewer}"
        home.casebook.log.add("release never left", subject, today=today)


def _lacks(missing: Sequence[int]) -> ProgramError:
    named = ", ".join(map(str, missing[:_NAMED])) + ("…" if len(missing) > _NAMED else "")
    return ProgramError(
        f"the record lacks these releases: {named}",
        hint="they come back with the next rounds from a colleague; or say that they are lost",
    )


def _counted(home: Home) -> list[Release]:
    """The releases whose numbers count."""
    never = _never_left(home)
    return [one for one in releases(home) if one.release_id not in never]


def _highest(home: Home) -> int:
    """The highest number on record, or that the one who handed over named."""
    return max([last_said(home) or 0, *(one.number for one in _counted(home))])


def _missing(home: Home, *, through: int, highest: int | None = None) -> list[int]:
    """The numbers above ``through`` of which no release is here, up to the highest one."""
    known = {one.number for one in _counted(home)}
    last = _highest(home) if highest is None else highest
    return [number for number in range(through + 1, last + 1) if number not in known]


def _is_unanswered(home: Home) -> bool:
    settings = home.casebook.settings
    return settings.get(RELEASES_UNSURE) is not None or took_over(home) not in ("", settings.get(_ANSWERED))


def _lost(home: Home) -> tuple[int, dt.date | None]:
    """The last number that may be lost, and the day on which that was said."""
    number, _space, day = (home.casebook.settings.get(_LOST) or "0 ").partition(" ")
    return int(number), dt.date.fromisoformat(day) if day else None


def _never_left(home: Home) -> frozenset[str]:
    return frozenset((home.casebook.settings.get(_NEVER_LEFT) or "").split())


def _every(home: Home) -> list[Operation]:
    """All operations that say that something was published, of later programs too."""
    operations = home.casebook.operations
    further = [kind for kind in operations.kinds() if kind.startswith(_FURTHER_KINDS)]
    return [one for kind in (RELEASE, *further) for one in operations.of_kind(kind)]


def _unknown(home: Home) -> list[Operation]:
    """Releases that cannot be compared: of a later program, or of no form."""
    names, never = ReviewerNames(home), _never_left(home)
    return [one for one in _every(home) if one.sha256.hex() not in never and not _is_known(one, names)]


def _is_known(operation: Operation, names: ReviewerNames) -> bool:
    found, table = read_release(operation, names), TABLES.get(operation.text("table"))
    if operation.kind != RELEASE or found is None or table is None:
        return False
    return (len(table.dimensions) > 1) == bool(found.published.columns)


def _name(operation: Operation) -> str:
    """An untrusted name of a release."""
    if operation.kind != RELEASE:
        return operation.kind
    words = " ".join((operation.text("table"), operation.text("quarter"))).strip()
    return words or operation.sha256.hex()
