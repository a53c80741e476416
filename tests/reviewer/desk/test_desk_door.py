"""Entry to the desk: one browser, once, from its own pages; no one while it is locked."""

import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from crypto.passphrases.locked_key import lock_key
from reviewer.casebook.log import Log
from reviewer.desk import server
from reviewer.desk.headers import FIXED
from reviewer.desk.in_turn import SerialRequests
from reviewer.desk.page import Look
from reviewer.desk.server import reexecute_in_turn
from reviewer.desk.session import LOCK_SECONDS, DeskSession
from reviewer.desk.views.session import OPEN_TO_ALL, OPEN_WHEN_LOCKED
from reviewer.errors import CasebookError
from reviewer.home.lock import LOCKED_KEY_FILE, OPEN_KEY_FILE
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.desk.open_desk import FORM, HOST, IDLE_SECONDS, OURS, OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.steps import failing_step
from tipline.pages import headers as site_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PASSPHRASE = "correct horse battery"


@pytest.fixture
def opened(desk: Desk) -> Iterator[OpenDesk]:
    desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    with open_desk(desk.home) as opened:
        yield opened


@pytest.fixture
def protected(desk: Desk) -> Iterator[OpenDesk]:
    """The same, in a home that has a passphrase."""
    desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    home_key = desk.home / OPEN_KEY_FILE
    (desk.home / LOCKED_KEY_FILE).write_bytes(lock_key(home_key.read_bytes(), PASSPHRASE))
    home_key.unlink()
    passphrase_file = desk.folder / "passphrase"
    passphrase_file.write_text(PASSPHRASE, encoding="utf-8")
    with open_desk(desk.home, passphrase_file=passphrase_file) as opened:
        yield opened


