"""Facilities that are one place: as persons confirmed it, or as a rule says too.

An accusation passes along what a person confirmed, and along nothing else. What speaks for caution is taken from
all that anyone calls the same place.
"""

from collections.abc import Collection, Iterable, Sequence

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_matches import FacilityAnswer, FacilityDecision
from reviewer.matching.clusters import Clusters, Link, Verdict

_VERDICTS = {FacilityAnswer.SAME: Verdict.SAME, FacilityAnswer.DIFFERENT: Verdict.DIFFERENT}


def clusters_of(decisions: Iterable[FacilityDecision]) -> Clusters:
    """The clusters that these decisions make; a person's *different* beats any chain of *same*."""
    return Clusters(
        Link(one.number, one.one, one.other, _VERDICTS[one.answer]) for one in decisions if one.answer in _VERDICTS
    )


def confirmed_clusters(casebook: Casebook) -> Clusters:
    """The clusters that persons confirmed, of all facilities."""
    return clusters_of(casebook.facility_matches.all_by_person())


def confirmed_place(casebook: Casebook, facility: int) -> frozenset[int]:
    """The facilities that are one place with this one, as persons confirmed; itself too."""
    return _place(casebook, facility, with_rules=False)


def whole_place(casebook: Casebook, facility: int) -> frozenset[int]:
    """The same, with what a rule wrote down."""
    return _place(casebook, facility, with_rules=True)


def any_place(casebook: Casebook, facilities: Collection[int]) -> frozenset[int]:
    """The facilities that anyone calls one place with these, also where an answer is against it."""
    decisions = _connected(casebook, facilities, with_rules=True).values()
    same = [one for one in decisions if one.answer is FacilityAnswer.SAME]
    return frozenset(facilities).union(*({one.one, one.other} for one in same))


def ever_place(casebook: Casebook, facilities: Collection[int]) -> frozenset[int]:
    """The facilities that anyone ever called one place with these, also where that was undone."""
    reached, new = set(facilities), set(facilities)
    while new:
        found = [one for each in new for one in casebook.facility_matches.of_facility(each)]
        same = [one for one in found if one.answer is FacilityAnswer.SAME]
        new = {end for one in same for end in (one.one, one.other)} - reached
        reached |= new
    return frozenset(reached)


def joined_places(casebook: Casebook) -> Collection[frozenset[int]]:
    """All places of two facilities or more, as :func:`any_place` joins them."""
    decisions = casebook.facility_matches.all_in_force()
    return clusters_of(one for one in decisions if one.answer is FacilityAnswer.SAME).all()


def contradictions(casebook: Casebook, facility: int) -> list[tuple[FacilityDecision, Sequence[FacilityDecision]]]:
    """Each *different* near this facility, with the *same* decisions that it beats."""
    decisions = _connected(casebook, [facility], with_rules=True)
    return [
        (decisions[different.number], [decisions[same.number] for same in sames])
        for different, sames in clusters_of(decisions.values()).opposite()
    ]


def _place(casebook: Casebook, facility: int, *, with_rules: bool) -> frozenset[int]:
    decisions = _connected(casebook, [facility], with_rules=with_rules)
    return clusters_of(decisions.values()).of(facility) | {facility}


def _connected(casebook: Casebook, facilities: Collection[int], *, with_rules: bool) -> dict[int, FacilityDecision]:
    """The decisions about all facilities that any chain of *same* connects with these."""
    decisions: dict[int, FacilityDecision] = {}
    reached: set[int] = set()
    new = facilities
    while new:
        reached |= set(new)
        found = [one for one in casebook.facility_matches.touching(new) if with_rules or not one.is_by_rule]
        decisions |= {one.number: one for one in found}
        new = {end for one in found if one.answer is FacilityAnswer.SAME for end in (one.one, one.other)} - reached
    return decisions
