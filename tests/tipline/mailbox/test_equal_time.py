"""A mailbox opens, and its buttons do what they do, in one time, whatever waits in it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from crypto.passphrases.mailbox import MailboxAddress, MailboxKeys
from crypto.submissions.reply import Reply
from tests.tipline.mailbox.mailbox_page import press
from tests.tipline.site_stage import Answer, Stage, well_formed_words
from tipline.intake.draft import Draft
from tipline.limits import request_scheduler
from tipline.mailbox.service import MailboxService
from tipline.mailbox.timing_padding import BUTTON_SECONDS, OPENING_SECONDS, pad_to
from tipline.pages.views import mailbox

BUTTONS = {
    "delete ticked": ("/mailbox/delete", ("which", "ticked")),
    "delete all": ("/mailbox/delete", ("which", "all")),
    "safe": ("/mailbox/how", ("how", "safe")),
    "not safe": ("/mailbox/how", ("how", "not-safe")),
    "new words": ("/mailbox/new-words", ("any", "field")),
}
FORGOTTEN = {"delete ticked": 1, "delete all": 3, "safe": 0, "not safe": 0, "new words": 3}
"""How many of three answers."""


@contextmanager
def waits_counted() -> Iterator[list[int]]:
    """How often anyone waited for others; the turn comes back after each."""
    count, waiting = [0], request_scheduler.yielded

    @contextmanager
    def counted() -> Iterator[None]:
        count[0] += 1
        with waiting():
            yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_scheduler, "yielded", counted)
        yield count


class Clock:
    """One that stands still but for what is said to take time."""

    def __init__(self, place: request_scheduler.WorkSlot) -> None:
        self.now = 0.0
        self.rests: list[tuple[float, bool]] = []
        """How long, and whether the turn was free meanwhile."""
        self.steps: list[str] = []
        self._place = place

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.rests.append((round(seconds, 6), self._place.is_free))


def test_a_page_with_answers_rests_for_less_so_that_all_are_sent_at_the_same_moment_and_nobody_waits_for_that(
    stage: Stage, words: str, place: request_scheduler.WorkSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, open_replies, pad = Clock(place), MailboxService._opened, mailbox.padded

    def slowly_opened(mailboxes: MailboxService, keys: MailboxKeys, reply_ids: Sequence[bytes]) -> list[Reply]:
        assert not place.is_free
        replies = list(open_replies(mailboxes, keys, reply_ids))
        clock.now += 0.005 * len(replies)
        return replies

    def slowly_padded(page: bytes) -> bytes:
        clock.now += 0.001 * (1 + (b"an answer" in page))
        return pad(page)

    monkeypatch.setattr(MailboxService, "_opened", slowly_opened)
    monkeypatch.setattr(mailbox, "padded", slowly_padded)
    for module in ("service", "timing_padding"):
        monkeypatch.setattr(f"tipline.mailbox.{module}.time", clock)
    with request_scheduler.exclusive():
        assert "an answer" in stage.browser.open_mailbox(words).text
    with request_scheduler.exclusive():
        stage.other_browser().open_mailbox(well_formed_words())
    assert clock.rests == [(OPENING_SECONDS - 0.007, True), (OPENING_SECONDS - 0.001, True)]


def test_a_page_that_took_longer_than_all_rests_not_at_all(
    place: request_scheduler.WorkSlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(place)
    monkeypatch.setattr("tipline.mailbox.timing_padding.time", clock)
    pad_to(-1.0, seconds=OPENING_SECONDS)
    assert clock.rests == [(0.0, True)]


@pytest.fixture
def clock(stage: Stage, place: request_scheduler.WorkSlot, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It takes time to look for answers, to forget each of them, and to tell staff, always in this order: what is
    written first takes longer, also where there is nothing to forget."""
    clock, replies = Clock(place), stage.store.replies
    tags, replace, finish = replies.tags, replies.replace, Draft.finish

    def slowly_looked_for() -> list[tuple[bytes, bytes, bytes]]:
        clock.steps = ["looked for"]
        clock.now += 0.017
        return tags()

    def slowly_replaced(rows: Sequence[tuple[bytes, bytes, bytes, bytes]]) -> None:
        assert not place.is_free
        clock.steps.append("forgotten")
        replace(rows)
        clock.now += 0.005 * len(rows)

    def slowly_told(draft: Draft, mailbox: MailboxAddress | None) -> None:
        clock.steps.append("told")
        finish(draft, mailbox)
        clock.now += 0.011

    monkeypatch.setattr(replies, "tags", slowly_looked_for)
    monkeypatch.setattr(replies, "replace", slowly_replaced)
    monkeypatch.setattr(Draft, "finish", slowly_told)
    for module in ("service", "timing_padding"):
        monkeypatch.setattr(f"tipline.mailbox.{module}.time", clock)
    return clock


