"""Reading tips for findings, and the pages of links, in a casebook of many tips.

    .venv/bin/python benchmarks/link_reading.py [--tips N] [--casebook N] [FOLDER]

Three goals: 10,000 tips of 2 KB are read in at most 5 minutes, and a reading that was ended goes on; an import with
reading takes at most 1.5 times one without; pages of links answer within 300 ms (p95) at 100,000 tips and 500,000
findings. Times are of this process; run it on an idle machine.
"""

import argparse
import contextlib
import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from casebook import ENTRY, HOST, TODAY
from linking import _keep

from crypto.keys.party import PartyKeys
from reviewer.casebook.findings import NewFinding
from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.home.home import Home, open_home
from reviewer.linking.tip_reading import read_new_tips
from reviewer.linking.tip_texts import texts_of
from reviewer.recovery.key_ceremony import create_organisation

CHANCE = random.Random(20261130)
WORDS = ("they", "took", "her", "passport", "at", "the", "farm", "and", "she", "may", "leave", "before", "night")
FINDINGS_A_TIP = 5
PAGES = ("/", "/findings", "/entities", "/proposals", "/old-cases")
ROUNDS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tips", type=int, default=10_000)
    parser.add_argument("--casebook", type=int, default=100_000)
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    for act, count in ((reading, asked.tips), (pages, asked.casebook)):
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            act(Path(folder), count)


def reading(folder: Path, count: int) -> None:
    """Keep tips without reading, then read them, ended once in the middle."""
    with _new_home(folder) as home:
        kept = _timed(lambda: _fill(home, count))
        first = _timed(lambda: read_new_tips(home, most=count // 2))
    with open_home(folder / "home", entry=ENTRY) as home:  # as after an end in the middle
        read = first + _timed(lambda: read_new_tips(home))
        assert not home.casebook.findings.unread(most=1)
    minutes = read / count * 10_000 / 60
    print(f"{count:,} tips kept in {kept:.1f} s and read in {read:.1f} s: {minutes:.1f} min for 10,000")
    print(f"keeping with reading takes {(kept + read) / kept:.2f} times keeping alone, without opening envelopes")


def pages(folder: Path, count: int) -> None:
    """The pages of links with five findings a tip."""
    with _new_home(folder) as home:
        _fill(home, count, with_findings=True)
    desk_session = DeskSession(folder / "home", entry=ENTRY, idle_seconds=3600, clock=time.monotonic)
    try:
        browser = create_app(desk_session, host=HOST).test_client()
        headers = {"Host": HOST, "Origin": f"http://{HOST}"}
        browser.get(f"/open/{desk_session.token}", headers=headers)
        casebook = desk_session.home.casebook
        tip = casebook.submissions.by_number(casebook.findings.with_new(most=1)[0][0]).short_id
        print(f"pages at {count:,} tips and {count * FINDINGS_A_TIP:,} findings:")
        for path in (*PAGES, f"/tip/{tip}", f"/tip/{tip}/findings"):
            times = sorted(_timed(partial(browser.get, path, headers=headers)) for _ in range(ROUNDS))
            p95 = times[int(ROUNDS * 0.95) - 1]
            print(f"  {path[:20]:<22} median {statistics.median(times) * 1000:6.0f} ms  p95 {p95 * 1000:6.0f} ms")
    finally:
        desk_session.close()


@contextlib.contextmanager
def _new_home(folder: Path) -> Iterator[Home]:
    with contextlib.redirect_stderr(io.StringIO()):
        create_organisation(
            folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
            entry=ENTRY, today=TODAY, told=lambda _line: None,
        )  # fmt: skip
    with open_home(folder / "home", entry=ENTRY) as home:
        home.casebook.servers.add(PartyKeys.generate("server").party(), today=TODAY)
        yield home


def _fill(home: Home, count: int, *, with_findings: bool = False) -> None:
    for begin in range(0, count, 500):
        with home.casebook.changing():
            for number in range(begin, min(begin + 500, count)):
                kept = _keep(home, number, _text(number))
                if with_findings:
                    _note(home, kept, number)


def _note(home: Home, kept: int, number: int) -> None:
    """Five findings without a reading of the text: their places are those of its first words."""
    casebook = home.casebook
    (text,) = texts_of(home, casebook.submissions.by_number(kept))[:1]
    for place in range(FINDINGS_A_TIP):
        key = f"+44770090{(number * 7 + place * 13) % 9_000:04d}"
        casebook.findings.add(kept, NewFinding(text.place, place * 4, 3, "phone", [key]), version=1)
    casebook.findings.note_read(kept, version=1, has_more=False)


def _text(number: int) -> str:
    words = " ".join(CHANCE.choice(WORDS) for _ in range(360))
    return f"{words} +44 7700 90{number % 9_000:04d}, boss{number % 500}@example.org {words[:100]}"


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
