#!/usr/bin/env python3
"""Kills relay, server and duty machine while buttons are pressed, with the real programs, and counts what is lost.

    benchmarks/beacon_kills.py              each of the three 40 times; an hour
    benchmarks/beacon_kills.py --kills 3    fewer

Each press is sent for a second and a half, and then never again. At a random moment in the next three seconds one
program is killed with all that it has started, and started again. Every press must stand in the ledger of the duty
machine in the end. Of those that it holds, the acknowledged ones must never ring again, and all others must, after
each of its restarts, within 150 seconds. Slots have one second here, and the desk fetches each second.
"""

import argparse
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from beacon_presses import HELP, Air, Page, stage

from demo.beacon_stage import NUMBERS, BeaconStage
from demo.child import Child
from duty.ledger import Ledger
from duty.presses import Press

KILLS = 40
SENDING_SECONDS = 1.5
LONGEST_SECONDS = 150.0
VICTIMS = ("relay", "desk", "server")
SLOT, FETCH = ("--slot-seconds", "1"), ("--fetch-seconds", "1")


class KilledPlace:
    """The programs of one place, and what was counted."""

    def __init__(self, made: BeaconStage, running: ExitStack) -> None:
        self._made = made
        self._running = running
        self._starts = 0
        self.air = Air(made.records)
        self._ledger: Path = made.duty[1].folder / "home" / "duty" / "ledger"
        self.relays = {number: self._start_relay(number) for number in NUMBERS}
        self.desk = self._start_desk()
        self.page = Page(made.desk_address(self.desk))
        self.acknowledged: set[tuple[int, str]] = set()
        self.rang_again = self.stayed_silent = 0
        self.slowest_seconds = 0.0

    def kill(self, victim: str) -> None:
        """Kill one program, and start it again."""
        if victim == "relay":
            self.relays[1].kill()
            self.relays[1] = self._start_relay(1)
        elif victim == "server":
            self._made.kill_server()
            self._made.start_server()
        else:
            self.desk.kill()
            self.desk = self._start_desk()
            self.page = Page(self._made.desk_address(self.desk))
            self._look_after_restart()

    def await_press(self, key: tuple[int, str]) -> bool:
        """True once the press stands in the ledger."""
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            if key in self._presses():
                return True
            time.sleep(0.1)
        return False

    def acknowledge(self, key: tuple[int, str]) -> None:
        self.page.acknowledge(self._presses()[key])
        self.acknowledged.add(key)

    def _presses(self) -> dict[tuple[int, str], Press]:
        found = Ledger(self._ledger).presses() if self._ledger.exists() else []
        return {(press.key.button, press.key.meaning.value): press for press in found}

    def _look_after_restart(self) -> None:
        """The first screen says which presses ring, once the sound was tried."""
        presses = self._presses()
        wanted = {key for key, press in presses.items() if press.acknowledged is None}
        heard: set[tuple[int, str]] = set()
        begun = time.monotonic()
        while True:
            self.page.load()
            ringing = {key for key, press in presses.items() if self.page.rings(press)}
            heard |= ringing
            seconds = time.monotonic() - begun
            if wanted <= ringing or seconds > LONGEST_SECONDS:
                break
            time.sleep(0.2)
        self.slowest_seconds = max(self.slowest_seconds, seconds)
        self.rang_again += len(heard & self.acknowledged)
        self.stayed_silent += len(wanted - ringing)

    def _start_relay(self, number: int) -> Child:
        self._starts += 1
        ears = self.air.ears[NUMBERS.index(number)]
        child = self._made.start_relay(number, ears, *SLOT, log=f"relay-{self._starts}.log")
        self._running.callback(child.end)
        return child

    def _start_desk(self) -> Child:
        self._starts += 1
        child = self._made.start_desk(1, *FETCH, log=f"duty-{self._starts}.log")
        self._running.callback(child.end)
        return child


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=KILLS)
    kills, drawn, lost = parser.parse_args().kills, random.Random(40), 0
    with stage(kills) as made, ExitStack() as running:
        place = KilledPlace(made, running)
        place.air.other()
        made.await_in(place.desk, r"^alarms: (?!.*not ready)", "the desk is not ready")
        wanted = [(button, meaning) for meaning in HELP for button in range(1, kills + 1)]
        for number, key in enumerate(wanted):
            victim = VICTIMS[number % len(VICTIMS)]
            place.air.press(*key, seconds=SENDING_SECONDS)
            time.sleep(drawn.uniform(0, 3))
            place.kill(victim)
            came = place.await_press(key)
            lost += not came
            told = f"{number + 1}: {victim} killed; lost {lost}, rang again {place.rang_again}"
            print(f"{told}, silent {place.stayed_silent}", flush=True)
            if came and number % 2:
                place.acknowledge(key)
        place.kill("desk")
    print(f"presses lost: {lost} of {len(wanted)}")
    print(f"acknowledged presses that rang again: {place.rang_again}")
    print(f"unacknowledged presses that did not ring after a restart: {place.stayed_silent}")
    print(f"all of them rang within {place.slowest_seconds:.1f} s of the first screen after a restart")
    return 0 if not (lost or place.rang_again or place.stayed_silent) else 1


if __name__ == "__main__":
    sys.exit(main())
