"""A place of tests: a button, two relays and two duty machines with keys of their own, and a clock that is set."""

import datetime as dt

from crypto.beacon.day_mark import MarkKey, frame_of
from crypto.beacon.rotating_id import WINDOW_SECONDS, ButtonSeed, Meaning, id_at, ids_of_windows
from crypto.beacon.sighting import RelaySecret
from crypto.beacon.week_file import FIRST_MINUTE, NO_SECOND_PERSON, ListedButton, ListedRelay, PlaceCard, WeekFile
from crypto.keys.keys import DutySecretKey, IntakeSecretKey
from crypto.primitives.week import Week
from relay.marks import RelayKeys
from relay.relay import Relay, RelayIdentity

NOON = 1_795_608_000
WEEK = Week(2026, 48)
PLACE, BUTTON, RELAYS = 4, 12, (3, 5)
MARK_KEY = MarkKey(bytes(range(32)))
SEED = ButtonSeed(bytes([12]) * 32)
SECRETS = {number: RelaySecret(bytes([number]) * 32) for number in (*RELAYS, 9)}
DUTY = [DutySecretKey(bytes([place]) * 32) for place in (1, 2)]
INTAKE = [IntakeSecretKey(bytes([place]) * 32) for place in (3, 4, 5, 6)]
DUTY_PUBLIC, INTAKE_PUBLIC = [key.public_key() for key in DUTY], [key.public_key() for key in INTAKE]


class SetClock:
    """Unix seconds that a test sets."""

    def __init__(self, seconds: int = NOON) -> None:
        self.seconds = seconds

    def __call__(self) -> int:
        return self.seconds


def day_of(seconds: int) -> dt.date:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date()


def keys(days: int = 10, *, with_intake: bool = True) -> RelayKeys:
    first = day_of(NOON) - dt.timedelta(days=1)
    marks = {day: MARK_KEY.mark_of(day) for day in (first + dt.timedelta(days=one) for one in range(days))}
    weeks = (WEEK, WEEK.next()) if with_intake else ()
    return RelayKeys(marks, dict.fromkeys(weeks, INTAKE_PUBLIC))


def relay(number: int, clock: SetClock, known: RelayKeys | None = None) -> Relay:
    identity = RelayIdentity(number, SECRETS[number], DUTY_PUBLIC)
    return Relay(identity, known or keys(), now=clock)


def frame(at: int, meaning: Meaning = Meaning.HELP_1, *, seed: ButtonSeed = SEED) -> bytes:
    """The frame that the button sends at ``at`` of its own clock."""
    return frame_of(MARK_KEY.mark_of(day_of(at)), id_at(seed.id_key(meaning), at))


def week_file(*, far: tuple[int, ...] = (9,), made: int = NOON - 86_400) -> WeekFile:
    """Both relays at the place of the button, and those of ``far`` at another one."""
    first = NOON // WINDOW_SECONDS - 90
    ids = b"".join(one for meaning in Meaning for one in ids_of_windows(SEED.id_key(meaning), first, 600))
    relays = tuple(
        ListedRelay(number, 7 if number in far else PLACE, SECRETS[number].of_week(WEEK))
        for number in sorted((*RELAYS, *far))
    )
    plan = (
        FIRST_MINUTE,
        "Call the ward.",
        NO_SECOND_PERSON,
        "Stay at the desk.",
        "Hours of the leaflet: mon-fri 08-20",
    )
    cards = (PlaceCard(PLACE, ("Harbour clinic", *plan)), PlaceCard(7, ("Station",)))
    return WeekFile(WEEK, first, 600, cards, relays, (ListedButton(BUTTON, PLACE),), ids, made)
