"""Cases and their notes reach colleagues: in any order of rounds, all homes come to one state."""

from random import Random
from typing import Any

from reviewer.casebook.case_register import CaseRecord
from reviewer.cases.case_work import (
    add_case_note,
    add_threads,
    destroy_case_note,
    merge_cases,
    open_case,
    remove_threads,
    rename_case,
    split_case,
    undo,
)
from reviewer.cases.deleting_cases import delete_case
from reviewer.home.home import Home
from reviewer.sharing.party import own_key
from reviewer.sharing.said import case_conflicts, state_conflicts
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.sharing.test_joined import Both, both
from tests.reviewer.sharing.test_merging import DAY, Laptops, laptops

__all__ = ["both", "laptops"]
SEEDS = range(3)


def cases(home: Home) -> dict[str, dict[str, Any]]:
    """All that a reviewer sees of each case, by the id that it has at every reviewer."""
    register, shown = home.casebook.cases, {}
    ids = {row[0]: row[1].hex() for row in home.casebook.settings._small.rows("SELECT number, case_id FROM cases")}
    listed = {one.number for one in register.all()}
    for number, case_id in ids.items():
        one = register.find(number)
        assert one is not None
        shown[case_id] = {
            "name": one.name,
            "opened": one.opened_day,
            "listed": number in listed,
            "into": ids.get(one.merged_into or 0),
            "from": ids.get(one.split_from or 0),
            "tips": sorted(_first(home, thread) for thread in register.threads(number)),
            "split": sorted((_first(home, thread), ids[came]) for thread, came in register.split_threads(number)),
            "notes": sorted((note.text, note.author) for note in register.notes(number)),
            "conflicts": [(found.kind, found.said, found.counts) for found in case_conflicts(home, one.case_id)],
        }
    return shown


def _first(home: Home, thread: int) -> str:
    numbers = home.casebook.threads.submissions(thread)
    return min(home.casebook.submissions.by_number(number).short_id for number in numbers)


def act(home: Home, random: Random, mark: str) -> None:
    """Anything that a reviewer does with cases."""
    register = home.casebook.cases
    threads = sorted({home.casebook.inbox_rows.thread_of(one.number) for one in home.casebook.submissions.all()})
    thread, known = random.choice(threads), register.all()
    if not known or random.random() < 0.2:
        open_case(home, f"case {mark}", [thread], today=DAY)
        return
    case, other = random.choice(known), random.choice(known)
    match random.randrange(7):
        case 0:
            rename_case(home, case.number, f"name {mark}", today=DAY)
        case 1:
            add_threads(home, case.number, [thread], today=DAY)
        case 2:
            inside = register.threads(case.number)
            if inside:
                remove_threads(home, case.number, inside[:1], today=DAY)
        case 3:
            if case != other:
                merge_cases(home, case.number, into=other.number, today=DAY)
        case 4:
            _split_or_undo(home, case, mark, random)
        case 5:
            add_case_note(home, case.number, f"note {mark}", today=DAY)
        case _:
            _destroy_own_note(home, case, random)


def _destroy_own_note(home: Home, case: CaseRecord, random: Random) -> None:
    own = own_key(home).to_bytes()
    mine = [note.number for note in home.casebook.cases.notes(case.number) if note.author == own]
    if mine:
        destroy_case_note(home, case.number, random.choice(mine), today=DAY)


def _split_or_undo(home: Home, case: CaseRecord, mark: str, random: Random) -> None:
    register = home.casebook.cases
    merged = [*register.merged(case.number), *([case] if case.split_from is not None else [])]
    if merged and random.random() < 0.6:
        undo(home, random.choice(merged).number, today=DAY)
    elif inside := register.threads(case.number):
        split_case(home, case.number, f"split {mark}", inside[:1], today=DAY)


def test_any_order_any_repetition_and_any_loss_give_the_same_cases(laptops: Laptops) -> None:
    for seed in SEEDS:
        random = Random(f"cases {seed}")
        for step in range(40):
            home = random.choice(laptops.homes)
            act(home, random, f"{seed}.{step}")
            if random.random() < 0.4:
                laptops.write(home)  # and perhaps it is lost
            for envelope in random.choices(laptops.written, k=min(2, len(laptops.written))):
                laptops.read(random.choice(laptops.homes), envelope)
        laptops.rounds(3)
        first, *others = (cases(home) for home in laptops.homes)
        assert others == [first, first]


