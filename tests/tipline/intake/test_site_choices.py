"""Beside the words: the tick for danger, the wish for no answer, the language. Sealed in, nothing spent in vain."""

import re

import pytest

from tests.tipline.outline import Outline
from tests.tipline.site_stage import Answer, Browser, Stage, Upload
from tipline.requests.nonce import Nonce
from tipline.requests.tip_options import TipOptions

NO_ANSWER = ("answer", "no")
URGENT = ("urgent", "yes")


def send(
    browser: Browser, *choices: tuple[str, str], text: str = "help", nonce: str = "", path: str = "/"
) -> Answer:
    fields = [("nonce", nonce or Nonce.generate().digits()), ("text", text), *choices]
    return browser.upload(path, fields)


def test_the_tick_the_wish_and_the_language_are_sealed_as_fields(stage: Stage) -> None:
    send(stage.browser, ("language", "zh-Hans"), URGENT)
    assert stage.read_one().fields == [("text", "help"), ("urgent", "yes"), ("language", "zh-Hans")]


def test_the_form_itself_names_its_language(stage: Stage) -> None:
    page = stage.browser.get("/?lang=en")
    send(stage.browser, ("language", page.hidden("language")))
    assert stage.read_one().fields == [("text", "help"), ("language", "en")]


def test_files_alone_carry_the_choices_too(stage: Stage) -> None:
    stage.browser.upload("/", [("nonce", "0" * 32), URGENT], [Upload("x", b"1")])
    assert stage.read_one().fields == [("urgent", "yes")]


@pytest.mark.parametrize(
    "choice",
    [
        ("urgent", "no"),
        ("urgent", "<b>"),
        ("answer", "yes"),
        ("answer", "\x00"),
        ("language", "x" * 4000),
        ("language", "<en>"),
        ("language", "ар"),
        ("language", "\u202een"),
    ],
)
def test_a_choice_that_no_page_of_ours_offers_counts_as_none_and_turns_nobody_away(
    stage: Stage, choice: tuple[str, str]
) -> None:
    assert send(stage.browser, choice).words
    assert stage.read_one().fields == [("text", "help")]


def test_a_choice_sent_twice_is_refused_as_every_doubled_field(stage: Stage) -> None:
    assert send(stage.browser, URGENT, URGENT).status == 400
    assert stage.read_all() == []


def test_who_wants_no_answer_gets_no_words_costs_none_and_has_no_mailbox_in_the_envelope(stage: Stage) -> None:
    answer = send(stage.browser, NO_ANSWER)
    assert answer.status == 200
    assert answer.words == ""
    assert "data-passphrase" not in answer.text
    assert "there are no secret words" in answer.text
    assert stage.policy.asked == 0, "nothing was derived"
    read = stage.read_one()
    assert read.fields == [("text", "help"), ("answer", "no")]
    assert read.opened is not None
    assert read.opened.mailbox is None
    assert stage.site.receipts._handles == {}


def test_no_answer_pressed_twice_is_one_submission(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    pages = {send(stage.browser, NO_ANSWER, nonce=nonce).heading for _ in "123"}
    assert pages == {"Your message has arrived"}
    assert len(stage.read_all()) == 1


def test_who_goes_back_and_wants_an_answer_after_all_gets_words_that_open_it(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    send(stage.browser, NO_ANSWER, nonce=nonce)
    receipt = send(stage.browser, nonce=nonce)
    assert receipt.words
    unanswered, answered = sorted(stage.read_all(), key=lambda read: len(read.fields), reverse=True)
    assert unanswered.opened is not None
    assert unanswered.opened.mailbox is None
    stage.reply("an answer", answered.mailbox)
    assert "an answer" in stage.browser.open_mailbox(receipt.words).text
    assert send(stage.browser, NO_ANSWER, nonce=nonce).words == "", "the first one, reloaded, still shows none"
    assert len(stage.read_all()) == 2


def test_who_goes_back_and_wants_no_answer_is_shown_no_words_and_named_in_no_envelope(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    words = send(stage.browser, nonce=nonce).words
    unanswered = send(stage.browser, NO_ANSWER, nonce=nonce)
    assert words
    assert unanswered.words == ""
    assert sorted(read.opened.mailbox is None for read in stage.read_all() if read.opened) == [False, True]
    assert send(stage.browser, nonce=nonce).words == words


def test_both_receipts_have_one_length(stage: Stage) -> None:
    assert len(send(stage.browser, NO_ANSWER).body) == len(send(stage.browser).body)


def test_an_urgent_receipt_says_whom_to_call_and_a_calm_one_does_not(stage: Stage) -> None:
    for more in ((), (NO_ANSWER,)):
        for path in ("/", "/files/send"):
            assert "call for help now" in send(stage.browser, URGENT, *more, path=path).text
            assert "call for help now" not in send(stage.browser, *more, path=path).text


def test_what_was_ticked_comes_back_with_a_refused_form(stage: Stage) -> None:
    refused = send(stage.browser, URGENT, NO_ANSWER, text="x" * 50_001)
    ticked = {one["name"] for one in Outline(refused.body.decode()).all("input") if "checked" in one}
    assert refused.status == 422
    assert ticked == {"urgent", "answer"}
    assert "<details open>" in refused.text
    calm = send(stage.browser, text="x" * 50_001)
    assert "checked" not in calm.text


def test_a_follow_up_names_its_language_and_nothing_that_needs_a_new_mailbox(stage: Stage) -> None:
    page = stage.browser.open_mailbox(stage.browser.send_tip("first").words)
    fields = [("nonce", page.form_nonce("/mailbox/write")), ("text", "more"), ("language", "en"), NO_ANSWER]
    assert stage.browser.upload("/mailbox/write", fields).status == 200
    (follow_up,) = [read for read in stage.read_all() if read.text == "more"]
    assert follow_up.fields == [("text", "more"), ("language", "en")]
    assert follow_up.opened is not None
    assert follow_up.opened.mailbox is not None


def test_beside_the_tick_stands_when_staff_read_and_whom_to_call_and_it_is_never_called_an_alarm(
    stage: Stage,
) -> None:
    page = stage.browser.get("/").text
    box = page[page.index('id="danger"') : page.index("<details", page.index('id="danger"'))]
    assert "We open new messages every few days" in box
    assert "Ticking this does not call anyone" in box
    assert '<b dir="ltr">112</b>' in box
    assert "alarm" not in page.lower()


def test_at_most_two_things_are_to_be_decided_before_send(stage: Stage) -> None:
    body = stage.browser.get("/").body.decode()
    form = re.findall(r"<form.*?</form>", body, re.DOTALL)[0]
    in_sight = re.sub(r"<details>.*?</details>", "", form, flags=re.DOTALL)
    fields = [one for tag, one in Outline(in_sight).tags if tag in {"input", "textarea", "select"}]
    assert [one["name"] for one in fields if one.get("type") != "hidden"] == ["text", "urgent"]
    assert in_sight.count('type="submit"') == 1


def test_choices_print_nothing() -> None:
    assert repr(TipOptions(urgent=True, language="ar")) == "<TipOptions>"
