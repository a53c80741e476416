"""The record of releases: one for the organisation, numbered, shared, and never shortened.

A release is an operation of ``docs/formats/shared.md``. Each new one has the next number, so that a record that
lacks some is noticed. A table is compared with all of them: with one that is missing, or that this program does not
know, nothing can be compared, and nothing is published.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed
from crypto.primitives.week import Quarter
from crypto.sharing.operation import Operation
from reviewer.home.home import Home
from reviewer.publication.counted_table import PublishedTable
from reviewer.publication.register import TABLES
from reviewer.sharing.appliers import RELEASE
from reviewer.sharing.party import RELEASES_UNSURE, ReviewerNames
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

_LOST: Final = "releases-lost"
"""The last number and the day, after releases were lost for good."""
_HIGHEST: Final = 1_000_000
_FURTHER_KINDS: Final = f"{RELEASE}-"
_PARTS: Final = frozenset({"table", "quarter", "number", "rows", "columns", "numbers", "because"})
_NAMED: Final = 5
"""The most missing numbers that an error names."""


@dataclass(frozen=True, slots=True)
class Release:
    """A table that was published. ``because`` is the reason of a correction, else empty.

    ``number`` counts the releases of the organisation from 1.
    """

    release_id: str
    number: int
    table: str
    quarter: Quarter
    published: PublishedTable
    day: dt.date
    reviewer: str
    because: str
    is_corrected: bool


def releases(home: Home) -> list[Release]:
    """All releases of all reviewers that this program can read, the oldest first."""
    operations = home.casebook.operations.of_kind(RELEASE)
    replaced = {digest for one in operations for digest in one.replaces}
    names = ReviewerNames(home)
    found = [_release(one, names, is_corrected=one.sha256 in replaced) for one in operations]
    return [one for one in found if one is not None]


def require_whole_record(home: Home, quarter: Quarter) -> None:
    """Refuse to publish a table of this quarter unless every earlier release is here and can be compared.

    Raises:
        ProgramError: a release is unknown or missing, or the home was restored and no one said which was the last.
    """
    for name in _unknown(home):
        raise ProgramError(
            f"the release “{plain_line(name)}” is of a table that this program does not know",
            hint="update the program: a table is compared with every earlier release",
        )
    lost_through, lost_on = _lost(home)
    if lost_on is not None and quarter.last_day < lost_on:
        raise ProgramError(
            f"releases were lost by {lost_on.isoformat()}, so no table of {quarter} is published any more",
            hint="quarters that end later can be published",
        )
    if home.casebook.settings.get(RELEASES_UNSURE) is not None:
        raise ProgramError(
            "this home was restored, and the record may lack releases that left since the backup",
            hint="tipline-review releases HOME --last NUMBER",
        )
    if missing := _missing(home, through=lost_through):
        raise _lacks(missing)


def next_number(home: Home) -> int:
    """The number of the next release."""
    return 1 + max([_lost(home)[0], *(one.number for one in releases(home))])


def is_unsure(home: Home) -> bool:
    """True after a restore, until a person said which release was the last, and while the record has gaps."""
    unsure = home.casebook.settings.get(RELEASES_UNSURE) is not None
    return unsure or bool(_missing(home, through=_lost(home)[0]))


def confirm_last(home: Home, last: int, *, are_lost: bool = False, today: dt.date) -> None:
    """A person says the number of the last table that left; 0 says that none did.

    With ``are_lost`` those that are missing never come back: then no quarter that is over is published any more.

    Raises:
        ProgramError: the record has a later one, or lacks some.
    """
    highest = max((one.number for one in releases(home)), default=0)
    if not 0 <= last <= _HIGHEST:
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
        if are_lost:
            home.casebook.settings.set(_LOST, f"{last} {today.isoformat()}")
        home.casebook.log.add("last release", f"{last}{f', {len(missing)} lost' if are_lost else ''}", today=today)


def _lacks(missing: Sequence[int]) -> ProgramError:
    named = ", ".join(map(str, missing[:_NAMED])) + ("…" if len(missing) > _NAMED else "")
    return ProgramError(
        f"the record lacks these releases: {named}",
        hint="they come back with the next rounds from a colleague; or say that they are lost",
    )


def _missing(home: Home, *, through: int, highest: int | None = None) -> list[int]:
    """The numbers above ``through`` of which no release is here, up to the highest one."""
    known = {one.number for one in releases(home)}
    last = max(known, default=0) if highest is None else highest
    return [number for number in range(through + 1, last + 1) if number not in known]


def _lost(home: Home) -> tuple[int, dt.date | None]:
    """The last number that may be lost, and the day on which that was said."""
    number, _space, day = (home.casebook.settings.get(_LOST) or "0 ").partition(" ")
    return int(number), dt.date.fromisoformat(day) if day else None


def _unknown(home: Home) -> Iterator[str]:
    """Untrusted names of releases that cannot be compared: of a later program, or of no form."""
    names = ReviewerNames(home)
    for operation in home.casebook.operations.of_kind(RELEASE):
        found = _release(operation, names, is_corrected=False)
        table = TABLES.get(operation.text("table"))
        if found is None or table is None or (len(table.dimensions) > 1) != bool(found.published.columns):
            yield " ".join((operation.text("table"), operation.text("quarter"))).strip() or operation.sha256.hex()
    yield from (kind for kind in home.casebook.operations.kinds() if kind.startswith(_FURTHER_KINDS))


def _release(operation: Operation, names: ReviewerNames, *, is_corrected: bool) -> Release | None:
    content = operation.content
    rows, columns, numbers = (_texts(content.get(part)) for part in ("rows", "columns", "numbers"))
    try:
        quarter = Quarter.parse(operation.text("quarter"))
        known = tuple(int(one) if one else None for one in numbers)
    except (Malformed, ValueError):
        return None
    width, number = len(columns) + 1 if columns else 1, content.get("number")
    if not rows or len(known) != (len(rows) + 1) * width:
        return None
    if type(number) is not int or not 0 < number <= _HIGHEST or content.keys() - _PARTS:
        return None
    places = {(at // width, at % width): count for at, count in enumerate(known)}
    return Release(
        operation.sha256.hex(),
        number,
        operation.text("table"),
        quarter,
        PublishedTable(rows, columns, places),
        operation.day,
        names.of(operation.author.to_bytes()),
        operation.text("because"),
        is_corrected,
    )


def _texts(untrusted_value: object) -> tuple[str, ...]:
    if not isinstance(untrusted_value, list):
        return ()
    return tuple(one for one in untrusted_value if isinstance(one, str))
