"""Files from the page for files arrive: whole or not at all, to a first message, a receipt or an open mailbox."""

import io
from pathlib import Path

import pytest

from crypto.submissions.submission import Kind
from tests.tipline.pages.files.files_page import FORM, MORE, FilesPage, look, open_page, send, shown
from tests.tipline.site_stage import Answer, Stage, Upload
from tipline.instance.site_settings import MIB, Limits, SiteSettings
from tipline.intake.receipts import RECEIPT_SECONDS


def test_files_arrive_bit_for_bit_and_the_receipt_opens_by_the_nonce_with_the_same_words(stage: Stage) -> None:
    page = open_page(stage)
    files = [Upload(f"{number}.bin", bytes(range(256)) * 1000 * number) for number in range(1, 8)]
    result = send(stage, page, "about the papers", *files)
    assert result.status == 200
    assert shown(result).startswith("Everything has arrived 7 files, 6.8 MB.")
    assert 'action="/files/receipt" target="_top"' in result.text
    receipt = stage.browser.post("/files/receipt", [("nonce", result.hidden("nonce"))])
    assert receipt.status == 200
    assert receipt.words == result.words != ""
    read = stage.read_one()
    assert read.text == "about the papers"
    assert [(name, content) for name, _, content in read.files] == [(one.name, one.content) for one in files]
    assert read.opened is not None
    assert read.opened.head.kind is Kind.SUBMISSION
    assert stage.browser.open_mailbox(receipt.words).status == 200


def test_the_page_tells_the_limits_before_anything_is_sent(narrow: Stage) -> None:
    told = narrow.browser.get("/files").text
    assert "Up to 3 files at a time. One file can have up to 98 KB, and all of them together up to 1 MB." in told


def test_without_room_for_files_the_page_says_so_and_text_still_gets_in(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SiteSettings(limits=Limits(day_bytes=0)))
    try:
        page = stage.browser.get("/files")
        assert "no room for files" in page.text
        assert "<form" not in page.text
        assert stage.browser.send_tip("words").status == 200
        refused = stage.browser.send_tip("words", [Upload("x", b"1" * (2 * MIB))])
        assert refused.status == 503
        assert "You can still send text." in refused.text
        assert "words" in refused.text
    finally:
        stage.close()


def test_the_same_form_pressed_twice_is_one_submission_with_one_receipt(stage: Stage) -> None:
    page = open_page(stage)
    first = send(stage, page, "x", MORE)
    second = send(stage, page, "x", MORE)
    assert first.words == second.words != ""
    assert len(stage.read_all()) == 1


def test_other_content_from_the_same_page_is_a_further_submission_of_the_same_mailbox(stage: Stage) -> None:
    page = open_page(stage)
    first = send(stage, page, "x", MORE)
    second = send(stage, page, "y", MORE)
    assert first.words == second.words
    one, other = stage.read_all()
    assert one.mailbox == other.mailbox
    assert {one.text, other.text} == {"x", "y"}


def test_two_tabs_are_two_submissions_with_two_good_receipts(stage: Stage) -> None:
    tabs = [open_page(stage), open_page(stage)]
    assert tabs[0].token != tabs[1].token
    words = {send(stage, tab, "x", MORE).words for tab in tabs}
    assert len(words) == 2
    assert len(stage.read_all()) == 2
    for each in words:
        assert stage.browser.open_mailbox(each).status == 200


def test_from_a_receipt_files_go_to_its_mailbox_and_the_handle_lives_ten_minutes_longer_each_time(
    stage: Stage,
) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    receipt = stage.browser.send_tip("hello")
    handle = receipt.hidden("handle")
    for _ in range(3):
        page = FilesPage(stage.browser.post("/files", [("handle", handle)]))
        assert page.handle == handle
        result = send(stage, page, "", Upload("x", bytes(f"{now[0]}", "ascii")))
        assert result.words == ""
        assert 'action="/files" target="_top"' in result.text
        assert result.hidden("handle") == handle
        now[0] += RECEIPT_SECONDS - 1
    assert len({read.mailbox.mailbox_id for read in stage.read_all()}) == 1
    now[0] += 2
    over = stage.browser.post("/files", [("handle", handle)])
    assert over.status == 403
    assert "The time to add files here is over" in over.text
    assert send(stage, page, "late", MORE).status == 403
    assert len(stage.read_all()) == 4


