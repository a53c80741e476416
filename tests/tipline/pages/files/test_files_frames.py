"""The two frames in the page for files: one takes the upload and says why not, one counts what has arrived."""

import io
import re
import threading

import pytest

from tests.tipline.pages.files.files_page import FORM, MORE, kept, look, open_page, send, shown
from tests.tipline.site_stage import Answer, Stage, Upload
from tipline.instance.site_settings import MIB
from tipline.intake.intake import Intake
from tipline.languages.site_languages import SiteLanguages
from tipline.pages.headers import HOLDS_FRAMES, IN_A_FRAME
from tipline.pages.padding import PAGE_BYTES, PROGRESS_BYTES
from tipline.pages.views.frames import MOST_IDLE_LOOKS
from tipline.requests.progress import STILL_SECONDS
from tipline.requests.refusals import Reason, Refused


def test_only_the_page_itself_may_hold_frames_and_only_its_two_frames_may_be_held(stage: Stage) -> None:
    page = open_page(stage)
    assert page.answer.header("Content-Security-Policy") == HOLDS_FRAMES
    assert page.answer.header("X-Frame-Options") == "DENY"
    frames = [send(stage, page), send(stage, page, "x"), look(stage, page.token)]
    frames.append(send(stage, page, "x", own_site=False))
    for frame in frames:
        assert frame.header("Content-Security-Policy") == IN_A_FRAME
        assert frame.header("X-Frame-Options") == "SAMEORIGIN"
    assert [frame.status for frame in frames] == [422, 200, 200, 403]
    assert page.answer.text.count("<iframe") == 2


def test_an_error_of_ours_inside_the_frame_is_shown_there(stage: Stage) -> None:
    class Failing(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise ZeroDivisionError("canary")

    page = open_page(stage)
    answer = stage.browser.ask("POST", page.action, content_type=FORM, length=50_000, source=Failing())
    assert answer.status == 500
    assert answer.header("Content-Security-Policy") == IN_A_FRAME
    assert "Something broke on our side" in answer.text
    assert "canary" not in answer.text
    assert "Something broke on our side" in shown(look(stage, page.token))


def test_what_has_arrived_is_counted_while_it_arrives(stage: Stage) -> None:
    page = open_page(stage)
    body = page.body("words", Upload("x", b"1" * (6 * MIB)))
    half_is_here, go_on = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 3 * MIB:
                half_is_here.set()
                assert go_on.wait(30)
            return super().read(size)

    answers: list[Answer] = []
    sending = threading.Thread(
        target=lambda: answers.append(
            stage.other_browser().ask("POST", page.action, content_type=FORM, length=len(body), source=Slow(body))
        )
    )
    sending.start()
    try:
        assert half_is_here.wait(30)
        during = look(stage, page.token)
    finally:
        go_on.set()
        sending.join()
    assert shown(during) == "3 MB of 6 MB have arrived. 3 MB are left."
    assert f'<progress max="{len(body)}" value="{3 * MIB}"' in during.text
    assert re.search(r'http-equiv="refresh" content="3; url=/files/progress\?upload=\w+&looks=0"', during.text)
    assert [answer.status for answer in answers] == [200]
    assert shown(look(stage, page.token)) == shown(look(stage, "f" * 32))


def test_a_token_of_which_nothing_is_known_one_that_is_over_and_none_get_the_same_answer(stage: Stage) -> None:
    page = open_page(stage)
    send(stage, page, "x", Upload("x", b"1"))
    answers = [look(stage, token) for token in (page.token, "0" * 32, "1" * 32)]
    nothing = [stage.browser.get(f"/files/progress{query}") for query in ("", "?upload=", "?upload=<b>&looks=x")]
    pages = {
        answer.body.replace(page.token.encode(), b"0" * 32).replace(b"1" * 32, b"0" * 32) for answer in answers
    }
    assert len(pages) == 1
    assert {shown(answer) for answer in answers + nothing} == {
        "You will see numbers here while your files are being sent. Above it says when everything has arrived."
    }
    for answer in answers + nothing:
        assert (answer.status, len(answer.body)) == (200, PROGRESS_BYTES)
        assert "<b>" not in answer.body.decode()
    assert {tuple(answer.headers) for answer in answers} == {tuple(answers[0].headers)}


def test_a_page_left_open_stops_asking(stage: Stage) -> None:
    assert f"looks={MOST_IDLE_LOOKS}" in look(stage, "0" * 32, looks=MOST_IDLE_LOOKS - 1).text
    last = look(stage, "0" * 32, looks=MOST_IDLE_LOOKS)
    assert "http-equiv" not in last.text
    assert "Look again" in last.text
    assert len(last.body) == PROGRESS_BYTES


@pytest.mark.parametrize("cut", range(20))
def test_an_upload_cut_at_one_of_twenty_places_leaves_nothing_and_the_frame_says_how_far_it_came(
    stage: Stage, cut: int
) -> None:
    page = open_page(stage)
    body = page.body("some words", Upload("x", b"1" * 300_000))
    shorter = body[: len(body) * cut // 20]
    answer = stage.browser.ask("POST", page.action, shorter, content_type=FORM, length=len(body))
    assert answer.status == 400
    assert kept(stage) == 0
    told = shown(look(stage, page.token))
    assert told.startswith("Sending stopped.")
    assert "KB of 293 KB had arrived. We saved nothing." in told


def test_too_much_is_refused_before_it_is_read_and_the_counting_frame_says_so_at_once(narrow: Stage) -> None:
    page = open_page(narrow)
    told: list[str] = []

    class Unread(io.BytesIO):
        """A body that is drained after the answer, while the browser is still sending."""

        def read(self, _size: int | None = -1) -> bytes:
            if not told:
                told.append(shown(look(narrow, page.token)))
            return b""

    answer = narrow.browser.ask("POST", page.action, content_type=FORM, length=MIB + 1, source=Unread())
    assert answer.status == 413
    assert "up to 1 MB at a time" in answer.text
    assert "up to 1 MB at a time" in told[0]
    assert "even if your browser is still sending" in told[0]


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ([Upload("x", b"1" * 100_001)], 413, "up to 98 KB"),
        ([Upload(str(number), b"1") for number in range(4)], 422, "up to 3 at a time"),
        ([], 422, "nothing to send yet"),
    ],
)
def test_each_limit_is_named_in_the_frame_and_nothing_is_kept(
    narrow: Stage, files: list[Upload], status: int, words: str
) -> None:
    page = open_page(narrow)
    answer = send(narrow, page, "", *files)
    assert (answer.status, len(answer.body)) == (status, PAGE_BYTES)
    assert words in answer.text
    assert "still on the page" in answer.text
    assert kept(narrow) == 0
    assert send(narrow, page, "", Upload("x", b"1" * 100_000)).status == 200


