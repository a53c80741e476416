"""The web process, as a source's browser, a nuisance and an operator meet it: real gunicorn, real sockets."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onion.run_folder import RunFolder
from tests.tipline.served import ServedFolder, ask, raw, send_tip
from tests.tipline.site_stage import BOUNDARY, Upload, multipart
from tipline.listener import Bind, ListenerError
from tipline.web_process import WebOrder, WebProcess, WebProcessFailed

PROXY = b"PROXY TCP6 fc00:dead:beef:4dad::0:26 ::1 38 80\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedFolder:
    return ServedFolder(tmp_path_factory.mktemp("served") / "site")


@pytest.fixture(scope="module")
def web(served: ServedFolder) -> Iterator[WebProcess]:
    with served.web() as web:
        yield web


@pytest.fixture(scope="module", autouse=True)
def endless_header(web: WebProcess) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", _port(web)), timeout=90) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        yield connection


@pytest.fixture
def run() -> Iterator[Path]:
    with RunFolder(Path("/" + "x" * 200)) as folder:
        yield folder.path


def _port(web: WebProcess) -> int:
    assert web.port is not None
    return web.port


def _worker(web: WebProcess) -> int:
    (only,) = Path(f"/proc/{web.process_id}/task/{web.process_id}/children").read_text().split()
    return int(only)


def _eventually(condition: Callable[[], bool], *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_tip_gets_its_receipt_through_the_real_server(web: WebProcess) -> None:
    assert b"data-passphrase" in send_tip(_port(web), "hello", [Upload("a.bin", bytes(3_000_000))])


def test_no_answer_names_the_server_or_the_hour(web: WebProcess) -> None:
    port = _port(web)
    answers = [
        raw(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(port, b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(port, b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(port, b"nothing like HTTP\r\n\r\n"),
        raw(port, b"GET / HTTP/1.1\r\nHost: x\r\nLong: " + b"y" * 9000 + b"\r\n\r\n"),
    ]
    for answer in answers:
        head = answer.partition(b"\r\n\r\n")[0]
        assert b"\r\nServer:" not in head
        assert re.search(rb"\r\nDate: \w{3}, \d\d \w{3} \d{4} 00:00:00 GMT\r\n", head)
        assert b"gunicorn" not in answer.lower()
        assert b"\r\nContent-Security-Policy: default-src 'none'" in head


def test_what_is_no_request_gets_the_sites_own_page_and_is_not_quoted(web: WebProcess) -> None:
    answer = raw(_port(web), b"canary-7f3a nothing like HTTP\r\n\r\n")
    assert _status(answer) == 400
    assert b"canary-7f3a" not in answer
    assert len(answer.partition(b"\r\n\r\n")[2]) == len(ask(_port(web), "GET", "/nowhere")[2])


@pytest.mark.parametrize(
    "claim",
    [
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Ssl: on",
        b"SCRIPT_NAME: /return",
        b"PATH_INFO: /return",
        b"Forwarded: for=1.2.3.4",
    ],
)
def test_headers_of_a_client_change_nothing_about_its_request(
    served: ServedFolder, run: Path, claim: bytes
) -> None:
    # Over a unix socket gunicorn would believe them: there it takes everybody for a proxy of ours.
    request = b"GET /left HTTP/1.1\r\nHost: x.onion\r\n%s\r\n"
    with served.web(public=Bind(run / "s", None)):
        plain = raw(run / "s", request % b"" + b"\r\n")
        claiming = raw(run / "s", request % (claim + b"\r\n") + b"\r\n")
    assert _status(plain) == 200
    if not claim.startswith((b"X-Forwarded", b"Forwarded")):
        assert claiming == plain
    assert b"https:" not in claiming.partition(b"\r\n\r\n")[0]


def test_tors_line_is_taken_and_a_clients_own_is_refused(served: ServedFolder, run: Path) -> None:
    with served.web(public=Bind(run / "s", None), behind_tor=True):
        request = b"GET / HTTP/1.1\r\nHost: x.onion\r\n\r\n"
        assert _status(raw(run / "s", PROXY + request)) == 200
        assert _status(raw(run / "s", PROXY + PROXY + request)) == 400


def test_a_proxy_line_without_tor_is_refused(web: WebProcess) -> None:
    assert _status(raw(_port(web), PROXY + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 400


def test_the_couriers_pages_are_on_the_couriers_socket_only(served: ServedFolder, run: Path) -> None:
    request = b"GET /status HTTP/1.1\r\nHost: %s\r\n\r\n"
    with served.web(courier=run / "c", public=Bind(run / "s", None)):
        assert b'"intake_open": true' in raw(run / "c", request % b"x")
        for host in (b"x", str(run / "c").encode()):
            assert _status(raw(run / "s", request % host)) == 404
        assert _status(raw(run / "c", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 404


def test_a_courier_gets_what_waits_and_a_broken_outbox_is_refused(served: ServedFolder, run: Path) -> None:
    with served.web(courier=run / "c"):
        bundles = raw(run / "c", b"GET /bundles HTTP/1.0\r\nHost: x\r\n\r\n")
        assert b"application/octet-stream" in bundles
        assert b"TIPLINF" in bundles
        head = b"POST /outbox HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
        refused = raw(run / "c", head % 5 + b"hello")
        assert _status(refused) == 409
        assert b"error" in refused
        assert _status(raw(run / "c", b"POST /outbox HTTP/1.1\r\nHost: x\r\n\r\n")) == 409
        assert _status(raw(run / "c", b"GET /bundles?from=0 HTTP/1.1\r\nHost: x\r\n\r\n")) == 409


def test_a_thousand_silent_connections_and_as_many_endless_headers_do_not_stop_a_tip(web: WebProcess) -> None:
    port = _port(web)
    nuisances = [socket.create_connection(("127.0.0.1", port)) for _ in range(1000)]
    try:
        for each in nuisances[:400]:
            each.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert b"data-passphrase" in send_tip(port, "hello")
    finally:
        for each in nuisances:
            each.close()


def test_clients_that_never_hang_up_hold_nobody_else(web: WebProcess) -> None:
    port = _port(web)
    lingering = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
    try:
        for each in lingering:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        # One after the other they would take two seconds each, and this request's patience ends before.
        assert ask(port, "GET", "/")[0] == 200
    finally:
        for each in lingering:
            each.close()


def test_a_body_that_breaks_the_rules_gets_an_answer_and_leaves_nothing(
    web: WebProcess, served: ServedFolder
) -> None:
    before = _waiting(served)
    head = (
        b"POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    answer = raw(_port(web), head + b"zz\r\nnonsense")
    assert 400 <= _status(answer) < 500
    assert _waiting(served) == before


def _waiting(served: ServedFolder) -> int:
    with served.store() as store:
        return len(store.submissions.waiting())


def test_there_is_one_worker_whatever_signal_is_sent(served: ServedFolder) -> None:
    with served.web() as web:
        worker = _worker(web)
        for number in (signal.SIGTTIN, signal.SIGTTIN, signal.SIGHUP, signal.SIGUSR2):
            os.kill(web.process_id, number)
        assert ask(_port(web), "GET", "/")[0] == 200
        time.sleep(1)
        assert _worker(web) == worker


def test_a_killed_worker_is_replaced_and_unfinished_uploads_are_swept(served: ServedFolder) -> None:
    with served.web() as web:
        before = _waiting(served)
        with socket.create_connection(("127.0.0.1", _port(web))) as upload:
            body = multipart([("text", "half a tip")], [Upload("a", bytes(2_000_000))])
            upload.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nContent-Length: 90000000\r\n"
                b"Content-Type: multipart/form-data; boundary=" + BOUNDARY.encode() + b"\r\n\r\n" + body[:1_500_000]
            )
            worker = _worker(web)
            os.kill(worker, signal.SIGKILL)
        assert _eventually(lambda: web.is_running() and _children(web) not in ([], [worker]))
        assert _eventually(lambda: ask(_port(web), "GET", "/")[0] == 200)
        assert _waiting(served) == before


def _children(web: WebProcess) -> list[int]:
    return [
        int(each) for each in Path(f"/proc/{web.process_id}/task/{web.process_id}/children").read_text().split()
    ]


def test_stopping_ends_a_running_upload_within_seconds_and_leaves_no_process_and_no_socket(
    served: ServedFolder, run: Path
) -> None:
    with served.web(public=Bind(run / "s", None)) as web:
        worker = _worker(web)
        with socket.socket(socket.AF_UNIX) as upload:
            upload.connect(str(run / "s"))
            upload.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\nhalf")
            web.stop()
    # The kernel ends the worker when its parent is gone; whoever inherits it may take a moment to bury it.
    assert _eventually(lambda: not Path(f"/proc/{worker}").exists())
    assert not (run / "s").exists()


def test_the_web_process_does_not_outlive_who_started_it(served: ServedFolder, tmp_path: Path) -> None:
    script = tmp_path / "starter.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from tipline.listener import Bind\n"
        "from tipline.web_process import WebOrder, WebProcess\n"
        "key = bytes.fromhex(sys.stdin.readline())\n"
        "web = WebProcess(WebOrder(Path(sys.argv[1]), key, Bind(None, 0), None, False))\n"
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
    assert _eventually(lambda: not Path(f"/proc/{web_process}").exists())
    assert _eventually(lambda: not Path(f"/proc/{worker}").exists())


def test_the_key_is_in_no_argument_and_no_environment(web: WebProcess, served: ServedFolder) -> None:
    for process_id in (web.process_id, _worker(web)):
        for name in ("cmdline", "environ"):
            content = Path(f"/proc/{process_id}/{name}").read_bytes()
            assert served.key not in content
            assert served.key.hex().encode() not in content


def test_a_wrong_key_is_named_and_nothing_is_left(served: ServedFolder) -> None:
    order = WebOrder(served.folder.path, bytes(32), Bind(None, 0), None, behind_tor=False)
    with pytest.raises(WebProcessFailed, match="database key"):
        WebProcess(order)


def test_a_taken_port_and_a_taken_socket_are_named(served: ServedFolder, web: WebProcess, run: Path) -> None:
    with pytest.raises(ListenerError, match=f"another process listens on port {_port(web)}"):
        served.web(public=Bind(None, _port(web)))
    with served.web(public=Bind(run / "s", None)):
        with pytest.raises(ListenerError, match="another process listens on"):
            served.web(public=Bind(run / "s", None))
        assert _status(raw(run / "s", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 200


def test_a_socket_left_by_a_killed_process_is_taken_over(served: ServedFolder, run: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(run / "s"))
    with served.web(public=Bind(run / "s", None)):
        assert _status(raw(run / "s", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 200
        assert (run / "s").stat().st_mode & 0o077 == 0


def test_a_file_where_the_socket_should_be_is_left_alone(served: ServedFolder, run: Path) -> None:
    (run / "s").write_text("mine")
    with pytest.raises(ListenerError, match="no socket"):
        served.web(public=Bind(run / "s", None))
    assert (run / "s").read_text() == "mine"


@pytest.mark.parametrize("text", ["0.0.0.0:80", "8080", "127.0.0.1:", "127.0.0.1:99999", "unix:", "[::]:80", "x:1"])
def test_an_address_that_others_could_reach_is_refused(text: str) -> None:
    with pytest.raises(ListenerError, match="expected unix:PATH"):
        Bind.parse(text)


def test_a_header_that_never_ends_is_cut_off(endless_header: socket.socket) -> None:
    # Begun with the module's web process, so that most of the wait is over by now.
    endless_header.sendall(b"Slower: ")
    assert endless_header.recv(100) == b""