def test_an_upload_that_outlasts_the_handle_still_goes_to_its_mailbox(stage: Stage) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    receipt = stage.browser.send_tip("hello")
    page = FilesPage(stage.browser.post("/files", [("handle", receipt.hidden("handle"))]))
    body = page.body("", Upload("x", b"1" * MIB))

    class Long(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= MIB // 2 and now[0] < 2000:
                now[0] += 6 * 3600
                stage.site.receipts.sweep()
            return super().read(size)

    answer = stage.browser.ask("POST", page.action, content_type=FORM, length=len(body), source=Long(body))
    assert answer.status == 200
    assert len({read.mailbox.mailbox_id for read in stage.read_all()}) == 1
    assert stage.browser.post("/files", [("handle", page.handle)]).status == 200


class BreaksAfterHalfAnHour(io.BytesIO):
    """A body whose line breaks in the middle; the clock goes on, and what is over is swept meanwhile."""

    def __init__(self, body: bytes, stage: Stage, now: list[float]) -> None:
        super().__init__(body)
        self._stage, self._now = stage, now

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() < len(self.getvalue()) // 2:
            return super().read(size)
        self._now[0] += 30 * 60
        self._stage.site.receipts.sweep()
        return b""


@pytest.mark.parametrize("from_a_mailbox", [True, False])
def test_an_upload_that_breaks_can_be_sent_again_for_ten_minutes_after_it_broke(
    stage: Stage, from_a_mailbox: bool
) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    receipt = stage.browser.send_tip("hello")
    beside = [("handle", receipt.hidden("handle"))]
    if from_a_mailbox:
        beside = [("nonce", stage.browser.open_mailbox(receipt.words).hidden("nonce"))]
    page = FilesPage(stage.browser.post("/files", beside))
    body = page.body("", Upload("x", b"1" * MIB))
    for _ in range(2):
        now[0] += RECEIPT_SECONDS - 1
        breaks = BreaksAfterHalfAnHour(body, stage, now)
        broken = stage.browser.ask("POST", page.action, content_type=FORM, length=len(body), source=breaks)
        assert "Only part of your message arrived" in broken.text
        assert not stage.site.receipts._receipts, "the words go after ten minutes, whatever is sent"
    now[0] += RECEIPT_SECONDS - 1
    assert send(stage, page, "", MORE).status == 200
    assert len({read.mailbox.mailbox_id for read in stage.read_all()}) == 1
    now[0] += RECEIPT_SECONDS + 1
    assert send(stage, page, "late", MORE).status == 403


def test_an_upload_can_be_sent_again_while_the_server_still_waits_for_the_one_that_broke(stage: Stage) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    page = FilesPage(stage.browser.post("/files", [("handle", stage.browser.send_tip("hello").hidden("handle"))]))
    body = page.body("", Upload("x", b"1" * MIB))
    again: list[Answer] = []

    class Waits(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() < MIB // 2:
                return super().read(size)
            now[0] += 6 * RECEIPT_SECONDS
            stage.site.receipts.sweep()
            again.append(send(stage, page, "", MORE))
            return b""

    stage.browser.ask("POST", page.action, content_type=FORM, length=len(body), source=Waits(body))
    assert [answer.status for answer in again] == [200]


def test_the_page_gives_ten_minutes_to_choose_files_and_says_so(stage: Stage) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    handle = stage.browser.send_tip("hello").hidden("handle")
    now[0] += RECEIPT_SECONDS - 1
    page = FilesPage(stage.browser.post("/files", [("handle", handle)]))
    assert "Press Send within ten minutes." in page.answer.text
    assert "until ten minutes after the last one. Later, use your secret words." in page.answer.text
    assert "ten minutes" not in open_page(stage).answer.text
    now[0] += RECEIPT_SECONDS - 1
    assert send(stage, page, "", MORE).status == 200


def test_when_the_time_is_over_the_words_are_asked_for_in_a_window_of_its_own(stage: Stage) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    page = FilesPage(stage.browser.post("/files", [("handle", stage.browser.send_tip("hello").hidden("handle"))]))
    now[0] += RECEIPT_SECONDS + 1
    over = send(stage, page, "typed", MORE)
    assert over.status == 403
    assert '<a href="/return" target="_blank" rel="noopener">' in over.text, "what was typed stays around the frame"


def test_from_an_open_mailbox_files_go_to_it_and_without_one_nothing_opens(stage: Stage) -> None:
    words = stage.browser.send_tip("hello").words
    assert stage.browser.post("/files", [("nonce", stage.browser.get("/").hidden("nonce"))]).status == 403
    mailbox = stage.browser.open_mailbox(words)
    assert 'action="/files"' in mailbox.text
    page = FilesPage(stage.browser.post("/files", [("nonce", mailbox.hidden("nonce"))]))
    assert send(stage, page, "", MORE).status == 200
    assert len({read.mailbox.mailbox_id for read in stage.read_all()}) == 1


def test_whoever_opens_the_page_often_from_one_mailbox_keeps_one_handle_and_after_its_time_another(
    stage: Stage,
) -> None:
    page = stage.browser.open_mailbox(stage.browser.send_tip("first").words)
    before = len(stage.site.receipts._handles)

    def handle() -> str:
        return stage.browser.post("/files", [("nonce", page.form_nonce("/mailbox/write"))]).hidden("handle")

    first = handle()
    assert {handle() for _ in range(20)} == {first}
    assert len(stage.site.receipts._handles) == before + 1
    now = stage.site.receipts._seconds()
    stage.site.receipts._seconds = lambda: now + RECEIPT_SECONDS + 1
    stage.site.receipts.sweep()
    assert handle() != first


def test_whoever_wants_no_answer_gets_no_words(stage: Stage) -> None:
    page = open_page(stage)
    fields = [("nonce", page.nonce), ("handle", ""), ("text", "x"), ("answer", "no")]
    answer = stage.browser.upload(page.action, fields, [MORE])
    assert answer.status == 200
    assert answer.words == ""
    assert "You asked for no answer" in answer.text
    opened = stage.read_one().opened
    assert opened is not None
    assert opened.mailbox is None


def test_the_tick_for_danger_stands_here_too_and_is_sealed_with_the_files(stage: Stage) -> None:
    page = open_page(stage)
    assert 'name="urgent"' in page.answer.text
    fields = [("nonce", page.nonce), ("handle", ""), ("text", "x"), ("urgent", "yes")]
    assert stage.browser.upload(page.action, fields, [MORE]).status == 200
    assert ("urgent", "yes") in stage.read_one().fields


@pytest.mark.parametrize("ticked", [True, False])
def test_the_receipt_has_the_numbers_to_call_where_danger_was_ticked(stage: Stage, ticked: bool) -> None:
    page = open_page(stage)
    typed = [*page.fields("x"), *([("urgent", "yes")] if ticked else [])]
    unanswered = stage.browser.upload(page.action, [*typed, ("answer", "no")])
    assert ('class="numbers"' in unanswered.text) == ticked
    result = stage.browser.upload(page.action, typed)
    asked = [("nonce", result.hidden("nonce")), *([("urgent", result.hidden("urgent"))] if ticked else [])]
    assert ('name="urgent"' in result.text) == ticked
    receipt = stage.browser.post("/files/receipt", asked)
    assert receipt.words
    assert ("You told us someone is in danger." in receipt.text) == ticked
    assert ('class="numbers"' in receipt.text) == ticked


def test_a_passphrase_in_the_text_is_stopped_once_and_sent_at_the_second_press(stage: Stage) -> None:
    words = stage.browser.send_tip("hello").words
    page = open_page(stage)
    first = send(stage, page, f"my words are {words}", MORE)
    assert first.status == 422
    assert "eight secret words are in your message" in first.text
    assert send(stage, page, f"my words are {words}", MORE).status == 200
    assert len(stage.read_all()) == 2
    # Pressed too late, it must not say that nothing was saved; the frame below says so where it is true.
    assert "saved" not in stage.browser.get("/files/send").text


def test_a_receipt_is_shown_for_ten_minutes_and_not_to_another_nonce(stage: Stage) -> None:
    now = [1000.0]
    stage.site.receipts._seconds = lambda: now[0]
    result = send(stage, open_page(stage), "x", MORE)
    nonce = [("nonce", result.hidden("nonce"))]
    other = stage.browser.post("/files/receipt", [("nonce", "0" * 32)])
    assert other.status == 403
    assert other.words == ""
    assert stage.browser.post("/files/receipt", nonce).words == result.words
    now[0] += RECEIPT_SECONDS + 1
    over = stage.browser.post("/files/receipt", nonce)
    assert over.status == 403
    assert "time to show this page again is over" in over.text
    assert "write a new message, and you get new secret words" in over.text


def test_while_intake_is_closed_the_page_says_so(stage: Stage) -> None:
    stage.clock.day = stage.clock.day.replace(year=2030)
    assert stage.browser.get("/files").status == 503
    assert "<form" not in stage.browser.get("/files").text


def test_nothing_here_needs_a_cookie(stage: Stage) -> None:
    page = open_page(stage)
    send(stage, page, "x", MORE)
    look(stage, page.token)
    assert stage.browser.cookies == {}
