"""The sockets of the web process: taken, left behind, in the way, or within reach of others."""

import socket
from pathlib import Path

import pytest

from tests.tipline.processes import port_of
from tests.tipline.served import ServedFolder, raw, status_of
from tipline.machine.listener import ListenAddress, ListenerError


def test_a_taken_port_and_a_taken_socket_are_named(served: ServedFolder, run: Path) -> None:
    with (
        served.web() as web,
        pytest.raises(ListenerError, match=f"another process listens on port {port_of(web)}"),
    ):
        served.web(public=ListenAddress(None, port_of(web)))
    with served.web(public=ListenAddress(run / "s", None)):
        with pytest.raises(ListenerError, match="another process listens on"):
            served.web(public=ListenAddress(run / "s", None))
        assert status_of(raw(run / "s", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 200


def test_a_socket_left_by_a_killed_process_is_taken_over(served: ServedFolder, run: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(run / "s"))
    with served.web(public=ListenAddress(run / "s", None)):
        assert status_of(raw(run / "s", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == 200
        assert (run / "s").stat().st_mode & 0o077 == 0


def test_a_file_where_the_socket_should_be_is_left_alone(served: ServedFolder, run: Path) -> None:
    (run / "s").write_text("mine")
    with pytest.raises(ListenerError, match="no socket"):
        served.web(public=ListenAddress(run / "s", None))
    assert (run / "s").read_text() == "mine"


@pytest.mark.parametrize("text", ["0.0.0.0:80", "8080", "127.0.0.1:", "127.0.0.1:99999", "unix:", "[::]:80", "x:1"])
def test_an_address_that_others_could_reach_is_refused(text: str) -> None:
    with pytest.raises(ListenerError, match="expected unix:PATH"):
        ListenAddress.parse(text)
