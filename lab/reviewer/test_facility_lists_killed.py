"""Imports of lists and reports that leave, killed at many moments: all of a list is there, or nothing of it.

A report that left is on record. Where only its record is there, its file is written again.
"""

from typing import Any

from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk
from tests.reviewer.facilities.chain_stage import QUILLON, ChainDesk, epcis, grown, made

MANY = "Factory,Street,Land,Makes\n" + "".join(
    f"Quillon Works {number},Plot {number} Marrow Road Vessby,BD,Garments\n" for number in range(1, 400)
)
MOMENTS = 20


def test_a_killed_import_of_a_list_leaves_all_of_it_or_nothing(desk: Desk) -> None:
    chain = ChainDesk(desk)
    cut = CutShort(desk, chain.importing("suppliers", MANY), folders=[desk.home])
    _all_or_nothing(desk, cut, {"facilities": 399, "rows": 399}, found="F-401")


def test_a_killed_import_of_steps_leaves_all_of_it_or_nothing(desk: Desk) -> None:
    chain = ChainDesk(desk)
    events = [grown("e0", "LOT-0")] + [made(f"e{n}", f"LOT-{n - 1}", f"LOT-{n}") for n in range(1, 60)]
    cut = CutShort(desk, chain.importing("steps", epcis(*events), ending="json"), folders=[desk.home])
    _all_or_nothing(desk, cut, {"facilities": 0, "rows": 119}, found="")


def test_no_file_of_a_killed_report_is_there_without_its_record_and_its_record_gives_the_file(desk: Desk) -> None:
    ChainDesk(desk)
    out = desk.folder / "stick"
    out.mkdir()
    report = ("supply", "report", desk.home, QUILLON, "--for", "company", "--to", "Example Brand", "--asked")
    writes = (*report, "--out", out / "report.html", "--on-disk")
    cut = CutShort(desk, (*writes, "--code", desk.code_of(*writes)), folders=[desk.home, out])
    states, count = set(), 0
    for moment in cut.moments({"fsync": 1, "rename": 1, "ftruncate": 1, "pwrite64": 2}):
        assert cut.run(moment) < 0, moment
        is_there = (out / "report.html").exists()
        left = [one["report"] for one in desk.json("supply", "reports", desk.home)["reports"]]
        assert left == ["R-1"] or not (left or is_there), moment
        if left:
            desk.do("supply", "again", desk.home, "R-1", "--out", out / "again.html", "--on-disk")
            if is_there:
                assert (out / "again.html").read_bytes() == (out / "report.html").read_bytes(), moment
        desk.do("log", "verify", desk.home)
        states.add((bool(left), is_there))
        cut.put_back()
        count += 1
    assert {(False, False), (True, False)} <= states
    assert count >= MOMENTS, count


def _all_or_nothing(desk: Desk, cut: CutShort, whole: dict[str, int], *, found: str) -> None:
    outcomes = set()
    count = 0
    for moment in cut.moments({"fsync": 1, "ftruncate": 1, "pwrite64": 4}):
        assert cut.run(moment) < 0, moment
        lists: list[dict[str, Any]] = desk.json("supply", "lists", desk.home)["lists"]
        assert [{key: one[key] for key in whole} for one in lists[1:]] in ([], [whole]), moment
        if found:
            there = desk.json("supply", "find", desk.home, found)["facilities"]
            assert bool(there) == (len(lists) > 1), moment
        desk.do("log", "verify", desk.home)
        outcomes.add(len(lists))
        cut.put_back()
        count += 1
    assert outcomes == {1, 2}
    assert count >= MOMENTS, count
