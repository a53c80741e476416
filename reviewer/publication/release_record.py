"""The record of releases: one for the organisation, numbered, shared, and never shortened.

A release is an operation of ``docs/formats/shared.md``. Each new one has the next number, so that a record that
lacks some is noticed (:mod:`reviewer.publication.whole_record`).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed
from crypto.primitives.week import Quarter
from crypto.sharing.operation import Operation
from reviewer.home.home import Home
from reviewer.publication.counted_table import PublishedTable
from reviewer.sharing.appliers import RELEASE
from reviewer.sharing.party import ReviewerNames

HIGHEST: Final = 1_000_000
"""The highest number of a release."""
_PARTS: Final = frozenset({"table", "quarter", "number", "rows", "columns", "numbers", "because"})


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
    found = [read_release(one, names, is_corrected=one.sha256 in replaced) for one in operations]
    return [one for one in found if one is not None]


def read_release(operation: Operation, names: ReviewerNames, *, is_corrected: bool = False) -> Release | None:
    """The release of an operation; None if this program cannot read it."""
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
    if type(number) is not int or not 0 < number <= HIGHEST or content.keys() - _PARTS:
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
