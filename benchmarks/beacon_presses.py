#!/usr/bin/env python3
"""Measures 100 presses, with the real programs, through a private Tor network: from the first frame to the ledger.

    benchmarks/beacon_presses.py                100 presses; half an hour
    benchmarks/beacon_presses.py --presses 12   fewer

Two relays, two duty machines and the server run as they are shipped, with slots of 20 seconds. 34 buttons hang at
one place; no button is pressed twice with one meaning. The frames are made by the second implementation, and no
radio is between. A press counts from its first frame until it stands in the ledger of the first duty machine, which
is written as the bell is told to ring. The exit code is 1 where a press is lost, or one of both limits is not held.
"""

import argparse
import math
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlsplit

from demo.beacon_stage import NUMBERS, BeaconStage
from demo.heard_ring import rings_in
from demo.narrator import Narrator
from duty.ledger import Ledger
from duty.presses import Press
from lab.second import beacon

PRESSES = 100
BUTTONS = 34
HELP = ("help-1", "help-2", "help-3")
SENDING_SECONDS = 6.0
LONGEST_SECONDS = 240.0
MEDIAN_SECONDS, LATE_SECONDS = 20.0, 45.0


class Page:
    """The pages of one desk, as a browser asks for them."""

    def __init__(self, address: str) -> None:
        self._origin = f"http://{urlsplit(address).netloc}"
        self._ask = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self._ask(address).read()

    def acknowledge(self, press: Press) -> None:
        name = f"{press.key.button}-{press.key.meaning.value}-{press.key.window}"
        asked = urllib.request.Request(  # noqa: S310 -- the address of our own desk
            f"{self._origin}/press/{name}/acknowledge", data=b"by=Anna", headers={"Origin": self._origin}
        )
        self._ask(asked).read()


class Air:
    """Pipes to both relays; frames of buttons are written to them in threads."""

    def __init__(self, records: list[bytes]) -> None:
        self._records = records
        pipes = [os.pipe() for _ in NUMBERS]
        self.ears, self._mouths = [one for one, _ in pipes], [one for _, one in pipes]
        self._threads: list[threading.Thread] = []

    def press(self, button: int, meaning: str) -> None:
        thread = threading.Thread(target=self._send, args=(self._records[button - 1], meaning), daemon=True)
        thread.start()
        self._threads.append(thread)

    def other(self) -> None:
        self._write(b"\x02\x01\x06")

    def _send(self, record: bytes, meaning: str) -> None:
        until = time.monotonic() + SENDING_SECONDS
        while time.monotonic() < until:
            now = int(time.time())
            mark = beacon.day_mark(record[32:64], datetime.fromtimestamp(now, UTC).date())
            key = beacon.id_key(record[:32], meaning)
            self._write(bytes([25, 0x21]) + mark[::-1] + beacon.rotating_id(key, now, 10))
            time.sleep(0.1)

    def _write(self, frame: bytes) -> None:
        for mouth in self._mouths:
            os.write(mouth, f"00:00 {frame.hex()} -70\n".encode())


@contextmanager
def stage(buttons: int) -> Iterator[BeaconStage]:
    # Paths of sockets are short: pytest's folder is too deep.
    with (
        tempfile.TemporaryDirectory(prefix="beacon-", ignore_cleanup_errors=True) as folder,
        BeaconStage(Path(folder), Narrator(), buttons=buttons) as made,
    ):
        yield made


def measured(presses: int) -> list[float]:
    """Seconds of each press that was not lost, in rising order."""
    drawn = random.Random(26)
    wanted = [(button, meaning) for meaning in HELP for button in range(1, BUTTONS + 1)][:presses]
    began: dict[tuple[int, str], float] = {}
    seconds: dict[tuple[int, str], float] = {}
    with stage(min(BUTTONS, presses)) as made, ExitStack() as running:
        air = Air(made.records)
        for number, ears in zip(NUMBERS, air.ears, strict=True):
            running.callback(made.start_relay(number, ears).end)
        desks = {number: made.start_desk(number) for number in NUMBERS}
        for desk in desks.values():
            running.callback(desk.end)
        page = Page(made.desk_address(desks[1]))
        air.other()
        made.await_in(desks[1], r"^alarms: none$", "the desk is not ready")
        ledger = made.duty[1].folder / "home" / "duty" / "ledger"
        next_at = time.monotonic()
        until = next_at + presses * 10 + LONGEST_SECONDS
        while len(seconds) < presses and time.monotonic() < until:
            if wanted and time.monotonic() >= next_at:
                button, meaning = wanted.pop(0)
                began[button, meaning] = time.monotonic()
                air.press(button, meaning)
                next_at = time.monotonic() + drawn.uniform(1, 9)
            for press in Ledger(ledger).presses() if ledger.exists() else ():
                key = (press.key.button, press.key.meaning.value)
                if key in began and key not in seconds:
                    seconds[key] = time.monotonic() - began[key]
                    page.acknowledge(press)
            time.sleep(0.05)
        kept = Ledger(ledger).presses()
        print(f"rings in what the sound system got: {rings_in(made.played(1))}")
    print(f"presses in the ledger: {len(kept)}, acknowledged: {sum(bool(one.acknowledged_by) for one in kept)}")
    return sorted(seconds.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--presses", type=int, default=PRESSES)
    presses = parser.parse_args().presses
    found = measured(presses)
    lost, late = presses - len(found), found[max(0, math.ceil(0.95 * len(found)) - 1)]
    median = statistics.median(found)
    print(f"presses lost: {lost} of {presses}")
    print(f"median: {median:.1f} s")
    print(f"95 of 100 within: {late:.1f} s, the longest {found[-1]:.1f} s")
    return 0 if not lost and median <= MEDIAN_SECONDS and late <= LATE_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
