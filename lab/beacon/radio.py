"""Presses from virtual controllers through a relay to a ringing duty desk: the verdicts of `scripts/radio`.

The button is the second implementation (`lab/beacon/virtual_button.py`), relay and desk are the program's own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from crypto.beacon.rotating_id import Meaning
from duty.judgement import Judge
from duty.ledger import Ledger
from duty.presses import MachineRole, Press
from duty.watch import DutyWatch
from tests.relay.place_of_tests import BUTTON, DUTY, MARK_KEY, NOON, PLACE, SEED, SetClock, relay, week_file

TREE = Path(__file__).parents[2]
SECONDS = 0.35
TURNS = (Meaning.HELP_1, Meaning.HELP_2, Meaning.HELP_3)


@dataclass
class AirTraffic:
    """The advertisements of a run, press by press, and those that were outside of a press."""

    presses: list[list[tuple[str, bytes, int]]] = field(default_factory=list)
    outside: int = 0


def times(presses: int) -> list[tuple[Meaning, int]]:
    """Meaning and time of each press: three an hour, as the button allows."""
    return [(TURNS[place % 3], NOON + 3600 * (place // 3)) for place in range(presses)]


def heard(python: str, wanted: list[tuple[Meaning, int]]) -> AirTraffic:
    """Play the presses, and listen."""
    lines = [json.dumps({"seed": SEED.seed().hex(), "mark_key": MARK_KEY.seed().hex()})]
    lines += [json.dumps({"meaning": one.value, "time": at, "seconds": SECONDS}) for one, at in wanted]
    done = subprocess.run(
        [python, "-m", "lab.beacon.virtual_button"],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=TREE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TREE)},
    )
    air, is_pressed = AirTraffic(), False
    for line in done.stdout.splitlines():
        if line in {"begin", "end"}:
            is_pressed = line == "begin"
            air.presses += [[]] if is_pressed else []
        elif is_pressed:
            address, data, rssi = line.rsplit(" ", 2)
            air.presses[-1].append((address, bytes.fromhex(data), int(rssi)))
        else:
            air.outside += 1
    return air


def rung(air: AirTraffic, wanted: list[tuple[Meaning, int]], ledger: Path) -> list[Press]:
    """The presses for which the desk rang, in the order in which they came."""
    rings: list[bool] = []
    clock = SetClock()
    one = relay(3, clock)
    desk = DutyWatch(
        Judge([week_file()], DUTY[:1], since=NOON),
        Ledger(ledger),
        MachineRole.FIRST,
        ring=rings.append,
        keep_copy=len,
    )
    found = []
    for frames, (_meaning, at) in zip(air.presses, wanted, strict=True):
        clock.seconds = at
        for _address, data, rssi in frames:
            one.take_frame(data, rssi=rssi)
        made = one.next_post()
        one.confirm(made)
        desk.take([made.sealed], now=at)
        for press in desk.waiting():
            found.append(press)
            desk.acknowledge(press.key, by="Amal", now=at)
    return found


def verdicts(air: AirTraffic, wanted: list[tuple[Meaning, int]], found: list[Press]) -> dict[str, bool]:
    """Each claim of the page, and whether this run bears it out."""
    addresses = [{address for address, _data, _rssi in frames} for frames in air.presses]
    data = [{raw for _address, raw, _rssi in frames} for frames in air.presses]
    ids = {raw[18:] for one in data for raw in one}
    told = [(press.key.button, press.place, press.key.meaning) for press in found]
    return {
        "each press is heard": all(frames for frames in air.presses),
        "nothing is in the air outside of a press": air.outside == 0,
        "each press has one address, and no two the same": len(set().union(*addresses)) == len(air.presses)
        and all(len(one) == 1 for one in addresses),
        "each frame has 26 bytes under the mark of its day": all(
            len(raw) == 26 and raw[:2] == b"\x19\x21" for one in data for raw in one
        ),
        "no id stands in two presses": len(ids) == len(air.presses),
        "the desk rings for each, with button, place and meaning": told
        == [(BUTTON, PLACE, meaning) for meaning, _at in wanted],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--button", required=True, metavar="PYTHON")
    parser.add_argument("--presses", type=int, default=100)
    asked = parser.parse_args()
    wanted = times(asked.presses)
    air = heard(asked.button, wanted)
    with tempfile.TemporaryDirectory() as folder:
        found = rung(air, wanted, Path(folder) / "ledger")
    told = verdicts(air, wanted, found)
    for claim, holds in told.items():
        print(f"{'holds' if holds else 'FAILS'}  {claim}")
    print(f"claims that fail: {len(told) - sum(told.values())}; {len(found)} of {asked.presses} presses rang")
    return 0 if all(told.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
