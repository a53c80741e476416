"""A colleague's answer that crosses ours: ours does not leave before a person decides."""

from collections.abc import Iterator

import pytest

from reviewer.cases.reply_to import reply_to, take_back
from reviewer.home.home import Home
from reviewer.sharing.crossing import crossing_answers, let_leave
from tests.reviewer.colleagues import Colleague
from tests.reviewer.desk.open_desk import open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.reviewer.laptops import DAY, Laptops, three_laptops

OURS, THEIRS = "wait for us, we write on Monday", "go to the desk of the embassy today"


@pytest.fixture
def laptops(desk: Desk, second: Colleague) -> Iterator[Laptops]:
    with three_laptops(desk, second) as three:
        yield three


def answer(home: Home, text: str) -> None:
    tip = min(home.casebook.submissions.all(), key=lambda one: one.short_id)
    reply_to(home, tip, text, despite_two_keys=False, instead_of=owner(home), today=DAY)


def owner(home: Home) -> str:
    tip = min(home.casebook.submissions.all(), key=lambda one: one.short_id)
    return home.casebook.threads.of(home.casebook.inbox_rows.thread_of(tip.number)).owner


def leaving(home: Home) -> int:
    """The number of real answers in the next outbox, as the casebook has it."""
    held = [one.reply_id for one in crossing_answers(home)]
    rows = home.casebook.replies.after(0, since=DAY, but=held)
    ours = {reply.reply_id for _number, reply in home.casebook.replies.all_waiting()}
    return len([one for one in rows if one.reply_id in ours])


def test_two_answers_that_cross_are_named_at_both_and_neither_leaves_until_a_person_decides(
    laptops: Laptops,
) -> None:
    anna, ben, _ruth = laptops.homes
    answer(anna, OURS)
    answer(ben, THEIRS)
    assert leaving(anna) == leaving(ben) == 1, "the control: neither knows of the other"
    laptops.rounds(1)
    (at_anna,), (at_ben,) = crossing_answers(anna), crossing_answers(ben)
    assert [text for _name, _day, text in at_anna.others] == [THEIRS]
    assert [text for _name, _day, text in at_ben.others] == [OURS]
    assert "second answered the source of tip" in at_anna.sentence()
    assert leaving(anna) == leaving(ben) == 0

    take_back(anna, at_anna.tip, today=DAY)
    laptops.rounds(1)
    assert crossing_answers(anna) == crossing_answers(ben) == []
    assert (leaving(anna), leaving(ben)) == (0, 1), "what was taken back crosses nothing"


def test_an_answer_that_may_leave_beside_another_leaves_and_a_further_one_holds_it_again(laptops: Laptops) -> None:
    anna, ben, ruth = laptops.homes
    answer(anna, OURS)
    answer(ben, THEIRS)
    laptops.rounds(1)
    let_leave(anna, crossing_answers(anna)[0].tip, today=DAY)
    assert leaving(anna) == 1
    assert leaving(ben) == 0, "Ben decides for his own"
    answer(ruth, "we know both")
    laptops.rounds(1)
    assert leaving(anna) == 0
    assert crossing_answers(ruth) == [], "hers was written after both"


def test_the_first_page_the_tip_the_import_and_the_outbox_name_it_and_take_it_back(
    desk: Desk, second: Colleague
) -> None:
    with three_laptops(desk, second) as laptops:
        anna, ben, _ruth = laptops.homes
        answer(anna, OURS)
        answer(ben, THEIRS)
        tip = min(anna.casebook.submissions.all(), key=lambda one: one.short_id).short_id
    file = second.folder / "for-colleagues"
    second.do("share", "write", second.home, file)
    with open_desk(desk.home) as opened:
        told = seen(opened.post("/rounds/share-read", file=str(file)).text)
        sentence = f"second answered the source of tip {tip}, for whom your answer waits"
        for shown in (told, *(seen(opened.page(page)) for page in ("/", "/rounds", f"/tip/{tip}"))):
            assert sentence in shown
            assert THEIRS in shown
            assert "Take ours back" in shown
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox.bundles")
    assert sentence in desk.err
    assert f"take-back HOME {tip}, or the same with --let-leave" in desk.err
    with open_desk(desk.home) as opened:
        opened.done(f"/tip/{tip}/reply/take-back")
        assert sentence not in seen(opened.page("/"))
