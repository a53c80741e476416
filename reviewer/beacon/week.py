"""The week file for both duty machines: ids of buttons, keys of relays, and place cards."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.beacon.rotating_id import WINDOW_SECONDS, ButtonSeed, Meaning, ids_of_windows
from crypto.beacon.sighting import RelaySecret
from crypto.beacon.week_file import (
    FIRST_MINUTE,
    NO_SECOND_PERSON,
    ListedButton,
    ListedRelay,
    PlaceCard,
    WeekFile,
    seal_week,
)
from crypto.errors import CryptoError
from crypto.keys.keys import DutyPublicKey
from crypto.primitives.week import KEY_DAYS, Week
from reviewer.beacon.readiness import buttons_in_use, reasons_against, undrilled
from reviewer.casebook.help_records import HelpWeekFile
from reviewer.casebook.help_register import HelpPlace, HelpRelay
from reviewer.errors import BeaconRefused
from reviewer.home.home import Home

RELAYS_NEEDED = 2
DUTY_KEY_BYTES = 4096
_WINDOWS_BEYOND = 3
"""A button's clock may be off by half an hour at either end."""
DRILLS_ONLY = "DRILLS ONLY: this place is not served yet. A press for help is real all the same."
ONE_RELAY = "NOT TWO RELAYS: this place is not served."


def parse_duty_key(untrusted_bytes: bytes) -> DutyPublicKey:
    """The public key of a duty machine, from a file with nothing but ``age1pq1…`` and a line break.

    Raises:
        BeaconRefused: the file is not such a one.
    """
    try:
        return DutyPublicKey.parse(untrusted_bytes[:DUTY_KEY_BYTES].decode("ascii").strip())
    except (CryptoError, UnicodeDecodeError) as error:
        raise BeaconRefused("file of a duty key must hold a public key that begins with age1pq1") from error


def duty_keys(home: Home, given: Sequence[DutyPublicKey]) -> tuple[DutyPublicKey, ...]:
    """The duty keys to seal to: those that are ``given``, or else those of the newest manifest.

    Raises:
        BeaconRefused: the manifest names other duty machines than those that are given.
    """
    newest = home.casebook.manifests.newest(root=home.root_key)
    named = newest.manifest.duty if newest else ()
    if named and given and set(given) != set(named):
        raise BeaconRefused(
            f"manifest {newest.version if newest else 0} names other duty keys",
            hint="leave --duty out; after a key was renewed, issue a manifest with it first: keys issue --duty",
        )
    return tuple(given) or named


def make_week(
    home: Home, week: Week, *, to: Sequence[DutyPublicKey], for_drills: bool, today: dt.date, now: int
) -> tuple[WeekFile, bytes]:
    """The week file, and its bytes sealed to both duty keys. Nothing is written.

    This reviewer signs it. ``now`` in Unix seconds stands in it: a duty machine takes none that was made earlier.

    Raises:
        BeaconRefused: not ready, the week is over or too far ahead, or not two different keys.
    """
    if len(set(to)) != 2:
        raise BeaconRefused("a week file is sealed to two different duty keys", hint="--duty once for each machine")
    if not week.monday - dt.timedelta(days=14) <= today <= week.last_day:
        raise BeaconRefused("the week of a week file must be this one, or one of the next two")
    reasons = reasons_against(home, week, for_drills=for_drills, today=today)
    if reasons:
        raise BeaconRefused(
            f"not ready: {'; '.join(reasons)}", hint="docs/beacon/place.md says how a place is made ready"
        )
    made = _week_file(home, week, today=today, now=now)
    return made, seal_week(made, key=home.party_keys().signing, to=to)


def log_week(home: Home, made: WeekFile, *, today: dt.date) -> None:
    """Keep what a new week file lists; the log names its week and counts its buttons."""
    relays, buttons = (frozenset(one.number for one in listed) for listed in (made.relays, made.buttons))
    with home.casebook.changing():
        home.casebook.help_records.put_week_file(HelpWeekFile(made.week, relays, buttons))
        home.casebook.log.add("week file written", f"{made.week}, {len(made.buttons)} buttons", today=today)


@dataclass(frozen=True, slots=True)
class OutdatedWeek:
    """A week whose file lists ``gone``: relays that were removed since, and buttons that were retired."""

    week: Week
    gone: tuple[str, ...]


def weeks_to_make_again(home: Home, *, today: dt.date) -> list[OutdatedWeek]:
    """The weeks, not over yet, whose file lists what is gone: the file must be made again."""
    register = home.casebook.help_register
    relays = {one.number for one in register.relays() if one.removed_day is None}
    buttons = {one.number for one in register.buttons() if one.is_in_use}
    found = []
    for made in home.casebook.help_records.week_files():
        gone = [f"relay {number}" for number in sorted(made.relays - relays)]
        gone += [f"button {number}" for number in sorted(made.buttons - buttons)]
        if gone and made.week.last_day >= today:
            found.append(OutdatedWeek(made.week, tuple(gone)))
    return found


def _week_file(home: Home, week: Week, *, today: dt.date, now: int) -> WeekFile:
    register = home.casebook.help_register
    buttons = buttons_in_use(home)
    relays = [one for one in register.relays() if one.removed_day is None]
    listed = {one.place for one in buttons} | {one.place for one in relays}
    late = undrilled(home, today=today)
    in_drill = {one.place for one in buttons if one.number in late}
    midnight = int(dt.datetime.combine(week.monday, dt.time(), dt.UTC).timestamp())
    first = midnight // WINDOW_SECONDS - _WINDOWS_BEYOND
    end = (midnight + KEY_DAYS * 24 * 3600) // WINDOW_SECONDS + 1 + _WINDOWS_BEYOND
    ids = b"".join(
        button_id
        for one in buttons
        for meaning in Meaning
        for button_id in ids_of_windows(ButtonSeed(one.seed or b"").id_key(meaning), first, end - first)
    )
    return WeekFile(
        *(week, first, end - first),
        tuple(_card(place, relays, in_drill) for place in register.places() if place.number in listed),
        tuple(ListedRelay(one.number, one.place, RelaySecret(one.secret).of_week(week)) for one in relays),
        tuple(ListedButton(one.number, one.place) for one in buttons),
        ids,
        now,
    )


def _card(place: HelpPlace, relays: Sequence[HelpRelay], in_drill: set[int]) -> PlaceCard:
    here = [one for one in relays if one.place == place.number]
    lines = [place.name, *[DRILLS_ONLY] * (place.number in in_drill), *[ONE_RELAY] * (len(here) < RELAYS_NEEDED)]
    if place.first_minute:
        lines += [FIRST_MINUTE, *place.first_minute.split("\n")]
    if place.no_second_person:
        lines += [NO_SECOND_PERSON, *place.no_second_person.split("\n")]
    lines.append(f"Hours of the leaflet: {place.hours}")
    return PlaceCard(place.number, tuple(lines))
