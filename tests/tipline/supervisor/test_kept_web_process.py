"""The web process is started again whenever it died: anyone who holds the database key does not give up."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tipline.processes import children_of, eventually
from tests.tipline.served import ServedFolder
from tipline.machine.listener import ListenAddress
from tipline.store.errors import StoreBroken
from tipline.store.events import Event
from tipline.supervisor.web_process import (
    _LONG_PAUSE_SECONDS,
    _MOST_RESTARTS,
    WebOrder,
    WebProcess,
    WebProcessFailed,
    WebSupervisor,
)


class Stand:
    """Records each start, its time and its news; ``refuses`` is raised at the next start."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.started: list[float] = []
        self.said: list[str] = []
        self.noted: list[Event] = []
        self.refuses: Exception | None = None
        self.alive = False
        self.is_over = False
        self.no_news: Exception | None = None
        """Raised where anything is said or noted."""
        stand = self

        class Web:
            def __init__(self, _order: WebOrder, *, is_over: Callable[[], bool] = lambda: False) -> None:
                assert is_over() == stand.is_over
                if stand.refuses is not None:
                    raise stand.refuses
                stand.started.append(stand.now)
                stand.alive = True

            def is_running(self) -> bool:
                return stand.alive

            def stop(self) -> None:
                stand.alive = False

        self._web: Any = Web
        self.kept = self.supervisor()

    def supervisor(self) -> WebSupervisor:
        order = WebOrder(Path("/nowhere"), bytes(32), ListenAddress(None, 0), None, behind_tor=False)
        return WebSupervisor(
            order,
            self._say,
            self._note,
            is_over=lambda: self.is_over,
            start=self._web,
            seconds=lambda: self.now,
        )

    def _say(self, line: str) -> None:
        self._fail()
        self.said.append(line)

    def _note(self, event: Event) -> None:
        self._fail()
        self.noted.append(event)

    def _fail(self) -> None:
        if self.no_news is not None:
            raise self.no_news

    def look(self, seconds: float) -> None:
        """The watch looks twice a second."""
        for _ in range(int(seconds * 2)):
            self.kept.restart_if_dead()
            self.now += 0.5


@pytest.fixture
def stand() -> Stand:
    return Stand()


def test_one_that_died_is_started_again_at_once_and_staff_are_told(stand: Stand) -> None:
    stand.alive = False
    stand.look(0.5)
    assert stand.started == [1000.0, 1000.0]
    assert stand.noted == [Event.WEB_PROCESS_DIED]


def test_one_that_dies_without_end_is_started_without_end_with_a_pause(stand: Stand) -> None:
    for _ in range(600):
        stand.alive = False
        stand.look(0.5)
    assert len(stand.started) > _MOST_RESTARTS + 1
    assert stand.started[-1] > 1000 + 300 - 2 * _LONG_PAUSE_SECONDS
    within = [at for at in stand.started[1:] if at < 1000 + 120]
    assert len(within) <= _MOST_RESTARTS + 120 / _LONG_PAUSE_SECONDS


@pytest.mark.parametrize(
    "refusal",
    [WebProcessFailed("it gave no sign"), OSError(12, "no memory"), MemoryError(), RuntimeError("thread")],
)
def test_one_that_does_not_start_is_tried_again_half_a_minute_later(stand: Stand, refusal: Exception) -> None:
    stand.alive, stand.refuses = False, refusal
    stand.look(_LONG_PAUSE_SECONDS - 1)
    assert len(stand.said) == 2
    assert "does not start" in stand.said[-1]
    stand.refuses = None
    stand.look(2)
    assert stand.alive
    assert len(stand.started) == 2


@pytest.mark.parametrize("of_what", [MemoryError(), OSError(32, "broken pipe"), StoreBroken("it cannot be read")])
def test_news_that_cannot_be_told_hold_up_no_start(stand: Stand, of_what: Exception) -> None:
    stand.alive, stand.no_news = False, of_what
    stand.look(0.5)
    assert stand.alive
    stand.alive, stand.refuses = False, WebProcessFailed("it gave no sign")
    stand.look(1)
    stand.refuses = None
    stand.look(_LONG_PAUSE_SECONDS)
    assert stand.alive


def test_a_start_that_was_broken_off_as_all_ends_is_no_trouble_to_tell(stand: Stand) -> None:
    stand.alive, stand.refuses = False, WebProcessFailed("told to end")
    stand.is_over = True
    stand.look(0.5)
    assert stand.said == ["the web process died; starting it again"]


def test_a_web_process_that_gives_no_sign_is_ended_as_soon_as_all_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 120\n")
    silent.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(silent))
    order = WebOrder(tmp_path, bytes(32), ListenAddress(None, 0), None, behind_tor=False)
    looks: list[int] = []
    with pytest.raises(WebProcessFailed, match="told to end"):
        WebProcess(order, is_over=lambda: bool(looks) or looks.append(1))
    assert looks == [1]


def test_one_that_does_not_start_to_begin_with_is_an_error(stand: Stand) -> None:
    stand.refuses = WebProcessFailed("its socket is taken")
    with pytest.raises(WebProcessFailed, match="taken"):
        stand.supervisor()


def test_one_whose_worker_cannot_begin_any_more_ends_and_why_is_told(tmp_path: Path) -> None:
    """As with settings that were spoilt since: each further worker would fail alike, and no one hear of it."""
    served = ServedFolder(tmp_path / "site")
    said: list[str] = []
    order = WebOrder(served.folder.path, served.key, ListenAddress(None, 0), None, behind_tor=False)
    with WebSupervisor(order, said.append, lambda _event: None, is_over=lambda: False) as kept:
        served.folder.site_settings.write_text("this is no setting")
        (worker,) = children_of(kept._web.process_id)
        os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: not kept._web.is_running())
        kept.restart_if_dead()
        assert said[0] == "the web process died; starting it again"
        assert "site.toml" in said[1]
        assert said[1].startswith("it does not start: ")
