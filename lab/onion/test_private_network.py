"""The private Tor network as a tool: it boots, says when it is ready, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onion.control import TorControl
from onion.network_map import FILE_NAME
from onion.private_network import PrivateNetwork
from onion.tor_process import wait_until
from tests.tipline.processes import ended_after


def _children_of(process_id: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == process_id:
            found.add(int(status.parent.name))
    return found


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def _are_built(client: TorControl, circuits: list[str]) -> bool:
    """And are in use: one that it gave up tor keeps for a while, to learn how long it would have taken."""
    lines = [line.split(" ") for line in client.ask("circuit-status").splitlines()]
    usable = {words[0] for words in lines if {"BUILT", "PURPOSE=GENERAL"} <= set(words)}
    return usable >= set(circuits)


@pytest.mark.tor
def test_a_circuit_may_take_two_seconds_as_on_a_busy_machine_also_after_a_hundred_that_were_quick(
    tor_network: PrivateNetwork,
) -> None:
    client = tor_network.clients[1].control
    relays = [relay.control.ask("fingerprint") for relay in tor_network.authorities[:3]]

    def new_circuit() -> str:
        return client.send("EXTENDCIRCUIT 0 " + ",".join(relays))[0].removeprefix("EXTENDED ")

    # With none open tor would be more patient.
    spare = new_circuit()
    assert wait_until(lambda: _are_built(client, [spare]), seconds=10)
    for _ in range(30):
        quick = [new_circuit() for _ in range(4)]
        assert wait_until(lambda quick=quick: _are_built(client, quick), seconds=10, every=0.005)  # type: ignore[misc]
        for each in quick:
            client.send(f"CLOSECIRCUIT {each}")
    try:
        for relay in tor_network.authorities:
            os.kill(relay.process_id, signal.SIGSTOP)
        slow = new_circuit()
        time.sleep(2)
        assert not _are_built(client, [slow])
    finally:
        for relay in tor_network.authorities:
            os.kill(relay.process_id, signal.SIGCONT)
    assert wait_until(lambda: _are_built(client, [slow]), seconds=10)
    client.send(f"CLOSECIRCUIT {spare}")
    assert "LearnCircuitBuildTimeout 0" in tor_network.map.torrc, "nor does a tor learn that joins it"


@pytest.mark.tor
def test_the_tool_says_when_it_is_ready_and_leaves_no_process_and_no_map(tmp_path: Path) -> None:
    folder = tmp_path / "network"
    tool = subprocess.Popen(
        [sys.executable, "-m", "onion.private_network", str(folder), "--clients", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with ended_after(tool):
        assert tool.stdout is not None
        assert tool.stdout.readline().startswith("private network: ready after ")
        children = _children_of(tool.pid)
        assert len(children) == 5
        assert (folder / FILE_NAME).exists()
        tool.send_signal(signal.SIGTERM)
        assert tool.wait(60) == 0
    assert not any(map(_is_running, children))
    assert not (folder / FILE_NAME).exists()


@pytest.mark.tor
def test_a_tool_that_is_told_to_end_while_it_boots_does_so_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "onion.private_network", str(tmp_path / "net")]
    with ended_after(subprocess.Popen(command)) as tool:
        deadline = time.monotonic() + 60
        while not (running := _children_of(tool.pid)):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        tool.terminate()
        assert tool.wait(20) == 0
    # The first child is a tor that only says what it can: asked just before the signal, it ends by itself.
    assert wait_until(lambda: not any(map(_is_running, running)), seconds=60)
    assert not (tmp_path / "net" / FILE_NAME).exists()
