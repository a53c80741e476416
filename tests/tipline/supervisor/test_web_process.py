"""The web process and its one worker: what they hold, how they are killed, replaced and stopped."""

import os
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.refused_threads import no_thread_named
from tests.tipline.processes import children_of, eventually, port_of, worker_of
from tests.tipline.served import ServedFolder, ask, send_tip
from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.machine.listener import ListenAddress
from tipline.requests.nonce import Nonce
from tipline.supervisor.web_process import WebProcess, WebProcessFailed
from tipline.web.order import WebOrder


@pytest.fixture(scope="module")
def web(served: ServedFolder) -> Iterator[WebProcess]:
    with served.web() as web:
        yield web


def test_a_tip_gets_its_receipt_through_the_real_server(web: WebProcess) -> None:
    assert b"data-passphrase" in send_tip(port_of(web), "hello", [Upload("a.bin", bytes(3_000_000))])


def half_a_tip() -> bytes:
    """Of which parts are kept by the time that the rest is missed."""
    fields = [("nonce", Nonce.generate().digits()), ("text", "half a tip")]
    body = multipart(fields, [Upload("a", bytes(2_000_000))])
    return (
        b"POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: 90000000\r\n"
        b"Content-Type: multipart/form-data; boundary=" + BOUNDARY.encode() + b"\r\n\r\n" + body[:1_500_000]
    )


def test_stopping_ends_a_running_upload_within_seconds_and_leaves_no_process_no_socket_and_no_dead_import(
    served: ServedFolder, run: Path
) -> None:
    with served.web(public=ListenAddress(run / "s", None)) as web:
        worker = worker_of(web)
        with socket.socket(socket.AF_UNIX) as upload:
            before = served.rows()
            upload.connect(str(run / "s"))
            upload.sendall(half_a_tip())
            assert eventually(lambda: served.rows() > before), "it was never begun"
            with served.store() as killed:
                killed.submissions.receive("2026-W01", bytes(32))
            web.stop()
        assert web._process is not None
        assert web._process.returncode == 0, "after some seconds it would be killed"
    # The kernel ends the worker when its parent is gone; anyone who inherits it may take a moment to bury it.
    assert eventually(lambda: not Path(f"/proc/{worker}").exists())
    assert not (run / "s").exists()
    with served.store() as store:
        weeks = store._small.rows("SELECT week FROM submissions")
    assert ("2026-W01",) not in weeks, "the last heartbeat removes what a killed import left"


def test_the_web_process_does_not_outlive_who_started_it(served: ServedFolder, tmp_path: Path) -> None:
    script = tmp_path / "starter.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from tipline.machine.listener import ListenAddress\n"
        "from tipline.supervisor.web_process import WebProcess\n"
        "from tipline.web.order import WebOrder\n"
        "key = bytes.fromhex(sys.stdin.readline())\n"
        "web = WebProcess(WebOrder(Path(sys.argv[1]), key, ListenAddress(None, 0), None, False))\n"
        "print(web.process_id, flush=True)\n"
        "time.sleep(600)\n"
    )
    starter = subprocess.Popen(
        [sys.executable, str(script), str(served.folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        starter.stdin.write(served.key.hex().encode() + b"\n")
        starter.stdin.flush()
        web_process = int(starter.stdout.readline())
        (worker,) = Path(f"/proc/{web_process}/task/{web_process}/children").read_text().split()
        starter.kill()
    assert eventually(lambda: not Path(f"/proc/{web_process}").exists())
    assert eventually(lambda: not Path(f"/proc/{worker}").exists())


def test_the_key_is_in_no_argument_and_no_environment(web: WebProcess, served: ServedFolder) -> None:
    for process_id in (web.process_id, worker_of(web)):
        for name in ("cmdline", "environ"):
            content = Path(f"/proc/{process_id}/{name}").read_bytes()
            assert served.key not in content
            assert served.key.hex().encode() not in content


def test_a_wrong_key_is_named_and_nothing_is_left(served: ServedFolder) -> None:
    order = WebOrder(served.folder.path, bytes(32), ListenAddress(None, 0), None, behind_tor=False)
    with pytest.raises(WebProcessFailed, match="database key"):
        WebProcess(order)


def test_what_a_web_process_says_without_end_takes_no_memory_of_the_one_that_started_it(
    served: ServedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "print('{\"ready\": true}', flush=True)\n"
        "for piece in (b'x' * (1 << 20), b'{\"ready\": true}\\n' * (1 << 16)):\n"
        "    for _ in range(16):\n"
        "        sys.stdout.buffer.write(piece)\n"
    )
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    tracemalloc.start()
    try:
        with served.web() as web:
            assert web._reader is not None
            web._reader.join(60)
            assert not web._reader.is_alive()
            assert web._told.get_nowait() is None, "that it has ended"
            assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_thread_that_the_system_refuses_to_its_start_is_named_and_nothing_is_left(served: ServedFolder) -> None:
    before = children_of(os.getpid())
    with no_thread_named("web-process"), pytest.raises(WebProcessFailed, match="no thread"):
        served.web()
    assert children_of(os.getpid()) == before
    with served.web() as web:
        assert ask(port_of(web), "GET", "/")[0] == 200
