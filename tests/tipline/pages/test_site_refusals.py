"""Every refusal has the headers of all and names its reason; closed intake is one of them."""

import io
from collections.abc import Callable
from http import HTTPStatus

import pytest

from tests.organisation import TODAY
from tests.steps import failing_step
from tests.tipline.pages.named_pages import mailbox
from tests.tipline.routes import NONCE, assert_uniform
from tests.tipline.site_stage import BOUNDARY, KNOWN_WORDS, Answer, Stage, Upload, multipart
from tipline.instance.intake_status import ClosedReason, IntakeClosed

REFUSALS: dict[str, tuple[int, Callable[[Stage], Answer]]] = {
    "nothing sent": (422, lambda stage: stage.browser.upload("/", [NONCE])),
    "broken": (400, lambda stage: stage.browser.ask("POST", "/", b"x", content_type="text/plain")),
    "no length": (411, lambda stage: stage.browser.ask("POST", "/", headers={"CONTENT_LENGTH": ""})),
    "too big": (413, lambda stage: stage.browser.ask("POST", "/", length=1 << 40, source=io.BytesIO())),
    "cross-site": (403, lambda stage: stage.browser.upload("/", [NONCE], own_site=False)),
    "session over": (403, lambda stage: stage.browser.post("/mailbox/how", [NONCE])),
    "typo": (422, lambda stage: stage.browser.open_mailbox("no such words")),
    "form too big": (413, lambda stage: stage.browser.post("/kept", [("nonce", "0" * 70_000)])),
    "a file in a small form": (
        400,
        lambda stage: stage.browser.ask(
            "POST",
            "/kept",
            multipart([NONCE]).replace(b'name="nonce"', b'name="nonce"; filename="x"'),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_the_same_headers_and_names_the_reason(untouched: Stage, name: str) -> None:
    status, ask = REFUSALS[name]
    answer = ask(untouched)
    assert answer.status == status
    assert_uniform(answer)
    assert "<strong>" in answer.text


def test_closed_intake_is_a_page_with_emergency_numbers_and_no_form_and_gives_the_text_back(stage: Stage) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day = TODAY.replace(year=2030)
    for answer in (stage.browser.get("/"), stage.browser.send_tip("my words", nonce=nonce)):
        assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert_uniform(answer)
        assert "cannot take messages" in answer.text
        assert "112" in answer.text
        assert "<form" not in answer.text
    assert "my words" in answer.text
    assert stage.read_all() == []


def test_a_page_asks_the_store_once_a_second_whether_intake_is_open_and_what_is_brought_each_time(
    stage: Stage,
) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    stage.store.close()
    stage.seconds_later += 0.99
    assert stage.browser.get("/").status == HTTPStatus.OK
    assert stage.browser.get("/form/1").status == HTTPStatus.OK
    refused = stage.browser.send_tip("my words", nonce=nonce)
    assert refused.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "my words" in refused.text
    stage.seconds_later += 0.02
    assert stage.browser.get("/").status == HTTPStatus.SERVICE_UNAVAILABLE


def test_that_intake_is_closed_is_remembered_by_no_page(stage: Stage) -> None:
    for day, status in ((TODAY.replace(year=2030), 503), (TODAY, 200), (TODAY.replace(year=2030), 503)):
        stage.clock.day = day
        assert [stage.browser.get("/").status for _ in range(3)] == [status] * 3


def test_what_is_brought_is_not_taken_under_what_a_page_remembers(stage: Stage) -> None:
    page = mailbox(stage)
    nonce = stage.browser.get("/").hidden("nonce")
    with failing_step(stage.policy, "intake", IntakeClosed(ClosedReason.WEEK_CLOSED)):
        assert stage.browser.get("/").status == HTTPStatus.OK
        assert stage.browser.send_tip("my words", nonce=nonce).status == HTTPStatus.SERVICE_UNAVAILABLE
        fields = [("nonce", page.form_nonce("/mailbox/write")), ("text", "more")]
        more = stage.browser.upload("/mailbox/write", fields)
        assert more.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert len(stage.read_all()) == 1


def _close(stage: Stage) -> None:
    stage.clock.day = TODAY.replace(year=2030)


def _trouble(stage: Stage) -> None:
    stage.store.close()


def _say(stage: Stage, how: str, refuse: Callable[[Stage], None]) -> Answer:
    page = mailbox(stage)
    refuse(stage)
    return stage.browser.post("/mailbox/how", [("nonce", page.form_nonce("/mailbox/how")), ("how", how)])


def _write(stage: Stage, refuse: Callable[[Stage], None]) -> Answer:
    page = mailbox(stage)
    refuse(stage)
    fields = [("nonce", page.form_nonce("/mailbox/write")), ("text", "more")]
    return stage.browser.upload("/mailbox/write", fields)


def _add(stage: Stage, refuse: Callable[[Stage], None], path: str = "/more") -> Answer:
    receipt = stage.browser.send_tip("hello")
    refuse(stage)
    fields = [("nonce", receipt.form_nonce("/more")), ("handle", receipt.hidden("handle"))]
    return stage.browser.upload(path, fields, [Upload("x", b"1")])


WAYS_IN: dict[str, Callable[[Stage, Callable[[Stage], None]], Answer]] = {
    "safe": lambda stage, refuse: _say(stage, "safe", refuse),
    "not safe": lambda stage, refuse: _say(stage, "not-safe", refuse),
    "write": _write,
    "more": _add,
    "files": lambda stage, refuse: _add(stage, refuse, "/files/send"),
}


@pytest.mark.parametrize("refuse", [_close, _trouble])
@pytest.mark.parametrize("way", WAYS_IN)
def test_where_nothing_can_be_taken_every_page_says_whom_to_call(
    stage: Stage, way: str, refuse: Callable[[Stage], None]
) -> None:
    answer = WAYS_IN[way](stage, refuse)
    assert answer.status in {500, 503}
    assert "If you can, call for help:" in answer.text
    assert ">112</b>" in answer.text


def test_where_words_cannot_be_looked_at_the_page_says_whom_to_call(stage: Stage) -> None:
    stage.store.close()
    assert ">112</b>" in stage.browser.open_mailbox(KNOWN_WORDS).text
    assert ">112</b>" not in stage.browser.open_mailbox("no such words").text


@pytest.mark.parametrize("how", ["safe", "not-safe"])
def test_who_is_not_safe_is_told_whom_to_call_when_the_session_is_over_too(stage: Stage, how: str) -> None:
    answer = _say(stage, how, lambda stage: stage.browser.cookies.clear())
    assert answer.status == 403
    assert (">112</b>" in answer.text) == (how == "not-safe")


def test_intake_is_asked_before_every_upload(stage: Stage) -> None:
    assert stage.browser.send_tip("one").status == 200
    nonce = stage.browser.get("/").hidden("nonce")
    stage.clock.day = TODAY.replace(year=2000)
    assert stage.browser.send_tip("two", nonce=nonce).status == 503
    assert len(stage.read_all()) == 1
