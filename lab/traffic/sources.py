"""People who have written before, some of whom staff have answered."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from lab.forensics.machine import Machine
from lab.traffic.manner import Manner
from lab.traffic.quick_browser import QuickBrowser
from lab.traffic.tap import Tap
from lab.traffic.visits import Source, a_text, words_of

_DERIVATIONS: Final = 2
"""At a time; each takes one processor."""


def sources_of(
    machine: Machine, host: str, tap: Tap, manner: Manner, *, answered: int, silent: int
) -> list[Source]:
    """As many of each; the answers have come with one courier."""
    found = []
    for number in range(answered + silent):
        browser = QuickBrowser(host, tap.port, manner)
        browser.open()
        browser.send("/", {"text": a_text()})
        found.append(Source(words_of(browser.html), number < answered))
    tap.take()
    with ThreadPoolExecutor(_DERIVATIONS) as derivations:
        words = [source.words.split() for source in found if source.was_answered]
        machine.carry_in(*((a_text(), keys) for keys in derivations.map(machine.mailbox, words)))
    random.shuffle(found)
    return found
