"""Do response times tell mailboxes apart: unknown, empty, emptied, and with an answer?

Run: ``.venv/bin/python benchmarks/mailbox_times.py [--visits 900] [--beside 8] [--rows 3840] [--folder FOLDER]``

It runs on loopback. The store holds as many rows of other answers as two reviewers send in sixty days, with one
outbox a day. All mailboxes are opened once in each round, in a random order. For each pair it prints the share of
rounds in which the more often slower kind was slower. That is the success rate of an attacker who knows which kind
is slower and guesses from one opening of each. 50 % is chance. It varies by :func:`swing` in one pair; in all pairs
of a run it stays below :func:`limit`.
"""

import argparse
import contextlib
import http.client
import itertools
import json
import math
import random
import re
import statistics
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from running_server import (
    POOL_FILL_SECONDS,
    REFILL_SECONDS,
    RunningServer,
    form_nonce,
    post_submission,
    running_server,
)

from crypto.passphrases.passphrase import Passphrase
from crypto.submissions.reply import dummy_reply
from tipline.instance.open_site import open_site

MANY, LONG_LETTERS = 12, 2000
RARE = 0.01
ROWS = 2 * 60 * 32
ANSWERED = ("with an answer", f"with {MANY} answers, all long but one")
KINDS = ("unknown", "empty", "emptied", *ANSWERED)
PAIRS = tuple(itertools.combinations(KINDS, 2))
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--visits", type=int, default=900, help="of each kind")
    parser.add_argument("--beside", type=int, default=0, help="so many others write one text after the other")
    parser.add_argument("--rows", type=int, default=ROWS, help="of answers to others")
    parser.add_argument("--folder", type=Path, default=None)
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name,
        running_server(Path(name)) as server,
    ):
        fill_up(server, wanted.rows)
        time.sleep(POOL_FILL_SECONDS)
        times = _measure(server, wanted.visits, wanted.beside)
    print(chance(wanted.visits, len(PAIRS)))
    print("median:", ", ".join(f"{kind} {1000 * statistics.median(one):.2f} ms" for kind, one in times.items()))
    for one, other in PAIRS:
        print(f"{one} and {other} told apart by time: {told_apart(times[one], times[other]):.1f} %")


def _measure(server: RunningServer, visits: int, beside: int) -> dict[str, list[float]]:
    sources = [_a_source(server) for _ in range(3)]
    _answer_all(server)
    often, once, emptied = sorted(sources, key=lambda words: _answers(server, words), reverse=True)
    _delete_all(server, emptied)
    known = {"empty": _a_source(server), "emptied": emptied, ANSWERED[0]: once, ANSWERED[1]: often}
    shown = [_answers(server, words) for words in known.values()]
    if shown[:3] != [0, 0, 1] or shown[3] < 2:
        raise RuntimeError(f"the mailboxes are not what they are called: {shown}")
    time.sleep(REFILL_SECONDS)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with _writing(server, beside):
        _visit(server, known, times, visits)
    return times


def _visit(server: RunningServer, known: dict[str, str], times: dict[str, list[float]], visits: int) -> None:
    for _ in range(visits):
        words = {"unknown": " ".join(Passphrase.generate().words), **known}
        for kind in random.sample(list(words), len(words)):
            started = time.monotonic()
            open_mailbox(server, words[kind])
            times[kind].append(time.monotonic() - started)


