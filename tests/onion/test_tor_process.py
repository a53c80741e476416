"""A tor of our own: the port on which it takes connections of clients."""

import socket
import subprocess
from pathlib import Path

import pytest

from onion.errors import TorSilent
from onion.private_network import PrivateNetwork
from onion.run_folder import RunFolder
from onion.tor_process import ANY_PORT, TorProcess, TorSettings
from onion.tor_program import TorProgram


@pytest.mark.tor
def test_a_tor_that_may_choose_its_port_tells_which_and_takes_connections_there(
    tmp_path: Path, tor_network: PrivateNetwork
) -> None:
    with RunFolder(tmp_path / "run") as run:
        settings = TorSettings(tmp_path / "tor", run.path / "s", ANY_PORT, tor_network.map.torrc)
        with TorProcess.start(TorProgram.find(), settings, name="chooses") as tor:
            port = tor.control.socks_port()
            with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
                client.sendall(b"\x05\x01\x00")  # SOCKS 5, one way to say who one is: none
                assert client.recv(2) == b"\x05\x00"


@pytest.mark.tor
def test_a_tor_without_a_port_for_clients_is_told_from_one_that_has_one(
    tmp_path: Path, tor_network: PrivateNetwork
) -> None:
    with RunFolder(tmp_path / "run") as run:
        settings = TorSettings(tmp_path / "tor", run.path / "s", None, tor_network.map.torrc)
        with (
            TorProcess.start(TorProgram.find(), settings, name="silent") as tor,
            pytest.raises(TorSilent, match="no port for clients"),
        ):
            tor.control.socks_port()


@pytest.mark.tor
def test_what_tor_says_of_visits_is_not_kept_and_a_trouble_is(tmp_path: Path, tor_network: PrivateNetwork) -> None:
    says = 'for kind in notice warn info err; do echo "Nov 26 14:00:00.000 [$kind] of a $kind"; done'
    speaker = subprocess.Popen(["sh", "-c", says], stdout=subprocess.PIPE, text=True)
    speaker.wait(60)
    spoken = TorProcess(speaker, "speaks", is_sandboxed=False)
    spoken.stop()
    assert spoken.last_words() == ["[warn] of a warn", "[err] of a err"]
    with RunFolder(tmp_path / "run") as run:
        settings = TorSettings(tmp_path / "tor", run.path / "s", None, tor_network.map.torrc)
        with TorProcess.start(TorProgram.find(), settings, name="quiet") as tor:
            assert tor.control.send("GETCONF Log") == ["Log=warn stdout"]
