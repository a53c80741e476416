"""From a first text of 1 KB to its receipt, and from eight words to an open mailbox, on loopback.

Run: ``.venv/bin/python benchmarks/text.py [--rounds 40] [--folder FOLDER]``

Each round is a new source: first page, post, receipt; then the same words open the mailbox. Prints medians, and
the ratio of each to the first page; and before them the processor time of one first page.
"""

import argparse
import http.client
import re
import statistics
import tempfile
import time
import urllib.parse
from pathlib import Path

from running_server import POOL_FILL_SECONDS, RunningServer, form_nonce, post_submission, running_server

PAGES = 1000
"""The system counts processor time in hundredths of a second: so many pages are some hundreds of these."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=None)
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=wanted.folder, prefix="bench-") as name,
        running_server(Path(name)) as server,
    ):
        time.sleep(POOL_FILL_SECONDS)
        page_seconds = _processor_seconds_a_page(server)
        pages, receipts, mailboxes = _measure(server, wanted.rounds)
    print(f"processor time of one GET / {page_seconds * 1000:.2f} ms, all processes, mean of {PAGES}")
    first_page = statistics.median(pages)
    for label, taken in (("first page", pages), ("text to receipt", receipts), ("words to mailbox", mailboxes)):
        taken.sort()
        median, late = statistics.median(taken), taken[int(len(taken) * 0.95)]
        print(
            f"{label:17} median {median * 1000:7.1f} ms, p95 {late * 1000:7.1f} ms, "
            f"{median / first_page:6.1f} x first page"
        )


def _processor_seconds_a_page(server: RunningServer) -> float:
    """Of all processes of the server, without other load and without key derivations."""
    before = server.processor_seconds()
    for _ in range(PAGES):
        connection = server.connection()
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != http.client.OK:
            raise RuntimeError(f"the server answered {answer.status} to the first page")
    return (server.processor_seconds() - before) / PAGES


def _measure(server: RunningServer, rounds: int) -> tuple[list[float], list[float], list[float]]:
    pages: list[float] = []
    receipts: list[float] = []
    mailboxes: list[float] = []
    for _ in range(rounds):
        connection = server.connection()
        started = time.monotonic()
        nonce = form_nonce(connection)
        pages.append(time.monotonic() - started)
        started = time.monotonic()
        page = post_submission(connection, nonce=nonce, text="x" * 1024)
        receipts.append(time.monotonic() - started)
        started = time.monotonic()
        _open_mailbox(connection, _words(page))
        mailboxes.append(time.monotonic() - started)
        connection.close()
    return pages, receipts, mailboxes


def _words(page: str) -> str:
    shown = re.search(r"data-passphrase[^>]*>(.*?)</p>", page, re.DOTALL)
    if shown is None:
        raise RuntimeError("the receipt shows no passphrase")
    return " ".join(re.sub(r"<[^>]+>", " ", shown.group(1)).split())


def _open_mailbox(connection: http.client.HTTPConnection, words: str) -> None:
    body = urllib.parse.urlencode({"passphrase": words})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", "/mailbox", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the server answered {answer.status} to a log-in")


if __name__ == "__main__":
    main()
