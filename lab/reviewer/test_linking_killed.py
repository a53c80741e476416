"""Reading, deciding, forgetting and importing old cases, killed at many moments: all is there, or nothing.

Each of the first three is killed at least at 34 moments, so at more than 100 together. A test counts its own.
"""

from pathlib import Path

from tests.reviewer.cases.test_old_cases import spreadsheet
from tests.reviewer.clean_copy.photos import drawn_scene
from tests.reviewer.cut_short import CutShort
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_pictures import send
from tests.reviewer.linking.invented_tips import NUMBER, findings, kept_person, tell
from tests.reviewer.linking.test_forgetting import NAME, TRACES, a_person_with_traces, holds

ENOUGH = 34
EVERY = {"fsync": 1, "ftruncate": 3, "pwrite64": 60}


def killed_everywhere(desk: Desk, *command: str | Path) -> CutShort:
    """The command, to be killed at each of its moments."""
    return CutShort(desk, command, folders=[desk.home])


def test_a_killed_reading_goes_on_and_finds_everything_once(desk: Desk) -> None:
    for place in range(120):
        tell(desk, f"{NUMBER} and a{place}@example.org", mailbox=place)
    desk.tamper("DELETE FROM findings")
    desk.tamper("DELETE FROM tip_readings")
    cut = killed_everywhere(desk, "findings", "list", desk.home)
    count = 0
    for moment in cut.moments({"fsync": 1, "pwrite64": 10}):
        assert cut.run(moment) < 0, moment
        assert len({(one["tip"], one["first"]) for one in findings(desk)}) == len(findings(desk)) == 240, moment
        cut.put_back()
        count += 1
    assert count >= ENOUGH


def test_a_killed_decision_is_there_with_its_line_in_the_log_or_not_at_all(desk: Desk) -> None:
    one, two = (kept_person(desk, tell(desk, "ask for Karel", mailbox=place), "Karel") for place in range(2))
    cut = killed_everywhere(desk, "links", "decide", desk.home, one, two, "same", "--because", "one number")
    outcomes = []
    for moment in cut.moments({"fsync": 1, "ftruncate": 1, "pwrite64": 2}):
        assert cut.run(moment) < 0, moment
        decided = len(desk.json("links", "list", desk.home)["decisions"])
        logged = sum(line["act"] == "decided" for line in desk.json("log", "show", desk.home))
        assert decided == logged, moment
        desk.do("log", "verify", desk.home)
        outcomes.append(decided)
        cut.put_back()
    assert set(outcomes) == {0, 1}
    assert len(outcomes) >= ENOUGH


def test_a_killed_reading_of_names_and_pictures_goes_on_and_asks_everything_once(desk: Desk) -> None:
    for place in range(2):
        tell(desk, "her name is Nadezhda Ivanova", mailbox=place)
    send(desk, drawn_scene(1), mailbox=3)
    send(desk, drawn_scene(1), mailbox=4)
    desk.tamper("DELETE FROM pictures", "DELETE FROM picture_readings")
    desk.tamper("DELETE FROM findings", "DELETE FROM tip_readings")
    cut = killed_everywhere(desk, "links", "list", desk.home)
    for moment in cut.moments({"fsync": 2, "pwrite64": 15}):
        assert cut.run(moment) < 0, moment
        asked = desk.json("links", "list", desk.home, "--weak")["questions"]
        assert [one["kind"] for one in asked] == ["picture", "person"], moment
        cut.put_back()


def test_a_killed_answer_kept_both_names_with_its_decision_or_neither(desk: Desk) -> None:
    for place in range(2):
        tell(desk, "her name is Nadezhda Ivanova", mailbox=place)
    (asked,) = desk.json("links", "list", desk.home, "--kind", "person")["questions"]
    answer = ("links", "answer", desk.home, asked["question"], "same", "--because", "one scar")
    outcomes = set()
    cut = killed_everywhere(desk, *answer)
    for moment in cut.moments({"fsync": 1, "ftruncate": 1, "pwrite64": 6}):
        assert cut.run(moment) < 0, moment
        decided = len(desk.json("links", "list", desk.home)["decisions"])
        assert len(desk.json("entities", "list", desk.home)["entities"]) == 2 * decided, moment
        desk.do("log", "verify", desk.home)
        outcomes.add(decided)
        cut.put_back()
    assert outcomes == {0, 1}


def test_a_killed_forgetting_forgot_all_or_nothing(desk: Desk) -> None:
    person, _phone, _second = a_person_with_traces(desk)
    cut = killed_everywhere(desk, "forget", desk.home, person)
    outcomes = []
    for moment in cut.moments(EVERY):
        assert cut.run(moment) < 0, moment
        names = {one["entity"] for one in desk.json("entities", "list", desk.home)["entities"]}
        outcomes.append(person in names)
        if person in names:
            assert any(one["words"] == NAME for one in findings(desk)), moment
        else:
            desk.do("list", desk.home)  # the next opening finishes what was cut short
            assert holds(desk) == {"spelling", "reading"}, moment
        desk.do("log", "verify", desk.home)
        cut.put_back()
    assert set(outcomes) == {True, False}
    assert len(outcomes) >= ENOUGH
    assert holds(desk) == set(TRACES)


def test_a_killed_import_of_old_cases_kept_all_rows_or_none(desk: Desk) -> None:
    rows = [["What"], *([f"case {number}, {NUMBER}"] for number in range(30))]
    file = spreadsheet(desk, rows)
    cut = killed_everywhere(desk, "old-cases", "import", desk.home, file, "--text", "What")
    outcomes = set()
    for moment in cut.moments({"fsync": 1, "ftruncate": 1, "pwrite64": 60}):
        assert cut.run(moment) < 0, moment
        tables = desk.json("old-cases", "list", desk.home)["tables"]
        assert len(desk.submissions()) == 30 * len(tables), moment
        outcomes.add(len(tables))
        cut.put_back()
    assert outcomes == {0, 1}