def test_in_a_window_of_its_own_a_frame_has_leave_now_first_and_says_what_it_does_not_erase(stage: Stage) -> None:
    alone = {"HTTP_SEC_FETCH_DEST": "document"}
    page = open_page(stage)
    for answer in (
        stage.browser.ask("GET", f"/files/progress?upload={page.token}", headers=alone),
        send(stage, page, "x", headers=alone),
    ):
        focusable = re.findall(r"<(?:a|button|summary)\b[^>]*>", answer.text)
        assert 'class="leave"' in focusable[0]
        assert re.search(r'id="leave-hint">[^<]*does not wipe where you were[^<]*New Identity', answer.text)
    framed = look(stage, page.token).text
    assert 'class="leave"' not in framed
    assert "leave-hint" not in framed


def test_the_intake_knows_nothing_of_the_token(stage: Stage) -> None:
    intake = stage.site.app.extensions["tipline"].intake
    assert isinstance(intake, Intake)
    page = open_page(stage)
    send(stage, page, "x", MORE)
    assert page.token not in repr(stage.read_one().fields)
    assert not any(page.token in repr(vars(one)) for one in (intake, stage.site.receipts, stage.site.sessions))


class Still:
    """An upload of which half has arrived, and nothing more for a long time."""

    announced_bytes = 400 * MIB
    arrived_bytes = 200 * MIB


def test_the_counting_frame_has_its_one_length_in_every_language_and_state(stage: Stage) -> None:
    progress = stage.site.progress
    now = [1000.0]
    progress._seconds = lambda: now[0]
    tokens = {reason: progress.token() for reason in Reason}
    for reason, token in tokens.items():
        with pytest.raises(Refused), progress.following(token, Still()):
            raise Refused(reason)
    under_way = progress.token()
    with progress.following(under_way, Still()):
        progress.look(under_way)
        now[0] += STILL_SECONDS
        for language in SiteLanguages.load().spoken:
            for token in (*tokens.values(), under_way, ""):
                path = f"/files/progress?upload={token}&lang={language.tag}"
                for headers in ({}, {"HTTP_SEC_FETCH_DEST": "document"}):
                    assert len(stage.browser.ask("GET", path, headers=headers).body) == PROGRESS_BYTES
