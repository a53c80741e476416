"""`tipline serve` and the couriers' commands, as processes, on a real private Tor network."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from onion.client_auth import AuthorizedClients, ClientKey
from onion.errors import NotPublished, TorNotInstalled
from onion.private_network import PrivateNetwork
from onion.tor_program import find_program
from tests.tipline.served import ServedFolder, send_tip
from tests.tor_network import fetch
from tipline.cli import main
from tipline.serve import _StopAsked, _StopSignals, _watch

TIPLINE = [sys.executable, "-c", "import sys; from tipline.cli import main; sys.exit(main())"]
OFF = ("--tor", "off", "--bind", "127.0.0.1:0")


class Serving:
    """A running `tipline serve`, and what it has said."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self._folder = folder

    def said(self) -> str:
        return (self._folder / "out").read_text() + (self._folder / "err").read_text()

    def await_said(self, pattern: str) -> "re.Match[str]":
        found: list[re.Match[str]] = []

        def look() -> bool:
            assert self.process.poll() is None, self.said()
            match = re.search(pattern, self.said(), re.MULTILINE)
            if match:
                found.append(match)
            return bool(match)

        assert _eventually(look, seconds=90), self.said()
        return found[0]

    def children(self) -> list[int]:
        return _children(self.process.pid)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def _serving(served: ServedFolder, folder: Path, *options: str) -> Iterator[Serving]:
    folder.mkdir(exist_ok=True)
    with open(folder / "out", "w") as out, open(folder / "err", "w") as err:
        process = subprocess.Popen(
            [
                *TIPLINE,
                "serve",
                str(served.folder.path),
                "--passphrase-file",
                str(served.passphrase_file),
                *options,
            ],
            stdout=out,
            stderr=err,
            text=True,
        )
    with process:
        try:
            yield Serving(process, folder)
        finally:
            if process.poll() is None:
                process.terminate()


def _children(process_id: int) -> list[int]:
    lists = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(each) for children in lists for each in children.read_text().split()]


def _is_gone(process_id: int) -> bool:
    return not Path(f"/proc/{process_id}").exists()


def _eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _tipline(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TIPLINE, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedFolder:
    return ServedFolder(tmp_path_factory.mktemp("served") / "site")


def test_without_tor_it_serves_on_loopback_says_so_loudly_and_ends_with_0(
    served: ServedFolder, tmp_path: Path
) -> None:
    with _serving(served, tmp_path, *OFF) as serving:
        port = int(serving.await_said(r"^address: http://127\.0\.0\.1:(\d+)/$")[1])
        serving.await_said("^ready$")
        assert "warning: WITHOUT TOR" in serving.said()
        assert b"data-passphrase" in send_tip(port, "hello")
        second = _tipline("serve", served.folder.path, "--passphrase-file", served.passphrase_file, *OFF)
        assert second.returncode == 1
        assert "tipline: error: another process serves" in second.stderr
        taken = ServedFolder(tmp_path / "other")
        clash = _tipline(
            "serve", taken.folder.path, "--passphrase-file", taken.passphrase_file, *OFF[:3], f"127.0.0.1:{port}"
        )
        assert clash.returncode == 1
        assert f"tipline: error: another process listens on port {port}" in clash.stderr
        assert "tipline: hint:" in clash.stderr
        below = serving.children()
        assert serving.end() == 0
        assert all(map(_is_gone, below))


def test_a_site_that_takes_nothing_in_is_served_and_says_so(tmp_path: Path) -> None:
    closed = ServedFolder(tmp_path / "site")
    closed.folder.manifest_version.write_text("99\n")
    with _serving(closed, tmp_path, *OFF) as serving:
        serving.await_said("^ready$")
        assert "warning: intake is closed: a higher manifest version was seen before" in serving.said()
        assert serving.end() == 0


def test_a_web_process_that_dies_is_started_again(served: ServedFolder, tmp_path: Path) -> None:
    with _serving(served, tmp_path, *OFF) as serving:
        serving.await_said("^ready$")
        (web,) = serving.children()
        workers = _children(web)
        os.kill(web, signal.SIGKILL)
        serving.await_said("the web process died; starting it again")
        assert _eventually(lambda: serving.children() not in ([], [web]))
        assert _eventually(lambda: all(map(_is_gone, workers)))
        assert serving.end() == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--tor", "off"], "without Tor there must be an address"),
        (["--bind", "127.0.0.1:8080"], "with Tor the site listens on a unix socket only"),
        (["--tor", "private"], "a private network must be named"),
        (["--tor", "off", "--bind", "0.0.0.0:80"], "expected unix:PATH or 127.0.0.1:PORT"),
        (["--tor", "private", "--network", "/nonexistent"], "expected a running private network"),
        (["--control", "unix:/nonexistent/control"], "no tor listens for a control connection"),
    ],
)
def test_what_cannot_be_served_is_refused_with_1_and_a_hint(
    served: ServedFolder, options: list[str], reason: str
) -> None:
    command = _tipline("serve", served.folder.path, "--passphrase-file", served.passphrase_file, *options)
    assert command.returncode == 1
    assert reason in command.stderr
    assert "tipline: hint:" in command.stderr
    assert "Traceback" not in command.stderr


