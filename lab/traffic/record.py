"""Makes all visits in a drawn order, and notes what the tap saw of each."""

import random
import sys
from pathlib import Path
from typing import Final

from lab.forensics.machine import Machine
from lab.traffic.firefox_window import FirefoxWindow
from lab.traffic.manner import Manner
from lab.traffic.onlooker import Seen
from lab.traffic.quick_browser import QuickBrowser
from lab.traffic.sources import sources_of
from lab.traffic.tap import Exchange, Tap
from lab.traffic.visits import CLASSES, Window, words_of

HOST: Final = "t" * 55 + "d.onion"
_OTHERS: Final = 10
Recorded = dict[str, list[list[Seen]]]


def tour(window: Window) -> None:
    """Every kind of request that any visit has, in one window."""
    window.open()
    window.follow_beside("/questions")
    window.send("/", {"text": "Zwei Zeilen, mit Zeichen wie & % + ü ~ *\nund Schluss"})
    words = {"passphrase": words_of(window.html)}
    window.open()
    window.follow("#back")
    window.send("/mailbox", words)
    window.send("/mailbox/how", {}, button="safe")
    window.send("/mailbox", words)
    window.send("/mailbox/write", {"text": "noch etwas"})
    window.follow("/left")


def learn_from_firefox(folder: Path, tap: Tap) -> tuple[Manner, list[Exchange]]:
    """How it words its requests, and what passed when it made the tour."""
    manner = Manner()
    with FirefoxWindow(folder, HOST, tap) as window:
        passed = window.visit(tour)
    for exchange in passed:
        manner.learn(bytes(exchange.request))
    return manner, passed


def record(machine: Machine, tap: Tap, manner: Manner, visits: int) -> Recorded:
    """Record this number of visits of each class. Where an answer must wait, or must not, no one comes twice."""
    fresh = sum(one.answered is True for one in CLASSES)
    people = sources_of(machine, HOST, tap, manner, answered=visits * fresh + _OTHERS, silent=visits + _OTHERS)
    waiting = {answered: [one for one in people if one.was_answered is answered] for answered in (True, False)}
    others = [waiting[answered].pop() for answered in (True, False) for _ in range(_OTHERS)]
    order = [one for one in CLASSES for _ in range(visits)]
    random.shuffle(order)
    found: Recorded = {one.name: [] for one in CLASSES}
    for number, one in enumerate(order, start=1):
        source = random.choice(others) if one.answered is None else waiting[one.answered].pop()
        one.make(QuickBrowser(HOST, tap.port, manner), source)
        found[one.name].append([Seen.of(exchange) for exchange in tap.take()])
        if number % 100 == 0:
            print(f"{number} of {len(order)} visits", file=sys.stderr, flush=True)
    return found
