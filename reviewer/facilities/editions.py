"""Editions of one list: which is the newer one, and which places the newer ones no longer have.

Staff say at the import that a list is a newer edition of another one. Equal names are not enough: two exports of
one publisher may hold two countries. The year, month or day in an edition tells which of two is the older one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_lists import FacilityList, StoredFacility
from reviewer.casebook.folded_text import folded
from reviewer.facilities.places import whole_place
from reviewer.languages.staff_language import said
from reviewer.terminal.plain_text import plain_line

_DAY: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(?:[-/.]([01][0-9])(?:[-/.]([0-3][0-9]))?)?(?![0-9])")
_LONGEST: Final = 100


def newest_of(lists: Iterable[FacilityList]) -> FacilityList | None:
    """The newest edition among lists of one kind."""
    newest: FacilityList | None = None
    for one in sorted(lists, key=lambda each: each.number):
        if newest is None or not is_older(one.table.version, newest.table.version):
            newest = one
    return newest


def newer_here(lists: Iterable[FacilityList], kind: str, publisher: str, edition: str) -> FacilityList | None:
    """An edition of the same list that is newer than this one, which is not here yet."""
    found = [one for one in lists if _is_series(one, kind, publisher) and is_older(edition, one.table.version)]
    return newest_of(found)


def no_longer_on(
    casebook: Casebook, facility: StoredFacility, lists: Sequence[FacilityList]
) -> FacilityList | None:
    """The first edition that lacks this place, as all later ones do; None where the newest one has it.

    An edition has it where a rule or a person says that one of its rows is the same place.
    """
    own = next((one for one in lists if one.number == facility.facility_list), None)
    if own is None:
        return None
    later = _later(own, lists)
    if not later:
        return None
    place = whole_place(casebook, facility.number)
    on = set(casebook.facility_lists.numbers_in(place, [one.number for one in later]).values())
    missing: FacilityList | None = None
    for one in later:
        if one.number in on:
            missing = None
        elif missing is None:
            missing = one
    return missing


def gone_sentence(one: FacilityList) -> str:
    """The words about a place that an edition no longer has."""
    return said(
        "no longer listed since edition %(edition)s (%(list)s), as far as is known",
        edition=plain_line(one.table.version, limit_letters=_LONGEST),
        list=one.name,
    )


def is_older(edition: str, other: str) -> bool:
    """True if an edition names an earlier time than the other one.

    A year alone is not earlier than its months.
    """
    first, second = _time_of(edition), _time_of(other)
    common = min(len(first), len(second))
    return first[:common] < second[:common]


def _later(own: FacilityList, lists: Sequence[FacilityList]) -> list[FacilityList]:
    """The editions that follow a list, directly or one after another, in the order of their imports."""
    reached = {own.number}
    found = []
    for one in sorted(lists, key=lambda each: each.number):
        if one.follows in reached:
            reached.add(one.number)
            found.append(one)
    return found


def _is_series(one: FacilityList, kind: str, publisher: str) -> bool:
    return one.kind == kind and folded(one.table.publisher).strip() == folded(publisher).strip()


def _time_of(edition: str) -> tuple[int, ...]:
    found = max(_DAY.findall(edition), default=())
    return tuple(int(part) for part in found if part)