def test_merges_that_cross_make_no_circle_and_two_cases_for_one_tip_are_a_conflict(laptops: Laptops) -> None:
    first, second, _third = laptops.homes
    tip = first.casebook.submissions.all()[0]
    thread = first.casebook.inbox_rows.thread_of(tip.number)
    farm, ship = (open_case(first, name, [], today=DAY).case_id for name in ("farm", "ship"))
    laptops.rounds(1)
    numbers = [{one: home.casebook.cases.number_of(one) for one in (farm, ship)} for home in (first, second)]
    add_threads(first, numbers[0][farm], [thread], today=DAY)
    add_threads(second, numbers[1][ship], [_thread_of(second, tip.short_id)], today=DAY)
    merge_cases(first, numbers[0][farm], into=numbers[0][ship], today=DAY)
    merge_cases(second, numbers[1][ship], into=numbers[1][farm], today=DAY)
    laptops.rounds(2)
    one, *others = (cases(home) for home in laptops.homes)
    assert others == [one, one]
    assert sorted(bool(shown["into"]) for shown in one.values()) == [False, True]
    for home in laptops.homes:
        found = state_conflicts(home, home.casebook.submissions.find(tip.short_id))
        assert [(each.kind, sorted(value for _who, value in each.said)) for each in found] == [
            ("case", ["farm", "ship"])
        ]


def _thread_of(home: Home, short_id: str) -> int:
    return home.casebook.inbox_rows.thread_of(home.casebook.submissions.find(short_id).number)


def test_a_case_that_was_deleted_here_stays_deleted_whatever_a_colleague_says_of_it(laptops: Laptops) -> None:
    first, second, _third = laptops.homes
    case = open_case(first, "heliotrope farm", [], today=DAY)
    add_case_note(first, case.number, "heliotrope note", today=DAY)
    laptops.rounds(1)
    delete_case(first, case.number, because="asked", today=DAY)
    number = second.casebook.cases.number_of(case.case_id)
    rename_case(second, number, "heliotrope house", today=DAY)
    add_case_note(second, number, "heliotrope again", today=DAY)
    laptops.rounds(2)
    assert cases(first) == {}
    bodies = first.casebook.settings._small.rows("SELECT body FROM operations WHERE body IS NOT NULL")
    assert not any(b"heliotrope" in body for (body,) in bodies)
    (kept,) = cases(second).values()
    assert (kept["name"], len(kept["notes"])) == ("heliotrope house", 2)


def test_by_command_and_at_the_desk_a_case_is_the_same_at_both_with_the_names_of_the_writers(both: Both) -> None:
    desk, second, tip = both.desk, both.second, both.tip
    text = desk.folder / "note"
    desk.do("case", "new", desk.home, "The farm", tip)
    for words, *options in (("ask the harbour office",), ("only mine", "--private")):
        text.write_text(words, encoding="utf-8")
        desk.do("case", "note", desk.home, "1", "--text-file", text, *options)
    both.carry(desk, second)
    case = second.json("case", "show", second.home, "1")
    assert [one["id"] for one in case["submissions"]] == [tip]
    assert [(one["text"], one["by"], one["private"]) for one in case["notes"]] == [
        ("ask the harbour office", "reviewer", False)
    ]
    rename(second, "The ship")
    rename(desk, "The house")
    both.carry(second, desk)
    both.carry(desk, second)
    for one, writer in ((desk, "Note on the case"), (second, "Note of reviewer")):
        assert "changed by several reviewers at once" in one.do("case", "show", one.home, "1").casefold()
        with open_desk(one.home) as opened:
            page = seen(opened.page("/case/1"))
        assert "Changed by several reviewers at once: name of the case" in page
        assert writer in page
    rename(desk, "The house by the harbour")
    both.carry(desk, second)
    assert second.json("case", "show", second.home, "1")["conflicts"] == []
    assert second.json("case", "list", second.home)["cases"][0]["name"] == "The house by the harbour"


def rename(desk: Desk, name: str) -> None:
    desk.do("case", "rename", desk.home, "1", name)
