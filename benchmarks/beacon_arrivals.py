#!/usr/bin/env python3
"""Measures how well a server behind Tor tells presses from covers, by all arrivals of one place with two relays.

    benchmarks/beacon_arrivals.py                 300 windows, and 75 for the control; 25 minutes
    benchmarks/beacon_arrivals.py --windows 40    fewer

The server is real, and the relays post through a private Tor network. Slots have one second here. A window has
three slots; in half of them, in a drawn order, the button is pressed at a random moment. The classifier sees times
and lengths of all arrivals, without the name of a relay. As a control, the relays also post at once when they hear
a press. The exit code is 1 where the classifier beats chance by more than five points, or where the one-sided 95 %
bound of the control does not lie above that.
"""

import argparse
import math
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random

from lab.beacon.test_press_through_tor import Server
from onion.private_network import PrivateNetwork
from relay.line import RelayLine
from relay.relay import Relay
from relay.slots import PostClock, Slots
from tests.relay.place_of_tests import NOON, SetClock, frame, relay
from tests.tipline.served import ServedFolder
from tests.tipline.serving import serving_process
from tipline.store.relay_ring import RelayRing

WINDOWS = 300
SLOT_SECONDS, WINDOW_SECONDS = 1.0, 3.0
LOOK_SECONDS = 0.005
NEIGHBOURS = 15
MOST = 0.55
STANDARD_ERRORS = 1.645
"""Of a one-sided bound with 95 % confidence."""
NUMBERS = (3, 5)
Window = tuple[list[float], bool]
"""The arrivals of a window in seconds from its beginning, and if there was a press."""


class Place:
    """Two relays of one place that post to a real server through Tor, and what the server saw."""

    def __init__(self, lines: dict[int, RelayLine], ring: RelayRing) -> None:
        self._lines = lines
        self._ring = ring
        self._relays: dict[int, Relay] = {number: relay(number, SetClock(NOON)) for number in NUMBERS}
        self._pool = ThreadPoolExecutor(32)
        self._end = threading.Event()
        self.arrivals: list[float] = []

    @contextmanager
    def posting(self) -> Iterator[None]:
        """Both relays post in each slot, and a thread notes each arrival, until the block ends."""
        threads = [threading.Thread(target=self._watch)]
        for number in NUMBERS:
            clock = PostClock(
                Slots(SLOT_SECONDS, number / 10),
                lambda number=number: self._post(number),  # type: ignore[misc]
                now=time.monotonic,
                pool=self._pool,
            )
            threads.append(threading.Thread(target=clock.run, args=(self._end.wait,)))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._end.set()
            for thread in threads:
                thread.join()
            self._pool.shutdown(cancel_futures=True)

    def windows(self, random: Random, count: int, *, at_once: bool) -> list[Window]:
        """``count`` windows, one after the other; in half of them, drawn, the button is pressed."""
        spans: list[tuple[float, bool]] = []
        # In turn, windows with and without would be neighbours in time, and look alike: that pushes the share below
        # chance, and would hide what it must find.
        presses = [number % 2 == 0 for number in range(count)]
        random.shuffle(presses)
        for number, is_press in enumerate(presses):
            begin = time.monotonic()
            if is_press:
                time.sleep(random.uniform(0.3, WINDOW_SECONDS / 2))
                for one in self._relays.values():
                    one.take_frame(frame(NOON), rssi=-70)
                if at_once:
                    for each in NUMBERS:
                        self._pool.submit(self._post, each)
            time.sleep(max(0.0, begin + WINDOW_SECONDS - time.monotonic()))
            spans.append((begin, is_press))
            if number % 50 == 49:
                print(f"{number + 1} of {count} windows", flush=True)
        time.sleep(2)
        seen = list(self.arrivals)
        return [
            ([at - begin for at in seen if 0 <= at - begin < WINDOW_SECONDS], is_press) for begin, is_press in spans
        ]

    def _post(self, number: int) -> None:
        one = self._relays[number]
        made = one.next_post()
        if self._lines[number].post(made.sealed):
            one.confirm(made)

    def _watch(self) -> None:
        newest = self._ring.state().newest
        while not self._end.wait(LOOK_SECONDS):
            now = self._ring.state().newest
            self.arrivals += [time.monotonic()] * (now - newest)
            newest = now


def features(times: list[float]) -> list[float]:
    """Numbers of a window: how many arrivals, their gaps in order, and how many in each half second."""
    gaps = sorted(later - earlier for earlier, later in pairwise(times)) or [0.0]
    parts = [float(sum(int(time * 2) == part for time in times)) for part in range(int(WINDOW_SECONDS * 2))]
    return [float(len(times)), gaps[0], gaps[len(gaps) // 2], gaps[-1], *parts]


def accuracy(windows: list[Window]) -> float:
    """The share of windows that the nearest neighbours among the others name rightly."""
    rows = [(features(times), is_press) for times, is_press in windows]
    spans = [max(column) - min(column) or 1.0 for column in zip(*(row for row, _is in rows), strict=True)]
    right = 0
    for place, (row, is_press) in enumerate(rows):
        others = sorted(
            (sum(((a - b) / span) ** 2 for a, b, span in zip(row, other, spans, strict=True)), press)
            for at, (other, press) in enumerate(rows)
            if at != place
        )
        votes = sum(press for _distance, press in others[:NEIGHBOURS])
        right += (votes > NEIGHBOURS / 2) is is_press
    return right / len(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--windows", type=int, default=WINDOWS)
    count, random = parser.parse_args().windows, Random(11)
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="arrivals-")))
        served = ServedFolder(folder / "site")
        network = running.enter_context(PrivateNetwork(folder / "net", clients=1))
        server = Server(served, network, folder)
        keys = {number: server.admit(f"relay-{number}") for number in NUMBERS}
        server.relays.switch_on()
        options = ("--tor", "private", "--network", str(network.folder))
        serving = running.enter_context(serving_process(served, folder / "said", *options))
        serving.await_said("published the relays' service")
        lines = {
            number: RelayLine(server.relays.address, running.enter_context(server.line(f"r{number}", key)))
            for number, key in keys.items()
        }
        place = Place(lines, running.enter_context(RelayRing(served.folder.store, served.key)))
        with place.posting():
            while len(place.arrivals) < 2 * len(NUMBERS):
                time.sleep(0.1)
            found = accuracy(place.windows(random, count, at_once=False))
            control = accuracy(place.windows(random, max(20, count // 4), at_once=True))
    print(f"told rightly: {100 * found:.1f} of 100 windows, of {count}")
    least = control - STANDARD_ERRORS * math.sqrt(control * (1 - control) / max(20, count // 4))
    print(f"control, posting at once: {100 * control:.1f} of 100, at least {100 * least:.1f} with 95 % confidence")
    return 0 if found <= MOST < least else 1


if __name__ == "__main__":
    sys.exit(main())