@contextlib.contextmanager
def _writing(server: RunningServer, others: int) -> Iterator[None]:
    """``others`` further sources write as fast as they are answered."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                _a_source(server)

    with ThreadPoolExecutor(max(1, others)) as pool:
        for _ in range(others):
            pool.submit(write)
        try:
            yield
        finally:
            over.set()


def _a_source(server: RunningServer) -> str:
    """The words of a source who has written once."""
    connection = server.connection()
    page = post_submission(connection, nonce=form_nonce(connection), text="hello")
    connection.close()
    shown = page.split("data-passphrase", 1)[1].split("</p>", 1)[0]
    return " ".join(re.findall(r"[a-z]+(?=</span>)", shown))


def _answers(server: RunningServer, words: str) -> int:
    return open_mailbox(server, words)[1].count("<article>")


def _answer_all(server: RunningServer) -> None:
    """Staff answer all sources so far, and one of them often."""
    bundle, outbox, answer = (server.folder / name for name in ("bundle", "outbox", "answer.txt"))
    secret = ("--passphrase-file", server.folder / "passphrase")
    review = ("tipline-review", "--beside-network")
    server.tool("tipline", "export", server.data, "--out", bundle, *secret)
    server.tool(*review, "import", server.home, bundle, *secret)
    listed = json.loads(server.tool(*review, "list", server.home, "--json", *secret))["submissions"]
    for number, submission in enumerate([*listed, *[listed[0]] * (MANY - 1)]):
        # The same text again would be one answer.
        answer.write_text(f"{number} ".ljust(LONG_LETTERS if number >= len(listed) else 10, "x"))
        server.tool(
            *review, "reply", server.home, submission["id"], "--text-file", answer, "--confirm-contents", *secret
        )
    server.tool(*review, "outbox", server.home, "--out", outbox, *secret)
    server.tool("tipline", "import", server.data, outbox, *secret)


def _delete_all(server: RunningServer, words: str) -> None:
    """The source of ``words`` deletes what it was answered."""
    cookie, page = open_mailbox(server, words)
    nonce = re.findall(r'name="nonce" value="([^"]*)"', page)[0]
    connection = server.connection()
    body = urllib.parse.urlencode({"nonce": nonce, "which": "all"})
    connection.request("POST", "/mailbox/delete", body, {**FORM, "Cookie": cookie})
    connection.getresponse().read()
    connection.close()


def open_mailbox(server: RunningServer, words: str) -> tuple[str, str]:
    """The cookie and the page of a mailbox."""
    connection = server.connection()
    connection.request("POST", "/mailbox", urllib.parse.urlencode({"passphrase": words}), FORM)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the mailbox did not open: {answer.status}")
    return (answer.getheader("Set-Cookie") or "").partition(";")[0], page


def fill_up(server: RunningServer, rows: int) -> None:
    """``rows`` answers to others wait as well; to the store they are rows like all."""
    with open_site(server.data, str(server.folder / "passphrase")) as site:
        for _ in range(rows // 32):
            dummies = [dummy_reply() for _ in range(32)]
            site.store.replies.put_pending(
                [(one.reply_id, one.salt, one.tag, one.envelope) for one in dummies], site.clock.today(), None
            )


def swing(rounds: int) -> float:
    """Points above 50 % within which 99 of 100 indistinguishable pairs stay.

    Rounds are random, so each is a coin toss.
    """
    return 2.58 * 50 / math.sqrt(rounds)


def limit(rounds: int, pairs: int) -> int:
    """The lowest whole percent that none of this many pairs reaches by chance in 99 of 100 runs.

    The highest of several pairs varies more than one. The probability is bounded by the sum over the pairs.
    """
    return next(percent for percent in range(51, 101) if pairs * _at_least(percent, rounds) < RARE)


def chance(rounds: int, pairs: int) -> str:
    """The comparison of a run's figure with chance, as text."""
    return (
        f"chance alone: 50 % and up to {swing(rounds):.1f} more, in 99 of 100 pairs; "
        f"below {limit(rounds, pairs)} % in all {pairs} pairs of 99 of 100 runs"
    )


def _at_least(percent: int, rounds: int) -> float:
    """How often throws of a coin fall to one side or the other in at least this percentage of the rounds."""
    fewest = -(-percent * rounds // 100)
    return float(2 * sum(math.comb(rounds, heads) for heads in range(fewest, rounds + 1)) / 2**rounds)


def told_apart(one: list[float], other: list[float]) -> float:
    """Percent of the rounds in which the kind that is slower more often took longer."""
    longer = sum(a > b for a, b in zip(one, other, strict=True)) / len(one)
    return 100 * max(longer, 1 - longer)


if __name__ == "__main__":
    main()
