"""Publishes a table: counts it, leaves out what could tell of few people, and compares it.

It is compared with every earlier release. A correction replaces another release and keeps its lines. Both stay on
record.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed
from crypto.primitives.canonical_json import Json
from crypto.primitives.week import Quarter
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.publication.corrections import counts_behind, in_released_lines, left_out_before
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable
from reviewer.publication.drawn_prices import drawing_key, drawn_prices
from reviewer.publication.publisher import require_publisher
from reviewer.publication.register import MOST_PLACES, RegisteredTable
from reviewer.publication.release_record import Release, releases
from reviewer.publication.subtraction import refuse_subtraction, told_by_totals
from reviewer.publication.suppression import is_small, places_left_out
from reviewer.publication.whole_record import comparable, next_number, require_whole_record
from reviewer.sharing.appliers import RELEASE
from reviewer.sharing.record import record_for_all
from system.errors import ProgramError

LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table before it is published, for the eyes of the team: ``counted`` has the exact counts.

    ``corrects`` are the releases of the same table and quarter that this one would replace.
    """

    registered: RegisteredTable
    quarter: Quarter
    counted: CountedTable
    published: PublishedTable
    corrects: Sequence[Release]
    before: frozenset[Place] = frozenset()

    @property
    def is_empty(self) -> bool:
        """True if there is no number left to publish."""
        return all(number is None for number in self.published.numbers.values())

    @property
    def code(self) -> str:
        """The code of the table as it would leave, and of what it corrects."""
        table, corrected = self.published, [one.release_id for one in self.corrects]
        named = [self.registered.name, str(self.quarter), table.rows, table.columns]
        return shown_code([named, sorted(table.numbers.items()), corrected])

    def counts_said(self, place: Place) -> str:
        """Each unit behind a number: "persons: 12, mailboxes: 4"."""
        counts = zip(self.counted.counts(place), self.registered.units, strict=True)
        return ", ".join(f"{said(unit.name)}: {count}" for count, unit in counts)

    def was_left_out(self, place: Place) -> bool:
        """True if a release before left this place out, or its number has changed by fewer than 11 since."""
        return place in self.before

    def is_small(self, place: Place) -> bool:
        """True if a place is left out because of its own count, and not to protect another one."""
        counts = self.counted.counts(place)
        return is_small(counts, self.registered.bounds)


def propose(home: Home, registered: RegisteredTable, quarter: Quarter, *, today: dt.date) -> Proposal:
    """Count a table and leave out what could tell of few people. Nothing is published by this.

    Raises:
        ProgramError: the quarter is not over, the table is too large, with an earlier release it tells a cell, or
            the record of releases is not whole.
    """
    if quarter.last_day >= today:
        raise ProgramError(
            f"{quarter} is not over", hint=f"its figures may be published after {quarter.last_day.isoformat()}"
        )
    require_whole_record(home, quarter)
    earlier = comparable(home)
    same = [one for one in earlier if (one.table, one.quarter) == (registered.name, quarter)]
    counted = registered.count(home, quarter)
    if same:
        counted = in_released_lines(same[0].published, counted, rest=registered.rest)
    if len(list(counted.places())) > MOST_PLACES:
        raise ProgramError(f"a table may have at most {MOST_PLACES} numbers with its totals")
    before = left_out_before(home, {one.release_id: one.published for one in same}, counted, registered.bounds)
    prices = drawn_prices(counted, drawing_key(home, f"{registered.name} of {quarter}"))
    published = PublishedTable.of(counted, places_left_out(counted, registered.bounds, prices, before=before))
    others = [one for one in earlier if one.quarter == quarter and one.table != registered.name]
    if more := told_by_totals(lambda one: counts_behind(home, one), registered, counted, published, others):
        before |= more
        published = PublishedTable.of(counted, places_left_out(counted, registered.bounds, prices, before=before))
    refuse_subtraction(registered, published, others)
    corrects = [one for one in same if not one.is_corrected]
    return Proposal(registered, quarter, counted, published, corrects, frozenset(before))


def quarter_named(untrusted_text: str) -> Quarter:
    """The quarter that is written as ``2026-Q3``.

    Raises:
        ProgramError: it is none.
    """
    try:
        return Quarter.parse(untrusted_text.strip())
    except Malformed as error:
        raise ProgramError(f"expected a quarter: {error}") from error


def publish(home: Home, proposal: Proposal, *, because: str, code: str | None = None, today: dt.date) -> Release:
    """Record a release. The caller writes it out afterwards: what is recorded counts as known to everyone.

    ``code`` is that of a preview in an earlier step.

    Raises:
        ProgramError: another reviewer publishes, no number is left, a correction has no reason, or the table is no
            longer the one that was shown.
    """
    require_publisher(home)
    require_whole_record(home, proposal.quarter)
    require_shown(code, proposal.code)
    because = " ".join(because.split())
    if proposal.is_empty:
        raise ProgramError("there is nothing to publish: too few people stand behind each number")
    if proposal.corrects and not because:
        raise ProgramError("a correction needs a reason", hint="this table was published for this quarter before")
    if len(because) > LONGEST_REASON:
        raise ProgramError(f"a reason must have at most {LONGEST_REASON} letters")
    table = proposal.published
    content: dict[str, Json] = {
        "table": proposal.registered.name,
        "quarter": str(proposal.quarter),
        "number": next_number(home),
        "rows": list(table.rows),
        "columns": list(table.columns),
        "numbers": ["" if number is None else str(number) for _place, number in sorted(table.numbers.items())],
        "because": because,
    }
    replaces = tuple(sorted(bytes.fromhex(one.release_id) for one in proposal.corrects))
    with home.casebook.changing():
        operation = record_for_all(home, RELEASE, content, replaces=replaces, today=today)
        counted = proposal.counted
        behind = {counted.label(place): counted.counts(place) for place in counted.places()}
        home.casebook.release_counts.put(operation.sha256, behind)
        act = f"{proposal.registered.name} of {proposal.quarter}{', a correction' if proposal.corrects else ''}"
        home.casebook.log.add("publish", act, today=today)
    return next(one for one in releases(home) if one.release_id == operation.sha256.hex())
