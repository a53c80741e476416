"""The couriers' service on a real tor: for who is on the list, and its trouble no one else's."""

import socket
from contextlib import ExitStack
from typing import Any

import pytest

from onion.client_auth import ClientKey
from onion.client_auth_watcher import ClientAuthWatcher
from onion.errors import TorRefused
from tests.onion.host_stage import Stage
from tests.tipline.processes import eventually
from tests.tor_network import connected, fetch, fetch_over

pytestmark = pytest.mark.tor


def _is_cut(connection: socket.socket) -> bool:
    """True if a stream on which nothing was asked for yet has ended."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_the_couriers_service_exists_for_key_holders_only(stage: Stage) -> None:
    key = ClientKey.make()
    with stage.host() as host:
        assert any("no courier is authorised" in line for line in stage.reports)
        stage.clients.add("one", key.public)
        host.publish_couriers()
        address = stage.courier.address
        with pytest.raises(OSError, match=r"could not connect|timed out"):
            fetch(address, stage.network.map.socks_ports[0], seconds=8)
        stage.network.clients[1].control.send(f"ONION_CLIENT_AUTH_ADD {address[:56]} {key.for_control_port()}")
        assert fetch(address, stage.network.map.socks_ports[1]) == "no proxy line"
        stage.clients.remove("one")
        host.publish_couriers()
        stage.network.clients[1].control.send("SIGNAL NEWNYM")
        with pytest.raises(OSError, match=r"could not connect|timed out"):
            fetch(address, stage.network.map.socks_ports[1], seconds=8)


def test_a_courier_that_is_removed_is_cut_off_though_it_keeps_its_circuit_and_nobody_else_is_shut_out(
    stage: Stage,
) -> None:
    gone, stays = ClientKey.make(), ClientKey.make()
    stage.clients.add("gone", gone.public)
    stage.clients.add("stays", stays.public)
    address, ports = stage.courier.address, stage.network.map.socks_ports
    with stage.host() as host, ExitStack() as streams:
        for client, key in zip(stage.network.clients, (stays, gone), strict=True):
            client.control.send(f"ONION_CLIENT_AUTH_ADD {address[:56]} {key.for_control_port()}")
        visitor = streams.enter_context(connected(stage.public.address, ports[1]))
        idle = streams.enter_context(connected(address, ports[1]))
        assert fetch(address, ports[0]) == fetch(address, ports[1]) == "no proxy line"
        stage.clients.remove("gone")
        host.publish_couriers()
        with pytest.raises(OSError, match=r"could not connect|timed out|reset"):
            fetch(address, ports[1], seconds=8)
        assert _is_cut(idle)
        assert fetch(address, ports[0]) == "no proxy line"
        assert fetch_over(visitor, stage.public.address).startswith("PROXY TCP6 ")


def test_who_was_removed_and_may_be_in_still_is_named_while_their_list_cannot_be_taken_down(stage: Stage) -> None:
    stage.clients.add("office", ClientKey.make().public)
    warned: list[str] = []
    with stage.host() as host:
        door = ClientAuthWatcher(host, stage.clients, warned.append)
        key = stage.courier.folder / "hs_ed25519_secret_key"
        key.chmod(0o644)
        stage.clients.remove("office")
        assert eventually(lambda: bool(door.look() or warned))
        assert "readable by its owner only" in warned[0]
        assert warned[0].endswith("perhaps let in until then, though no more on it: office")
        assert warned[1].startswith("what to do: if no other user can have read it: chmod 600")
        key.chmod(0o600)
        assert eventually(lambda: host.let_in == {})
        assert host.may_be_in == {}


def test_what_to_do_is_said_also_where_the_host_met_the_trouble_first(stage: Stage) -> None:
    stage.clients.add("one", ClientKey.make().public)
    assert stage.courier.address
    key = stage.courier.folder / "hs_ed25519_secret_key"
    key.chmod(0o644)
    with stage.host() as host:
        assert eventually(lambda: any("readable by its owner only" in line for line in stage.reports))
        assert eventually(lambda: any(line.startswith("what to do: if no other user") for line in stage.reports))
        key.chmod(0o600)
        assert eventually(lambda: bool(host.let_in))
        assert eventually(lambda: host.couriers_trouble == "")


def test_a_refusal_that_is_not_tor_s_no_such_service_is_not_taken_for_a_service_that_is_down(stage: Stage) -> None:
    """A removed courier would count as shut out."""

    class NotUnderstood:
        def send(self, _command: str) -> list[str]:
            raise TorRefused("tor gave an answer that was not understood")

    odd: Any = NotUnderstood()
    with pytest.raises(TorRefused):
        stage.courier.retire_from(odd)
    stage.courier.retire_from(stage.network.host.control)  # tor itself: there is none
