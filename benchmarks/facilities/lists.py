"""A new list against many facilities, and the pages of factories at the desk.

    python benchmarks/facilities/lists.py [--facilities 100000] [--rows 1000] [--tips 100000] [--keep FOLDER]

The facilities that are there already are kept as an import keeps them, but compared with none: only the new list
is. Half of its rows are other spellings of facilities that are there, half are strangers. Tips are rows
without any text, and one in ten is accepted for a facility. ``--keep`` makes the casebook in a folder that stays.
Time of the processor is given beside that which passed: other programs on the machine lengthen only the latter.
"""

import argparse
import contextlib
import cProfile
import csv
import datetime as dt
import hashlib
import io
import pstats
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pairs import FITTED, UNSEEN, FacilityPair, pairs_of

from reviewer.casebook.facility_goods import FacilityGood, ListedGood
from reviewer.casebook.imported_tables import ImportedTable
from reviewer.clean_copy.children import Children
from reviewer.desk.app import create_app
from reviewer.desk.session import DeskSession
from reviewer.facilities.list_import import FACILITY_LISTS, import_list, write_faults
from reviewer.home.home import Home, open_home
from reviewer.recovery.key_ceremony import create_organisation
from reviewer.supply.custody import CustodyStep, Side, StepLot
from reviewer.supply.facility import Facility
from reviewer.supply.facility_columns import FacilityColumns, ListedFacility
from reviewer.supply.facility_keys import likeness_keys, rule_keys
from reviewer.supply.goods import good_key
from reviewer.supply.indicators import indicator_titles
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.viewers.tables import TableProvenance, open_table

TODAY = dt.date(2026, 11, 29)
HOST = "127.0.0.1:4321"
ROUNDS, STEPS = 40, 8
COLUMNS = FacilityColumns("name", ("address",), "country")
CHANCE = random.Random("factories")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facilities", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--tips", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with contextlib.ExitStack() as ending:
        folder = asked.keep or Path(ending.enter_context(tempfile.TemporaryDirectory()))
        if not (folder / "home").exists():
            folder.mkdir(exist_ok=True)
            with contextlib.redirect_stderr(io.StringIO()):
                create_organisation(
                    folder / "home", root=folder / "root", second=None, organisation="Invented", name="reviewer",
                    entry=SecretEntry(None), today=TODAY, told=lambda _line: None,
                )  # fmt: skip
            with open_home(folder / "home", entry=SecretEntry(None)) as home:
                fill(home, asked.facilities, asked.tips)
        with open_home(folder / "home", entry=SecretEntry(None)) as home:
            bring(home, folder, asked.rows, asked.facilities, is_profiled=asked.profile)
        pages(folder / "home", asked.facilities)


def fill(home: Home, count: int, tips: int) -> None:
    """Facilities with keys and goods, a list of goods, tips, and acceptances of one tip in ten."""
    casebook = home.casebook
    some = [side for pair in pairs_of(UNSEEN, count) for side in (pair.one, pair.other)][:count]
    with casebook.changing():
        table = ImportedTable(0, FACILITY_LISTS, "many.csv", bytes(32), 1, "Invented", "CC0", "2026", count, TODAY)
        number = casebook.facility_lists.add("os-hub", COLUMNS.to_json(), table)
        for line, (name, address, country) in enumerate(some, 2):
            listed = ListedFacility(Facility(name, address, country), {})
            facility = casebook.facility_lists.add_facility(number, listed)
            casebook.facility_lists.add_row(facility, line, {"name": name, "address": address, "country": country})
            keys = [*rule_keys(listed).values(), *likeness_keys(listed.facility)]
            casebook.facility_matches.add_keys(facility, keys)
            good = CHANCE.choice(("Garments", "Leather", "Bricks", "Shirts"))
            casebook.facility_goods.add(FacilityGood(facility, good, good_key(good), "", TODAY))
        goods = ImportedTable(
            0, FACILITY_LISTS, "goods.csv", bytes([1]) * 32, 1, "Invented", "CC0", "2026", 9, TODAY
        )
        goods_list = casebook.facility_lists.add("us-goods", {}, goods)
        for line, country in enumerate(sorted({one[2] for one in some}), 2):
            casebook.facility_goods.add_listed(
                ListedGood(goods_list, line, country, good_key("Garments"), "Garments", True, True, False)
            )
        chains = ImportedTable(
            0, FACILITY_LISTS, "steps.csv", bytes([2]) * 32, 1, "Invented", "CC0", "2026", 9, TODAY
        )
        keep_chains(home, casebook.facility_lists.add("steps", {}, chains), count)
        accept_tips(home, count, tips)