def with_three_answers(stage: Stage, words: str) -> Answer:
    for text in "ab":
        stage.reply(text, stage.read_one().mailbox)
    return stage.browser.open_mailbox(words)


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_rests_for_less_where_it_forgets_answers_so_that_each_takes_as_long(
    stage: Stage, words: str, clock: Clock, button: str
) -> None:
    page = with_three_answers(stage, words)
    clock.rests.clear()
    action, field = BUTTONS[button]
    with request_scheduler.exclusive():
        assert press(stage, page, action, field, ("reply", page.hidden("reply"))).status == 200
    assert clock.rests == [(pytest.approx(BUTTON_SECONDS - 0.005 * FORGOTTEN[button] - 0.011), True)]
    assert clock.steps == ["looked for", "forgotten", "told"]
    left = 3 - FORGOTTEN[button]
    assert stage.other_browser().open_mailbox(words).text.count("<article>") == left


@pytest.mark.parametrize("button", ["delete ticked", "delete all", "safe", "not safe"])
def test_a_button_whose_news_is_refused_rests_as_well(stage: Stage, words: str, clock: Clock, button: str) -> None:
    page = with_three_answers(stage, words)
    stage.clock.day = stage.clock.day.replace(year=2030)  # intake is closed
    clock.rests.clear()
    action, field = BUTTONS[button]
    with request_scheduler.exclusive():
        press(stage, page, action, field, ("reply", page.hidden("reply")))
    assert clock.rests == [(pytest.approx(BUTTON_SECONDS - 0.005 * FORGOTTEN[button]), True)]
    assert clock.steps == ["looked for", "forgotten"]


def test_a_second_press_for_new_words_is_answered_once_the_first_has_rested(
    stage: Stage, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the first one's work, which takes longer with answers, and has none of its own."""
    page = stage.browser.open_mailbox(words)
    happened: list[str] = []

    def press_again() -> None:
        shown.append(press(stage, page, "/mailbox/new-words").words)
        happened.append("answered")

    shown: list[str] = []
    second = threading.Thread(target=press_again)

    def rest(_seconds: float) -> None:
        second.start()
        second.join(0.5)
        happened.append("rested")

    monkeypatch.setattr(
        "tipline.mailbox.timing_padding.time", SimpleNamespace(sleep=rest, monotonic=time.monotonic)
    )
    first = press(stage, page, "/mailbox/new-words").words
    second.join(20)
    assert happened == ["rested", "answered"]
    assert shown == [first]


def test_opening_waits_for_others_as_often_with_answers_as_without(stage: Stage, words: str) -> None:
    def waits_of(words: str) -> tuple[int, int]:
        with waits_counted() as count:
            page = stage.other_browser().open_mailbox(words)
        return page.text.count("<article>"), count[0]

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
    assert some == none


@pytest.mark.parametrize("button", ["delete ticked", "delete all", "not safe"])
def test_what_is_deleted_waits_for_others_as_often_as_what_is_told(stage: Stage, words: str, button: str) -> None:
    waits = []
    for one in ("safe", button):
        action, field = BUTTONS[one]
        page = stage.browser.open_mailbox(words)
        with waits_counted() as count:
            press(stage, page, action, field, ("reply", page.hidden("reply")))
        waits.append(count[0])
    assert waits[0] == waits[1]
