"""A courier's tor runs in its sandbox, or the courier is told."""

import os
from pathlib import Path

import pytest

from courier.client import Courier
from onion.client_auth import AuthorizedClients, ClientPublicKey
from onion.private_network import PrivateNetwork
from onion.runtime_dir import RuntimeDir
from onion.service import CourierService
from onion.tor_program import TorProgram
from tests.tor_network import UnixPage

DIES_OF_ITS_SANDBOX = """#!/bin/sh
if grep -qs "^Sandbox 1" "$2"; then exit 1; fi
exec {tor} "$@"
"""


@pytest.mark.tor
def test_a_courier_is_told_when_its_tor_runs_without_its_sandbox_and_only_then(
    tmp_path: Path, tor_network: PrivateNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    program, control = TorProgram.find(), tor_network.host.control
    courier, couriers = Courier(tmp_path / "courier", warn=warned.append), AuthorizedClients(tmp_path / "couriers")
    with RuntimeDir(tmp_path / "run") as run, UnixPage(run.path / "s"):
        service = CourierService(tmp_path / "service", run.path / "s", couriers)
        courier.set_up(address=service.address, network=tor_network.folder)
        couriers.add("one", ClientPublicKey.parse(courier.public_key_file.read_bytes()))
        service.publish_at(control, program)
        try:
            control.await_descriptor(service.address, seconds=60)
            with courier.line():
                assert warned == []
            frail = tmp_path / "bin" / "tor"
            frail.parent.mkdir()
            frail.write_text(DIES_OF_ITS_SANDBOX.format(tor=program.path))
            frail.chmod(0o700)
            monkeypatch.setenv("PATH", f"{frail.parent}:{os.environ['PATH']}")
            with courier.line():
                assert warned == ["tor runs without its system call sandbox, which it did not start with here"]
        finally:
            service.retire_from(control)
