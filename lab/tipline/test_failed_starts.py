"""A server that does not serve says so: at `unlock`, in `status`, `events` and `doctor`, and in its own log."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onion.errors import TorDied
from system.clock import SYSTEM_CLOCK
from system.signals import StopAsked
from tests.tipline.processes import children_of, eventually
from tests.tipline.served import OPERATOR, ServedFolder
from tests.tipline.serving import OFF, Serving, serving_process, tipline
from tipline.errors import DatabaseKeyError
from tipline.instance.site_settings import SettingsError
from tipline.instance.site_texts import MOST_BYTES
from tipline.machine.listener import ListenAddress, ListenerError
from tipline.machine.no_plaintext import PlaintextRisk
from tipline.operations.check_result import CheckResult, Severity
from tipline.operations.doctor import examine
from tipline.operations.first_page import FirstPage, FirstPageSilent, is_first_page
from tipline.operations.serving_state import FailedStart, failed_start
from tipline.operations.unlocking import NotServed, await_key, unlock
from tipline.store.errors import StoreBroken
from tipline.store.events import NO_STARTS, Event
from tipline.supervisor.startup import ServerStart
from tipline.supervisor.web_process import WebProcessFailed

WAITING = (*OFF, "--wait-for-unlock")


def _status(served: ServedFolder) -> dict[str, object]:
    asked = tipline("status", served.folder.path, "--json", "--passphrase-file", served.passphrase_file)
    assert asked.returncode == 0, asked.stderr
    told: dict[str, object] = json.loads(asked.stdout)
    return told


def _serving_finding(served: ServedFolder) -> CheckResult:
    return next(finding for finding in examine(served.folder.path, None) if finding.about == "serving")


def _events(served: ServedFolder) -> set[Event]:
    with served.store() as store:
        return set(store.events.days())


def _unlock(served: ServedFolder) -> "subprocess.CompletedProcess[str]":
    return tipline("unlock", served.folder.path, "--passphrase-file", served.passphrase_file)


@contextmanager
def _waiting(served: ServedFolder, folder: Path) -> Iterator[Serving]:
    with serving_process(served, folder, *WAITING, passphrase=False) as serving:
        serving.await_said("^waiting for the passphrase")
        yield serving


def test_unlock_returns_when_the_first_page_is_answered_and_only_then_is_the_site_said_to_be_served(
    served: ServedFolder, tmp_path: Path
) -> None:
    assert _status(served)["serving"] == "no"
    assert _serving_finding(served).severity is Severity.WARNING
    with _waiting(served, tmp_path) as serving:
        told = _status(served)
        assert (told["served"], told["serving"]) == (False, "no: it is waiting for its passphrase")
        waits = _serving_finding(served)
        assert (waits.severity, waits.cure) == (Severity.CRITICAL, f"tipline unlock {served.folder.path}")
        assert (_unlock(served)).returncode == 0
        told = _status(served)
        assert (told["served"], told["serving"], told["could_not_start"]) == (True, "yes", None)
        assert _serving_finding(served).severity is Severity.OK
        serving.end()
    assert _status(served)["serving"] == "no"
    assert not _events(served) & set(NO_STARTS)


def test_a_server_whose_web_process_runs_and_answers_nothing_is_not_said_to_be_served(
    served: ServedFolder, tmp_path: Path
) -> None:
    with serving_process(served, tmp_path, *OFF) as serving:
        serving.await_said("^ready$")
        (web,) = serving.children()
        (worker,) = children_of(web)
        os.kill(worker, signal.SIGSTOP)
        try:
            told = _status(served)
            finding = _serving_finding(served)
        finally:
            os.kill(worker, signal.SIGCONT)
        assert (told["served"], told["serving"]) == (False, "no: it runs, and does not answer with its first page")
        assert finding.severity is Severity.CRITICAL
        assert eventually(lambda: _status(served)["served"] is True)
        serving.end()


def _write_too_much(served: ServedFolder) -> Path:
    """Words that are sound, and longer as HTML than a page has room for: only the web process sees that."""
    (words := served.folder.words).mkdir()
    (words / "welcome.en.md").write_text("x" * MOST_BYTES)
    (words / "emergency.en.md").write_text("<" * MOST_BYTES)
    return words / "emergency.en.md"


def _spoil_settings(served: ServedFolder) -> Path:
    """Spoil the file that is read before the passphrase is asked for."""
    served.folder.site_settings.write_text("nmae = 1\n")
    return served.folder.site_settings


def test_a_web_process_that_does_not_come_up_is_told_to_the_operator_who_unlocks_and_to_staff(
    tmp_path: Path,
) -> None:
    served = ServedFolder(tmp_path / "site")
    spoilt = _write_too_much(served)
    with _waiting(served, tmp_path / "said") as serving:
        unlocked = _unlock(served)
        assert unlocked.returncode == 1
        assert f"does not serve: {Event.NO_START_WEB}: " in unlocked.stderr
        assert "does not fit into" in unlocked.stderr
        assert serving.process.wait(30) == 1
        assert "tipline: error: " in serving.said()
        assert "does not fit into" in serving.said(), "the whole reason is in the log of the service"
    told = _status(served)
    assert (told["served"], told["could_not_start"]) == (False, Event.NO_START_WEB)
    assert (
        f"last start       {Event.NO_START_WEB}"
        in tipline("status", served.folder.path, "--passphrase-file", served.passphrase_file).stdout
    )
    finding = _serving_finding(served)
    assert finding.severity is Severity.CRITICAL
    assert Event.NO_START_WEB in finding.says
    assert "journalctl" in finding.cure
    events = tipline("events", served.folder.path, "--passphrase-file", served.passphrase_file).stdout
    assert f"! {Event.NO_START_WEB}\n" in events
    spoilt.unlink()
    with _waiting(served, tmp_path / "again") as serving:
        assert Event.NO_START_WEB in _serving_finding(served).says
        assert _unlock(served).returncode == 0
        assert _status(served)["could_not_start"] is None
        serving.end()


def test_a_start_that_fails_before_the_passphrase_is_told_without_it_and_noted_by_the_next(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    spoilt = _spoil_settings(served)
    with serving_process(served, tmp_path / "said", *WAITING, passphrase=False) as serving:
        assert serving.process.wait(30) == 1
        assert "nmae" in serving.said()
    assert (
        _serving_finding(served).says == f"no; the last start {Event.NO_START_SETTINGS}, on {SYSTEM_CLOCK.today()}"
    )
    late = _unlock(served)
    assert late.returncode == 1
    assert f"no server waits for a passphrase in {served.folder.path}: the last one {Event.NO_START_SETTINGS}" in (
        late.stderr
    )
    assert "journalctl" in late.stderr
    assert Event.NO_START_SETTINGS not in _events(served)
    spoilt.unlink()
    with serving_process(served, tmp_path / "again", *OFF) as serving:
        serving.await_said("^ready$")
        serving.end()
    assert Event.NO_START_SETTINGS in _events(served)
    assert failed_start(served.folder) is None


def test_a_tor_that_does_not_come_up_is_noted(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    command = ("serve", served.folder.path, "--passphrase-file", served.passphrase_file)
    assert tipline(*command, "--control", "unix:/nonexistent/control").returncode == 1
    assert Event.NO_START_TOR in _events(served)
    assert _status(served)["could_not_start"] == Event.NO_START_TOR


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PlaintextRisk("swap is on"), Event.NO_START_RISK),
        (SettingsError("not TOML"), Event.NO_START_SETTINGS),
        (DatabaseKeyError("another passphrase"), Event.NO_START_KEY),
        (StoreBroken("a page is damaged"), Event.NO_START_STORE),
        (ListenerError("it is taken"), Event.NO_START_ADDRESS),
        (WebProcessFailed("it ended"), Event.NO_START_WEB),
        (FirstPageSilent("nothing came"), Event.NO_START_PAGE),
        (TorDied("it ended"), Event.NO_START_TOR),
        (OSError(24, "too many open files"), Event.NO_START_SYSTEM),
        (MemoryError(), Event.NO_START_SYSTEM),
        (KeyError("unforeseen"), Event.NO_START_OTHER),
    ],
)
def test_each_failed_start_has_a_reason_from_the_list_and_leaves_nothing_else(
    served: ServedFolder, error: Exception, reason: Event
) -> None:
    noted: list[Event] = []

    def begin() -> None:
        with (
            served.folder.hold_for_serving() as lock,
            ServerStart(served.folder, lock, tors_error=TorDied) as beginning,
        ):
            beginning.start_noting(noted.append)
            raise error

    with pytest.raises(type(error)):
        begin()
    assert noted == [reason]
    assert failed_start(served.folder) == FailedStart(reason, SYSTEM_CLOCK.today(), is_noted=True)
    assert served.folder.serve_lock.read_text() == f"{reason.name} {SYSTEM_CLOCK.today()} noted"


def test_a_server_that_is_told_to_end_while_it_waits_has_not_failed_to_start(tmp_path: Path) -> None:
    served = ServedFolder(tmp_path / "site")
    with _waiting(served, tmp_path / "said") as serving:
        assert serving.end() == 0
    assert failed_start(served.folder) is None
    with (
        pytest.raises(StopAsked),
        served.folder.hold_for_serving() as lock,
        ServerStart(served.folder, lock, tors_error=TorDied),
    ):
        raise StopAsked
    assert failed_start(served.folder) is None


@contextmanager
def _operator(served: ServedFolder, seconds: float) -> Iterator[tuple[socket.socket, list[str]]]:
    """An operator who unlocks a server of which only the socket is there, and stays ``seconds``; what they hear."""
    told: list[str] = []
    waits = threading.Event()

    def bring() -> None:
        waits.wait()
        try:
            unlock(served.folder, OPERATOR, seconds=seconds)
        except NotServed as error:
            told.append(str(error))

    operator = threading.Thread(target=bring)
    operator.start()
    _key, connection = await_key(served.folder, lambda _line: waits.set())
    with connection:
        yield connection, told
        operator.join()


def test_an_operator_is_not_kept_waiting_longer_than_said(served: ServedFolder) -> None:
    with _operator(served, 0.2) as (_connection, told):
        pass
    assert told == ["the server is unlocked, and its first page was not answered within 0 s"]


def test_an_operator_is_told_when_the_server_is_killed_before_its_first_page(served: ServedFolder) -> None:
    with _operator(served, 60) as (connection, told):
        connection.close()
    assert told == ["the server was unlocked, and does not serve: it ended"]


@pytest.mark.parametrize(
    ("answer", "is_one"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n<!doctype html>\n<html></html>\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n<!doctype html>\n<html></html>\n", True),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\n<!doctype html>\n<html></html>\n", False),
        (b"HTTP/1.1 200 OK\r\n\r\n<!doctype html>\n<html>", False),
        (b"HTTP/1.1 200 OK\r\n\r\nuser-agent: *\n", False),
        (b"", False),
    ],
    ids=["the page", "closed", "an error", "half of it", "something else", "nothing"],
)
def test_only_a_whole_page_counts_as_the_first_page(answer: bytes, is_one: bool) -> None:
    assert is_first_page(answer) is is_one


def test_a_socket_that_takes_connections_and_answers_nothing_serves_no_first_page() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        page = FirstPage(ListenAddress(None, listener.getsockname()[1]), behind_tor=False)
        assert not page.is_answered(seconds=0.2)
        with pytest.raises(FirstPageSilent, match="was not answered"):
            page.require_answer(seconds=0.2)
