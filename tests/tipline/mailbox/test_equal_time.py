"""A mailbox opens, and its buttons do what they do, in one time, whatever waits in it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, template_rendered

from tests.tipline.mailbox.mailbox_page import press
from tests.tipline.mailbox.slow_store import SlowStore, StillClock
from tests.tipline.site_stage import Answer, Stage, well_formed_words
from tipline.limits.request_scheduler import WorkSlot
from tipline.mailbox.timing_padding import BUTTON_SECONDS, OPENING_SECONDS, TimingPadding
from tipline.requests.circuit import NO_CIRCUIT, Circuit

BUTTONS = {
    "delete ticked": ("/mailbox/delete", ("which", "ticked")),
    "delete all": ("/mailbox/delete", ("which", "all")),
    "safe": ("/mailbox/how", ("how", "safe")),
    "not safe": ("/mailbox/how", ("how", "not-safe")),
    "new words": ("/mailbox/new-words", ("any", "field")),
}
FORGOTTEN = {"delete ticked": 1, "delete all": 3, "safe": 0, "not safe": 0, "new words": 3}
"""How many of three answers."""


class CountedSlot(WorkSlot):
    """A slot that counts how often its holder gave it up."""

    def __init__(self) -> None:
        super().__init__(patience_seconds=30.0)
        self.given_up = 0

    def give_up(self, circuit: Circuit = NO_CIRCUIT, *, used_seconds: float = 0.0) -> None:
        self.given_up += 1
        super().give_up(circuit, used_seconds=used_seconds)


@contextmanager
def waits_counted() -> Iterator[CountedSlot]:
    """Counts how often a request in the block waits for others, which it does without the slot."""
    slot = CountedSlot()
    with slot.exclusive():
        yield slot


@pytest.fixture
def clock(place: WorkSlot) -> StillClock:
    return StillClock(place)


@pytest.fixture
def stage(tmp_path: Path, clock: StillClock) -> Iterator[Stage]:
    """A site that pads by the still clock, by which its store takes time."""
    made = Stage(
        tmp_path,
        store_class=partial(SlowStore, slow_by=clock),
        padding=TimingPadding(seconds=clock.monotonic, sleep=clock.sleep),
    )
    yield made
    made.close()


def test_a_page_with_answers_rests_for_less_so_that_all_are_sent_at_the_same_moment_and_nobody_waits_for_that(
    stage: Stage, words: str, place: WorkSlot, clock: StillClock
) -> None:
    def drawn(_app: Flask, *, context: dict[str, Any], **_named: object) -> None:
        clock.now += 0.001 * (1 + len(context["replies"]))

    with template_rendered.connected_to(drawn):
        with place.exclusive():
            assert "an answer" in stage.browser.open_mailbox(words).text
        assert clock.steps == [("looked for", False), ("opened", False)]
        with place.exclusive():
            stage.other_browser().open_mailbox(well_formed_words())
    assert clock.rests == [(OPENING_SECONDS - 0.007, True), (OPENING_SECONDS - 0.001, True)]


def test_a_page_that_took_longer_than_all_rests_not_at_all(clock: StillClock) -> None:
    clock.now = 1.0
    TimingPadding(seconds=clock.monotonic, sleep=clock.sleep).pad_opening(0.0)
    assert clock.rests == [(0.0, True)]


def with_three_answers(stage: Stage, words: str) -> Answer:
    for text in "ab":
        stage.reply(text, stage.read_one().mailbox)
    return stage.browser.open_mailbox(words)


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_rests_for_less_where_it_forgets_answers_so_that_each_takes_as_long(
    stage: Stage, words: str, place: WorkSlot, clock: StillClock, button: str
) -> None:
    page = with_three_answers(stage, words)
    clock.rests.clear()
    action, field = BUTTONS[button]
    with place.exclusive():
        assert press(stage, page, action, field, ("reply", page.hidden("reply"))).status == 200
    assert clock.rests == [(pytest.approx(BUTTON_SECONDS - 0.005 * FORGOTTEN[button] - 0.011), True)]
    assert clock.steps == [("looked for", False), ("forgotten", False), ("told", False)]
    left = 3 - FORGOTTEN[button]
    assert stage.other_browser().open_mailbox(words).text.count("<article>") == left


@pytest.mark.parametrize("button", ["delete ticked", "delete all", "safe", "not safe"])
def test_a_button_whose_news_is_refused_rests_as_well(
    stage: Stage, words: str, place: WorkSlot, clock: StillClock, button: str
) -> None:
    page = with_three_answers(stage, words)
    stage.clock.day = stage.clock.day.replace(year=2030)  # intake is closed
    clock.rests.clear()
    action, field = BUTTONS[button]
    with place.exclusive():
        press(stage, page, action, field, ("reply", page.hidden("reply")))
    assert clock.rests == [(pytest.approx(BUTTON_SECONDS - 0.005 * FORGOTTEN[button]), True)]
    assert clock.steps == [("looked for", False), ("forgotten", False)]


def test_a_second_press_for_new_words_is_answered_once_the_first_has_rested(tmp_path: Path) -> None:
    """It waits for the first one's work, which takes longer with answers, and has none of its own."""
    happened: list[str] = []
    shown: list[str] = []

    def press_again() -> None:
        shown.append(press(stage, page, "/mailbox/new-words").words)
        happened.append("answered")

    def rest(_seconds: float) -> None:
        if is_pressed.is_set():
            second.start()
            second.join(0.5)
            happened.append("rested")

    second, is_pressed = threading.Thread(target=press_again), threading.Event()
    stage = Stage(tmp_path, padding=TimingPadding(sleep=rest))
    try:
        page = stage.browser.open_mailbox(stage.browser.send_tip("hello").words)
        is_pressed.set()
        first = press(stage, page, "/mailbox/new-words").words
        second.join(20)
    finally:
        stage.close()
    assert happened == ["rested", "answered"]
    assert shown == [first]


