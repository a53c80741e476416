"""The chance that a press for help is heard, and the seconds until the desk knows: a seeded model.

Run: ``.venv/bin/python benchmarks/beacon_city.py [--seed 7] [--write]``

The same seed gives the same table to the digit. ``--write`` keeps it in docs/evidence/beacon-city.json, from which
docs/evidence/beacon-city.md is made. No radio was used: every number of :data:`ASSUMPTIONS` is an assumption.
"""

import argparse
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

RESULTS = Path(__file__).parents[1] / "docs" / "evidence" / "beacon-city.json"
SEED = 7
CITY_KM2 = 890.0
LISTENING, WALKING, SPEED = 0.7, 0.4, 1.0
SCAN_SECONDS, HEARS_PHONE, HEARS_FIXED = 5.12, 0.8, 0.5
SLOT_SECONDS, FETCH_SECONDS = 20.0, 5.0
TOR_SECONDS = (5.0, 20.0)
PRESS_SECONDS = 180.0
ASSUMPTIONS = (
    f"a city of {CITY_KM2:.0f} km², phones spread evenly over it, or ten times as dense around the place",
    f"{LISTENING:.0%} of the phones listen; {WALKING:.0%} of these walk straight at {SPEED:.0f} m/s, others stand",
    f"one scan in {SCAN_SECONDS} s at a random phase; within reach it hears with a chance of {HEARS_PHONE}",
    f"a scan of a fixed relay hears with a chance of {HEARS_FIXED}",
    f"a post once in {SLOT_SECONDS:.0f} s at a random phase, and a fetch each {FETCH_SECONDS:.0f} s",
    f"{TOR_SECONDS[0]:.0f} to {TOR_SECONDS[1]:.0f} s through Tor, each as likely",
    "an outage of a relay covers the whole press",
    "of two relays with outages in common, that share of each one's outages is the same outage",
    "a hostile relay or phone keeps silent",
    "walls are in the reach, and nothing else is",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the table: who listens to a press of this number of seconds."""

    name: str
    phones: int = 0
    reach: float = 25.0
    crowd: float = 1.0
    seconds: float = PRESS_SECONDS
    relays: int = 0
    up: float = 1.0
    common: float = 0.0
    hostile: float = 0.0
    presses: int = 2000


CASES = (
    *(Case(f"{phones:,} phones, {reach} m", phones, reach) for phones in (500, 5000, 50_000) for reach in (25, 10)),
    Case("5,000 phones, 25 m, ten times as many around the place", 5000, crowd=10),
    Case("50,000 phones, 25 m, pressed for half an hour", 50_000, seconds=1800, presses=1000),
    Case("50,000 phones, 25 m, one of ten keeps silent", 50_000, hostile=0.1),
    *(Case(f"one fixed relay, up {up:.0%}", relays=1, up=up, presses=20_000) for up in (0.9, 0.97)),
    *(Case(f"two fixed relays, each up {up:.0%}", relays=2, up=up, presses=20_000) for up in (0.9, 0.97)),
    Case(
        "two fixed relays, each up 90%, half of the outages in common", relays=2, up=0.9, common=0.5, presses=20_000
    ),
    Case(
        "two fixed relays, each up 97%, one of ten relays hostile", relays=2, up=0.97, hostile=0.1, presses=20_000
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """The result: shares and their 95 % interval in percent, seconds of those that were heard."""

    name: str
    presses: int
    heard: float
    low: float
    high: float
    median: float | None
    median_low: float | None
    median_high: float | None
    late: float | None
    formula: float | None


def wilson(heard: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    z, share = 1.959964, heard / of
    centre, root = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (centre - root) / (1 + z * z / of)), min(1.0, (centre + root) / (1 + z * z / of))


def known_after(random: Random, heard_at: float) -> float:
    """Seconds from the press until the desk has it: slot, Tor, fetch."""
    return (
        heard_at + random.uniform(0, SLOT_SECONDS) + random.uniform(*TOR_SECONDS) + random.uniform(0, FETCH_SECONDS)
    )


def first_scan(random: Random, begin: float, end: float, hears: float) -> float | None:
    """The first scan from ``begin`` to ``end`` that hears the button."""
    at = begin + random.uniform(0, SCAN_SECONDS)
    while at <= end:
        if random.random() < hears:
            return at
        at += SCAN_SECONDS
    return None


def poisson(random: Random, mean: float) -> int:
    """A number of phones; sums of exponential gaps, in pieces that do not underflow."""
    count, left = 0, mean
    while left > 0:
        piece = min(left, 30.0)
        product, limit = random.random(), math.exp(-piece)
        while product > limit:
            count += 1
            product *= random.random()
        left -= piece
    return count


def within_reach(random: Random, case: Case, radius: float) -> tuple[float, float] | None:
    """From when to when one phone of the surroundings is within reach; None for one that never is."""
    distance, angle = radius * math.sqrt(random.random()), random.uniform(0, 2 * math.pi)
    x, y = distance * math.cos(angle), distance * math.sin(angle)
    if random.random() >= WALKING:
        return (0.0, case.seconds) if distance <= case.reach else None
    way = random.uniform(0, 2 * math.pi)
    dx, dy = SPEED * math.cos(way), SPEED * math.sin(way)
    along, squared = x * dx + y * dy, x * x + y * y - case.reach**2
    root = along * along - SPEED**2 * squared
    if root <= 0:
        return None
    begin, end = (-along - math.sqrt(root)) / SPEED**2, (-along + math.sqrt(root)) / SPEED**2
    begin, end = max(0.0, begin), min(case.seconds, end)
    return (begin, end) if begin < end else None


def press_to_phones(random: Random, case: Case) -> float | None:
    """Seconds until the desk knows of one press; None where no phone heard it."""
    radius = case.reach + SPEED * case.seconds
    listening = case.phones * case.crowd * LISTENING * (1 - case.hostile) / (CITY_KM2 * 1e6)
    found = []
    for _ in range(poisson(random, listening * math.pi * radius**2)):
        times = within_reach(random, case, radius)
        if times is not None and (at := first_scan(random, *times, HEARS_PHONE)) is not None:
            found.append(known_after(random, at))
    return min(found, default=None)


def press_to_relays(random: Random, case: Case) -> float | None:
    """The same for fixed relays beside the button."""
    both_down = random.random() < case.common * (1 - case.up)
    alone = (1 - case.up) * (1 - case.common) / (1 - case.common * (1 - case.up))
    found = []
    for _ in range(case.relays):
        is_up = random.random() >= alone and not both_down
        if is_up and random.random() >= case.hostile:
            at = first_scan(random, 0.0, case.seconds, HEARS_FIXED)
            if at is not None:
                found.append(known_after(random, at))
    return min(found, default=None)


def formula(case: Case) -> float | None:
    """The closed form, where there is one: a phone within reach hears for sure."""
    if case.relays:
        down = 1 - case.up
        if case.relays == 1 or case.common or case.hostile:
            return None if case.common or case.hostile else case.up
        return 1 - down**2
    area = math.pi * case.reach**2 + 2 * case.reach * SPEED * case.seconds * WALKING
    listening = case.phones * case.crowd * LISTENING * (1 - case.hostile) / (CITY_KM2 * 1e6)
    return 1 - math.exp(-listening * area)


def line_of(case: Case, seed: int) -> Line:
    """One line of the table, from a generator of its own: cases can be added without a change of the others."""
    random = Random(f"{seed} {case.name}")
    press = press_to_relays if case.relays else press_to_phones
    times = sorted(one for one in (press(random, case) for _ in range(case.presses)) if one is not None)
    low, high = wilson(len(times), case.presses)
    spread = 1.959964 * math.sqrt(len(times)) / 2
    middle = len(times) / 2

    def at(place: float) -> float | None:
        return round(times[min(len(times) - 1, max(0, int(place)))], 1) if len(times) >= 20 else None

    exact = formula(case)
    return Line(
        case.name,
        case.presses,
        round(100 * len(times) / case.presses, 2),
        round(100 * low, 2),
        round(100 * high, 2),
        at(middle),
        at(middle - spread),
        at(middle + spread),
        at(0.95 * len(times)),
        None if exact is None else round(100 * exact, 2),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = [line_of(case, asked.seed) for case in CASES]
    for line in lines:
        seconds = "too few" if line.median is None else f"{line.median:.0f} s, 95 % {line.late:.0f} s"
        exact = "" if line.formula is None else f"; closed form {line.formula:.1f} %"
        print(f"{line.name}: heard {line.heard:.1f} % ({line.low:.1f} to {line.high:.1f}); {seconds}{exact}")
    for assumption in ASSUMPTIONS:
        print(f"assumed: {assumption}")
    if asked.write:
        told = {"seed": asked.seed, "assumptions": ASSUMPTIONS, "lines": [asdict(line) for line in lines]}
        RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
