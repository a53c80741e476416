"""Places that a correction must leave out: what an earlier release hid, and what changed by few since.

Labels are compared, as a questionnaire may have come since.
"""

from collections.abc import Mapping, Sequence

from reviewer.home.home import Home
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable
from reviewer.publication.suppression import is_small


def left_out_before(
    home: Home, same: Mapping[str, PublishedTable], counted: CountedTable, bounds: Sequence[int]
) -> set[Place]:
    """Places that a release of this table and quarter left out, or whose number changed by few since.

    ``same`` are the releases by their ids; ``bounds`` has the lower bound of each unit.
    """
    labels = {counted.label(place): place for place in counted.places()}
    gone = {one.label(place) for one in same.values() for place in one.left_out}
    found = {place for label, place in labels.items() if label in gone}
    for release_id, published in same.items():
        behind = home.casebook.release_counts.of(bytes.fromhex(release_id))
        found |= changed_by_few(published, behind, counted, bounds)
    return found


def changed_by_few(
    before: PublishedTable, behind: Mapping[str, Sequence[int]], counted: CountedTable, bounds: Sequence[int]
) -> set[Place]:
    """Cells whose number has changed since a release, and any unit by less than its lower bound.

    ``behind`` are the counts of each unit at the time of the release, by label. For a release of another home there
    are none: then every cell that changed is among them, as nothing says how many mailboxes or days stand behind.
    """
    numbers = {before.label(place): number for place, number in before.numbers.items() if number is not None}
    found = set()
    for place in counted.places():
        label, now = counted.label(place), counted.counts(place)
        known, then = numbers.get(label), behind.get(label, now)
        if known is None or known == now[0] or counted.is_total(place):
            continue
        if is_small([abs(count - was) for count, was in zip(now, then, strict=True)], bounds):
            found.add(place)
    return found
