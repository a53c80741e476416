"""The record of releases: one for the organisation, shared among its reviewers, and never shortened.

One named reviewer publishes, so that two laptops cannot publish past each other, and only this one names the next.
A release is an operation of ``docs/formats/shared.md``. A correction replaces another release, and both stay on
record.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from crypto.errors import Malformed
from crypto.primitives.week import Quarter
from crypto.sharing.operation import Operation
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.home.home import Home
from reviewer.languages.staff_language import said
from reviewer.publication.corrections import left_out_before
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable
from reviewer.publication.register import MOST_PLACES, RegisteredTable
from reviewer.publication.subtraction import refuse_subtraction
from reviewer.publication.suppression import is_small, places_left_out
from reviewer.sharing.appliers import PUBLISHER, RELEASE
from reviewer.sharing.party import ReviewerNames, own_key, reviewers
from reviewer.sharing.record import record_for_all
from system.errors import ProgramError

LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class Release:
    """A table that was published. ``because`` is the reason of a correction, else empty."""

    release_id: str
    table: str
    quarter: Quarter
    published: PublishedTable
    day: dt.date
    reviewer: str
    because: str
    is_corrected: bool


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
        ProgramError: the quarter is not over, the table is too large, or with an earlier one it tells a cell.
    """
    if quarter.last_day >= today:
        raise ProgramError(
            f"{quarter} is not over", hint=f"its figures may be published after {quarter.last_day.isoformat()}"
        )
    counted = registered.count(home, quarter)
    if len(list(counted.places())) > MOST_PLACES:
        raise ProgramError(f"a table may have at most {MOST_PLACES} numbers with its totals")
    earlier = [one for one in releases(home) if one.quarter == quarter]
    same = [one for one in earlier if one.table == registered.name]
    before = left_out_before(home, {one.release_id: one.published for one in same}, counted, registered.bounds)
    published = PublishedTable.of(counted, places_left_out(counted, registered.bounds, before=before))
    others = [(one.table, one.published) for one in earlier if one.table != registered.name]
    refuse_subtraction(registered, published, others, quarter=quarter)
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
    _require_publisher(home)
    require_shown(code, proposal.code)
    because = " ".join(because.split())
    if proposal.is_empty:
        raise ProgramError("there is nothing to publish: too few people stand behind each number")
    if proposal.corrects and not because:
        raise ProgramError("a correction needs a reason", hint="this table was published for this quarter before")
    if len(because) > LONGEST_REASON:
        raise ProgramError(f"a reason must have at most {LONGEST_REASON} letters")
    table = proposal.published
    content = {
        "table": proposal.registered.name,
        "quarter": str(proposal.quarter),
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


def releases(home: Home) -> list[Release]:
    """All releases of all reviewers, the oldest first.

    One whose content does not fit the format is left out.
    """
    operations = home.casebook.operations.of_kind(RELEASE)
    replaced = {digest for one in operations for digest in one.replaces}
    names = ReviewerNames(home)
    found = [_release(one, names, is_corrected=one.sha256 in replaced) for one in operations]
    return [one for one in found if one is not None]


def publisher(home: Home) -> str | None:
    """The name of the reviewer who publishes; None if several reviewers are there and none was named.

    Raises:
        ProgramError: two reviewers named different ones at once.
    """
    parties = reviewers(home)
    if len(parties) <= 1:
        return home.party_keys().name
    named = _named(home)
    names = {str(party.verify_key): party.name for party in parties}
    found = sorted({names[one.text("publisher")] for one in named if one.text("publisher") in names})
    if len(found) > 1:
        raise ProgramError(f"several publishers were named at once: {', '.join(found)}", hint="name one again")
    return found[0] if found else None


def name_publisher(home: Home, name: str, *, today: dt.date) -> None:
    """Make a reviewer the one who publishes; the others learn it with the next outbox.

    Raises:
        ProgramError: no reviewer of the newest manifest has this name, or another reviewer has to name one.
    """
    names = who_names_publisher(home)
    if names != _own_name(home):
        raise ProgramError(
            f"only {names} can name the reviewer who publishes", hint="no one else surely knows every release"
        )
    party = next((one for one in reviewers(home) if one.name == name), None)
    if party is None:
        known = ", ".join(one.name for one in reviewers(home))
        raise ProgramError("no reviewer has this name", hint=f"reviewers are: {known or 'none yet'}")
    with home.casebook.changing():
        replaces = tuple(sorted(one.sha256 for one in _named(home)))
        record_for_all(home, PUBLISHER, {"publisher": str(party.verify_key)}, replaces=replaces, today=today)
        home.casebook.log.add("publisher", name, today=today)


def who_names_publisher(home: Home) -> str:
    """The one reviewer who may name the next publisher.

    That is the present publisher, or while there is none the first reviewer of the manifest by name. A colleague
    who took over alone would publish beside the one who has not heard of it, and without the releases of the last
    days. From the present publisher the word and the releases arrive together.
    """
    with suppress(ProgramError):  # two are in force: none counts
        if (name := publisher(home)) is not None:
            return name
    return min(party.name for party in reviewers(home))


def _named(home: Home) -> list[Operation]:
    operations = home.casebook.operations.of_kind(PUBLISHER)
    replaced = {digest for one in operations for digest in one.replaces}
    return [one for one in operations if one.sha256 not in replaced]


def _require_publisher(home: Home) -> None:
    name = publisher(home)
    if name is None:
        raise ProgramError(
            "no reviewer was named who publishes for the organisation",
            hint="tipline-review publisher HOME --to NAME",
        )
    if name != _own_name(home):
        raise ProgramError(
            f"{name} publishes for the organisation", hint="two laptops could publish past each other"
        )


def _own_name(home: Home) -> str | None:
    """The name of this home in the newest manifest; None if it is not there."""
    parties = reviewers(home)
    if not parties:
        return home.party_keys().name
    own = own_key(home)
    return next((one.name for one in parties if one.verify_key == own), None)


def _release(operation: Operation, names: ReviewerNames, *, is_corrected: bool) -> Release | None:
    content = operation.content
    rows, columns, numbers = (_texts(content.get(part)) for part in ("rows", "columns", "numbers"))
    try:
        quarter = Quarter.parse(operation.text("quarter"))
        known = tuple(int(one) if one else None for one in numbers)
    except (Malformed, ValueError):
        return None
    width = len(columns) + 1 if columns else 1
    if not rows or len(known) != (len(rows) + 1) * width:
        return None
    places = {(number // width, number % width): count for number, count in enumerate(known)}
    return Release(
        operation.sha256.hex(),
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
