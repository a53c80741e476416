"""The present place of a harmed person is never kept finer than a region.

A list that says where a person who fled sleeps now is the one that a trafficker needs. So a relation that says it
is refused, and one that was noted before the person was known to be harmed is removed.
"""

import datetime as dt
from typing import Final

from reviewer.casebook.entities import Relation
from reviewer.home.home import Home
from reviewer.linking.masking import PEOPLE, Masks
from reviewer.sharing.link_record import say_relation

PLACE, REGION = "place", "region"
AT_A_PLACE: Final = frozenset({"lives-at", "seen-at", "travelled-to"})
"""Relations that say where a person is, unless their last day is over."""

FINER: Final = (
    "a harmed person's present place is never kept finer than a region: keep the region as an entity of the kind"
    " region, or give the last day if the person has left"
)


def is_present_place(kind: str, *, kinds: tuple[str, str], until: dt.date | None, today: dt.date) -> bool:
    """True if a relation says where a person is now, by a place; ``kinds`` are of both ends."""
    one, other = kinds
    return kind in AT_A_PLACE and one in PEOPLE and other == PLACE and (until is None or until >= today)


def let_go_of_present_places(home: Home, *, today: dt.date) -> int:
    """Remove relations that say where a harmed person is now; how many."""
    casebook = home.casebook
    kinds = casebook.entities.kinds()
    doubtful = [one for one in casebook.entities.all_relations() if _says_where(one, kinds, today)]
    if not doubtful:
        return 0
    masks = Masks(home)
    going = [one for one in doubtful if masks.is_protected(one.entity)]
    with casebook.changing():
        for one in going:
            casebook.entities.unrelate(one.entity, one.kind, one.other)
            say_relation(home, one.entity, one.kind, one.other, finding=one.finding, is_said=False, today=today)
            casebook.log.add("present place let go of", f"E-{one.entity}, {one.kind}", today=today)
    return len(going)


def _says_where(one: Relation, kinds: dict[int, str], today: dt.date) -> bool:
    ends = (kinds.get(one.entity, ""), kinds.get(one.other, ""))
    return is_present_place(one.kind, kinds=ends, until=one.until, today=today)
