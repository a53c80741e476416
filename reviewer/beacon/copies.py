"""Copies B of sightings: opened here only, and kept as sightings of presses for help.

A file has copies of 7,354 bytes, one after the other. Each is opened alone, so that one that was changed on the way
costs no other.
"""

import datetime as dt
import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crypto.beacon.relay_post import copies_in, open_copy
from crypto.beacon.rotating_id import WINDOW_SECONDS, ButtonSeed, Meaning, id_at
from crypto.beacon.sighting import HeardId, RelaySecret, RelayWeekKey, Sighting
from crypto.errors import CryptoError, Malformed
from crypto.primitives.week import Week
from reviewer.casebook.help_records import HelpSighting
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home
from reviewer.refusals import kind_of

WINDOWS_AROUND = 2
"""A button's clock may be off by half an hour."""
REMOVED_RELAY = "sent after its relay was removed"
_LATEST_WINDOW = 2**32 // WINDOW_SECONDS - 1

OwnersOfWindow = Callable[[int], dict[bytes, tuple[int, Meaning]]]
"""Button and meaning of each id of a window."""


@dataclass(slots=True)
class CopiesOutcome:
    """The outcome for one file. ``refused`` counts copies by their reason.

    ``new`` and ``known`` are sightings of presses. ``unknown_ids`` are ids of no button at their time.
    """

    copies: int = 0
    new: int = 0
    known: int = 0
    other_ids: int = 0
    unknown_ids: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class SeenPress:
    """A press for help as relays heard it; times are Unix seconds of the relays."""

    button: int
    place: int
    first: int
    last: int
    relays: tuple[int, ...]


def take_copies(home: Home, untrusted_bytes: bytes, *, today: dt.date) -> CopiesOutcome:
    """Open all copies of a file, and keep their presses for help. The same file again changes nothing.

    Raises:
        BeaconRefused: the file is empty, cut, or has more than 10,000 copies.
    """
    try:
        copies = copies_in(untrusted_bytes)
    except Malformed as error:
        raise BeaconRefused(
            str(error), hint="it was cut on the way, or is another file; nothing was changed"
        ) from error
    casebook = home.casebook
    relays = {one.number: one for one in casebook.help_register.relays()}
    keys = [key for week in reversed(home.keyring.intake_weeks()) for key in home.keyring.intake_keys(week)]
    owners_of = _owners(home)
    taken = CopiesOutcome(copies=len(copies))

    def key_of(relay: int, week: Week) -> RelayWeekKey | None:
        return RelaySecret(relays[relay].secret).of_week(week) if relay in relays else None

    with casebook.changing():
        for copy in copies:
            try:
                sighting = open_copy(copy, keys=keys, key_of=key_of)
            except CryptoError as error:
                taken.refused[kind_of(error)] += 1
                continue
            removed = relays[sighting.relay].removed_day
            if removed is not None and _day_of(sighting.sent) > removed:
                taken.refused[REMOVED_RELAY] += 1
                continue
            for seen in _presses_in(sighting, owners_of, taken):
                is_new = casebook.help_records.put_sighting(seen)
                taken.new += is_new
                taken.known += not is_new
        casebook.log.add(
            "copies of sightings taken", f"{len(copies)} copies, {taken.new} new sightings", today=today
        )
    return taken


def presses_seen(home: Home) -> list[SeenPress]:
    """All presses, the newest first.

    A press is all sightings of one button and meaning in windows that follow each other.
    """
    places = {one.number: one.place for one in home.casebook.help_register.buttons()}
    groups: list[list[HelpSighting]] = []
    for seen in home.casebook.help_records.sightings():
        before = groups[-1][-1] if groups else None
        is_same = before is not None and (before.button, before.meaning) == (seen.button, seen.meaning)
        if before is not None and is_same and seen.window - before.window <= 1:
            groups[-1].append(seen)
        else:
            groups.append([seen])
    presses = [
        SeenPress(
            *(group[0].button, places[group[0].button]),
            *(min(one.first for one in group), max(one.last for one in group)),
            tuple(sorted({one.relay for one in group})),
        )
        for group in groups
    ]
    return sorted(presses, key=lambda press: (-press.first, press.button))


def _presses_in(sighting: Sighting, owners_of: OwnersOfWindow, taken: CopiesOutcome) -> Iterator[HelpSighting]:
    for heard in sighting.ids:
        found = _owner(heard, owners_of)
        if found is None:
            taken.unknown_ids += 1
            continue
        button, meaning, window = found
        if not meaning.is_help:
            taken.other_ids += 1
            continue
        times = (heard.first, heard.last, heard.count, heard.rssi)
        yield HelpSighting(button, meaning.value, window, sighting.relay, *times)


def _owner(heard: HeardId, owners_of: OwnersOfWindow) -> tuple[int, Meaning, int] | None:
    present = heard.first // WINDOW_SECONDS
    for window in sorted(_around(present), key=lambda window: abs(window - present)):
        if found := owners_of(window).get(heard.button_id):
            return *found, window
    return None


def _around(window: int) -> Sequence[int]:
    return range(max(0, window - WINDOWS_AROUND), min(_LATEST_WINDOW, window + WINDOWS_AROUND) + 1)


def _owners(home: Home) -> OwnersOfWindow:
    keys = [
        (one.number, meaning, ButtonSeed(one.seed).id_key(meaning))
        for one in home.casebook.help_register.buttons()
        if one.seed is not None and one.provisioned_day is not None
        for meaning in Meaning
    ]

    @functools.lru_cache(maxsize=256)
    def owners_of(window: int) -> dict[bytes, tuple[int, Meaning]]:
        return {id_at(key, window * WINDOW_SECONDS): (number, meaning) for number, meaning, key in keys}

    return owners_of


def _day_of(seconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()
