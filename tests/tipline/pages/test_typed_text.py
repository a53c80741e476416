"""Typed text is never lost: each refusal gives it back, as no browser keeps it for them."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from tests.organisation import TODAY
from tests.steps import failing_step
from tests.tipline.site_stage import BOUNDARY, KNOWN_WORDS, Answer, Stage, Upload, multipart
from tipline.instance.site_settings import MIB, Limits, SiteSettings
from tipline.pages.views import receipt
from tipline.requests.form_fields import KEPT_TEXT_BYTES, OTHER_FIELD_BYTES

PLEA = "Please help. <b>Née</b> الآن"
LIMITS = Limits(text_characters=500, files=2, file_bytes=18 * MIB, request_bytes=20 * MIB)
LONG = b"1" * (17 * MIB)
FORM = f"multipart/form-data; boundary={BOUNDARY}"
SEALED_FOR_OTHERS = b"age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n"


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, SiteSettings(limits=LIMITS))
    yield made
    made.close()


def _tip(stage: Stage, *files: Upload, text: str = PLEA) -> Answer:
    return stage.browser.send_tip(text, files)


def _after(stage: Stage, change: Callable[[], None], *files: Upload) -> Answer:
    nonce = stage.browser.get("/").hidden("nonce")
    change()
    return stage.browser.send_tip(PLEA, files, nonce=nonce)


def _close(stage: Stage) -> None:
    stage.clock.day = TODAY.replace(year=2030)


REFUSED: dict[str, Callable[[Stage], Answer]] = {
    "text-too-long": lambda stage: _tip(stage, text=PLEA + "x" * 500),
    "words-in-text": lambda stage: _tip(stage, text=f"{PLEA} {KNOWN_WORDS}"),
    "too-many-files": lambda stage: _tip(stage, *[Upload("x", b"1")] * 3),
    "file-too-big": lambda stage: _tip(stage, Upload("x", LONG + b"1" * 2 * MIB)),
    "a-later-file-too-many": lambda stage: _tip(stage, Upload("x", LONG), *[Upload("y", b"1")] * 2),
    "request-too-big": lambda stage: _tip(stage, Upload("x", LONG), Upload("y", b"1" * 4 * MIB)),
    "sealed-for-others": lambda stage: _tip(stage, Upload("x", SEALED_FOR_OTHERS)),
    "closed": lambda stage: _after(stage, lambda: _close(stage)),
    "closed-with-a-long-file": lambda stage: _after(stage, lambda: _close(stage), Upload("x", LONG)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_form_comes_back_filled_however_long_the_files_are(narrow: Stage, case: str) -> None:
    answer = REFUSED[case](narrow)
    assert answer.status >= 400
    assert PLEA in _in_the_box(answer)
    assert narrow.read_all() == []


@pytest.mark.parametrize("files", [[], [Upload("x", LONG)]])
def test_a_session_that_ended_gives_a_follow_up_back_however_long_its_files_are(
    narrow: Stage, files: list[Upload]
) -> None:
    page = narrow.browser.open_mailbox(narrow.browser.send_tip("hello").words)
    narrow.browser.cookies.clear()
    fields = [("nonce", page.form_nonce("/mailbox/write")), ("text", PLEA)]
    answer = narrow.browser.upload("/mailbox/write", fields, files)
    assert answer.status == 403
    assert _in_the_box(answer) == PLEA
    assert 'name="passphrase"' in answer.text


def test_of_a_text_that_is_longer_than_can_be_held_the_beginning_comes_back(stage: Stage) -> None:
    answer = _tip(stage, text=PLEA + "x" * KEPT_TEXT_BYTES)
    assert answer.status == 422
    assert _in_the_box(answer).startswith(PLEA)


def test_of_all_fields_together_no_more_is_held_than_can_be_shown_again(stage: Stage) -> None:
    answers = [(f"q:{number}", "&" * OTHER_FIELD_BYTES) for number in range(200)]
    answer = stage.browser.upload("/", [("nonce", "0" * 32), ("text", PLEA), *answers])
    assert answer.status == 422
    assert _in_the_box(answer).startswith(PLEA)
    assert len(answer.body) <= 2 * MIB


def test_a_text_and_forty_eight_answers_as_long_as_they_may_be_have_room(stage: Stage) -> None:
    letter = "\U0001f480"
    answers = [(f"q:{number}", letter * 1000) for number in range(48)]
    answer = stage.browser.upload("/", [("text", letter * 50_000), *answers])
    assert _in_the_box(answer).count(letter) == 98_000


def test_without_room_for_files_the_text_comes_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path, SiteSettings(limits=replace(LIMITS, day_bytes=10 * MIB)))
    answer = _tip(stage, Upload("x", LONG))
    assert answer.status == 503
    assert _in_the_box(answer) == PLEA
    stage.close()


class FailsAtTheEnd(io.BytesIO):
    """A body that fails: with the last byte, or instead of those that should still come."""

    def __init__(self, body: bytes, fail: Callable[[], None]) -> None:
        super().__init__(body)
        self._fail = fail

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece or piece.endswith(b"--\r\n"):
            self._fail()
        return piece


def test_a_fault_of_ours_while_it_arrives_gives_back_what_has_come(stage: Stage) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for files in ([], [Upload("x", LONG)]):
        body = multipart([("nonce", "0" * 32), ("text", PLEA), ("urgent", "yes")], files)
        source = FailsAtTheEnd(body[:-20], fail)
        answer = stage.browser.ask("POST", "/", content_type=FORM, length=len(body), source=source)
        assert (answer.status, _in_the_box(answer)) == (500, PLEA)
        assert "Something broke on our side" in answer.text
        assert " checked" in answer.text
    assert stage.read_all() == []


def test_a_store_that_fails_when_all_has_arrived_gives_the_text_back(stage: Stage) -> None:
    # Longer than one piece: the submission has begun when the store goes, and only its end is still to be written.
    body = multipart([("nonce", "0" * 32), ("text", PLEA)], [Upload("x", b"1" * 300_000)])
    source = FailsAtTheEnd(body, stage.store.close)
    answer = stage.browser.ask("POST", "/", content_type=FORM, length=len(body), source=source)
    assert answer.status in {500, 503}
    assert _in_the_box(answer) == PLEA


@pytest.mark.parametrize("path", ["/", "/form/1"])
def test_a_receipt_that_cannot_be_drawn_gives_the_text_back_and_another_press_shows_it(
    stage: Stage, path: str
) -> None:
    nonce = stage.browser.get(path).hidden("nonce")
    with failing_step(receipt, "page", MemoryError()):
        answer = stage.browser.upload(path, [("nonce", nonce), ("text", PLEA)])
    assert (answer.status, _in_the_box(answer)) == (503, PLEA)
    again = stage.browser.upload(path, [("nonce", answer.hidden("nonce")), ("text", _in_the_box(answer))])
    assert again.words
    assert stage.read_one().text == PLEA


def test_words_that_were_typed_come_back_after_a_fault_of_ours(stage: Stage) -> None:
    stage.store.close()
    answer = stage.browser.open_mailbox(KNOWN_WORDS)
    assert answer.status in {500, 503}
    assert KNOWN_WORDS in answer.text
    assert "Something broke on our side" in answer.text


@pytest.mark.parametrize("sign", [{}, {"HTTP_ORIGIN": "null"}])
def test_where_a_browser_does_not_say_whence_a_form_comes_the_text_can_be_copied(
    stage: Stage, sign: dict[str, str]
) -> None:
    fields = [("nonce", "0" * 32), ("text", PLEA)]
    answer = stage.browser.upload("/", fields, [Upload("x", b"1")], own_site=False, headers=sign)
    assert answer.status == 403
    assert _in_the_box(answer) == PLEA
    assert " readonly" in answer.text
    assert "<form" not in answer.text, "nothing of it can be sent by one press"
    assert stage.read_all() == []


@pytest.mark.parametrize(
    "sign",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "http://elsewhere.onion"},
        {"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_ORIGIN": "null"},
    ],
)
def test_what_another_site_sends_is_never_shown_on_our_page(stage: Stage, sign: dict[str, str]) -> None:
    for path in ("/", "/form/1", "/more", "/mailbox/write", "/return", "/files/again"):
        answer = stage.browser.upload(path, [("text", PLEA), ("passphrase", PLEA)], own_site=False, headers=sign)
        assert answer.status == 403
        assert "Please help" not in answer.text


def _in_the_box(answer: Answer) -> str:
    box = answer.body.decode().split('<textarea id="text"', 1)[1].split(">", 1)[1].removeprefix("\n")
    return unescape(box.split("</textarea>", 1)[0])
