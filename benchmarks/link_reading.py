"""Reading tips for findings, an import with and without it, and the pages of links in a casebook of many tips.

    .venv/bin/python benchmarks/link_reading.py [--tips N] [--imported N] [--casebook N] [FOLDER]

Four goals: 10,000 tips of 2 KB are read in at most 5 minutes, and a reading that was ended goes on; an import with
reading takes at most 1.5 times one without; pages of links answer within 300 ms (p95) at 100,000 tips and 500,000
findings. 0 leaves a part out. The telephone numbers of the same texts alone are the plain reference of the reading.
"""

import argparse
import contextlib
import io
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from casebook import ENTRY, HOST, TODAY, make_file, tell
from linking import keep_tip
from phonenumbers import PhoneNumberMatcher

from crypto.keys.party import PartyKeys
from reviewer.casebook.entities import SaidRole
from reviewer.casebook.findings import FindingState, NewFinding
from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.exchange.take_in import FileImporter
from reviewer.home.home import Home, open_home
from reviewer.linking.tip_reading import read_new_tips
from reviewer.linking.tip_texts import texts_of
from reviewer.recovery.key_ceremony import create_organisation

CHANCE = random.Random(20261130)
WORDS = ("they", "took", "her", "passport", "at", "the", "farm", "and", "she", "may", "leave", "before", "night")
FINDINGS_A_TIP = 5
A_KEPT_TIP, A_HARMED_TIP = 50, 500
"""One tip in 50 has a person that was kept, and one in 500 a person whom it calls harmed."""

PAGES = (
    *("/", "/findings", "/entities", "/questions", "/proposals", "/old-cases", "/entity/1"),
    *("/lists", "/lists/hits", "/published", "/published/open-tables"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tips", type=int, default=10_000)
    parser.add_argument("--imported", type=int, default=2_000)
    parser.add_argument("--casebook", type=int, default=100_000)
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    for act, count in ((reading, asked.tips), (importing, asked.imported), (pages, asked.casebook)):
        if count:
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
        some = [texts_of(home, one)[0].value for one in home.casebook.submissions.all()[:200]]
    alone = _timed(lambda: [list(PhoneNumberMatcher(text, "GB")) for text in some]) / len(some) * count
    minutes = read / count * 10_000 / 60
    print(f"{count:,} tips kept in {kept:.1f} s and read in {read:.1f} s: {minutes:.2f} min for 10,000")
    print(f"reading everything takes {read / alone:.1f} times the telephone numbers alone", flush=True)


def importing(folder: Path, count: int) -> None:
    """Import sealed envelopes from a file as a server writes it, and then read them as the command does."""
    with _new_home(folder, with_server=False) as home:
        file = make_file(home, folder, count)
        plain = _timed(lambda: FileImporter(home, today=TODAY, progress=lambda _count: None).read(file))
        read = _timed(lambda: read_new_tips(home))
    print(f"{count:,} envelopes imported in {plain:.1f} s and read in {read:.1f} s")
    print(f"import with reading takes {(plain + read) / plain:.2f} times the import alone", flush=True)


def pages(folder: Path, count: int) -> None:
    """The pages of links with five findings a tip, some of them kept and some of these protected."""
    began = time.perf_counter()
    with _new_home(folder) as home:
        _fill(home, count, with_findings=True)
    seconds = time.perf_counter() - began
    print(f"{count:,} tips and {count * FINDINGS_A_TIP:,} findings kept in {seconds:.0f} s", flush=True)
    desk_session = DeskSession(folder / "home", entry=ENTRY, idle_seconds=3600, clock=time.monotonic)
    try:
        browser = create_app(desk_session, host=HOST).test_client()
        headers = {"Host": HOST, "Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
        browser.get(f"/open/{desk_session.token}", headers=headers)
        casebook = desk_session.home.casebook
        tip = casebook.submissions.by_number(casebook.findings.with_new(most=1)[0][0]).short_id

        def get(path: str) -> None:
            _whole(path, browser.get(path, headers=headers).status_code)

        def look_up() -> None:
            answer = browser.post("/findings/lookup", data={"words": "+44 7700 900007"}, headers=headers)
            _whole("/findings/lookup", answer.status_code)

        for path in (*PAGES, f"/tip/{tip}", f"/tip/{tip}/findings"):
            tell(f"page of links: {path.replace(tip, '…')}", partial(get, path))
        tell("page of links: a number looked up", look_up)
    finally:
        desk_session.close()


def _whole(path: str, status: int) -> None:
    if status != 200:
        raise SystemExit(f"{path} answered {status}")


@contextlib.contextmanager
def _new_home(folder: Path, *, with_server: bool = True) -> Iterator[Home]:
    with contextlib.redirect_stderr(io.StringIO()):
        create_organisation(
            folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
            entry=ENTRY, today=TODAY, told=lambda _line: None,
        )  # fmt: skip
    with open_home(folder / "home", entry=ENTRY) as home:
        if with_server:
            home.casebook.servers.add(PartyKeys.generate("server").party(), today=TODAY)
        yield home


def _fill(home: Home, count: int, *, with_findings: bool = False) -> None:
    for begin in range(0, count, 500):
        with home.casebook.changing():
            for number in range(begin, min(begin + 500, count)):
                kept = keep_tip(home, number, _text(number, words=60 if with_findings else 360))
                if with_findings:
                    _note(home, kept, number)


def _note(home: Home, kept: int, number: int) -> None:
    """Five findings without a reading of the text: their places are those of its first words.

    In some tips a person and the number before are kept, and the person uses that number.
    """
    casebook = home.casebook
    entities: list[int] = []
    is_kept = number % A_KEPT_TIP == 0
    (text,) = texts_of(home, casebook.submissions.by_number(kept))[:1]
    for place in range(FINDINGS_A_TIP):
        kind = "person" if place == FINDINGS_A_TIP - 1 and is_kept else "phone"
        key = f"+44770090{(number * 7 + place * 13) % 9_000:04d}"
        new = NewFinding(text.place, place * 5, 4, kind, [key] if kind == "phone" else [])
        finding = casebook.findings.add(kept, new, version=1)
        if is_kept and place >= FINDINGS_A_TIP - 2:
            entities.append(casebook.entities.add(kind, today=TODAY))
            casebook.findings.set_state(finding, FindingState.KEPT, entities[-1])
    if is_kept:
        used, person = entities
        casebook.entities.relate(person, "uses", used, finding=finding, since=None, until=None, today=TODAY)
        if number % A_HARMED_TIP == 0:
            casebook.entities.add_role(person, kept, SaidRole.HARMED, because="", today=TODAY)
    casebook.findings.note_read(kept, version=1, has_more=False)
    casebook.pictures.note_read(kept)


def _text(number: int, *, words: int = 360) -> str:
    """Some 2 KB, or as many words as a short message has where only pages are measured."""
    told = " ".join(CHANCE.choice(WORDS) for _ in range(words))
    return f"{told} +44 7700 90{number % 9_000:04d}, boss{number % 500}@example.org {told[:100]}"


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
