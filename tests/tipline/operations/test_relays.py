"""`tipline relays`, as the operator keeps the list and the switch."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from onion.client_auth import ClientKey
from onion.service_key import is_address
from tests.tipline.served import ServedFolder
from tipline.cli import main
from tipline.operations.relays import relay_clients
from tipline.store.relay_ring import counted_relays


@dataclass
class Said:
    """The outcome of a command."""

    returncode: int
    stdout: str
    stderr: str


def tipline(*words: object) -> Said:
    """A command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture
def served_site(tmp_path: Path) -> ServedFolder:
    site = ServedFolder(tmp_path / "site")
    (tmp_path / "key.pub").write_bytes(ClientKey.make().public.to_bytes())
    return site


@pytest.fixture
def site(served_site: ServedFolder, tmp_path: Path) -> Path:
    """Two relays and a duty machine were added; the service is off, as it is shipped."""
    path, key = served_site.folder.path, tmp_path / "key.pub"
    for name in ("clinic-1", "clinic-2"):
        assert tipline("relays", "add", path, key, "--name", name).returncode == 0
    assert tipline("relays", "add", path, key, "--name", "one", "--duty").returncode == 0
    return path


def state(site: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads(tipline("relays", "status", site, "--json").stdout)
    return told


def test_a_site_has_no_relays_and_no_trace_of_them_until_the_first_is_added(served_site: ServedFolder) -> None:
    site = served_site.folder.path
    assert state(site) == {"is_on": False, "relays": [], "duty": [], "address": "", "closed_early": False}
    assert not (site / "onion" / "relays").exists()
    refused = tipline("relays", "on", site)
    assert (refused.returncode, "no relay was added yet" in refused.stderr) == (1, True)


def test_clients_are_let_in_while_the_service_is_on_and_none_while_it_is_off(
    site: Path, served_site: ServedFolder
) -> None:
    clients = relay_clients(served_site.folder)
    told = state(site)
    assert is_address(told.pop("address"))
    assert told == {
        "is_on": False,
        "relays": ["clinic-1", "clinic-2"],
        "duty": ["duty-one"],
        "closed_early": False,
    }
    assert clients.keys() == {}
    assert counted_relays(served_site.folder.store) == 2
    assert tipline("relays", "on", site).returncode == 0
    assert set(clients.keys()) == {"clinic-1", "clinic-2", "duty-one"}
    assert tipline("relays", "remove", site, "clinic-2").returncode == 0
    assert set(clients.keys()) == {"clinic-1", "duty-one"}
    assert counted_relays(served_site.folder.store) == 1
    assert tipline("relays", "off", site, "--taken-down").returncode == 0
    assert clients.keys() == {}
    assert state(site)["closed_early"] is False


def test_the_service_is_not_switched_off_without_a_word_about_what_still_hangs(site: Path) -> None:
    assert tipline("relays", "on", site).returncode == 0
    for options in ((), ("--taken-down", "--now")):
        refused = tipline("relays", "off", site, *options)
        assert (refused.returncode, "expected --taken-down or --now" in refused.stderr) == (1, True)
        assert state(site)["is_on"] is True
    early = tipline("relays", "off", site, "--now")
    assert (early.returncode, "take down every button" in early.stderr) == (0, True)
    assert "relays closed before everything was taken down" in tipline("relays", "status", site).stdout
    assert tipline("relays", "off", site, "--now").returncode == 1
    assert tipline("relays", "on", site).returncode == 0
    assert state(site)["closed_early"] is False


def test_bad_input_is_refused_by_name_and_changes_nothing(site: Path, tmp_path: Path) -> None:
    before = state(site)
    (tmp_path / "no.pub").write_text("no key")
    for words, said in (
        (("add", site, tmp_path / "no.pub", "--name", "x"), "begins with descriptor:x25519:"),
        (("add", site, tmp_path / "gone.pub", "--name", "x"), "cannot read"),
        (("add", site, tmp_path / "key.pub", "--name", "X!"), "small letters, digits and hyphens"),
        (("add", site, tmp_path / "key.pub", "--name", "duty-two"), "must not begin with duty-"),
        (("remove", site, "not-there"), "expected the name of an authorised relay"),
    ):
        refused = tipline("relays", *words)
        assert (refused.returncode, said in refused.stderr) == (1, True), refused.stderr
    assert state(site) == before
