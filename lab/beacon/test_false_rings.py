"""A million random ids with a good MAC, and 10,000 sightings with a known id and a wrong MAC, ring zero times.

They are handed to a duty desk of 100 buttons as whole posts. The expected number is printed; with ids cut to three
bytes the same draws would ring.
"""

from pathlib import Path
from random import Random

from crypto.beacon.relay_post import seal_post
from crypto.beacon.rotating_id import ID_BYTES, WINDOW_SECONDS, ButtonSeed, Meaning, ids_of_windows
from crypto.beacon.sighting import MOST_IDS, HeardId, RelayWeekKey, Sighting
from crypto.beacon.week_file import ListedButton, ListedRelay, PlaceCard, WeekFile
from duty.judgement import WINDOWS_AROUND, Judge, JunkCount
from duty.ledger import Ledger
from duty.presses import MachineRole
from duty.watch import DutyWatch
from tests.relay.place_of_tests import DUTY, DUTY_PUBLIC, NOON, PLACE, SECRETS, WEEK

BUTTONS = 100
DRAWN = 1_000_000
WRONG = 10_000
WINDOWS = 21
NOW = NOON // WINDOW_SECONDS
SEEDS = [ButtonSeed(Random(f"button {number}").randbytes(32)) for number in range(1, BUTTONS + 1)]
KEY = SECRETS[3].of_week(WEEK)


def week_file() -> WeekFile:
    """100 buttons at one place, in windows around now."""
    first = NOW - WINDOWS // 2
    ids = b"".join(
        one for seed in SEEDS for meaning in Meaning for one in ids_of_windows(seed.id_key(meaning), first, WINDOWS)
    )
    buttons = tuple(ListedButton(number, PLACE) for number in range(1, BUTTONS + 1))
    relays = (ListedRelay(3, PLACE, KEY),)
    return WeekFile(WEEK, first, WINDOWS, (PlaceCard(PLACE, ("Clinic",)),), relays, buttons, ids, first * 1024)


WEEK_FILE = week_file()
RINGING = {
    one
    for one, owner in WEEK_FILE.table.items()
    if owner.meaning.is_help and abs(owner.window - NOW) <= WINDOWS_AROUND
}


class Desk:
    """A duty desk that counts how often its bell was told to ring."""

    def __init__(self, folder: Path) -> None:
        self.rings = 0
        self.judge = Judge([WEEK_FILE], DUTY[:1], since=NOON)
        self.watch = DutyWatch(
            self.judge, Ledger(folder / "ledger"), MachineRole.FIRST, ring=self._ring, keep_copy=len
        )

    def _ring(self, is_ringing: bool) -> None:
        self.rings += is_ringing

    def take(self, number: int, ids: list[bytes], key: RelayWeekKey) -> None:
        heard = tuple(HeardId(one, NOON, NOON, 1, -70) for one in ids)
        sighting = Sighting(3, WEEK, number.to_bytes(8, "big"), 1, NOON, ids=heard)
        self.watch.take([seal_post(sighting, key=key, duty=DUTY_PUBLIC, intake=())], now=NOON)


def test_a_million_random_ids_with_a_good_mac_ring_zero_times_and_cut_to_three_bytes_they_would(
    tmp_path: Path,
) -> None:
    desk, random = Desk(tmp_path), Random(2026)
    assert len(RINGING) == BUTTONS * 3 * (2 * WINDOWS_AROUND + 1)
    short, cut_hits, drawn = {one[:3] for one in RINGING}, 0, 0
    while drawn < DRAWN:
        ids = [random.randbytes(ID_BYTES) for _ in range(min(MOST_IDS, DRAWN - drawn))]
        drawn += len(ids)
        cut_hits += sum(one[:3] in short for one in ids)
        desk.take(drawn, ids, KEY)
    expected, expected_cut = DRAWN * len(RINGING) / 2**64, DRAWN * len(RINGING) / 2**24
    print(f"{drawn:,} ids rang {desk.rings} times, expected {expected:.1e}")
    print(f"cut to three bytes: {cut_hits}, expected {expected_cut:.0f}")
    assert desk.rings == 0
    assert desk.judge.counts == dict.fromkeys(JunkCount, 0)
    assert cut_hits > 0
    # The control of the control: one id of a button rings.
    desk.take(0, [next(iter(RINGING))], KEY)
    assert desk.rings == 1


def test_ten_thousand_sightings_of_a_known_id_with_a_wrong_mac_ring_zero_times(tmp_path: Path) -> None:
    desk, wrong = Desk(tmp_path), RelayWeekKey(bytes(32))
    known = sorted(RINGING)
    for number in range(WRONG):
        desk.take(number + 1, [known[number % len(known)]], wrong)
    assert desk.rings == 0
    assert desk.judge.counts[JunkCount.FORGED] == WRONG