def addresses(opened: OpenDesk) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of everything that the desk answers."""
    rules = list(opened.app.url_map.iter_rules())
    adapter = opened.app.url_map.bind(HOST)
    of_a_file = {"file_number": "1", "part": 1, "see": "grey"}
    values = {
        "token": "x",
        "name": "x",
        "short_id": "abcd",
        "number": 1,
        "digest": "abcd",
        "decision": 1,
        "what": "graph",
        "release_id": "ab",
        "reader": "company",
        "first": 1,
        "thing": 1,
        "line": 1,
        "second": 2,
    } | of_a_file
    return [
        (rule.endpoint, method, adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}))
        for rule in rules
        for method in sorted(rule.methods or set())
    ]


def test_the_address_works_once_and_in_one_browser(opened: OpenDesk) -> None:
    assert "What I saw." in opened.page("/")
    with pytest.raises(RuntimeError, match="opened already"):
        _ = opened.desk_session.token
    other = opened.other_browser()
    for token in ("", "x", "ü"):
        answer = opened.come_in(other, token)
        assert answer.status_code in (403, 404)
        assert "Set-Cookie" not in answer.headers
    other.set_cookie("desk", "x" * 43, domain="127.0.0.1")
    assert other.get("/", headers={"Host": HOST}).status_code == 403


def test_nothing_is_answered_to_whoever_was_not_let_in_and_nothing_while_it_is_locked(opened: OpenDesk) -> None:
    other = opened.other_browser()
    for endpoint, method, address in addresses(opened):
        if endpoint in OPEN_TO_ALL:
            continue
        answer = other.open(
            address, method=method, headers={"Host": HOST, **OURS}, data={} if method == "POST" else None
        )
        assert answer.status_code == 403, (endpoint, method)
        assert "What I saw." not in answer.text
    opened.desk_session.lock()
    for endpoint, method, address in addresses(opened):
        if endpoint in OPEN_TO_ALL | OPEN_WHEN_LOCKED:
            continue
        answer = opened.browser.open(address, method=method, headers=OURS)
        assert answer.status_code == 403, (endpoint, method)
        assert "Locked" in answer.text or method == "HEAD"


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:9999"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://desk.example"},
    {"Origin": "null"},
    {},
]


def test_what_no_page_of_the_desk_sent_is_refused_and_changes_nothing(opened: OpenDesk) -> None:
    lines = len(opened.desk_session.home.casebook.log.lines())
    for headers in FOREIGN:
        answer = opened.browser.post("/lock", headers={"Host": HOST, "Content-Type": FORM} | headers)
        assert answer.status_code == 403, headers
        assert not opened.desk_session.is_locked, headers
    for site in ("cross-site", "same-site"):
        asked = opened.browser.get("/", headers={"Host": HOST, "Sec-Fetch-Site": site})
        assert asked.status_code == 403, site
    assert len(opened.desk_session.home.casebook.log.lines()) == lines


def test_no_other_name_leads_to_the_desk(opened: OpenDesk) -> None:
    for host in ("desk.example:4321", "localhost:4321", "127.0.0.1:9999", "127.0.0.1", ""):
        for path in ("/", "/open/x"):
            answer = opened.browser.get(path, headers={"Host": host, "Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 403, host
            assert "did not come from a page of the desk" in answer.text, host


def test_a_form_that_holds_a_file_is_refused(opened: OpenDesk) -> None:
    answer = opened.browser.post("/lock", headers=OURS | {"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 403
    too_much = opened.post("/search", words="x" * 300_000)
    assert too_much.status_code == 413


def test_every_answer_has_the_headers_of_the_site(opened: OpenDesk) -> None:
    assert dict(FIXED) == dict(site_headers.FIXED) | {"Cache-Control": "no-store"}
    stylesheet = opened.app.extensions["desk"].stylesheet_name
    answers = [
        opened.get("/"),
        opened.get("/nowhere"),
        opened.get(f"/{stylesheet}.css"),
        opened.get("/?page=99"),
        opened.get("/lock"),
        opened.post("/search", words="saw"),
        opened.post("/lock"),
        opened.get("/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 422, 405, 200, 303, 403]
    for answer in answers:
        own = {name: value for name, value in answer.headers if name in dict(FIXED)}
        assert own == dict(FIXED)
        assert not {"Set-Cookie", "ETag", "Last-Modified"} & set(answer.headers.keys())


def test_the_cookie_holds_nothing_but_a_handle_and_ends_with_the_browser(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        cookie = opened.browser.get_cookie("desk", domain="127.0.0.1")
        assert cookie is not None
        assert cookie.http_only
        assert cookie.same_site == "Strict"
        assert cookie.expires is None
        assert cookie.max_age is None
        assert len(cookie.value) >= 43


def test_it_locks_itself_when_nobody_does_anything_and_the_passphrase_opens_it_again(protected: OpenDesk) -> None:
    protected.now = IDLE_SECONDS - 1
    protected.desk_session.lock_when_idle()
    assert "What I saw." in protected.page("/")
    protected.now = 2 * IDLE_SECONDS - 2
    protected.desk_session.lock_when_idle()
    assert not protected.desk_session.is_locked
    protected.now += 1
    protected.desk_session.lock_when_idle()
    assert protected.desk_session.is_locked
    assert "What I saw." not in protected.get("/").text
    wrong = protected.post("/unlock", passphrase="correct horse")
    assert wrong.status_code == 403
    assert "does not unlock" in wrong.text
    assert "What I saw." in protected.done("/unlock", passphrase=PASSPHRASE)


def test_a_machine_that_slept_finds_the_desk_locked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still while the lid is closed would leave it open for anyone who opens the lid."""
    asleep = 0.0
    awake = time.clock_gettime
    monkeypatch.setattr(
        time, "clock_gettime", lambda clock: awake(clock) + (asleep if clock == time.CLOCK_BOOTTIME else 0.0)
    )
    was_locked: list[bool] = []

    def sleep_and_fail(desk_session: DeskSession, **_: object) -> bool:
        nonlocal asleep
        for seconds in (0.0, 301.0):
            asleep = seconds
            desk_session.lock_when_idle()
            was_locked.append(desk_session.is_locked)
        return True

    with failing_step(server, "serve", ProgramError("no port is free"), when=sleep_and_fail):
        assert desk.run("desk", desk.home, "--lock-minutes", "5") == 1
    assert was_locked == [False, True]


def test_the_loop_that_lets_requests_in_waits_for_none(desk: Desk) -> None:
    with open_desk(desk.home) as opened, socket.create_server(("127.0.0.1", 0)) as listening:
        opened.desk_session.lock()
        with opened.desk_session.turn:  # as a request of another window that has opened it again
            reexecute_in_turn(opened.desk_session, look=Look.AUTO, listening=listening)
            opened.desk_session.lock_when_idle()
        assert opened.desk_session.reexec_due.is_set(), "it comes to that later"


def test_a_request_that_never_ends_does_not_keep_the_clock_from_locking(opened: OpenDesk) -> None:
    session = opened.desk_session
    with session.turn:
        opened.now = IDLE_SECONDS
        session.lock_when_idle()
        assert not session.lock_is_overdue
        opened.now += LOCK_SECONDS
        session.lock_when_idle()
        assert session.lock_is_overdue
        assert session.reexec_due.is_set()
        assert session.left().handle, "the next program can go on"


