"""Tor's own proof of work stands before the public service: the descriptor that visitors fetch asks for it."""

import warnings
from pathlib import Path

import pytest

from onion.client_auth import AuthorizedClients
from onion.host import OnionHost, OwnTor
from onion.private_network import PrivateNetwork
from onion.runtime_dir import RuntimeDir
from onion.service import CourierService, PublicService
from tests.tor_network import UnixPage, fetch

pytestmark = pytest.mark.tor


def _inner_layer(answer: list[str], address: str) -> list[str]:
    """The lines that only who knows the address can read, of the descriptor in what tor answered."""
    lines = "\n".join(answer).splitlines()
    begin = next(place for place, line in enumerate(lines) if line.endswith("hs-descriptor 3"))
    end = next(place for place, line in enumerate(lines) if line.startswith("signature "))
    descriptor = "\n".join(["hs-descriptor 3", *lines[begin + 1 : end + 1], ""])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from stem.descriptor.hidden_service import HiddenServiceDescriptorV3

        return str(HiddenServiceDescriptorV3.from_str(descriptor).decrypt(address)).splitlines()


def test_the_descriptor_that_a_visitor_fetches_asks_for_proof_of_work(
    tmp_path: Path, tor_network: PrivateNetwork
) -> None:
    with RuntimeDir(tmp_path / "run") as run, UnixPage(run.path / "public.socket"):
        public = PublicService(tmp_path / "public", run.path / "public.socket")
        couriers = CourierService(
            tmp_path / "courier", run.path / "courier.socket", AuthorizedClients(tmp_path / "couriers")
        )
        own = OwnTor(tmp_path / "tor", run.path / "tor.socket", tor_network.map.torrc)
        with OnionHost(own, public=public, courier=couriers, report=lambda _: None):
            assert fetch(public.address, tor_network.map.socks_ports[0])
            known = tor_network.clients[0].control.send(f"GETINFO hs/client/desc/id/{public.address[:56]}")
    lines = _inner_layer(known, public.address)
    assert [line for line in lines if line.startswith("pow-params v1 ")]