def keep_chains(home: Home, number: int, count: int) -> None:
    """Keep ``count`` chains, each of eight steps from shelf to field; one in two lacks a step."""
    line = 1
    for chain in range(ROUNDS):
        for at in range(STEPS):
            if chain % 2 and at == STEPS // 2:
                continue
            line += 2
            lots = [StepLot(Side.OUT, f"LOT-{chain}-{at}", Decimal(90), "KGM")]
            lots += [StepLot(Side.IN, f"LOT-{chain}-{at + 1}", Decimal(100), "KGM")] if at < STEPS - 1 else []
            kind = "make" if at < STEPS - 1 else "origin"
            place = f"F-{CHANCE.randint(1, count)}"
            step = CustodyStep(f"s{chain}-{at}", kind, TODAY, place, tuple(lots), line=line)
            home.casebook.custody.add(number, step, line.to_bytes(32, "big"))
    home.casebook.custody.find_places()
    write_faults(home.casebook)


def accept_tips(home: Home, count: int, tips: int) -> None:
    small = home.casebook._files.small  # noqa: SLF001 -- sealing 100,000 tips would take hours
    small.run("INSERT INTO servers (name, party, verify_key, added_day) VALUES ('s', x'00', x'00', '2026-11-29')")
    indicators = list(indicator_titles())
    for number in range(1, tips + 1):
        digest = hashlib.sha256(number.to_bytes(8, "big")).digest()
        small.run(
            "INSERT INTO submissions (number, envelope_sha256, envelope_bytes, server, imported_day, unopenable)"
            " VALUES (?, ?, 1, 's', ?, 'made up')",
            (number, digest, TODAY.isoformat()),
        )
        if number % 10 == 0:
            ticked = CHANCE.sample(indicators, CHANCE.randint(0, 3))
            home.casebook.facility_evidence.accept(
                number, CHANCE.randint(1, count), indicators=ticked, because="made up", today=TODAY
            )


def bring(home: Home, folder: Path, rows: int, count: int, *, is_profiled: bool) -> None:
    """Import a list of other spellings and strangers."""
    known: list[FacilityPair] = [pair for pair in pairs_of(UNSEEN, count) if pair.is_same][: rows // 2]
    strangers = pairs_of(FITTED, rows)[: rows - len(known)]
    path = folder / f"new-{time.time_ns()}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "address", "country"])
        writer.writerows([pair.other for pair in (*known, *strangers)])
    profile = cProfile.Profile() if is_profiled else contextlib.nullcontext()
    began, used = time.monotonic(), time.process_time()
    with open_table(path, children=Children()) as table, profile:
        origin = TableProvenance(path.name, table.sha256, 1, "Invented", "CC0", "2026", TODAY)
        done = import_list(home, table, "suppliers", COLUMNS, origin, today=TODAY)
    passed, used = time.monotonic() - began, time.process_time() - used
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"a list of {done.rows} rows against {count:,} facilities: {used:.1f} s of processor, {passed:.1f} s passed"
    )
    print(f"same by rule {done.same_by_rule}, questions {done.questions}; most memory: {most:.0f} MiB")
    if is_profiled:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    path.unlink()


def pages(home: Path, count: int) -> None:
    """Ask each kind of page often, as a browser does."""
    session = DeskSession(home, entry=SecretEntry(None), idle_seconds=6000.0, clock=lambda: 0.0)
    browser = create_app(session, host=HOST).test_client()
    headers = {"Host": HOST, "Sec-Fetch-Site": "same-origin"}
    form = headers | {"Origin": f"http://{HOST}"}
    try:
        browser.get(f"/open/{session.token}", headers={"Host": HOST})
        words = [one.one[0] for one in pairs_of(UNSEEN, 2 * ROUNDS)]

        def get(path: str) -> Callable[[int], object]:
            return lambda _turn: browser.get(path.format(CHANCE.randint(1, count)), headers=headers)

        kinds: dict[str, Callable[[int], object]] = {
            "by level": get("/factories"),
            "only serious": get("/factories?level=serious"),
            "one place": get("/factory/{}"),
            "nothing known": get("/factories?level=nothing+known"),
            "same place": lambda _turn: browser.get("/factories/same", headers=headers, follow_redirects=True),
            "lists": get("/factories/lists"),
            "trace": lambda turn: browser.post(
                "/factories/trace", data={"lot": f"LOT-{turn}-0", "way": "up"}, headers=form
            ),
            "found by words": lambda turn: browser.post(
                "/factories/find", data={"words": words[turn]}, headers=form
            ),
        }
        slowest = 0.0
        for kind, ask in kinds.items():
            times = []
            for turn in range(ROUNDS):
                used = time.process_time()
                answer = ask(turn)
                times.append(1000 * (time.process_time() - used))
                if getattr(answer, "status_code", 0) != 200:
                    raise SystemExit(f"{kind}: {getattr(answer, 'status_code', 0)}")
            p95 = statistics.quantiles(times, n=20)[-1]
            slowest = max(slowest, p95)
            print(f"factories: {kind:<16} processor {statistics.median(times):6.0f} ms  p95 {p95:6.0f}")
        print(f"factories: the slowest kind of page, p95 {slowest:.0f} ms of processor")
    finally:
        session.close()


if __name__ == "__main__":
    main()
