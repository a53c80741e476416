"""A tor of our own: its port for clients, what it is kept from, and what is kept of what it says."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from onion.errors import TorSilent
from onion.private_network import PrivateNetwork
from onion.runtime_dir import RuntimeDir
from onion.tor_process import ANY_PORT, TorProcess, TorSettings
from onion.tor_program import TorProgram


@contextmanager
def own_tor(folder: Path, network: PrivateNetwork, *, socks_port: str | None = None) -> Iterator[TorProcess]:
    """One that runs in the private network."""
    with RuntimeDir(folder / "run") as run:
        settings = TorSettings(folder / "tor", run.path / "s", socks_port, network.map.torrc)
        with TorProcess.start(TorProgram.find(), settings, name="own") as tor:
            yield tor


@pytest.mark.tor
def test_a_tor_that_may_choose_its_port_tells_which_and_takes_connections_there(
    tmp_path: Path, tor_network: PrivateNetwork
) -> None:
    with own_tor(tmp_path, tor_network, socks_port=ANY_PORT) as tor:
        port = tor.control.socks_port()
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            client.sendall(b"\x05\x01\x00")  # SOCKS 5, one way to say who one is: none
            assert client.recv(2) == b"\x05\x00"


@pytest.mark.tor
def test_a_running_tor_has_what_keeps_others_from_looking_into_it(
    tmp_path: Path, tor_network: PrivateNetwork
) -> None:
    """Asked of tor itself, as a torrc may say one thing twice; and said in the torrc, as defaults may change."""
    with RuntimeDir(tmp_path / "run") as run:
        settings = TorSettings(tmp_path / "tor", run.path / "s", None, tor_network.map.torrc)
        with TorProcess.start(TorProgram.find(), settings, name="shut") as tor:
            wanted = {"Sandbox": "1", "DisableDebuggerAttachment": "1", "SafeLogging": "1", "NoExec": "1"}
            assert tor.control.send(f"GETCONF {' '.join(wanted)}") == [f"{a}={b}" for a, b in wanted.items()]
            assert {f"{a} {b}" for a, b in wanted.items()} <= set(settings.torrc().splitlines())
            status = Path(f"/proc/{tor.process_id}/status").read_text(encoding="utf-8")
            assert "\nSeccomp:\t2\n" in status  # a filter of system calls


# Takes the place of tor, notes what it was told, and becomes tor: which no one but root may ask afterwards.
TELLS = """#!{python} -I
import os, sys
with open("/proc/self/environ", "rb") as told, open({told!r}, "wb") as kept:
    kept.write(told.read())
os.execv({tor!r}, [{tor!r}, *sys.argv[1:]])
"""


@pytest.mark.tor
def test_tor_is_started_with_memory_that_overwrites_what_it_gives_back_and_nothing_of_our_environment(
    tmp_path: Path, tor_network: PrivateNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_WORD_OF_OURS", "canary")
    tor, told, tells = TorProgram.find(), tmp_path / "told", tmp_path / "tells"
    tells.write_text(TELLS.format(python=sys.executable, told=str(told), tor=tor.path), encoding="utf-8")
    tells.chmod(0o700)
    with RuntimeDir(tmp_path / "run") as run:
        settings = TorSettings(tmp_path / "tor", run.path / "s", None, tor_network.map.torrc)
        with TorProcess.start(replace(tor, path=str(tells)), settings, name="told") as running:
            assert running.control.ask("version")
    environment = dict(entry.split("=", 1) for entry in told.read_text(encoding="utf-8").rstrip("\0").split("\0"))
    assert environment.keys() == {"GLIBC_TUNABLES", "HOME", "LD_BIND_NOW", "PATH"}
    assert environment["HOME"] == "/nonexistent"
    tunables = dict(one.split("=") for one in environment["GLIBC_TUNABLES"].split(":"))
    assert int(tunables["glibc.malloc.perturb"]) > 0
    assert tunables["glibc.malloc.tcache_count"] == "0"


@pytest.mark.tor
def test_a_tor_without_a_port_for_clients_is_told_from_one_that_has_one(
    tmp_path: Path, tor_network: PrivateNetwork
) -> None:
    with own_tor(tmp_path, tor_network) as tor, pytest.raises(TorSilent, match="no port for clients"):
        tor.control.socks_port()


@pytest.mark.tor
def test_what_tor_says_of_visits_is_not_kept_and_a_trouble_is(tmp_path: Path, tor_network: PrivateNetwork) -> None:
    says = 'for kind in notice warn info err; do echo "Nov 26 14:00:00.000 [$kind] of a $kind"; done'
    speaker = subprocess.Popen(["sh", "-c", says], stdout=subprocess.PIPE, text=True)
    speaker.wait(60)
    spoken = TorProcess(speaker, "speaks", is_sandboxed=False)
    spoken.stop()
    assert spoken.last_words() == ["[warn] of a warn", "[err] of a err"]
    with own_tor(tmp_path, tor_network) as tor:
        assert tor.control.send("GETCONF Log") == ["Log=warn stdout"]
