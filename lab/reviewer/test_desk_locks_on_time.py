"""The desk locks on time and at a press, though a request is looking at a file that was made to take long.

The file keeps a real decoder busy for two minutes of the processor; no test here waits for that. How the clock
locks is tried in ``tests/reviewer/desk/test_desk_door.py``.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from reviewer.desk.in_turn import SerialRequests
from tests.fakes_server import a_mailbox
from tests.reviewer.clean_copy import photos
from tests.reviewer.desk.open_desk import HOST, IDLE_SECONDS, OURS, OpenDesk, open_desk, seen
from tests.reviewer.desk_stage import Desk
from tests.tipline.processes import eventually

_LOOKER_DECODER_ENCODER = 3
_NOT_COMPARED = (
    "CREATE TRIGGER not_compared AFTER INSERT ON submissions"
    " BEGIN INSERT INTO picture_readings VALUES (NEW.number); END"
)
"""An import would try for ten seconds of the processor to make a fingerprint of the file."""
_CUT_SHORT = "The desk was locked while it read files. What was done before is kept; ask again for the rest."


@dataclass
class Busy:
    """A desk in which one request looks at a hostile file: its answer to be, and the processes that look."""

    opened: OpenDesk
    answer: "Future[TestResponse]"
    looking: list[int]
    folder: Path

    def require_ended(self) -> None:
        """The desk is locked, the request has a plain answer, nothing was written, and no process is left."""
        assert eventually(lambda: self.opened.desk_session.is_locked)
        answer = self.answer.result(60)
        assert answer.status_code == 403
        assert _CUT_SHORT in seen(answer.text)
        assert [path for path in self.looking if not _is_gone(path)] == []
        assert not self.folder.exists()
        assert not list(self.folder.parent.glob(".*.part"))
        assert self.opened.desk_session.reexec_due.is_set(), "the memory goes with this program"


def _is_gone(process: int) -> bool:
    """Ended, and waited for by the program that started it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def _in_turn(opened: OpenDesk) -> None:
    opened.app.wsgi_app = SerialRequests(opened.app.wsgi_app, opened.desk_session, host=HOST)  # type: ignore[method-assign]


@pytest.fixture
def busy(desk: Desk) -> Iterator[Busy]:
    file = ("busy.jpg", "image/jpeg", photos.busy_jpeg())
    desk.tamper(_NOT_COMPARED)
    (short_id,) = desk.take_in(desk.server.seal(files=[file], mailbox=a_mailbox()))
    folder = desk.folder / "case"
    answer: Future[TestResponse] = Future()
    with open_desk(desk.home) as opened:
        _in_turn(opened)
        asking = threading.Thread(
            target=lambda: answer.set_result(
                opened.post(f"/tip/{short_id}/save-clean", folder=str(folder), on_disk=str(folder))
            )
        )
        asking.start()
        children = opened.desk_session.children
        try:
            assert eventually(lambda: len(children.process_ids()) == _LOOKER_DECODER_ENCODER)
            yield Busy(opened, answer, children.process_ids(), folder)
        finally:
            children.end()
            asking.join()


def test_the_desk_locks_itself_on_time_while_a_hostile_file_is_being_looked_at(busy: Busy) -> None:
    busy.opened.now = IDLE_SECONDS - 1
    busy.opened.desk_session.lock_when_idle()
    assert not busy.opened.desk_session.is_locked
    assert not any(map(_is_gone, busy.looking))

    busy.opened.now = IDLE_SECONDS
    busy.opened.desk_session.lock_when_idle()  # the look of the server's loop, which never waits for a request
    busy.require_ended()


def test_a_press_on_lock_ends_at_once_what_looks_at_a_file(busy: Busy) -> None:
    assert busy.opened.post("/lock").status_code == 303
    busy.require_ended()


def test_a_press_on_stop_ends_it_too(busy: Busy) -> None:
    stopped = busy.opened.post("/stop")
    assert stopped.status_code == 200
    stopped.close()  # the page was sent
    busy.require_ended()
    assert busy.opened.desk_session.is_stopped.is_set()


@pytest.mark.parametrize(
    "headers",
    [
        OURS,  # without the cookie of the browser that was let in
        OURS | {"Origin": "http://127.0.0.1:8000", "Cookie": "desk=ours"},
        OURS | {"Host": "rebound.example", "Cookie": "desk=ours"},
        OURS | {"Sec-Fetch-Site": "same-site", "Cookie": "desk=ours"},
    ],
)
def test_nobody_else_ends_what_the_desk_is_doing(desk: Desk, headers: dict[str, str]) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("photo.jpg", "image/jpeg", photos.jpeg())]))
    with open_desk(desk.home) as opened:
        _in_turn(opened)
        cookie = opened.browser.get_cookie("desk", domain="127.0.0.1")
        assert cookie is not None
        sent = {name: value.replace("ours", cookie.value) for name, value in headers.items()}
        assert opened.app.test_client(use_cookies=False).post("/lock", headers=sent).status_code == 403
        saved = opened.post(
            f"/tip/{short_id}/save-clean", folder=str(desk.folder / "case"), on_disk=str(desk.folder / "case")
        )
        assert saved.status_code == 200
    assert (desk.folder / "case" / "picture-1.jpg").exists()


def test_a_desk_that_was_opened_again_looks_at_files_again(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(files=[("photo.jpg", "image/jpeg", photos.jpeg())]))
    with open_desk(desk.home) as opened:
        _in_turn(opened)
        opened.post("/lock")
        opened.done("/unlock")
        saved = opened.post(
            f"/tip/{short_id}/save-clean", folder=str(desk.folder / "case"), on_disk=str(desk.folder / "case")
        )
        assert saved.status_code == 200
    assert (desk.folder / "case" / "picture-1.jpg").exists()