def test_opening_waits_for_others_as_often_with_answers_as_without(stage: Stage, words: str) -> None:
    def waits_of(words: str) -> tuple[int, int]:
        with waits_counted() as count:
            page = stage.other_browser().open_mailbox(words)
        return page.text.count("<article>"), count.given_up

    mailbox_of_one = stage.read_one().mailbox
    none, one = waits_of(well_formed_words()), waits_of(words)
    for text in "abcd":
        stage.reply(text, mailbox_of_one)
    five = waits_of(words)
    assert [shown for shown, _ in (none, one, five)] == [0, 1, 5]
    assert len({often for _, often in (none, one, five)}) == 1


@pytest.mark.parametrize("answers", [1, 5])
@pytest.mark.parametrize("button", ["safe", "not safe", "new words"])
def test_a_button_waits_for_others_as_often_with_answers_as_without(
    stage: Stage, words: str, button: str, answers: int
) -> None:
    action, field = BUTTONS[button]
    for number in range(answers - 1):
        stage.reply(f"{number}", stage.read_one().mailbox)
    with_some = stage.browser.open_mailbox(words)
    with waits_counted() as some:
        assert press(stage, with_some, action, field).status == 200
    without = stage.browser.open_mailbox(well_formed_words())
    with waits_counted() as none:
        assert press(stage, without, action, field).status == 200
    assert some.given_up == none.given_up


@pytest.mark.parametrize("button", ["delete ticked", "delete all", "not safe"])
def test_what_is_deleted_waits_for_others_as_often_as_what_is_told(stage: Stage, words: str, button: str) -> None:
    waits = []
    for one in ("safe", button):
        action, field = BUTTONS[one]
        page = stage.browser.open_mailbox(words)
        with waits_counted() as count:
            press(stage, page, action, field, ("reply", page.hidden("reply")))
        waits.append(count.given_up)
    assert waits[0] == waits[1]
