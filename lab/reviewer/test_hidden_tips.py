"""A tip that a colleague hides: what is said here is the same as if it had never come."""

import re

from reviewer.casebook.proposals import QUARANTINE
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.reviewer.cases.test_proposals import propose
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.linking.invented_tips import NUMBER, entities, findings, kept, kept_person, tell

HER, BOSS = "Zadnjana Qorvell", "Karel Vyrostek"
OURS = f"she is called {HER}, the boss is called {BOSS}, call {NUMBER}, in Graz on 3 May 2026"
ONLY_THERE = ("Qzvhidden", "zqxhidden", "Bratislava", "900777")
HIDDEN = f"he is called {BOSS} and she is called {HER}, {NUMBER}, Qzvhidden in Bratislava, +44 7700 900777"


def a_visible_pair(desk: Desk) -> tuple[str, str, str]:
    """Two tips of two mailboxes, and two persons with a number and a decision; a tip and the persons."""
    first, second = tell(desk, OURS), tell(desk, f"my friend {HER} is gone", mailbox=2)
    one, other = kept_person(desk, first, HER), kept_person(desk, second, HER)
    phone = next(each["finding"] for each in findings(desk, first) if each["kind"] == "phone")
    (number,) = kept(desk, phone)
    desk.do("relate", desk.home, one, "uses", number, "--finding", str(phone))
    desk.do("links", "decide", desk.home, one, other, "unsure", "--because", "one name")
    return first, one, number


def told_everywhere(desk: Desk, tip: str, person: str, number: str) -> dict[str, str]:
    """Each list, count, question and page, by its command or address."""
    home = desk.home
    commands = [
        *(("findings", "list", home, *more) for more in ((), ("--new",), (tip,), ("--kind", "person"))),
        ("findings", "lookup", home, NUMBER),
        *(("entities", "list", home, *more) for more in ((), (HER,))),
        *(("entities", "show", home, one) for one in (person, number)),
        *(("links", "list", home, *more) for more in ((), ("--weak",))),
        ("links", "show", home, "D-1"),
        *((what, home, one) for what in ("graph", "timeline", "map") for one in (person, number)),
        ("refer", home, person, number, "--for", "Office", "--format", "ftm"),
        ("news", home),
    ]
    told = {}
    for command in commands:
        for form in ((), ("--json",)):
            code = desk.run(*command, *form)
            told[" ".join(map(str, (*command[:2], *command[3:], *form)))] = f"{code} {desk.out}{desk.err}"
    for command in (("evidence", home, tip), ("forget", home, person, "--dry-run")):
        told[str(command[0])] = re.sub(r"--code \S+", "", desk.do(*command))
    with open_desk(home) as opened:
        for address in ("/findings", "/entities", "/questions?weak=1", f"/entity/{number[2:]}", "/decision/1"):
            told[address] = seen(opened.page(address))
        told["/tip"] = seen(opened.page(f"/tip/{tip}/findings"))
        told["/lookup"] = seen(opened.post("/findings/lookup", words=NUMBER).text)
    return told


def without_proposals(told: str) -> str:
    """A proposal of a colleague is counted and announced, as it must be."""
    lines = [line for line in told.splitlines() if "tipline-review proposals" not in line]
    return re.sub(r'"?proposals"?:? +\d|\d +proposals?', "", "\n".join(lines))


def test_nothing_of_a_hidden_tip_is_in_any_list_count_question_drawing_or_page(desk: Desk) -> None:
    tip, person, number = a_visible_pair(desk)
    before = told_everywhere(desk, tip, person, number)
    hidden = tell(desk, HIDDEN, mailbox=3)
    third, boss = kept_person(desk, hidden, HER), kept_person(desk, hidden, BOSS)
    desk.do("entities", "name", desk.home, boss, "zqxhidden")
    found = next(each["finding"] for each in findings(desk, hidden) if each["kind"] == "phone")
    desk.do("findings", "keep", desk.home, str(found), "--to", number)
    desk.do("relate", desk.home, boss, "uses", number, "--finding", str(found))
    desk.do("links", "decide", desk.home, third, "E-2", "unsure", "--because", "zqxhidden")
    shown = told_everywhere(desk, tip, person, number)
    assert all(any(words in told for told in shown.values()) for words in ONLY_THERE), "the control finds them"
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        propose(home, hidden, number=1, reason=QUARANTINE)
    after = told_everywhere(desk, tip, person, number)
    assert after.keys() == before.keys()
    for place, told in after.items():
        assert without_proposals(told) == without_proposals(before[place]), place
    assert {each["entity"] for each in entities(desk)} == {person, "E-2", number}
