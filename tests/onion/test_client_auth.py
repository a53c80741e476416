"""Client keys: what a courier keeps, what it gives away, and which lists the server accepts."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onion.client_auth import AuthorizedClients, ClientKey, ClientPublicKey
from onion.errors import MalformedClientKey, NoSuchClient, OnionError, UnsafeKeyFile
from onion.service_key import ServiceKey


def test_a_courier_s_key_comes_back_from_its_file_which_is_its_owner_s_alone(tmp_path: Path) -> None:
    key = ClientKey.make()
    key.keep(tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert ClientKey.load(tmp_path / "key").public == key.public
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(UnsafeKeyFile):
        ClientKey.load(tmp_path / "key")


def test_a_courier_s_key_prints_nothing_of_itself() -> None:
    key = ClientKey.make()
    assert key.for_control_port().removeprefix("x25519:") not in repr(key) + str(key)


@given(st.binary(min_size=32, max_size=32))
def test_a_public_key_is_given_back_byte_for_byte(raw: bytes) -> None:
    line = ClientPublicKey(raw).to_bytes()
    assert ClientPublicKey.parse(line).to_bytes() == line


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=80).map(lambda text: f"descriptor:x25519:{text}".encode()))
)
def test_arbitrary_bytes_are_a_key_in_canonical_form_or_a_malformed_one(untrusted: bytes) -> None:
    try:
        key = ClientPublicKey.parse(untrusted)
    except MalformedClientKey:
        return
    assert key.to_bytes().strip() == untrusted.strip()


@pytest.mark.parametrize("name", ["", "../a", "a/b", "A", "a b", "-a", "a" * 33, "a.auth", "ä"])
def test_a_name_that_could_be_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoSuchClient):
        AuthorizedClients(tmp_path).add(name, ClientKey.make().public)
    assert list(tmp_path.iterdir()) == []


def test_a_courier_that_was_removed_is_no_longer_listed(tmp_path: Path) -> None:
    clients = AuthorizedClients(tmp_path / "couriers")
    assert clients.keys() == {}
    first, second = ClientKey.make().public, ClientKey.make().public
    clients.add("one", first)
    clients.add("two", second)
    assert clients.keys() == {"one": first, "two": second}
    clients.remove("one")
    assert clients.keys() == {"two": second}
    with pytest.raises(NoSuchClient):
        clients.remove("one")


def test_a_damaged_file_lets_its_courier_in_no_more_and_holds_up_nobody_else(tmp_path: Path) -> None:
    clients = AuthorizedClients(tmp_path / "couriers")
    first, second = ClientKey.make().public, ClientKey.make().public
    clients.add("one", first)
    clients.add("two", second)
    (tmp_path / "couriers" / "two.auth").write_bytes(b"")
    assert clients.keys() == {"one": first}
    assert clients.damaged() == ["two"]
    clients.add("two", second)
    assert clients.keys() == {"one": first, "two": second}
    (tmp_path / "couriers" / "two.auth").write_bytes(b"torn")
    clients.remove("two")
    assert (clients.keys(), clients.damaged()) == ({"one": first}, [])


def test_a_key_is_bound_to_a_whole_address_only() -> None:
    key = ClientKey.make()
    address = ServiceKey.make().address
    assert key.auth_private_line(address).startswith(address[:56].encode() + b":descriptor:x25519:")
    with pytest.raises(OnionError):
        key.auth_private_line("a" * 56 + ".onion")


def test_who_was_removed_is_not_back_when_the_power_fails_right_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = AuthorizedClients(tmp_path / "couriers")
    clients.add("office", ClientKey.make().public)
    seen: list[tuple[Path, list[str]]] = []
    sync = os.fsync

    def noted(number: int) -> None:
        sync(number)
        place = Path(f"/proc/self/fd/{number}").readlink()
        seen.append((place, [path.name for path in place.iterdir()]))

    monkeypatch.setattr(os, "fsync", noted)
    clients.remove("office")
    assert seen == [(tmp_path / "couriers", [])]


@pytest.mark.parametrize("link", ["onion", "onion/couriers"])
@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("is_a_group_s", [True, False])
@pytest.mark.parametrize("through_root_s_own_link", [True, False])
def test_root_follows_no_link_that_somebody_else_can_put_on_the_way_to_the_list(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    link: str,
    is_there: bool,
    is_a_group_s: bool,
    through_root_s_own_link: bool,
) -> None:
    """Anyone who broke in as the server's user could have root open, close or fill a folder of the system."""
    data, system = tmp_path / "data", tmp_path / "system"
    of_couriers = data / "onion" / "couriers"
    led_to = system / of_couriers.relative_to(data / link)
    if is_there:
        led_to.mkdir(parents=True)
        led_to.chmod(0o755)
        (led_to / "office.auth").touch()
    (data / link).parent.mkdir(parents=True)
    (data / link).symlink_to(system)
    for theirs in {data, (data / link).parent}:
        if is_a_group_s:
            theirs.chmod(0o770)
        elif os.geteuid() == 0:
            os.chown(theirs, 1000, 1000)
    if through_root_s_own_link:
        (tmp_path / "lib").symlink_to(tmp_path)
        of_couriers = tmp_path / "lib" / of_couriers.relative_to(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    before = everything_in(system)
    with pytest.raises(UnsafeKeyFile, match="is none"):
        AuthorizedClients(of_couriers).add("office", ClientKey.make().public)
    with pytest.raises(UnsafeKeyFile if is_there else NoSuchClient):
        AuthorizedClients(of_couriers).remove("office")
    assert everything_in(system) == before


def everything_in(folder: Path) -> list[tuple[Path, int, int, bytes]]:
    """Paths, owners, modes and contents; nothing where there is no such folder."""
    paths = sorted((folder, *folder.rglob("*"))) if folder.exists() else []
    looks = [(path, path.stat()) for path in paths]
    return [
        (path, look.st_uid, look.st_mode, (path.is_file() and path.read_bytes()) or b"") for path, look in looks
    ]
