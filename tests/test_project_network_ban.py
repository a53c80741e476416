"""The ban on the network in tests/network_ban.py is itself tested: a ban that bans nothing looks the same."""

import socket

import pytest

from tests.network_ban import LeavesThisMachine, NetworkBan, stays_here

# 192.0.2.0/24 and 2001:db8::/32 are set aside for documents and lead nowhere.
FOREIGN = [(socket.AF_INET, ("192.0.2.7", 80)), (socket.AF_INET6, ("2001:db8::7", 80, 0, 0))]


@pytest.mark.parametrize(("family", "address"), FOREIGN)
def test_a_connection_that_leaves_this_machine_is_refused(
    network_ban: NetworkBan, family: socket.AddressFamily, address: tuple[str, int]
) -> None:
    with network_ban.expecting_an_offence(), socket.socket(family) as outward, pytest.raises(LeavesThisMachine):
        outward.connect(address)


@pytest.mark.parametrize(("family", "address"), FOREIGN)
def test_a_datagram_that_leaves_this_machine_is_refused(
    network_ban: NetworkBan, family: socket.AddressFamily, address: tuple[str, int]
) -> None:
    with (
        network_ban.expecting_an_offence(),
        socket.socket(family, socket.SOCK_DGRAM) as outward,
        pytest.raises(LeavesThisMachine),
    ):
        outward.sendto(b"x", address)


def test_a_name_look_up_is_refused(network_ban: NetworkBan) -> None:
    with network_ban.expecting_an_offence(), pytest.raises(LeavesThisMachine):
        socket.getaddrinfo("tipline.invalid", 80)


def test_listening_on_every_interface_is_refused(network_ban: NetworkBan) -> None:
    with network_ban.expecting_an_offence(), socket.socket() as listener, pytest.raises(LeavesThisMachine):
        listener.bind(("0.0.0.0", 0))  # noqa: S104 - the thing that must be refused


def test_loopback_works() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as near,
        listener.accept()[0] as far,
    ):
        near.sendall(b"here")
        assert far.recv(4) == b"here"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", b"127.0.0.1", None])
def test_these_hosts_are_this_machine(host: object) -> None:
    assert stays_here(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "localhost.example", b"192.0.2.7", "fe80::1"])  # noqa: S104
def test_these_hosts_are_not(host: object) -> None:
    assert not stays_here(host)
