"""Service keys: the address is the key's, and no one else can read the key."""

import stat
from pathlib import Path

import pytest

from onion.errors import UnsafeKeyFile
from onion.private_network import PrivateNetwork
from onion.service_key import FILE_NAME, ServiceKey, is_address

ADDRESS = "vywkgtbbsuo72pgislwckiug33spxr6wc3mlnp2cb2rreeyx3zgw37id.onion"
"""Of a key that was made for this and thrown away."""


def test_a_kept_key_is_readable_by_its_owner_only_and_comes_back(tmp_path: Path) -> None:
    key = ServiceKey.load_or_make(tmp_path / "public")
    assert stat.S_IMODE((tmp_path / "public").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "public" / FILE_NAME).stat().st_mode) == 0o600
    assert ServiceKey.load_or_make(tmp_path / "public").address == key.address


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    ServiceKey.make().keep(tmp_path)
    (tmp_path / FILE_NAME).chmod(mode)
    with pytest.raises(UnsafeKeyFile, match="readable by its owner only"):
        ServiceKey.load(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"x" * 96, b"== ed25519v1-secret: type0 ==\0\0\0" + b"k" * 63, b"k" * 500]
)
def test_a_file_that_is_no_key_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UnsafeKeyFile):
        ServiceKey.load_or_make(tmp_path)
    assert path.read_bytes() == content


def test_a_key_prints_nothing_of_itself() -> None:
    key = ServiceKey.make()
    secret = key.for_control_port().removeprefix("ED25519-V3:")
    assert secret not in repr(key) + str(key) + f"{key}"


def test_a_damaged_address_is_no_address() -> None:
    """One address for ever: its checksum has 16 bits, and one in 1300 has a damaged form that is another's."""
    assert is_address(ServiceKey.make().address)
    assert is_address(ADDRESS)
    name = ADDRESS.removesuffix(".onion")
    for place in range(len(name)):
        other = "b" if name[place] == "a" else "a"
        assert not is_address(name[:place] + other + name[place + 1 :] + ".onion")
    for wrong in (name, ADDRESS + ".", "www." + ADDRESS, ADDRESS.upper(), "", "a" * 56 + ".onion"):
        assert not is_address(wrong)


@pytest.mark.tor
def test_tor_derives_the_same_address_from_our_key(tor_network: PrivateNetwork) -> None:
    key = ServiceKey.make()
    answer = tor_network.host.control.send(
        f"ADD_ONION {key.for_control_port()} Flags=DiscardPK Port=80,unix:/nowhere"
    )
    assert f"ServiceID={key.address.removesuffix('.onion')}" in answer
    tor_network.host.control.send(f"DEL_ONION {key.address.removesuffix('.onion')}")
