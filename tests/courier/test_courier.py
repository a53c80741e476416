"""What the courier's program makes of what a server answers, also of one that was taken over."""

import json
import os
from pathlib import Path

import httpx
import pytest

from courier.client import Courier, CourierError, ServerLine, _refusal
from crypto.bundles.bundle_file import MAGIC
from onion.client_auth import AuthorizedClients, ClientPublicKey
from onion.private_network import PrivateNetwork
from onion.runtime_dir import RuntimeDir
from onion.service import CourierService
from onion.tor_program import TorProgram
from tests.tor_network import UnixPage

# Takes the place of tor, and dies of its sandbox as an older one does on a newer kernel.
DIES_OF_ITS_SANDBOX = """#!/bin/sh
if grep -qs "^Sandbox 1" "$2"; then exit 1; fi
exec {tor} "$@"
"""


@pytest.mark.parametrize("field", ["error", "hint"])
def test_what_a_server_says_cannot_command_the_couriers_terminal(field: str) -> None:
    told = {"error": "no", "hint": None} | {field: "\x1b[2J\x9b31m\rall is well\u202e"}
    refusal = _refusal(httpx.Response(409, stream=httpx.ByteStream(json.dumps(told).encode())))
    shown = f"{refusal} {refusal.hint}"
    assert "all is well" in shown
    assert shown.isprintable()


@pytest.mark.parametrize("content", [b"", b"We come on Friday.", b"TIPLINB\x1a\x01", b"age-encryption.org/v1\n"])
def test_nothing_but_a_file_of_bundles_leaves_the_medium(tmp_path: Path, content: bytes) -> None:
    asked: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        request.read()
        taken = dict.fromkeys(("bundles", "repeated", "replies", "receipts", "deleted"), 0)
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(taken).encode()))

    left = tmp_path / "answer.txt"
    left.write_bytes(content)
    with httpx.Client(transport=httpx.MockTransport(server), base_url="http://server") as client:
        with pytest.raises(CourierError, match=r"answer\.txt is no FILE of bundles"):
            ServerLine(client).push(left)
        assert asked == []
        left.write_bytes(MAGIC + b"\x01and the rest")
        ServerLine(client).push(left)
    assert [request.content for request in asked] == [left.read_bytes()]


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
