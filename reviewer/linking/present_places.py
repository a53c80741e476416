"""The present place of a harmed person is never recorded or drawn finer than a region.

A place that is kept for a person without a time may be the present one. So may be "lives at" and "was exploited in"
without a last day.
Where a person was seen, brought or held in the past stays as exact as the passage. The smallest region that the
program knows is the country.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.findings import FindingState, StoredFinding
from reviewer.casebook.link_operations import PEOPLE
from reviewer.home.home import Home
from reviewer.linking.masking import Masks
from reviewer.masks.lasting import masks_last
from reviewer.reading.place_readings import COUNTRY
from reviewer.sharing.link_record import say_finding, say_relation
from system.errors import ProgramError

PRESENT_RELATIONS: Final = frozenset({"lives-at", "exploited-in"})
_HINT: Final = "keep the country, or a place of the past: relate E-12 seen-at E-40 --until DAY"


def is_present(relation: str, until: dt.date | None, today: dt.date) -> bool:
    """True if a relation to a place may still hold today."""
    return relation in PRESENT_RELATIONS and (until is None or until >= today)


def is_finer_than_region(readings: Sequence[str]) -> bool:
    """True unless each reading of a place is a country; a place without a reading may be an address."""
    return not readings or any(not one.startswith(f"{COUNTRY}:") for one in readings)


def require_region_for_kept(home: Home, entity: int, finding: StoredFinding) -> None:
    """Refuse to keep a place for a harmed person that may be the present one.

    Raises:
        ProgramError: the person is protected, and the place is finer than a region.
    """
    if finding.kind != PLACE or not Masks(home).is_protected(entity):
        return
    if home.casebook.entities.find(entity).kind != PLACE and _is_fine(home, [finding]):
        raise ProgramError(
            "where a harmed person is now is not recorded finer than a region; a place without a time may be it",
            hint=_HINT,
        )


def require_region_for_relation(
    home: Home, number: int, relation: str, other: int, *, until: dt.date | None, today: dt.date
) -> None:
    """Refuse a relation that says where a harmed person is now.

    Raises:
        ProgramError: the person is protected, and the place is finer than a region.
    """
    if not is_present(relation, until, today) or not Masks(home).is_protected(number):
        return
    if _is_fine(home, home.casebook.findings.of_entity(other)):
        raise ProgramError("where a harmed person is now is not recorded finer than a region", hint=_HINT)


def _is_fine(home: Home, findings: Sequence[StoredFinding]) -> bool:
    readings = [home.casebook.finding_readings.of(one.number) for one in findings if one.kind == PLACE]
    return not readings or any(map(is_finer_than_region, readings))


def let_go_of_present_places(home: Home, *, today: dt.date) -> int:
    """Let go of what says where a person is now who is known to be harmed since; how many.

    Relations are removed, and places that were kept for the person are new findings again. What was masked by such
    a relation stays masked.
    """
    casebook = home.casebook
    relations = [one for one in casebook.entities.all_relations() if is_present(one.kind, one.until, today)]
    kinds = casebook.entities.kinds()
    masks = Masks(home)
    people = [number for number, kind in kinds.items() if kind in PEOPLE and masks.is_protected(number)]
    going = [
        one for one in relations if one.entity in people and _is_fine(home, casebook.findings.of_entity(one.other))
    ]
    kept = [
        one
        for number in people
        for one in casebook.findings.of_entity(number)
        if one.kind == PLACE and _is_fine(home, [one])
    ]
    if not going and not kept:
        return 0
    with masks_last(home, [], today=today):
        for relation in going:
            number, kind, other = relation.entity, relation.kind, relation.other
            casebook.entities.unrelate(number, kind, other)
            say_relation(home, number, kind, other, finding=relation.finding, is_said=False, today=today)
            casebook.log.add("present place let go of", f"E-{number}, {kind}", today=today)
        for finding in kept:
            casebook.findings.set_state(finding.number, FindingState.NEW)
            say_finding(home, finding.number, today=today)
            casebook.log.add("present place let go of", f"finding {finding.number}", today=today)
    return len(going) + len(kept)
