"""One press, two presses, a reload, a lost answer: nothing is stored twice, dropped or forgotten too early."""

import io
import re
import secrets
import threading
from html import unescape

import pytest

from crypto.passphrases.passphrase import Passphrase
from tests.steps import failing_step, watched_step
from tests.tipline.site_stage import BOUNDARY, Answer, Browser, Stage, Upload, multipart
from tipline.intake.receipts import RECEIPT_SECONDS
from tipline.intake.unfinished_submission import UnfinishedSubmission
from tipline.requests.nonce import Nonce
from tipline.store.bulk_writer import BulkWriter


def keep(browser: Browser, receipt: Answer) -> Answer:
    return browser.post("/kept", [("nonce", receipt.form_nonce("/kept"))])


def more(browser: Browser, page: Answer, *files: Upload, text: str = "") -> Answer:
    fields = [("nonce", page.form_nonce("/more")), ("handle", page.hidden("handle"))]
    return browser.upload("/more", [*fields, *([("text", text)] if text else [])], files)


def later(stage: Stage, seconds: float) -> None:
    """Let the receipts' clock go on."""
    receipts = stage.site.receipts
    now = receipts._seconds()
    receipts._seconds = lambda: now + seconds


def test_the_words_of_a_receipt_open_the_mailbox_that_is_named_inside_the_envelope(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    stage.reply("an answer", stage.read_one().mailbox)
    assert "an answer" in stage.browser.open_mailbox(receipt.words).text


def test_the_digits_of_a_receipt_are_the_same_secret(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    digits = " ".join(Passphrase.parse(receipt.words).digits)
    assert all(f"<span>{group}</span>" in receipt.text for group in digits.split())
    stage.reply("an answer", stage.read_one().mailbox)
    assert "an answer" in stage.browser.open_mailbox(digits).text


def test_the_same_form_sent_again_is_one_submission_with_one_receipt(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    first, again = (stage.browser.send_tip("hello", [Upload("x", b"1" * 70_000)], nonce=nonce) for _ in "12")
    assert first.words
    assert again.words == first.words
    assert len(stage.read_all()) == 1


def test_two_presses_at_the_same_moment_are_one_submission(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    together = threading.Barrier(3)
    answers: list[Answer] = []

    class WaitsForTheOthers(io.BytesIO):
        waited = False

        def read(self, size: int | None = -1) -> bytes:
            if not self.waited:
                self.waited = True
                together.wait()
            return super().read(size)

    def press() -> None:
        browser = stage.other_browser()
        answers.append(browser.send_tip("hello", nonce=nonce, wrap=WaitsForTheOthers))

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.words for answer in answers}) == 1
    assert len(stage.read_all()) == 1


def test_other_content_under_the_same_nonce_is_a_further_submission_of_the_same_mailbox(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    answers = [stage.browser.send_tip(text, nonce=nonce) for text in ("one", "two", "two", "one")]
    assert len({answer.words for answer in answers}) == 1
    read = stage.read_all()
    assert sorted(one.text for one in read) == ["one", "two"]
    assert read[0].mailbox == read[1].mailbox


@pytest.mark.parametrize(
    "other",
    [
        [Upload("x", b"1"), Upload("y", b"")],
        [Upload("x", b"2")],
        [Upload("y", b"1")],
        [Upload("x", b"1", "text/plain")],
        [],
    ],
)
def test_any_difference_is_other_content(stage: Stage, other: list[Upload]) -> None:
    nonce = Nonce.generate().digits()
    stage.browser.send_tip("hello", [Upload("x", b"1")], nonce=nonce)
    stage.browser.send_tip("hello", other, nonce=nonce)
    assert len(stage.read_all()) == 2


def test_two_tabs_are_two_submissions_and_both_receipts_are_good(stage: Stage) -> None:
    words = {stage.browser.send_tip("hello").words for _ in "12"}
    assert len(words) == 2
    assert len({one.mailbox for one in stage.read_all()}) == 2


def test_after_i_have_kept_it_the_words_are_shown_no_more_and_nothing_is_stored_twice(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    receipt = stage.browser.send_tip("hello", nonce=nonce)
    assert keep(stage.browser, receipt).status == 200
    again = stage.browser.send_tip("hello", nonce=nonce)
    assert again.status == 200
    assert again.words == ""
    assert "You have saved your secret words" in again.text
    assert len(stage.read_all()) == 1


def test_ten_minutes_later_the_receipt_is_forgotten(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    first = stage.browser.send_tip("hello", nonce=nonce)
    later(stage, RECEIPT_SECONDS + 1)
    stage.site.receipts.sweep()
    assert not stage.site.receipts._receipts
    assert not stage.site.receipts._handles
    assert stage.browser.send_tip("hello", nonce=nonce).words != first.words


def test_other_content_under_the_same_nonce_keeps_the_words_no_longer_than_ten_minutes(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    first = stage.browser.send_tip("one", nonce=nonce)
    later(stage, RECEIPT_SECONDS - 60)
    assert stage.browser.send_tip("two", nonce=nonce).words == first.words
    later(stage, 61)
    stage.site.receipts.sweep()
    assert not stage.site.receipts._receipts
    assert stage.browser.send_tip("three", nonce=nonce).words != first.words


def test_what_is_being_stored_as_the_ten_minutes_end_is_stored_once(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    first = stage.browser.send_tip("one", nonce=nonce)
    later(stage, RECEIPT_SECONDS - 1)
    with watched_step(UnfinishedSubmission, "finish", after=lambda: later(stage, 2)):
        assert not stage.browser.send_tip("two", nonce=nonce).words
    assert not stage.browser.send_tip("two", nonce=nonce).words
    assert first.words
    assert sorted(each.text for each in stage.read_all()) == ["one", "two"]
    assert len({each.mailbox for each in stage.read_all()}) == 1


@pytest.mark.parametrize("no_answer", [[], [("answer", "no")]])
def test_what_the_store_did_not_keep_has_no_receipt_and_is_kept_when_it_is_sent_again(
    stage: Stage, no_answer: list[tuple[str, str]]
) -> None:
    nonce = Nonce.generate().digits()
    fields = [("nonce", nonce), ("text", "hello"), *no_answer]
    (pages,) = stage.store._bulk._connection.execute("PRAGMA page_count").fetchone()
    stage.store._bulk._connection.execute(f"PRAGMA max_page_count = {pages}")
    assert stage.browser.upload("/", fields).status == 503
    assert stage.site.receipts.find(Nonce.parse(nonce)) is None
    stage.store._bulk._connection.execute("PRAGMA max_page_count = 1073741823")
    assert stage.browser.upload("/", fields).status == 200
    assert stage.read_one().text == "hello"


@pytest.mark.parametrize("no_answer", [[], [("answer", "no")]])
def test_what_the_store_kept_has_its_receipt_though_memory_was_short_when_it_said_so(
    stage: Stage, no_answer: list[tuple[str, str]]
) -> None:
    """Anyone who is told that nothing was kept sends it again, and it would be there twice."""
    fields = [("nonce", Nonce.generate().digits()), ("text", "hello"), *no_answer]
    with failing_step(BulkWriter, "_complete", MemoryError(), done_first=True):
        first = stage.browser.upload("/", fields)
    assert first.status == 200
    assert stage.browser.upload("/", fields).words == first.words
    assert stage.read_one().text == "hello"


def test_where_memory_is_too_short_for_a_receipt_nothing_is_stored(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_short(_: int) -> str:
        raise MemoryError

    nonce = Nonce.generate().digits()
    with monkeypatch.context() as short:
        short.setattr(secrets, "token_hex", too_short)
        assert stage.browser.send_tip("hello", nonce=nonce).status == 503
        assert not stage.store.submissions.waiting()
    assert stage.browser.send_tip("hello", nonce=nonce).words
    assert stage.read_one().text == "hello"


def test_an_upload_that_fails_takes_no_words_and_claims_no_nonce(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    assert stage.browser.upload("/", [("nonce", nonce), ("text", "x" * 50_001)]).status == 422
    assert stage.site.receipts.find(Nonce.parse(nonce)) is None
    assert stage.browser.send_tip("hello", nonce=nonce).words


def test_more_files_go_to_the_same_mailbox_for_as_long_as_they_keep_coming(stage: Stage) -> None:
    page = stage.browser.send_tip("hello")
    keep(stage.browser, page)
    for number in range(3):
        later(stage, RECEIPT_SECONDS - 60)
        page = more(stage.browser, page, Upload(f"{number}.jpg", b"1"))
        assert page.status == 200
        assert page.words == ""
        assert "Your files have arrived" in page.text
    read = stage.read_all()
    assert len(read) == 4
    assert len({one.mailbox for one in read}) == 1
    later(stage, RECEIPT_SECONDS + 1)
    over = more(stage.browser, page, Upload("late.jpg", b"1"), text="with a note")
    assert over.status == 403
    assert "time to add files here is over" in over.text
    assert len(stage.read_all()) == 4


def test_more_files_that_break_off_can_be_sent_again_for_ten_minutes(stage: Stage) -> None:
    page = stage.browser.send_tip("hello")
    fields = [("nonce", page.form_nonce("/more")), ("handle", page.hidden("handle"))]
    body = multipart(fields, [Upload("x.jpg", b"1" * 300_000)])

    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() == 0:
                return super().read(size)
            later(stage, 3 * RECEIPT_SECONDS)
            stage.site.receipts.sweep()
            return b""

    kind = f"multipart/form-data; boundary={BOUNDARY}"
    assert (
        stage.browser.ask("POST", "/more", content_type=kind, length=len(body), source=Breaks(body)).status == 400
    )
    later(stage, RECEIPT_SECONDS - 1)
    assert more(stage.browser, page, Upload("x.jpg", b"1" * 300_000)).status == 200


def test_a_foreign_handle_adds_nothing(stage: Stage) -> None:
    nonce = Nonce.generate().digits()
    answer = stage.browser.upload("/more", [("nonce", nonce), ("handle", "0" * 32)], [Upload("x", b"1")])
    assert answer.status == 403
    assert stage.read_all() == []


def test_more_files_refused_come_back_with_the_same_handle(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    empty = more(stage.browser, receipt)
    assert empty.status == 422
    assert more(stage.browser, empty, Upload("x", b"1")).status == 200


def test_a_passphrase_in_the_message_is_stopped_once_and_may_be_sent_all_the_same(stage: Stage) -> None:
    words = stage.browser.send_tip("hello").words
    text = f"hello again, my words are {words.upper()}."
    stopped = stage.browser.send_tip(text)
    assert stopped.status == 422
    assert "secret words are in your message" in stopped.text
    assert text in stopped.text
    assert len(stage.read_all()) == 1
    fields = [("nonce", stopped.hidden("nonce")), ("meant", stopped.hidden("meant")), ("text", text)]
    assert stage.browser.upload("/", fields).status == 200
    assert len(stage.read_all()) == 2


def test_a_passphrase_in_the_text_beside_more_files_is_stopped_once(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    stopped = more(stage.browser, receipt, Upload("x", b"1"), text=f"my words are {receipt.words}")
    assert stopped.status == 422
    assert "secret words are in your message" in stopped.text
    assert len(stage.read_all()) == 1
    fields = [("nonce", stopped.form_nonce("/more")), ("handle", stopped.hidden("handle"))]
    meant = [("meant", stopped.hidden("meant")), ("text", receipt.words)]
    assert stage.browser.upload("/more", [*fields, *meant], [Upload("x", b"1")]).status == 200


def test_no_cookie_is_set_before_a_mailbox_is_opened(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    keep(stage.browser, receipt)
    more(stage.browser, receipt, Upload("x", b"1"))
    for path in ("/", "/return", "/left", "/nothing"):
        stage.browser.get(path)
    assert stage.browser.cookies == {}


def test_words_stand_in_no_address_and_no_header(stage: Stage) -> None:
    receipt = stage.browser.send_tip("hello")
    opened = stage.browser.open_mailbox(receipt.words)
    of_every_page = stage.browser.get("/").headers  # "data" is one of our words, and stands in the policy
    own = [header for header in receipt.headers + opened.headers if header not in of_every_page]
    assert [name for name, _value in own] == ["Set-Cookie"], "a random handle, as another test shows"
    assert f'"{receipt.words}"' not in receipt.text
    secrets = (receipt.words.split(), Passphrase.parse(receipt.words).digits)
    joined = {joint.join(parts) for parts in secrets for joint in (" ", "+", "%20", "-", "_", "")}
    for page in (receipt, opened):
        addresses = re.findall(r'\b(?:href|src|action|formaction)="([^"]*)"', page.body.decode())
        assert addresses
        assert [unescape(one) for one in addresses if any(secret in unescape(one) for secret in joined)] == []
