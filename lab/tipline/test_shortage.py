"""The system refuses open files, threads or memory for a while: nothing that was acknowledged is lost, no one is
told what is not so, and the server goes on by itself.
"""

import errno
import http.client
import os
import re
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.templating import DispatchingJinjaLoader

from crypto.passphrases.passphrase import Passphrase
from tests.refused_threads import no_thread_named, shortages_told
from tests.steps import failing_step
from tests.tipline.processes import eventually, port_of, worker_of
from tests.tipline.served import ServedFolder, raw, send_tip
from tests.tipline.site_stage import BOUNDARY, KNOWN_WORDS, Stage, Upload, multipart
from tipline.intake.unfinished_submission import UnfinishedSubmission
from tipline.mailbox import service
from tipline.pages.app import read_templates
from tipline.supervisor.web_process import WebProcess
from tipline.threads.periodic import Sweeper
from tipline.web.deadline_socket import BODY_AHEAD_BYTES

POLITE = {200, 503}
DERIVATION_BYTES = 64 << 20


@contextmanager
def limited(process: int, what: int, soft: int) -> Iterator[None]:
    _soft, hard = resource.prlimit(process, what)
    resource.prlimit(process, what, (soft, hard))
    try:
        yield
    finally:
        resource.prlimit(process, what, (_soft, hard))


