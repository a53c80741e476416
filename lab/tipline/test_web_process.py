"""The web process with signals, a killed worker, and a courier beside a source that is sending."""

import os
import re
import signal
import socket
import time
from pathlib import Path

from tests.tipline.processes import children_of, eventually, port_of, worker_of
from tests.tipline.served import ServedFolder, ask, raw, status_of
from tests.tipline.supervisor.test_web_process import half_a_tip


def pending(process_id: int) -> int:
    """Signals that it was sent, and that it has not seen yet."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return sum(int(signals, 16) for signals in re.findall(r"^(?:Sig|Shd)Pnd:\s+(\w+)$", status, re.MULTILINE))


def test_there_is_one_worker_whatever_signal_is_sent(served: ServedFolder) -> None:
    with served.web() as web:
        worker = worker_of(web)
        for number in (signal.SIGTTIN, signal.SIGTTIN, signal.SIGHUP, signal.SIGUSR2):
            os.kill(web.process_id, number)
        assert eventually(lambda: not pending(web.process_id))
        assert ask(port_of(web), "GET", "/")[0] == 200
        time.sleep(2)
        assert worker_of(web) == worker


def test_a_killed_worker_is_replaced_and_unfinished_uploads_are_swept(served: ServedFolder) -> None:
    with served.web() as web:
        before = served.rows()
        with socket.create_connection(("127.0.0.1", port_of(web))) as upload:
            upload.sendall(half_a_tip())
            assert eventually(lambda: served.rows() > before), "no part of the upload was ever kept"
            worker = worker_of(web)
            os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: web.is_running() and children_of(web.process_id) not in ([], [worker]))
        assert eventually(lambda: ask(port_of(web), "GET", "/")[0] == 200)
        assert eventually(lambda: served.rows() == before)


def test_a_courier_gets_bundles_while_a_source_is_sending(served: ServedFolder, run: Path) -> None:
    with (
        served.folder.hold_for_serving(),
        served.web(courier=run / "c") as web,
        socket.create_connection(("127.0.0.1", port_of(web))) as upload,
    ):
        before = served.rows()  # only now: what a server before left unfinished is swept at the start
        upload.sendall(half_a_tip())
        assert eventually(lambda: served.rows() > before), "it was never begun"
        assert b'"database_key_protected": true' in raw(run / "c", b"GET /status HTTP/1.1\r\nHost: courier\r\n\r\n")
        answer = raw(run / "c", b"GET /bundles HTTP/1.1\r\nHost: courier\r\n\r\n")
        assert status_of(answer) == 200, answer
        assert served.rows() > before, "what was being sent was swept away"


def test_a_header_that_never_ends_is_cut_off(served: ServedFolder) -> None:
    with served.web() as web, socket.create_connection(("127.0.0.1", port_of(web)), timeout=90) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        assert connection.recv(100) == b""
