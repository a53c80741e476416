"""Claims and who may make them: a client's headers, tor's own line, and the sockets of sources and couriers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onion.runtime_dir import RuntimeDir
from tests.tipline.served import ServedFolder, raw, status_of
from tipline.machine.listener import ListenAddress

PROXY = b"PROXY TCP6 fc00:dead:beef:4dad::0:26 ::1 38 80\r\n"


@pytest.fixture(scope="module")
def sockets(served: ServedFolder) -> Iterator[Path]:
    """The folder of both sockets of one web process: ``s`` for sources, ``c`` for couriers."""
    with (
        RuntimeDir(Path("/" + "x" * 200)) as folder,
        served.web(courier=folder.path / "c", public=ListenAddress(folder.path / "s", None)),
    ):
        yield folder.path


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
def test_headers_of_a_client_change_nothing_about_its_request(sockets: Path, claim: bytes) -> None:
    # Over a unix socket gunicorn would believe them: there it takes everyone for a proxy of ours.
    request = b"GET /left HTTP/1.1\r\nHost: x.onion\r\n%s\r\n"
    plain = raw(sockets / "s", request % b"" + b"\r\n")
    claiming = raw(sockets / "s", request % (claim + b"\r\n") + b"\r\n")
    assert status_of(plain) == 200
    if b"Forwarded" in claim:
        assert status_of(claiming) == 403, "only a proxy says so, and its visitors are warned"
    else:
        assert claiming == plain
    assert b"https:" not in claiming.partition(b"\r\n\r\n")[0]


def test_tors_line_is_taken_and_a_clients_own_is_refused(served: ServedFolder, run: Path) -> None:
    with served.web(public=ListenAddress(run / "s", None), behind_tor=True):
        request = b"GET / HTTP/1.1\r\nHost: x.onion\r\n\r\n"
        assert status_of(raw(run / "s", PROXY + request)) == 200
        assert status_of(raw(run / "s", PROXY + PROXY + request)) == 400


def test_a_proxy_line_without_tor_is_refused(sockets: Path) -> None:
    assert status_of(raw(sockets / "s", PROXY + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 400


def test_the_couriers_pages_are_on_the_couriers_socket_only(sockets: Path) -> None:
    request = b"GET /status HTTP/1.1\r\nHost: %s\r\n\r\n"
    assert b'"intake_open": true' in raw(sockets / "c", request % b"x")
    assert status_of(raw(sockets / "s", request % b"x")) == 404
    # gunicorn gives the Host header to the application as the name of the server; ours looks at the socket.
    assert status_of(raw(sockets / "s", request % str(sockets / "c").encode())) == 400
    assert status_of(raw(sockets / "c", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 404


def test_a_courier_gets_what_waits_and_a_broken_outbox_is_refused(sockets: Path) -> None:
    bundles = raw(sockets / "c", b"GET /bundles HTTP/1.0\r\nHost: x\r\n\r\n")
    assert b"application/octet-stream" in bundles
    assert b"TIPLINF" in bundles
    head = b"POST /outbox HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    refused = raw(sockets / "c", head % 5 + b"hello")
    assert status_of(refused) == 409
    assert b"error" in refused
    assert status_of(raw(sockets / "c", b"POST /outbox HTTP/1.1\r\nHost: x\r\n\r\n")) == 409
    assert status_of(raw(sockets / "c", b"GET /bundles?from=0 HTTP/1.1\r\nHost: x\r\n\r\n")) == 409
