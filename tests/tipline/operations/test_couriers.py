"""`tipline couriers`, as the operator keeps the list."""

import json
from pathlib import Path

import pytest

from onion.client_auth import ClientKey
from tests.tipline.served import ServedFolder
from tests.tipline.serving import tipline


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Lets in the courier office."""
    site = ServedFolder(tmp_path / "site").folder.path
    (tmp_path / "courier.pub").write_bytes(ClientKey.make().public.to_bytes())
    assert tipline("couriers", "add", site, tmp_path / "courier.pub", "--name", "office").returncode == 0
    return site


def test_a_damaged_key_file_is_listed_as_such_and_its_courier_can_be_removed(site: Path) -> None:
    (site / "onion" / "couriers" / "torn.auth").write_bytes(b"descriptor:x25519:ABC")
    said = tipline("couriers", "list", site).stdout
    assert "courier  office\n" in said
    assert "damaged  torn, who is not let in: add the key again, or remove the name\n" in said
    listed = json.loads(tipline("couriers", "list", site, "--json").stdout)
    assert (listed["couriers"], listed["damaged"]) == (["office"], ["torn"])
    assert tipline("couriers", "remove", site, "torn").returncode == 0
    assert "torn" not in tipline("couriers", "list", site).stdout


def test_a_list_that_cannot_be_read_is_an_error_that_names_it(site: Path) -> None:
    (site / "onion" / "couriers" / "unreadable.auth").mkdir()
    listed = tipline("couriers", "list", site)
    assert listed.returncode == 1
    assert "cannot read the list of couriers: is a directory" in listed.stderr
    assert "Traceback" not in listed.stderr
