"""`tipline serve` and the couriers' commands, as processes, on a real private Tor network."""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.bundles.bundle_file import MAGIC
from onion.private_network import PrivateNetwork
from tests.tipline.processes import eventually, is_gone
from tests.tipline.served import ServedFolder
from tests.tipline.serving import Serving, serving_process, tipline
from tests.tor_network import fetch

# `tipline` that waits for a network for ten seconds, and not for three minutes.
IMPATIENT = """
import sys
from onion.host import OnionHost
OnionHost.__init__.__kwdefaults__["network_seconds"] = 10.0
from tipline.cli import main
sys.exit(main())
"""


def tor_of(serving: Serving) -> int:
    """The process id of its tor."""
    (tor,) = [each for each in serving.children() if "tor" in Path(f"/proc/{each}/comm").read_text()]
    return tor


@pytest.mark.tor
def test_a_tip_line_behind_tor_with_its_courier_and_every_death_it_survives(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    site, courier = served.folder.path, tmp_path / "courier"
    options = ("--tor", "private", "--network", str(tor_network.folder))
    with serving_process(served, tmp_path / "said", *options) as serving:
        address = serving.await_said(r"^address: http://([a-z2-7]{56}\.onion)/$")[1]
        serving.await_said("^ready$")
        assert "<title>" in fetch(address, tor_network.map.socks_ports[0])

        assert tipline("courier", "setup", courier, "--network", tor_network.folder).returncode == 0
        early = tipline("courier", "pull", courier, "--out", tmp_path / "early")
        assert early.returncode == 1
        assert "does not know the server's address yet" in early.stderr
        assert tipline("couriers", "add", site, courier / "courier.pub").returncode == 0
        serving.await_said("published the couriers' service")
        listed = json.loads(tipline("couriers", "list", site, "--json").stdout)
        assert listed["couriers"] == ["courier"]
        assert tipline("courier", "setup", courier, "--address", listed["address"]).returncode == 0
        pulled = tipline("courier", "pull", courier, "--out", tmp_path / "tips")
        assert pulled.returncode == 0, pulled.stderr
        assert (tmp_path / "tips").read_bytes().startswith(b"TIPLINF")
        (tmp_path / "broken").write_bytes(MAGIC + b"no outbox")
        pushed = tipline("courier", "push", courier, tmp_path / "broken")
        assert pushed.returncode == 1
        assert "the server refuses" in pushed.stderr

        tor = tor_of(serving)
        os.kill(tor, signal.SIGKILL)
        serving.await_said("publishing the same addresses")
        assert eventually(lambda: serving.said().count(f"published http://{address}/") == 2, seconds=150)
        assert "<title>" in fetch(address, tor_network.map.socks_ports[0])
        assert eventually(lambda: serving.said().count("published the couriers' service") == 2, seconds=150)
        stick = tmp_path / "stick"
        stick.mkdir()
        (stick / "broken").write_bytes(MAGIC + b"no outbox")
        once = ("courier", "watch", courier, "--tips", stick, "--outboxes", stick, "--once")
        refused = tipline(*once)
        assert refused.returncode == 1
        assert "broken: the server refuses" in refused.stderr
        (stick / "broken").unlink()
        watched = tipline(*once)
        assert watched.returncode == 0, watched.stderr
        assert "round done on " in watched.stdout

        below = serving.children()
        assert len(below) == 2
        assert serving.end() == 0
        assert all(map(is_gone, below))
    with serving_process(served, tmp_path / "again", *options) as serving:
        assert serving.await_said(r"^address: http://([a-z2-7]{56}\.onion)/$")[1] == address
        serving.end()


@pytest.mark.tor
def test_the_tor_of_a_tip_line_may_leave_no_core_dump(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    options = ("--tor", "private", "--network", str(tor_network.folder))
    with serving_process(served, tmp_path / "said", *options) as serving:
        serving.await_said("tor has reached its network")
        limits = Path(f"/proc/{tor_of(serving)}/limits").read_text().splitlines()
        (core,) = [line.split() for line in limits if line.startswith("Max core file size")]
        assert core[4:6] == ["0", "0"]


@pytest.mark.tor
def test_a_courier_that_was_never_added_finds_no_server(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    site, known, stranger = served.folder.path, tmp_path / "known", tmp_path / "stranger"
    for courier in (known, stranger):
        assert tipline("courier", "setup", courier, "--network", tor_network.folder).returncode == 0
    (known / "courier.pub").rename(tmp_path / "known.pub")
    assert tipline("couriers", "add", site, tmp_path / "known.pub").returncode == 0
    address = json.loads(tipline("couriers", "list", site, "--json").stdout)["address"]
    for courier in (known, stranger):
        assert tipline("courier", "setup", courier, "--address", address).returncode == 0
    options = ("--tor", "private", "--network", str(tor_network.folder))
    with serving_process(served, tmp_path / "said", *options) as serving:
        serving.await_said("published the couriers' service")
        pulled = tipline("courier", "pull", stranger, "--out", tmp_path / "tips")
        assert pulled.returncode == 1
        assert "cannot be reached through Tor" in pulled.stderr
        let_in = tipline("courier", "pull", known, "--out", tmp_path / "tips of one who was added")
        assert let_in.returncode == 0, let_in.stderr
    assert not (tmp_path / "tips").exists()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.tor
def test_a_server_whose_network_is_late_stays_unlocked_serves_once_it_is_there_and_can_be_ended_before(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", IMPATIENT]
    late, line = tmp_path / "late", tmp_path / "line.conf"
    late.mkdir()
    replace(tor_network.map, torrc=(*tor_network.map.torrc, f"%include {line}")).keep(late)
    site, options = served.folder.path, ("--tor", "private", "--network", str(late))
    line.write_text("DisableNetwork 1\n")
    with serving_process(served, tmp_path / "ended", *options, program=program) as serving:
        serving.await_said("^starting again$")
        below = serving.children()
        assert serving.end() == 0
        assert all(map(is_gone, below))
        assert "ready" not in serving.said()
    with serving_process(
        served, tmp_path / "said", *options, "--wait-for-unlock", passphrase=False, program=program
    ) as serving:
        serving.await_said("^waiting for the passphrase")
        assert tipline("unlock", site, "--passphrase-file", served.passphrase_file).returncode == 0
        serving.await_said("^tipline: error: tor did not reach its network within 10 s")
        assert "ready" not in serving.said()
        line.write_text("")
        serving.await_said("^ready$")
        address = serving.await_said(r"^address: http://([a-z2-7]{56}\.onion)/$")[1]
        assert "<title>" in fetch(address, tor_network.map.socks_ports[0])
        assert serving.end() == 0