def test_a_wrong_passphrase_a_missing_folder_and_a_debugger_are_named(
    served: ServedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("another passphrase\n")
    refused = _tipline("serve", served.folder.path, "--passphrase-file", wrong, *OFF)
    assert refused.returncode == 1
    assert "the passphrase does not open the database key" in refused.stderr
    assert main(["serve", str(tmp_path / "nowhere"), *OFF]) == 1
    assert "is not the folder of a tip line" in capsys.readouterr().err
    monkeypatch.setenv("FLASK_DEBUG", "1")
    debugging = _tipline("serve", served.folder.path, "--passphrase-file", served.passphrase_file, *OFF)
    assert debugging.returncode == 1
    assert "FLASK_DEBUG is set" in debugging.stderr


def test_a_missing_tor_is_named_with_what_to_install() -> None:
    with pytest.raises(TorNotInstalled, match="expected the program tor-that-nobody-has") as caught:
        find_program("tor-that-nobody-has")
    assert caught.value.hint == "install it: apt install tor"


class _ShyHost:
    """Publishes the couriers at the second request only."""

    def __init__(self) -> None:
        self.is_published = threading.Event()
        self.is_published.set()
        self.asked = 0

    def publish_couriers(self) -> None:
        self.asked += 1
        if self.asked == 1:
            raise NotPublished("no directory took the descriptor")


class _Looks:
    """A stop that comes after some looks."""

    def __init__(self, *before: Callable[[], object]) -> None:
        self._before = list(before)

    def wait(self, _seconds: float) -> bool:
        if not self._before:
            return True
        self._before.pop(0)()
        return False

    @contextmanager
    def breaking_off(self) -> Iterator[None]:
        yield


def test_a_signal_breaks_off_a_publication_that_tor_does_not_finish() -> None:
    with _StopSignals() as stop:
        stop.wait_from_now()
        with pytest.raises(_StopAsked), stop.breaking_off():
            signal.raise_signal(signal.SIGTERM)
        assert stop.wait(0)


def test_a_signal_in_the_watch_breaks_nothing_off() -> None:
    with _StopSignals() as stop:
        stop.wait_from_now()
        with stop.breaking_off():
            assert not stop.wait(0)
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(60)


def test_a_list_of_couriers_that_cannot_be_published_does_not_end_the_site(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    host, warnings = _ShyHost(), list[str]()
    torn = tmp_path / "couriers" / "torn.auth"
    looks = _Looks(
        lambda: couriers.add("one", ClientKey.make().public),
        lambda: None,
        lambda: None,
        lambda: torn.write_bytes(b"torn"),
        lambda: None,
        torn.unlink,
    )
    web: Any = SimpleNamespace(revive=lambda: None)
    stop: Any = looks
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, warnings.append)
    assert host.asked == 2
    assert [warning.partition(":")[0] for warning in warnings] == ["the list of couriers is not published yet"] * 2


@pytest.mark.tor
def test_a_tip_line_behind_tor_with_its_courier_and_every_death_it_survives(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    site, courier = served.folder.path, tmp_path / "courier"
    options = ("--tor", "private", "--network", str(tor_network.folder))
    with _serving(served, tmp_path / "said", *options) as serving:
        address = serving.await_said(r"^address: http://([a-z2-7]{56}\.onion)/$")[1]
        serving.await_said("^ready$")
        assert "<title>" in fetch(address, tor_network.map.socks_ports[0])

        assert _tipline("courier", "setup", courier, "--network", tor_network.folder).returncode == 0
        early = _tipline("courier", "pull", courier, "--out", tmp_path / "early")
        assert early.returncode == 1
        assert "does not know the server's address yet" in early.stderr
        assert _tipline("couriers", "add", site, courier / "courier.pub").returncode == 0
        serving.await_said("published the couriers' service")
        listed = json.loads(_tipline("couriers", "list", site, "--json").stdout)
        assert listed["couriers"] == ["courier"]
        assert _tipline("courier", "setup", courier, "--address", listed["address"]).returncode == 0
        pulled = _tipline("courier", "pull", courier, "--out", tmp_path / "tips")
        assert pulled.returncode == 0, pulled.stderr
        assert (tmp_path / "tips").read_bytes().startswith(b"TIPLINF")
        (tmp_path / "broken").write_bytes(b"no outbox")
        pushed = _tipline("courier", "push", courier, tmp_path / "broken")
        assert pushed.returncode == 1
        assert "the server refuses" in pushed.stderr

        (tor,) = [each for each in serving.children() if "tor" in Path(f"/proc/{each}/comm").read_text()]
        os.kill(tor, signal.SIGKILL)
        serving.await_said("publishing the same addresses")
        assert _eventually(lambda: serving.said().count(f"published http://{address}/") == 2, seconds=90)
        assert "<title>" in fetch(address, tor_network.map.socks_ports[0])

        below = serving.children()
        assert len(below) == 2
        assert serving.end() == 0
        assert all(map(_is_gone, below))
    with _serving(served, tmp_path / "again", *options) as serving:
        assert serving.await_said(r"^address: http://([a-z2-7]{56}\.onion)/$")[1] == address
        serving.end()


@pytest.mark.tor
def test_a_courier_that_was_never_added_finds_no_server(
    served: ServedFolder, tor_network: PrivateNetwork, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger"
    address = json.loads(_tipline("couriers", "list", served.folder.path, "--json").stdout)["address"]
    setup = _tipline("courier", "setup", stranger, "--network", tor_network.folder, "--address", address)
    assert setup.returncode == 0
    pulled = _tipline("courier", "pull", stranger, "--out", tmp_path / "tips")
    assert pulled.returncode == 1
    assert "cannot be reached through Tor" in pulled.stderr
    assert not (tmp_path / "tips").exists()
    assert not list(tmp_path.glob("*.part"))
