"""Lists of persons: the import of lines of FollowTheMoney, its memory, one new tip against them, the desk's pages.

    python benchmarks/lists.py [--entities 10000] [--names 2000] [FOLDER]

FOLDER (default: a temporary one) decides which disk is measured. The list has so many persons, each with two other
names in other spellings and a telephone number; every third has a passport and a sanction on lines of their own.
Names are drawn as in ``linking.py``, so that some are frequent. The casebook has so many names in tips, drawn from
the same lists. Memory is the largest of the process that keeps, and of the one that reads the file.
"""

import argparse
import contextlib
import io
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from casebook import A_BUNDLE, ENTRY, HOST, TODAY, tell
from linking import NAMES_A_TIP, index_names, keep_tip, made_up_word

from crypto.keys.party import PartyKeys
from reviewer.clean_copy.children import Children
from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.home.home import Home, open_home
from reviewer.linking.tip_reading import read_new_tips
from reviewer.lists.list_import import ListChoice, import_watched
from reviewer.lists.list_removal import remove_list
from reviewer.recovery.key_ceremony import create_organisation
from reviewer.viewers.tables import TableProvenance, open_table

CHANCE = random.Random(20261130)
GIVEN = [made_up_word() for _ in range(2_000)]
FAMILY = [made_up_word() + made_up_word().lower() for _ in range(20_000)]
SWAPS = str.maketrans({"k": "c", "v": "w", "z": "s", "i": "y"})
MIB = 1 << 20


def name() -> str:
    """Rank by the square of chance: the most frequent given name is borne by some three in a hundred."""
    return " ".join(one[int(len(one) * CHANCE.random() ** 2)] for one in (GIVEN, FAMILY))


def lines(count: int) -> Iterator[str]:
    """``count`` persons, with the lines that belong to each."""
    for number in range(count):
        called = name()
        given, family = called.split()
        properties = {
            "name": [called],
            "alias": [f"{family}, {given}", f"{given} {family.lower().translate(SWAPS).capitalize()}"],
            "phone": [f"+4477009{number % 100_000:05}"],
            "birthDate": [f"{1940 + number % 60}"],
            "country": ["de"],
            "topics": ["crime"],
            "notes": [f"Invented for a measurement, entry {number}."],
        }
        yield json.dumps({"id": f"p{number}", "schema": "Person", "properties": properties})
        if number % 3:
            continue
        for kind, more in (
            ("Passport", {"holder": [f"p{number}"], "number": [f"X{number:08}"]}),
            ("Sanction", {"entity": [f"p{number}"], "program": ["An invented programme of measures"]}),
        ):
            yield json.dumps({"id": f"{kind}{number}", "schema": kind, "properties": more})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entities", type=int, default=10_000)
    parser.add_argument("--names", type=int, default=2_000)
    parser.add_argument("folder", nargs="?", type=Path)
    asked = parser.parse_args()
    with contextlib.ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        with contextlib.redirect_stderr(io.StringIO()):
            create_organisation(
                folder / "home", root=folder / "root", second=None, organisation="Benchmark", name="reviewer",
                entry=ENTRY, today=TODAY, told=lambda _line: None,
            )  # fmt: skip
        path = folder / "entities.json"
        with path.open("w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines(asked.entities))
        print(f"the list: {asked.entities:,} persons, {path.stat().st_size / MIB:.0f} MiB", flush=True)
        with open_home(folder / "home", entry=ENTRY) as home:
            tips(home, asked.names)
            number = measured_import(home, path)
            one_new_tip(home)
        at_the_desk(folder / "home")
        with open_home(folder / "home", entry=ENTRY) as home:
            began = time.perf_counter()
            remove_list(home, number, today=TODAY)
            print(f"list removed in {time.perf_counter() - began:.1f} s")


def tips(home: Home, count: int) -> None:
    """A casebook with this number of names in tips."""
    home.casebook.servers.add(PartyKeys.generate("server").party(), today=TODAY)
    numbers = range(count // NAMES_A_TIP)
    for start in range(0, len(numbers), A_BUNDLE):
        with home.casebook.changing():
            for number in numbers[start : start + A_BUNDLE]:
                index_names(home, keep_tip(home, number, ". ".join(name() for _ in range(NAMES_A_TIP))))


def measured_import(home: Home, path: Path) -> int:
    """Import the list; its number."""
    began, used = time.perf_counter(), time.process_time()
    choice = ListChoice.of("accused", path, regions=[])
    with open_table(path, with_entities=True, children=Children()) as table:
        provenance = TableProvenance(path.name, table.sha256, 1, "Invented", "none", "1", TODAY)
        done = import_watched(home, table, choice, provenance, today=TODAY)
    passed, used = time.perf_counter() - began, time.process_time() - used
    print(f"import of {done.entries:,} entities: passed {passed:.1f} s, processor {used:.1f} s", flush=True)
    print(f"questions: {done.questions:,}, hits: {done.hits:,}")
    for label, whose in (("that keeps", resource.RUSAGE_SELF), ("that reads", resource.RUSAGE_CHILDREN)):
        print(f"memory of the process {label}: {resource.getrusage(whose).ru_maxrss / 1024:.0f} MiB", flush=True)
    small = (home.folder / "casebook.db").stat().st_size
    print(f"casebook.db: {small / done.entries:,.0f} bytes an entity")
    return done.number


def one_new_tip(home: Home) -> None:
    """One new tip with a name and a number: kept, read, and compared with the list."""
    numbers = iter(range(10**6, 2 * 10**6))

    def act() -> None:
        with home.casebook.changing():
            keep_tip(home, next(numbers), f"The boss is called {name()}, +44 7700 900123")
        read_new_tips(home)

    tell("one new tip: kept, read and compared", act)


def at_the_desk(folder: Path) -> None:
    """The pages of lists and of their hits."""
    desk_session = DeskSession(folder, entry=ENTRY, idle_seconds=3600, clock=time.monotonic)
    try:
        browser = create_app(desk_session, host=HOST).test_client()
        headers = {"Host": HOST, "Origin": f"http://{HOST}"}
        browser.get(f"/open/{desk_session.token}", headers=headers)
        for path in ("/lists", "/lists/hits", "/lists/hits?weak=1"):

            def act(path: str = path) -> None:
                if browser.get(path, headers=headers).status_code != 200:
                    raise SystemExit(f"{path} does not answer")

            tell(f"desk: {path} ...", act)
    finally:
        desk_session.close()


if __name__ == "__main__":
    main()
