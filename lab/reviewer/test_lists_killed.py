"""Importing and removing a list, killed at each step: all of it is there, or nothing."""

from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, tell
from tests.reviewer.lists.test_lists import ORIGIN, TEXT, brought, matches, written

ROWS = "\n".join(f"Karel{number} Vondrak{number},+4477009{number:05}" for number in range(500, 800))
CONTENT = f"name,phone\nKarel Vondrak,{NUMBER}\n{ROWS}\n"
EVERY = {"fsync": 1, "ftruncate": 1, "pwrite64": 8}


def test_a_killed_import_kept_all_entries_with_their_hits_or_nothing(desk: Desk) -> None:
    tell(desk, TEXT)
    path = written(desk, "list.csv", CONTENT)
    cut = CutShort(desk, ("lists", "import", desk.home, path, "--kind", "agencies", *ORIGIN), folders=[desk.home])
    outcomes, count = set(), 0
    for moment in cut.moments(EVERY):
        assert cut.run(moment) < 0, moment
        lists = desk.json("lists", "list", desk.home)["lists"]
        assert [one["entries"] for one in lists] in ([], [301]), moment
        assert len([one for one in matches(desk) if one["kind"] == "hit"]) == len(lists), moment
        logged = sum(line["act"] == "list imported" for line in desk.json("log", "show", desk.home))
        assert logged == len(lists), moment
        desk.do("log", "verify", desk.home)
        outcomes.add(len(lists))
        count += 1
        cut.put_back()
    assert outcomes == {0, 1}
    assert count >= 10


def test_a_killed_removal_removed_all_or_nothing(desk: Desk) -> None:
    tell(desk, TEXT)
    brought(desk, "list.csv", CONTENT, "agencies")
    cut = CutShort(desk, ("lists", "remove", desk.home, "L-1"), folders=[desk.home])
    outcomes = set()
    for moment in cut.moments(EVERY):
        assert cut.run(moment) < 0, moment
        lists = desk.json("lists", "list", desk.home)["lists"]
        assert [one["entries"] for one in lists] in ([], [301]), moment
        assert bool(matches(desk)) == bool(lists), moment
        desk.do("log", "verify", desk.home)
        outcomes.add(len(lists))
        cut.put_back()
    assert outcomes == {0, 1}
