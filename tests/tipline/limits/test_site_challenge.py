"""The challenge as sources meet it: nothing is lost that was typed, and who writes as people do notices nothing."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.tipline.limits.patience import Patience
from tests.tipline.site_stage import KNOWN_WORDS, Answer, Browser, Stage, Upload, well_formed_words
from tipline.cli import main
from tipline.instance.folder import SiteFolder
from tipline.limits.circuit_counter import KEPT_SECONDS
from tipline.limits.rate_limit import CIRCUIT_SECONDS, FORM_SECONDS, LOG_INS, TIMES_ADMITTED, RateLimit
from tipline.limits.upload_quota import SHORT_REQUEST_BYTES
from tipline.requests.circuit import Circuit
from tipline.requests.nonce import LONGEST_AGE_SECONDS, Nonce


@pytest.fixture
def patience() -> Patience:
    return Patience()


@pytest.fixture
def stage(tmp_path: Path, patience: Patience) -> Iterator[Stage]:
    made = Stage(tmp_path, line=patience.line)
    made.browser.address = "fc00:dead:beef:4dad::0:1"
    yield made
    made.close()


def press(browser: Browser, page: Answer, text: str, **more: str) -> Answer:
    """Send on the form of this page, as it stands there."""
    return browser.upload("/", [("nonce", page.hidden("nonce")), ("text", text), *more.items()])


def test_who_is_too_quick_gets_everything_back_and_one_more_press_is_enough(
    stage: Stage, patience: Patience
) -> None:
    form = stage.browser.get("/")
    told = press(stage.browser, form, "help me", urgent="yes")
    assert told.status == 503
    seconds = int(told.header("Retry-After") or "0")
    assert 0 < seconds <= FORM_SECONDS
    assert f"about {seconds} seconds, then press Send again" in told.text
    assert "help me</textarea>" in told.text
    assert 'name="urgent" value="yes" checked' in told.text or "checked" in told.text.split('name="urgent"')[1][:80]
    assert told.header("Set-Cookie") is None
    patience.wait(seconds + 5)
    assert press(stage.browser, told, "help me", urgent="yes").words
    assert stage.read_one().text == "help me"


def test_who_writes_for_as_long_as_people_do_notices_nothing(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    assert press(stage.browser, form, "help me").words


def test_pressed_twice_the_same_receipt_is_shown_twice(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    first = press(stage.browser, form, "help me")
    assert first.words == press(stage.browser, form, "help me").words
    assert len(stage.read_all()) == 1


def test_answers_at_a_door_come_back_and_the_form_is_as_old_as_it_was(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/form/1")
    question = form.body.decode().split('name="q:', 1)[1].split('"', 1)[0]
    fields = [("nonce", form.hidden("nonce")), ("text", "help me"), (f"q:{question}", "by the river")]
    told = stage.browser.upload("/form/1", fields)
    assert told.status == 503
    assert f'name="q:{question}" value="by the river"' in told.text
    assert told.hidden("nonce") == form.hidden("nonce")


def test_files_to_a_receipt_and_what_is_done_in_a_mailbox_do_not_wait(stage: Stage, patience: Patience) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    receipt = press(stage.browser, form, "help me")
    fields = [("nonce", receipt.form_nonce("/more")), ("handle", receipt.hidden("handle"))]
    assert stage.browser.upload("/more", fields, [Upload("a.txt", b"1")]).status == 200
    mailbox = stage.browser.open_mailbox(receipt.words)
    written = stage.browser.upload(
        "/mailbox/write", [("nonce", mailbox.form_nonce("/mailbox/write")), ("text", "more")]
    )
    assert written.status == 200
    assert len(stage.read_all()) == 3


def write(browser: Browser, nonce: str, text: str, words: str = "", files: Sequence[Upload] = ()) -> Answer:
    """Send a message for the mailbox of ``words``; without them for the one that is open in this browser."""
    fields = [("nonce", nonce), *([("passphrase", words)] if words else []), ("text", text)]
    return browser.upload("/mailbox/write", fields, files)


def form_for_words(stage: Stage) -> str:
    """The nonce of the form that asks for text and words: that of a page whose mailbox is open no more."""
    return write(stage.browser, Nonce.generate().digits(), "more").form_nonce("/mailbox/write")


def test_a_message_with_its_words_and_no_open_mailbox_waits_like_a_first_one_and_loses_nothing(
    stage: Stage, patience: Patience
) -> None:
    words = well_formed_words()
    nonce = form_for_words(stage)
    told = write(stage.browser, nonce, "a long story", words, [Upload("a.jpg", b"1")])
    assert told.status == 503
    seconds = int(told.header("Retry-After") or "0")
    assert 0 < seconds <= FORM_SECONDS
    assert f"about {seconds} seconds, then press Send again" in told.text
    assert "a long story</textarea>" in told.text
    assert f"{words}</textarea>" in told.text
    assert "Please choose your files again" in told.text
    assert told.form_nonce("/mailbox/write") == nonce, "it is the same form, and as old as it was"
    assert told.header("Set-Cookie") is None
    assert stage.read_all() == []
    patience.wait(seconds + 5)
    assert write(stage.browser, nonce, "a long story", words).status == 200
    assert stage.read_one().text == "a long story"


def test_whoever_types_the_words_for_as_long_as_people_do_notices_nothing(stage: Stage, patience: Patience) -> None:
    nonce = form_for_words(stage)
    patience.wait(FORM_SECONDS + 5)
    assert write(stage.browser, nonce, "more", well_formed_words()).status == 200


def test_random_words_send_no_more_from_one_circuit_than_first_messages_do(
    stage: Stage, patience: Patience
) -> None:
    nonces = [form_for_words(stage) for _ in range(5)]
    patience.wait(FORM_SECONDS + 5)
    statuses = [write(stage.browser, nonce, "junk", well_formed_words()).status for nonce in nonces]
    assert statuses == [200, 503, 503, 503, 503]
    assert press(stage.browser, stage.browser.get("/"), "junk").status == 503
    stage.browser.address = "fc00:dead:beef:4dad::0:2"
    assert write(stage.browser, nonces[1], "from someone else", well_formed_words()).status == 200
    assert len(stage.read_all()) == 2


def test_words_that_were_used_and_words_that_were_not_wait_alike_and_nothing_is_derived_before(
    stage: Stage, patience: Patience
) -> None:
    form = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    used, unused = press(stage.browser, form, "help me").words, well_formed_words()
    stage.reply("an answer", stage.read_one().mailbox)
    nonce = form_for_words(stage)
    asked = stage.policy.asked
    answers = [write(stage.browser, nonce, "more", words) for words in (used, unused)]
    assert [answer.status for answer in answers] == [503, 503]
    shown = [re.sub(r"about \d+ seconds| +", " ", answer.text.replace(used, unused)) for answer in answers]
    assert shown[0] == shown[1]
    assert stage.policy.asked == asked


def test_a_slip_in_the_words_costs_no_turn_and_the_form_stays_as_old_as_it_was(
    stage: Stage, patience: Patience
) -> None:
    nonce = form_for_words(stage)
    patience.wait(FORM_SECONDS + 5)
    for _ in range(2 * TIMES_ADMITTED):
        told = write(stage.browser, nonce, "more", KNOWN_WORDS.replace("settle", "setle"))
        assert told.status == 422
        assert told.form_nonce("/mailbox/write") == nonce
    assert write(stage.browser, nonce, "more", KNOWN_WORDS).status == 200
    for _ in range(2 * LOG_INS):
        assert stage.browser.open_mailbox(KNOWN_WORDS.replace("settle", "setle")).status == 422
    assert stage.browser.open_mailbox(KNOWN_WORDS).status == 200


def test_random_words_open_no_more_than_a_few_mailboxes_from_one_circuit_and_come_back(
    stage: Stage, patience: Patience
) -> None:
    assert [stage.browser.open_mailbox(well_formed_words()).status for _ in range(LOG_INS)] == [200] * LOG_INS
    asked = stage.policy.asked
    told = stage.browser.open_mailbox(KNOWN_WORDS)
    assert told.status == 429
    assert 0 < int(told.header("Retry-After") or "0") <= CIRCUIT_SECONDS
    assert "Wait a minute, then try once more" in told.text
    assert f"{KNOWN_WORDS}</textarea>" in told.text
    assert stage.policy.asked == asked, "nothing was derived"
    patience.wait(CIRCUIT_SECONDS)
    assert stage.browser.open_mailbox(KNOWN_WORDS).status == 200


def test_new_words_count_as_a_mailbox_that_was_opened_and_the_same_page_is_shown_again(
    stage: Stage, patience: Patience
) -> None:
    def new_words(page: Answer) -> Answer:
        return stage.browser.post("/mailbox/new-words", [("nonce", page.form_nonce("/mailbox/new-words"))])

    first_page = stage.browser.open_mailbox(KNOWN_WORDS)
    first = new_words(first_page)
    pages = [stage.browser.open_mailbox(KNOWN_WORDS) for _ in range(LOG_INS - 2)]
    assert {page.status for page in [first, *pages]} == {200}
    assert new_words(pages[-1]).status == 429
    again = new_words(first_page)
    assert first.words == again.words != ""
    assert len(stage.read_all()) == 1


def test_while_it_is_off_nobody_waits_who_comes_back(stage: Stage, patience: Patience) -> None:
    patience.is_on = False
    for _ in range(2 * LOG_INS):
        assert write(stage.browser, form_for_words(stage), "more", KNOWN_WORDS).status == 200
    for _ in range(2 * LOG_INS):
        assert stage.browser.open_mailbox(KNOWN_WORDS).status == 200


def test_on_the_page_for_files_the_frame_says_it_and_the_page_grows_old_by_itself(
    stage: Stage, patience: Patience
) -> None:
    page = stage.browser.get("/files")
    fields = [("nonce", page.hidden("nonce")), ("handle", ""), ("text", "")]
    upload = [Upload("a.txt", b"1")]
    told = stage.browser.upload("/files/send", fields, upload)
    assert told.status == 503
    assert "press Send again" in told.text
    patience.wait(FORM_SECONDS + 5)
    assert "Everything has arrived" in stage.browser.upload("/files/send", fields, upload).text


def test_the_command_turns_it_on_and_off_while_the_site_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = SiteFolder(tmp_path)
    served = Stage(tmp_path, line=RateLimit(is_on=folder.challenge.exists))
    folder.database_key.touch()

    def command(*switch: str) -> str:
        assert main(["challenge", str(tmp_path), *switch]) == 0
        return capsys.readouterr().out.strip()

    assert command() == "rate limiting is off"
    assert served.browser.send_tip("one").status == 200
    assert command("on") == command() == "rate limiting is on"
    assert served.browser.send_tip("two").status == 503
    assert command("off") == "rate limiting is off"
    assert served.browser.send_tip("three").status == 200
    served.close()


def test_the_site_forgets_the_circuits_of_whoever_sent_something(stage: Stage, patience: Patience) -> None:
    page = stage.browser.get("/")
    patience.wait(FORM_SECONDS + 5)
    long = Upload("a.bin", bytes(SHORT_REQUEST_BYTES))
    assert stage.browser.send_tip("hello", [long], nonce=page.hidden("nonce")).words
    stage.site.quota._texts.brought.add(Circuit("one"), 1)
    tallies = [stage.site.pool._had, stage.site.quota._files.brought, stage.site.quota._texts.brought]
    assert [len(tally._had) for tally in tallies] == [1, 1, 1]
    stage.seconds_later += KEPT_SECONDS + 1
    patience.wait(LONGEST_AGE_SECONDS)
    for sweep in stage.site._sweeper._tasks:
        sweep()
    assert [len(tally._had) for tally in tallies] == [0, 0, 0]
    assert patience.remembered() == []