def test_a_request_that_never_ends_does_not_keep_a_press_from_locking(opened: OpenDesk) -> None:
    session = opened.desk_session
    app = SerialRequests(opened.app.wsgi_app, session, host=HOST, lock_seconds=0.01)
    opened.app.wsgi_app = app  # type: ignore[method-assign]
    with session.turn:
        answer = opened.post("/lock")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert session.lock_is_overdue


def test_a_page_whose_reader_left_while_it_waited_is_not_made_and_a_press_is_done_all_the_same(
    opened: OpenDesk,
) -> None:
    session = opened.desk_session
    asked: list[str] = []

    def desk_app(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        asked.append(environ["REQUEST_METHOD"])
        start_response("200 OK", [])
        return []

    app = SerialRequests(desk_app, session, host=HOST)
    here, browser = socket.socketpair()
    with here:
        for method in ("GET", "POST"):
            run_wsgi_app(app, create_environ(method=method) | {"werkzeug.socket": here})
        assert asked == ["GET", "POST"], "the control: the reader waits"
        browser.close()
        for method in ("GET", "POST"):
            run_wsgi_app(app, create_environ(method=method) | {"werkzeug.socket": here})
    assert asked == ["GET", "POST", "POST"]


def test_a_request_that_took_longer_than_the_idle_time_ends_with_the_lock(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        opened.now = IDLE_SECONDS - 1
        opened.desk_session.end_of_request()
        assert not opened.desk_session.is_locked, "a request is work, and the time begins again"
        opened.now += IDLE_SECONDS
        opened.desk_session.end_of_request()
        assert opened.desk_session.is_locked


def test_a_press_that_comes_before_the_clock_s_own_look_finds_it_locked(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "What I saw.")]))
    with open_desk(desk.home) as opened:
        opened.now = IDLE_SECONDS
        answer = opened.get(f"/tip/{short_id}")
        assert answer.status_code == 403
        assert "What I saw." not in answer.text
        assert opened.desk_session.is_locked


def test_what_was_typed_when_it_had_locked_itself_comes_back(protected: OpenDesk) -> None:
    short_id = protected.desk_session.home.casebook.submissions.all()[0].short_id
    protected.desk_session.lock()
    answer = protected.post(f"/tip/{short_id}/reply", text="Where is the house?\r\nTell us.")
    assert answer.status_code == 403
    assert "What you had typed is kept" in answer.text
    assert "Where is the house" not in answer.text
    page = protected.done("/unlock", passphrase=PASSPHRASE)
    assert "Where is the house?\nTell us.</textarea>" in page
    assert "Where is the house" not in protected.page(f"/tip/{short_id}")
    assert protected.desk_session.home.casebook.replies.waiting() == 0


def test_what_was_typed_while_it_was_locked_stays_where_its_page_fails(
    protected: OpenDesk,
) -> None:
    short_id = protected.desk_session.home.casebook.submissions.all()[0].short_id
    protected.desk_session.lock()
    protected.post(f"/tip/{short_id}/reply", text="Where is the house?")
    with failing_step(Log, "add", CasebookError("no room is left for the casebook")):
        page = protected.post("/unlock", passphrase=PASSPHRASE)
        assert protected.get(page.headers["Location"]).status_code >= 400
    assert "Where is the house?</textarea>" in protected.page(f"/tip/{short_id}")


def test_what_was_typed_in_two_windows_comes_back_in_both(protected: OpenDesk) -> None:
    short_id = protected.desk_session.home.casebook.submissions.all()[0].short_id
    protected.desk_session.lock()
    protected.post(f"/tip/{short_id}/reply", text="Where is the house?")
    protected.post(f"/tip/{short_id}/note", text="Ask Ana.")
    page = protected.done("/unlock", passphrase=PASSPHRASE)
    assert "Where is the house?</textarea>" in page
    assert "Ask Ana.</textarea>" in page


def test_while_it_is_open_no_other_command_uses_the_home_and_while_it_is_locked_they_do(desk: Desk) -> None:
    with open_desk(desk.home) as opened:
        assert desk.run("list", desk.home) == 1
        assert "another tipline-review is at work" in desk.err
        opened.post("/lock")
        desk.do("list", desk.home)
        assert "Tips" in opened.done("/unlock")


def test_stopping_closes_the_home_and_ends_the_sitting(opened: OpenDesk) -> None:
    answer = opened.post("/stop")
    assert "has ended" in seen(answer.text)
    assert "cookies" in answer.headers["Clear-Site-Data"]
    answer.close()
    assert opened.desk_session.is_locked
    assert opened.desk_session.is_stopped.is_set()
