"""The private network tool, as its users start and stop it."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from onion.errors import NetworkNotReady
from onion.network_map import FILE_NAME, NetworkMap
from onion.private_network import PrivateNetwork


@pytest.mark.tor
def test_the_map_of_a_running_network_is_its_owner_s_alone_and_says_how_to_join(
    tor_network: PrivateNetwork,
) -> None:
    assert NetworkMap.load(tor_network.folder) == tor_network.map
    assert stat.S_IMODE((tor_network.folder / FILE_NAME).stat().st_mode) == 0o600
    assert len(tor_network.map.socks_ports) == 2
    assert sum(line.startswith("DirAuthority ") for line in tor_network.map.torrc) == 4


@pytest.mark.tor
def test_every_port_of_the_network_is_on_loopback(tor_network: PrivateNetwork) -> None:
    for tor in [tor_network.host, *tor_network.clients]:
        for kind in ("or", "dir", "socks"):
            listeners = tor.control.ask(f"net/listeners/{kind}")
            assert all("127.0.0.1:" in each or "unix:" in each for each in listeners.split())


@pytest.mark.tor
def test_every_relay_may_stand_anywhere_in_a_circuit(tor_network: PrivateNetwork) -> None:
    flags = [line.split() for line in tor_network.host.control.ask("ns/all").splitlines() if line.startswith("s ")]
    assert len(flags) == 4
    assert all({"Exit", "Fast", "Guard", "HSDir", "Running", "Stable"} <= set(each) for each in flags)


@pytest.mark.tor
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(NetworkNotReady, match="missing, empty"):
        PrivateNetwork(tmp_path).boot()
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_the_tool_names_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    run = subprocess.run(
        [sys.executable, "-m", "onion.private_network", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "error: expected" in run.stderr
    assert "hint: give another folder" in run.stderr


def test_a_network_that_does_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkNotReady, match="running private network") as caught:
        NetworkMap.load(tmp_path)
    assert "python -m onion.private_network" in caught.value.hint
