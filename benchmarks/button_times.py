"""Do the response times of mailbox buttons reveal the number of answers, or the button?

Run: ``.venv/bin/python benchmarks/button_times.py [--rounds 150] [--without-rest] [--folder FOLDER]``

It runs on loopback. In each round mailboxes are opened, one for each button. A moment later, as people read first,
each button is pressed, in a random order. For each pair it prints the same as ``mailbox_times.py``. The buttons
that every mailbox has are compared with none and with twelve answers; deleting is compared with "I am safe",
because staff are told of both. ``--without-rest`` is the control, a server without timing padding: it exits with 1
if no pair is told apart.
"""

import argparse
import contextlib
import itertools
import random
import re
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterable
from pathlib import Path

from mailbox_times import FORM, MANY, ROWS, chance, fill_up, open_mailbox, told_apart
from running_server import POOL_FILL_SECONDS, TIPLINE, RunningServer, running_server
from without_rest import tipline_without_rest

from crypto.passphrases.mailbox import MailboxAddress
from crypto.passphrases.mailbox import open_mailbox as derive_mailbox
from crypto.passphrases.passphrase import Passphrase
from crypto.submissions.reply import seal_reply
from tipline.instance.open_site import OpenSite, open_site

Kind = tuple[str, int]
"""A button, and how many answers wait."""

NEW_WORDS: tuple[Kind, ...] = (("new words", 0), ("new words", MANY))
TOLD: tuple[Kind, ...] = (("safe", 0), ("safe", MANY), ("delete all", 1), ("delete all", MANY))
PAIRS = (NEW_WORDS, *itertools.combinations(TOLD, 2))
READING_SECONDS = 1.5
"""For what a server does after it has shown a page; people take longer."""
GAP_SECONDS = 0.3
SEEN_THROUGH = 90
"""Percent that the control must exceed, in one pair or more."""
_FIELDS = {
    "new words": ("/mailbox/new-words", {}),
    "safe": ("/mailbox/how", {"how": "safe"}),
    "delete all": ("/mailbox/delete", {"which": "all"}),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--without-rest", action="store_true", help="the control: buttons take what they take")
    parser.add_argument("--folder", type=Path, default=None)
    wanted = parser.parse_args()
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-")))
        tipline = tipline_without_rest(folder) if wanted.without_rest else (TIPLINE,)
        server = ends.enter_context(running_server(folder, tipline=tipline))
        fill_up(server, ROWS)
        time.sleep(POOL_FILL_SECONDS)
        with open_site(server.data, str(server.folder / "passphrase")) as site:
            times = _measure(server, site, wanted.rounds)
    print(chance(wanted.rounds, len(PAIRS)))
    for (button, answers), one in times.items():
        print(f"{button}, {answers} answers: median {1000 * statistics.median(one):.2f} ms")
    highest = 0.0
    for pair in PAIRS:
        named = " and ".join(f"{button} with {answers}" for button, answers in pair)
        told = told_apart(times[pair[0]], times[pair[1]])
        highest = max(highest, told)
        print(f"{named} told apart by time: {told:.1f} %")
    return int(wanted.without_rest and highest <= SEEN_THROUGH)


def _measure(server: RunningServer, site: OpenSite, rounds: int) -> dict[Kind, list[float]]:
    times: dict[Kind, list[float]] = {kind: [] for kind in (*NEW_WORDS, *TOLD)}
    others = derive_mailbox(Passphrase.generate(), by=site.policy.derivation()).address()
    for _ in range(rounds):
        opened = {kind: _opened(server, _answered(site, kind[1], others), kind) for kind in shuffled(times)}
        time.sleep(READING_SECONDS)
        for kind in shuffled(times):
            time.sleep(GAP_SECONDS)
            times[kind].append(_press(server, *opened[kind], kind))
    return times


def shuffled(kinds: Iterable[Kind]) -> list[Kind]:
    some = list(kinds)
    random.shuffle(some)
    return some


def _answered(site: OpenSite, answers: int, others: MailboxAddress) -> str:
    """Words of a mailbox with this number of answers.

    The store receives the same number of rows for each, a moment before the press; the other rows go to ``others``.
    Otherwise the disk would show how much was just written.
    """
    words = Passphrase.generate()
    mailbox = derive_mailbox(words, by=site.policy.derivation()).address()
    today = site.clock.today()
    receivers = [mailbox] * answers + [others] * (MANY - answers)
    rows = [
        seal_reply(f"answer {number}", to=receiver, day=today, number=number)
        for number, receiver in enumerate(receivers, 1)
    ]
    site.store.replies.put_pending([(row.reply_id, row.salt, row.tag, row.envelope) for row in rows], today, None)
    return " ".join(words.words)


def _opened(server: RunningServer, words: str, kind: Kind) -> tuple[str, str]:
    """Its cookie and its page."""
    _button, answers = kind
    cookie, page = open_mailbox(server, words)
    if page.count("<article>") != answers:
        raise RuntimeError(f"a mailbox with {answers} answers shows {page.count('<article>')}")
    return cookie, page


def _press(server: RunningServer, cookie: str, page: str, kind: Kind) -> float:
    """Seconds until the answer."""
    button, _answers = kind
    (action, fields) = _FIELDS[button]
    body = urllib.parse.urlencode({"nonce": re.findall(r'name="nonce" value="([^"]*)"', page)[0], **fields})
    connection = server.connection()
    started = time.monotonic()
    connection.request("POST", action, body, {**FORM, "Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    took = time.monotonic() - started
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{button} was answered with {answer.status}")
    return took


if __name__ == "__main__":
    sys.exit(main())