@contextmanager
def without_memory(process: int) -> Iterator[None]:
    """It gets no more than it has, and less by what a derivation takes: one may be at work at this moment, and what
    it will give back would be enough for a log-in, or for eight threads."""
    found = re.search(r"^VmSize:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    assert found
    with limited(process, resource.RLIMIT_AS, int(found[1]) * 1024 - DERIVATION_BYTES):
        yield


@contextmanager
def staff_told_of_no_memory(owner: object, name: str) -> Iterator[None]:
    """No memory for a step, and staff are told of it meanwhile."""
    with shortages_told() as told, failing_step(owner, name, MemoryError()):
        yield
    assert told


def tip(text: str, files: list[Upload] | None = None) -> bytes:
    """A whole request, with a nonce of its own."""
    body = multipart([("nonce", os.urandom(16).hex()), ("text", text)], files or [])
    head = f"POST / HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode() + body


def answer_to(web: WebProcess, sent: bytes, *, seconds: float = 60) -> bytes:
    """Empty where there is none in time."""
    try:
        return raw(port_of(web), sent, seconds=seconds)
    except OSError:
        return b""


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def is_receipt(answer: bytes) -> bool:
    return b"data-passphrase" in answer


@dataclass
class Running:
    """A server with one worker from the first test to the last."""

    served: ServedFolder
    web: WebProcess
    courier: Path
    worker: int

    def kept(self) -> int:
        """How many tips it has; none of its pages is damaged."""
        with self.served.store() as store:
            assert store.damage() == []
            return len(store.submissions.waiting())

    def goes_on(self) -> None:
        """It takes a tip with a file, by the same process as ever, and staff are told what was."""
        assert is_receipt(send_tip(port_of(self.web), "after", [Upload("c.bin", bytes(1 << 20))]))
        assert worker_of(self.web) == self.worker
        told = raw(self.courier, b"GET /status HTTP/1.1\r\nHost: courier\r\n\r\n")
        assert b"the system refused open files, threads or memory on " in told


@pytest.fixture(scope="module")
def running(served: ServedFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    courier = tmp_path_factory.mktemp("c") / "c"
    with served.web(courier=courier) as web:
        assert is_receipt(send_tip(port_of(web), "before", [Upload("a.bin", bytes(1 << 20))]))
        yield Running(served, web, courier, worker_of(web))


def test_the_first_tip_after_a_start_needs_no_file_of_a_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    nonce = stage.browser.get("/").hidden("nonce")
    read_templates(stage.site.app)
    monkeypatch.setattr(DispatchingJinjaLoader, "get_source", refused)
    assert stage.browser.send_tip("hello", nonce=nonce).words
    assert stage.browser.post("/return", []).status == 200
    assert stage.browser.upload("/", [("text", "hello")], own_site=False).status == 403
    assert stage.browser.post("/kept", [("nonce", nonce)]).status == 200


@pytest.mark.parametrize(
    ("owner", "name"), [(Passphrase, "generate"), (UnfinishedSubmission, "finish")], ids=["for words", "to finish"]
)
def test_staff_are_told_of_a_tip_that_was_refused_for_want_of_memory(
    stage: Stage, owner: object, name: str
) -> None:
    nonce = stage.browser.get("/").hidden("nonce")
    with staff_told_of_no_memory(owner, name):
        answer = stage.browser.send_tip("what I saw", nonce=nonce)
    assert answer.status == http.client.SERVICE_UNAVAILABLE
    assert "what I saw" in answer.text
    assert stage.read_all() == []


def test_staff_are_told_of_a_log_in_that_was_refused_for_want_of_memory(stage: Stage) -> None:
    with staff_told_of_no_memory(service, "open_mailbox"):
        answer = stage.browser.open_mailbox(KNOWN_WORDS)
    assert answer.status == http.client.SERVICE_UNAVAILABLE
    assert KNOWN_WORDS in answer.text


def test_without_open_files_requests_wait_or_are_refused_politely_and_then_all_goes_on(running: Running) -> None:
    before, answers = running.kept(), []
    for most in range(12, 40, 3):
        with limited(running.worker, resource.RLIMIT_NOFILE, most):
            answers += [answer_to(running.web, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", seconds=0.3)]
            answers += [answer_to(running.web, tip("some"), seconds=5 if answers[-1] else 0.3)]
    assert b"" in answers, "some were held"
    assert {status_of(answer) for answer in answers if answer} <= POLITE
    receipts = sum(map(is_receipt, answers))
    assert receipts > 0
    running.goes_on()
    # One whose answer was not waited for may have been kept as well.
    assert receipts + 1 <= running.kept() - before <= len(answers) // 2 + 1


def test_without_memory_words_and_text_come_back_with_a_polite_refusal_and_all_goes_on(
    running: Running,
) -> None:
    words = " ".join(Passphrase.generate().words)
    log_in = (
        "POST /mailbox HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(words) + 11}\r\n\r\npassphrase={words.replace(' ', '+')}"
    ).encode()
    before = running.kept()
    with without_memory(running.worker):
        assert answer_to(running.web, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        refused = answer_to(running.web, log_in)
        assert status_of(refused) == http.client.SERVICE_UNAVAILABLE
        assert words.encode() in refused
        text = answer_to(running.web, tip("text"))
        too_much = answer_to(running.web, tip("what I saw", [Upload("b.bin", bytes(24 << 20))]))
    assert status_of(too_much) == http.client.SERVICE_UNAVAILABLE
    assert b"\r\nRetry-After: " in too_much
    assert b"what I saw</textarea>" in too_much
    assert status_of(answer_to(running.web, log_in)) == http.client.OK
    running.goes_on()
    assert running.kept() == before + is_receipt(text) + 1


def test_without_further_threads_a_request_waits_for_one_that_is_there(running: Running) -> None:
    port = port_of(running.web)
    with ExitStack() as opened, without_memory(running.worker):
        for _ in range(12):
            upload = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            upload.sendall(tip("never ends", [Upload("long.bin", bytes(2 * BODY_AHEAD_BYTES))])[:-20])
        page = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        assert eventually(lambda: not any(answer_to(running.web, page, seconds=0.5) for _ in range(3)))
        opened.close()
        assert eventually(lambda: answer_to(running.web, page).startswith(b"HTTP/1.1 200 "))
    running.goes_on()


def test_what_is_to_be_forgotten_is_forgotten_though_a_sweep_failed() -> None:
    swept = threading.Semaphore(0)

    def fails() -> None:
        raise MemoryError

    sweeper = Sweeper([fails, swept.release], every_seconds=0.01)
    sweeper.start()
    try:
        assert all(swept.acquire(timeout=60) for _ in range(3))
    finally:
        sweeper.stop()


def test_a_sweeper_that_the_system_refused_a_thread_can_be_stopped_and_started_again() -> None:
    swept = threading.Event()
    sweeper = Sweeper([swept.set], every_seconds=0.01)
    with no_thread_named("sweeper"), pytest.raises(RuntimeError, match="new thread"):
        sweeper.start()
    sweeper.stop()
    sweeper.start()
    assert swept.wait(60)
    sweeper.stop()
