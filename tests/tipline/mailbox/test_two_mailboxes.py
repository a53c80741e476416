"""One browser, two mailboxes: sisters with one phone, a helper with several people. What is pressed on a page
belongs to the mailbox of that page, or is not done."""

import pytest

from tests.tipline.site_stage import Answer, Stage, Upload

BUTTONS = {
    "/mailbox/delete": [("which", "all")],
    "/mailbox/how": [("how", "not-safe")],
    "/mailbox/new-words": [],
    "/files": [],
}


@pytest.fixture
def two(stage: Stage) -> tuple[str, str]:
    """The words of two mailboxes, with an answer in each."""
    words = stage.browser.send_tip("one").words, stage.browser.send_tip("two").words
    for read in stage.read_all():
        stage.reply(f"ANSWER {read.text}", read.mailbox)
    return words


def press(stage: Stage, page: Answer, action: str, *more: tuple[str, str]) -> Answer:
    return stage.browser.post(action, [("nonce", page.hidden("nonce")), *BUTTONS[action], *more])


def everything_waits(stage: Stage, two: tuple[str, str]) -> bool:
    shown = [stage.other_browser().open_mailbox(words).text for words in two]
    return "ANSWER one" in shown[0] and "ANSWER two" in shown[1]


@pytest.mark.parametrize("action", BUTTONS)
def test_a_button_on_the_page_of_the_first_does_nothing_once_a_second_is_open(
    stage: Stage, two: tuple[str, str], action: str
) -> None:
    first = stage.browser.open_mailbox(two[0])
    stage.browser.open_mailbox(two[1])
    answer = press(stage, first, action, ("text", "what stood in the box"))
    assert answer.status == 403
    assert "The buttons on your page have stopped working." in answer.text
    assert "what stood in the box" in answer.text
    assert everything_waits(stage, two)
    assert len(stage.read_all()) == len(two)


def test_a_message_written_on_the_page_of_the_first_goes_to_the_mailbox_of_the_words_that_are_typed_to_it(
    stage: Stage, two: tuple[str, str]
) -> None:
    first = stage.browser.open_mailbox(two[0])
    stage.browser.open_mailbox(two[1])
    message = [("nonce", first.hidden("nonce")), ("text", "of the first")]
    refused = stage.browser.upload("/mailbox/write", message, [Upload("a.jpg", b"1")])
    assert (refused.status, len(stage.read_all())) == (403, len(two))
    assert "of the first" in refused.text
    again = [("nonce", refused.hidden("nonce")), ("passphrase", two[0]), ("text", "of the first")]
    sent = stage.browser.upload("/mailbox/write", again)
    assert (sent.status, "closed your answers" in sent.text) == (200, False)
    before = {read.text: read.mailbox for read in stage.read_all()}
    assert before["of the first"] == before["one"]


def test_what_was_refused_there_asks_for_words_though_a_mailbox_is_open(stage: Stage, two: tuple[str, str]) -> None:
    first = stage.browser.open_mailbox(two[0])
    stage.browser.open_mailbox(two[1])
    refused = stage.browser.upload("/mailbox/write", [("nonce", first.hidden("nonce")), ("text", "mine")])
    assert 'name="passphrase"' in refused.text
    empty = [("nonce", refused.hidden("nonce")), ("passphrase", ""), ("text", "mine")]
    assert stage.browser.upload("/mailbox/write", empty).status == 403
    assert len(stage.read_all()) == len(two)


def test_the_second_page_goes_on_working(stage: Stage, two: tuple[str, str]) -> None:
    stage.browser.open_mailbox(two[0])
    second = stage.browser.open_mailbox(two[1])
    told = press(stage, second, "/mailbox/how", ("text", "not sent yet"))
    assert told.status == 200
    message = [("nonce", told.hidden("nonce")), ("text", "not sent yet")]
    assert stage.browser.upload("/mailbox/write", message).status == 200
    before = {read.text: read.mailbox for read in stage.read_all()}
    assert before["not sent yet"] == before["two"]


def test_a_page_of_the_old_words_sends_nothing_once_there_are_new_ones(stage: Stage, two: tuple[str, str]) -> None:
    old = stage.browser.open_mailbox(two[0])
    fresh = press(stage, old, "/mailbox/new-words")
    assert fresh.words
    sent = len(stage.read_all())
    message = [("nonce", old.hidden("nonce")), ("text", "to no one who answers")]
    assert stage.browser.upload("/mailbox/write", message).status == 403
    assert len(stage.read_all()) == sent


def test_pressed_twice_new_words_are_the_same_words(stage: Stage, two: tuple[str, str]) -> None:
    old = stage.browser.open_mailbox(two[0])
    assert press(stage, old, "/mailbox/new-words").words == press(stage, old, "/mailbox/new-words").words
