"""A message of a source arrives bit for bit, or not at all and with a reason."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.primitives.week import Week
from crypto.submissions.submission import SMALLEST_BYTES, Kind
from tests.organisation import TODAY
from tests.refused_threads import in_time, no_thread_named
from tests.tipline.site_stage import BOUNDARY, Answer, Stage, Upload, multipart
from tipline.instance.site_settings import MIB, Limits, SiteSettings
from tipline.requests.body import RequestBody
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import Refused
from tipline.requests.timeouts import CLIENT_TIMEOUTS
from tipline.store.events import Event

LIMITS = Limits(text_characters=500, files=3, file_bytes=100_000, request_bytes=MIB)
FORM = f"multipart/form-data; boundary={BOUNDARY}"


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Stage]:
    """A site with limits small enough to reach."""
    made = Stage(tmp_path, SiteSettings(limits=LIMITS))
    yield made
    made.close()


def left_in_the_store(stage: Stage) -> tuple[int, int]:
    """Rows of submissions in any state, and rows of sealed bytes."""
    return (
        len(stage.store.submissions._small.rows("SELECT id FROM submissions")),
        len(stage.store.submissions._bulk.rows("SELECT id FROM pieces")),
    )


def nothing_kept(stage: Stage) -> bool:
    return left_in_the_store(stage) == (0, 0)


def test_text_and_files_arrive_bit_for_bit_with_names_in_any_script(stage: Stage) -> None:
    files = [
        Upload("доклад.pdf", b"%PDF" + bytes(range(256)) * 300, "application/pdf"),
        Upload('a "quoted" name.txt', b"", "text/plain"),
        Upload("../../etc/passwd", b"\r\n--\r\n"),
        Upload("\u202egnp.exe", b"\x00"),
    ]
    answer = stage.browser.send_tip("First line\r\nصباح الخير \U0001f9ca\x00", files)
    assert answer.status == 200
    read = stage.read_one()
    assert read.fields == [("text", "First line\nصباح الخير \U0001f9ca\x00")]
    assert read.files == [(one.name, one.media_type, one.content) for one in files]
    assert read.opened is not None
    assert read.opened.head.kind is Kind.SUBMISSION
    assert read.opened.head.week == Week.of(TODAY)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145, MIB - 1, MIB, MIB + 1])
def test_a_file_of_any_size_arrives_bit_for_bit(stage: Stage, size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    assert stage.browser.send_tip("", [Upload("a.bin", content)]).status == 200
    assert stage.read_one().files == [("a.bin", "application/octet-stream", content)]


def test_text_alone_and_files_alone_are_enough(stage: Stage) -> None:
    assert stage.browser.send_tip("a").status == 200
    assert stage.browser.send_tip("", [Upload("x", b"1")]).status == 200
    assert {(read.text, len(read.files)) for read in stage.read_all()} == {("a", 0), ("", 1)}


def test_a_form_without_files_may_be_sent_short(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    assert stage.browser.post("/", [("nonce", nonce), ("text", "a+b & é")]).status == 200
    assert stage.read_one().text == "a+b & é"


def test_the_field_of_a_browser_in_which_no_file_was_chosen_is_no_file(stage: Stage) -> None:
    assert stage.browser.send_tip("a", [Upload("", b"")]).status == 200
    assert stage.read_one().files == []


@pytest.mark.parametrize("text", ["a", "ab" * 1, "x" * 100, "été" * 30])
def test_short_texts_are_stored_at_one_size(stage: Stage, text: str) -> None:
    stage.browser.send_tip(text)
    (stored,) = stage.store.submissions.waiting()
    assert stored.length == SMALLEST_BYTES


@pytest.mark.parametrize("text", ["", " ", "\r\n \t"])
def test_an_empty_form_is_named_and_keeps_nothing(stage: Stage, text: str) -> None:
    answer = stage.browser.send_tip(text, [Upload("", b"")])
    assert answer.status == 422
    assert "nothing to send yet" in answer.text
    assert nothing_kept(stage)


def assert_refused(answer: Answer, status: int, words: str, stage: Stage) -> None:
    assert answer.status == status
    assert words in answer.text
    assert answer.words == ""
    assert nothing_kept(stage)


def test_a_text_at_the_limit_is_stored_and_one_sign_more_is_refused_with_the_limit_and_given_back(
    narrow: Stage,
) -> None:
    text = "é" * 501
    answer = narrow.browser.send_tip(text, [Upload("x", b"1")])
    assert_refused(answer, 422, "room for 500 letters", narrow)
    assert text in answer.text
    assert "choose your files again" in answer.text
    assert narrow.browser.send_tip(text[1:]).status == 200


def test_a_file_at_the_limit_is_stored_and_one_byte_more_is_refused_with_the_text_given_back(narrow: Stage) -> None:
    answer = narrow.browser.send_tip("my words", [Upload("x", b"1" * 100_001)])
    assert_refused(answer, 413, "up to 98 KB", narrow)
    assert "my words" in answer.text
    assert narrow.browser.send_tip("", [Upload("x", b"1" * 100_000)]).status == 200


def test_as_many_files_as_allowed_are_stored_and_one_more_is_refused(narrow: Stage) -> None:
    files = [Upload(str(number), b"1") for number in range(4)]
    assert_refused(narrow.browser.send_tip("my words", files), 422, "up to 3 at a time", narrow)
    assert narrow.browser.send_tip("my words", files[:3]).status == 200


def test_a_request_over_the_limit_is_refused_by_its_announced_length_before_a_file_is_read(narrow: Stage) -> None:
    class FieldsOnly(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if piece := super().read(size):
                return piece
            raise AssertionError("a file was read before the answer")

    begin = multipart([("nonce", "0" * 32), ("text", "my words")], [Upload("x", b"1" * 1000)])[:-200]
    answer = narrow.browser.ask("POST", "/", content_type=FORM, length=MIB + 1, source=FieldsOnly(begin))
    assert_refused(answer, 413, "up to 1 MB at a time", narrow)
    assert "my words" in answer.text
    assert "choose your files again" in answer.text


def test_what_is_refused_is_read_to_its_end_so_that_the_browser_shows_the_answer(narrow: Stage) -> None:
    body = multipart([("nonce", Nonce.generate().digits()), ("text", "x")], [Upload("x", b"1" * 900_000)])
    source = io.BytesIO(body + b"the next request")
    narrow.browser.ask("POST", "/", content_type=FORM, length=len(body), source=source)
    assert source.read() == b"the next request"


@pytest.mark.parametrize(
    "environ", [{"CONTENT_LENGTH": ""}, {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}]
)
def test_a_body_without_a_length_is_refused_plainly(stage: Stage, environ: dict[str, str]) -> None:
    answer = stage.browser.ask("POST", "/", b"x", content_type=FORM, headers=environ)
    assert_refused(answer, 411, "did not say how long", stage)


@pytest.mark.parametrize("length", ["-1", "+5", "5.0", "1e3", "٣", "9" * 30])
def test_a_length_that_is_no_number_counts_as_none(stage: Stage, length: str) -> None:
    answer = stage.browser.ask("POST", "/", b"x", content_type=FORM, headers={"CONTENT_LENGTH": length})
    assert answer.status == 411


def test_the_text_is_checked_before_any_file_is_read(narrow: Stage) -> None:
    source = io.BytesIO(
        multipart([("nonce", Nonce.generate().digits()), ("text", "x" * 501)], [Upload("x", b"1" * 90_000)])
    )
    length = len(source.getvalue())
    begun: list[str] = []
    receive = narrow.store.submissions.receive
    narrow.store.submissions.receive = lambda *week: begun.append("begun") or receive(*week)  # type: ignore[method-assign,func-returns-value]
    assert narrow.browser.ask("POST", "/", content_type=FORM, length=length, source=source).status == 422
    assert not begun


@pytest.mark.parametrize(
    "fields",
    [
        [("text", "a")],
        [("nonce", "short"), ("text", "a")],
        [("nonce", "A" * 32), ("text", "a")],
        [("nonce", "0" * 32), ("nonce", "1" * 32), ("text", "a")],
        [("nonce", "0" * 32), ("text", "a"), ("text", "b")],
        [("nonce", "0" * 32), ("text", "a"), ("other", "b" * 5000)],
    ],
)
def test_a_form_with_a_missing_a_doubled_or_an_endless_field_is_refused(
    stage: Stage, fields: list[tuple[str, str]]
) -> None:
    assert_refused(stage.browser.upload("/", fields), 400, "Only part of your message arrived", stage)


def test_a_field_behind_a_file_is_refused_and_the_file_that_looked_done_is_gone(stage: Stage) -> None:
    first = multipart([("nonce", "0" * 32)], [Upload("x", b"1" * 50_000)])
    body = first.removesuffix(f"--{BOUNDARY}--\r\n".encode()) + multipart([("text", "late")])
    assert_refused(
        stage.browser.ask("POST", "/", body, content_type=FORM), 400, "Only part of your message arrived", stage
    )


@pytest.mark.parametrize("cut", range(20))
def test_a_body_cut_at_one_of_twenty_places_leaves_nothing(stage: Stage, cut: int) -> None:
    body = multipart([("nonce", "0" * 32), ("text", "some words")], [Upload("x", b"1" * 300_000)])
    shorter = body[: len(body) * cut // 20]
    answer = stage.browser.ask("POST", "/", shorter, content_type=FORM, length=len(body))
    assert_refused(answer, 400, "Only part of your message arrived", stage)


@pytest.mark.parametrize("whole_bytes", [0, 200, 100_000])
def test_a_connection_that_breaks_leaves_nothing(stage: Stage, whole_bytes: int) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if piece := super().read(size):
                return piece
            raise ConnectionResetError

    body = multipart([("nonce", "0" * 32), ("text", "some words")], [Upload("x", b"1" * 300_000)])
    answer = stage.browser.ask(
        "POST", "/", content_type=FORM, length=len(body), source=Breaking(body[:whole_bytes])
    )
    assert_refused(answer, 400, "Only part of your message arrived", stage)


def test_an_error_of_ours_in_the_middle_leaves_nothing_and_shows_a_calm_page(stage: Stage) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if piece := super().read(size):
                return piece
            raise ZeroDivisionError("canary")

    body = multipart([("nonce", "0" * 32), ("text", "help")], [Upload("x", b"1" * 300_000)])
    answer = stage.browser.ask("POST", "/", content_type=FORM, length=len(body), source=Failing(body[:100_000]))
    assert_refused(answer, 500, "Something broke on our side", stage)
    assert "canary" not in answer.text
    assert "ZeroDivision" not in answer.text


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(min_size=1, max_size=40), at=st.integers(0, 400))
def test_a_damaged_form_is_either_taken_whole_or_leaves_nothing(stage: Stage, noise: bytes, at: int) -> None:
    body = multipart([("nonce", Nonce.generate().digits()), ("text", "some words")], [Upload("x", b"content")])
    damaged = body[:at] + noise + body[at + len(noise) :]
    before = left_in_the_store(stage)
    answer = stage.browser.ask("POST", "/", damaged, content_type=FORM)
    after = left_in_the_store(stage)
    assert answer.status in {200, 400, 422}
    assert (after[0] - before[0], after[1] - before[1]) == ((1, 1) if answer.status == 200 else (0, 0))


def test_an_upload_stops_after_half_a_day() -> None:
    now = [0.0]
    body = RequestBody({"wsgi.input": io.BytesIO(b"x" * 9), "CONTENT_LENGTH": "9"}, seconds=lambda: now[0])
    now[0] = CLIENT_TIMEOUTS.upload + 1.0
    with pytest.raises(Refused):
        list(body.pieces())


def test_without_a_thread_to_write_in_the_first_tip_comes_back_and_the_next_press_sends_it(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    with no_thread_named("store-writer"):
        refused = in_time(lambda: stage.browser.send_tip("what I saw", nonce=nonce))
        with_a_file = in_time(lambda: stage.browser.send_tip("more", [Upload("a.bin", bytes(3 << 20))]))
    assert (refused.status, with_a_file.status) == (503, 503)
    assert refused.header("Retry-After")
    assert "what I saw" in refused.text
    assert "more" in with_a_file.text
    assert stage.read_all() == []
    assert stage.site.quota.for_files_bytes() == stage.settings.limits.request_bytes, "no space is held"
    assert in_time(lambda: stage.browser.send_tip("what I saw", nonce=nonce)).words
    assert stage.read_one().text == "what I saw"
    assert Event.SHORTAGE in stage.store.events.days()
