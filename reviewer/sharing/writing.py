"""Writes shared items: the operations that colleagues lack, as many as have room."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crypto.manifests.issued_keys import IntakeWeek
from crypto.manifests.manifest import VerifiedManifest
from crypto.primitives.canonical_json import Json, to_bytes
from crypto.sharing.carried_item import CarriedItem
from crypto.sharing.operation import SignedOperation
from crypto.sharing.shared_item import (
    DOCUMENT_BYTES,
    MOST_ERASED,
    MOST_HEARD,
    MOST_OPERATIONS,
    Erased,
    HeardOf,
    SharedItem,
    seal_shared,
)
from reviewer.casebook.colleagues import FROM_A_LAPTOP
from reviewer.casebook.shared_operations import HeldOperation
from reviewer.home.home import Home
from reviewer.sharing.party import colleagues, newest_manifest, next_item_number, own_key, own_run
from reviewer.sharing.record import record_earlier_answers

_EARLIER_DAYS = 60
"""As long as a server keeps a reply."""

_EMPTY_BYTES = 512
"""More than a document without any list takes."""
Run = tuple[bytes, bytes]
"""Author and run."""

_GAP, _NEW, _OWN_AGAIN, _OF_OTHERS = range(4)


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """A sealed item and how it is carried to a server; ``left`` operations had no room in it.

    ``digests`` are those of what is in it.
    """

    carried: CarriedItem
    digests: frozenset[bytes]
    left: int


def write_item(home: Home, *, beside: Collection[bytes] | None = None, today: dt.date) -> WrittenItem | None:
    """Seal the next item to all reviewers; None where no manifest lists intake keys yet.

    Without ``beside`` it is for an outbox. With it, it is one of several in a file: the operations with these
    digests are in the others, those of other authors are sent as well, and nothing counts as sent.
    """
    manifest = newest_manifest(home)
    if manifest is None or not manifest.manifest.intake:
        return None
    week = _week_to_seal_to(manifest, today)
    record_earlier_answers(home, since=today - dt.timedelta(days=_EARLIER_DAYS))
    keys = home.party_keys()
    author, run = keys.signing.verify_key(), own_run(home)
    number = next_item_number(home)
    heard = _heard(home)
    wanted = [one for one in _wanted(home, relays_all=beside is not None) if one.sha256 not in (beside or ())]
    room_bytes = DOCUMENT_BYTES - _EMPTY_BYTES - len(to_bytes([one.to_json() for one in heard]))
    operations: list[SignedOperation] = []
    erased: list[Erased] = []
    sent: list[bytes] = []
    for one in wanted:
        row = None
        if one.has_content:
            row = home.casebook.operations.signed(one.sha256)
        gone = Erased(one.run, one.number, one.sha256)
        cost_bytes = _length(row.to_json() if row else gone.to_json())
        is_full = len(operations) == MOST_OPERATIONS or len(erased) == MOST_ERASED
        if cost_bytes > room_bytes or is_full:
            continue
        room_bytes -= cost_bytes
        if row:
            operations.append(row)
        else:
            erased.append(gone)
        sent.append(one.sha256)
    item = SharedItem(
        sender=author,
        run=run,
        number=number,
        week=week.week,
        day=today,
        operations=_one_a_place(operations),
        heard=tuple(heard),
        erased=tuple(sorted(erased)),
    )
    envelope = seal_shared(item, key=keys.signing, to=week.keys)
    if beside is None:
        home.casebook.operations.mark_sent(sent, item=number)
    home.casebook.colleagues.note(
        item, server=FROM_A_LAPTOP, envelope_sha256=hashlib.sha256(envelope).digest(), today=today
    )
    carried = CarriedItem(week.week, manifest.sha256, envelope)
    return WrittenItem(carried, frozenset(sent), len(wanted) - len(sent))


def waiting(home: Home) -> int:
    """The number of operations that some colleague is not known to hold."""
    return len(_wanted(home, relays_all=False)) if colleagues(home) else 0


def _week_to_seal_to(manifest: VerifiedManifest, today: dt.date) -> IntakeWeek:
    """The newest week that has begun, as a server seals; the last one when all are over."""
    weeks = manifest.manifest.intake
    begun = [one for one in weeks if one.week.monday <= today]
    return begun[-1] if begun else weeks[0]


def _heard(home: Home) -> list[HeardOf]:
    """The operations held here, by run; of more runs than fit, those with most operations."""
    held = home.casebook.operations.heard()
    return sorted(sorted(held, key=lambda one: one.highest)[-MOST_HEARD:])


def _wanted(home: Home, *, relays_all: bool) -> list[HeldOperation]:
    """The operations that some colleague is not known to hold, those that are sent first in front."""
    own = own_key(home).to_bytes()
    others = [party.verify_key.to_bytes() for party in colleagues(home)]
    heard = {key: home.casebook.colleagues.heard_by(key) for key in others}
    writing = {own} | set(others)
    found: list[tuple[tuple[int, int, int], HeldOperation]] = []
    for one in _not_held_by_all(home, heard):
        lacking = [
            key
            for key in others
            if not _holds(heard[key].get((one.author, one.run)), one.number)
            and not (key == one.author and not heard[key])
        ]
        if not lacking:
            continue
        is_own = one.author == own
        if not is_own and not one.has_content:
            continue
        # Its author sends it, unless the author is gone, or lacks it itself after a restore.
        is_sent_by_its_author = one.author in writing and one.author not in lacking
        if not is_own and is_sent_by_its_author and not relays_all:
            continue
        is_gap = any(_is_gap(heard[key].get((one.author, one.run)), one.number) for key in lacking)
        if is_own:
            first = _GAP if is_gap and one.sent_in else _NEW if not one.sent_in else _OWN_AGAIN
        else:
            first = _OF_OTHERS
        found.append(((first, one.sent_in, one.number), one))
    return [one for _order, one in sorted(found, key=lambda pair: pair[0])]


def _not_held_by_all(home: Home, heard: Mapping[bytes, Mapping[Run, HeardOf]]) -> Iterator[HeldOperation]:
    """Operations above what every colleague has said to hold; most of a long log is below it."""
    for held in home.casebook.operations.heard():
        run = (held.author, held.run)
        lowest = min((of[run].through if run in of else 0 for of in heard.values()), default=held.highest)
        if lowest < held.highest:
            yield from home.casebook.operations.above(*run, lowest)


def _holds(heard: HeardOf | None, number: int) -> bool:
    """True if a colleague certainly holds this number; above a gap nothing is certain."""
    return heard is not None and number <= heard.through


def _is_gap(heard: HeardOf | None, number: int) -> bool:
    return heard is not None and heard.through < number < heard.highest


def _one_a_place(operations: Sequence[SignedOperation]) -> tuple[SignedOperation, ...]:
    """In order; of a fork only one, as an item has room for one of a place."""
    by_place = {one.operation.place: one for one in operations}
    return tuple(by_place[place] for place in sorted(by_place))


def _length(value: Json) -> int:
    return len(to_bytes(value)) + 1
