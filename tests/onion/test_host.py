"""Services on a real tor: reachable, under the same address after every death, and gone when told."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from onion.client_auth import AuthorizedClients, ClientKey
from onion.control import TorControl
from onion.errors import NotPublished, OnionError, TorDied, TorRefused, TorSilent
from onion.host import AttachedTor, OnionHost, OwnTor
from onion.private_network import PrivateNetwork
from onion.run_folder import RunFolder
from onion.service import CourierService, PublicService
from onion.service_key import ServiceKey
from tests.refused_threads import no_lock_for_a_thread_named, no_lock_in, no_thread_named
from tests.tipline.processes import children_of
from tests.tor_network import UnixPage, connected, fetch, fetch_over

pytestmark = pytest.mark.tor


class Stage:
    """A folder for one host: sockets with short paths, two services, and what was reported."""

    def __init__(self, folder: Path, run: Path, network: PrivateNetwork) -> None:
        self.network = network
        self.run = run
        self.clients = AuthorizedClients(folder / "couriers")
        self.public = PublicService(folder / "public", run / "public.socket")
        self.courier = CourierService(folder / "courier", run / "courier.socket", self.clients)
        self.own = OwnTor(folder / "tor", run / "tor.socket", network.map.torrc)
        self.reports: list[str] = []

    def host(self, tor: OwnTor | AttachedTor | None = None) -> OnionHost:
        return OnionHost(tor or self.own, public=self.public, courier=self.courier, report=self.reports.append)

    def fetch(self, address: str) -> str:
        return fetch(address, self.network.map.socks_ports[0])


@pytest.fixture
def stage(tmp_path: Path, tor_network: PrivateNetwork) -> Iterator[Stage]:
    with (
        RunFolder(tmp_path / "run") as run,
        UnixPage(run.path / "public.socket"),
        UnixPage(run.path / "courier.socket"),
    ):
        yield Stage(tmp_path, run.path, tor_network)


def _eventually(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _is_cut(connection: socket.socket) -> bool:
    """Whether a stream on which nothing was asked for yet has ended."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@contextmanager
def _paused(process_id: int) -> Iterator[None]:
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        try:
            os.kill(process_id, signal.SIGCONT)
        except ProcessLookupError:
            return


def test_a_published_address_is_reachable_at_once_and_tor_tells_circuits_apart(stage: Stage) -> None:
    with stage.host():
        first = stage.fetch(stage.public.address)
        assert first.startswith("PROXY TCP6 fc00:dead:beef:4dad:")
        other = fetch(stage.public.address, stage.network.map.socks_ports[1])
        assert other.split(" ")[2] != first.split(" ")[2]
    assert any("published http://" in line for line in stage.reports)


def test_a_running_tor_limits_the_streams_of_a_circuit_to_the_public_service_and_its_introductions(
    stage: Stage,
) -> None:
    with stage.host() as host:
        assert host._control is not None
        options = host._control.send("GETCONF HiddenServiceOptions")
    assert {
        "HiddenServiceExportCircuitID=haproxy",
        "HiddenServiceMaxStreams=20",
        "HiddenServiceMaxStreamsCloseCircuit=0",
        "HiddenServiceEnableIntroDoSDefense=1",
        "HiddenServiceEnableIntroDoSRatePerSec=200",
        "HiddenServiceEnableIntroDoSBurstPerSec=1000",
    } <= set(options)


@pytest.mark.parametrize("of_couriers", [False, True], ids=["public", "couriers"])
def test_a_circuit_that_asks_for_a_twenty_first_stream_is_refused_it_and_keeps_the_others(
    stage: Stage, of_couriers: bool
) -> None:
    key = ClientKey.make()
    stage.clients.add("one", key.public)
    service = stage.courier if of_couriers else stage.public
    client, socks_port = stage.network.clients[1].control, stage.network.map.socks_ports[1]
    with stage.host(), ExitStack() as streams:
        if of_couriers:
            client.send(f"ONION_CLIENT_AUTH_ADD {service.address[:56]} {key.for_control_port()}")
        opened = [streams.enter_context(connected(service.address, socks_port)) for _ in range(20)]
        with pytest.raises(ConnectionRefusedError):
            streams.enter_context(connected(service.address, socks_port))
        (page,) = {fetch_over(each, service.address) for each in opened}  # it tells the circuit, where tor does
        assert page.startswith("no proxy line" if of_couriers else "PROXY TCP6 ")


def test_a_killed_tor_is_noticed_and_the_same_address_is_published_again(stage: Stage) -> None:
    key = ClientKey.make()
    stage.clients.add("one", key.public)
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert _eventually(lambda: host.tor_process_id not in (killed, None) and host.is_published.is_set())
        assert "PROXY" in stage.fetch(stage.public.address)


def test_couriers_who_cannot_be_let_in_leave_tor_and_the_public_service_alone_and_get_in_once_they_can(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ClientKey.make()
    stage.clients.add("one", key.public)
    tries: list[int] = []
    keys = AuthorizedClients.keys
    monkeypatch.setattr(AuthorizedClients, "keys", lambda clients: tries.append(1) or keys(clients))
    unreadable = stage.clients._folder / "unreadable.auth"
    unreadable.mkdir()
    with stage.host() as host, connected(stage.public.address, stage.network.map.socks_ports[0]) as visitor:
        before = host.tor_process_id
        assert host.is_published.is_set()
        assert host.let_in is None
        assert _eventually(lambda: len(tries) >= 3)
        (error,) = [line for line in stage.reports if "error" in line]
        assert error.startswith("error: the couriers' service is not published: [Errno 21] Is a directory")
        unreadable.rmdir()
        assert _eventually(lambda: any("published the couriers' service" in line for line in stage.reports))
        assert host.let_in == {"one": key.public}
        assert fetch_over(visitor, stage.public.address).startswith("PROXY TCP6 ")
        assert host.tor_process_id == before
    assert not any("tor went away" in line for line in stage.reports)


def test_an_address_of_couriers_that_no_directory_takes_in_time_leaves_tor_and_the_public_service_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.clients.add("one", ClientKey.make().public)
    wait = TorControl.await_descriptor
    refusals = [1, 1]

    def await_descriptor(control: TorControl, address: str, *, seconds: float) -> int:
        late = address == stage.courier.address and bool(refusals) and refusals.pop()
        return wait(control, address, seconds=0 if late else seconds)

    monkeypatch.setattr(TorControl, "await_descriptor", await_descriptor)
    with stage.host() as host:
        before = host.tor_process_id
        assert host.is_published.is_set()
        assert _eventually(lambda: any("published the couriers' service" in line for line in stage.reports))
        assert not refusals
        assert host.tor_process_id == before
    assert sum("no directory took the descriptor" in line for line in stage.reports) == 1


def test_a_tor_that_dies_while_its_files_cannot_be_written_comes_back_when_they_can(stage: Stage) -> None:
    in_the_way = stage.own.data_folder / "torrc.new"
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        in_the_way.mkdir()  # as a full disk would, this keeps the torrc from being written
        os.kill(killed, signal.SIGKILL)
        assert _eventually(lambda: any("trying again" in line for line in stage.reports))
        in_the_way.rmdir()
        assert _eventually(lambda: host.tor_process_id not in (killed, None) and host.is_published.is_set())


@pytest.mark.parametrize("refused", ["tor-reader", "tor-closer"])
def test_a_tor_that_dies_while_the_system_gives_no_thread_comes_back_when_it_does(
    stage: Stage, refused: str
) -> None:
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        with no_thread_named(refused):
            os.kill(killed, signal.SIGKILL)
            assert _eventually(lambda: host.tor_process_id != killed)
            assert refused == "tor-closer" or _eventually(
                lambda: any("no thread" in line and "trying again" in line for line in stage.reports)
            )
        assert _eventually(lambda: host.tor_process_id is not None and host.is_published.is_set())
        assert host.tor_process_id != killed


def test_a_tor_that_dies_while_the_system_gives_no_lock_to_wait_with_comes_back_when_it_does(stage: Stage) -> None:
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        with no_lock_in("onion") as refused:
            os.kill(killed, signal.SIGKILL)
            assert refused.wait(60)
        assert _eventually(lambda: host.tor_process_id not in (killed, None) and host.is_published.is_set())


def test_a_tor_that_runs_is_left_alone_while_the_system_gives_no_thread(stage: Stage) -> None:
    with stage.host() as host:
        running = host.tor_process_id
        assert host._watcher is not None
        assert host._control is not None
        with no_thread_named("tor-question"):
            with pytest.raises(OnionError, match="no thread"):
                host._control.ask("uptime")
            assert host._answers(host._control)
        assert (host.tor_process_id, host._watcher.is_alive()) == (running, True)


@pytest.mark.parametrize("refusing", [no_thread_named, no_lock_for_a_thread_named])
@pytest.mark.parametrize("refused", ["tor-reader", "onion"])
def test_no_tor_is_left_where_the_system_gives_no_thread_to_begin_with(
    stage: Stage, refused: str, refusing: Callable[[str], AbstractContextManager[None]]
) -> None:
    before = children_of(os.getpid())
    with refusing(refused), pytest.raises(OnionError, match="no thread"):
        stage.host().open()
    assert children_of(os.getpid()) == before


def test_tor_runs_in_its_sandbox(stage: Stage) -> None:
    with stage.host() as host:
        assert host._process is not None
        assert host._process.is_sandboxed
    assert not any("sandbox" in line for line in stage.reports)


def test_no_process_of_tor_is_left_after_closing(stage: Stage) -> None:
    with stage.host() as host:
        process_id = host.tor_process_id
        assert process_id is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


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


def test_an_attached_tor_keeps_its_own_services_and_loses_only_ours(stage: Stage, tmp_path: Path) -> None:
    control = stage.network.host.control
    theirs = PublicService(tmp_path / "theirs", stage.run / "public.socket")
    theirs.publish_at(control, stage.host()._program)
    attached = AttachedTor(Path(stage.network.map.host_control_socket))
    try:
        with stage.host(attached):
            assert "PROXY" in stage.fetch(stage.public.address)
            assert "PROXY" in stage.fetch(theirs.address)
        services = "\n".join(control.send("GETCONF HiddenServiceOptions"))
        assert str(theirs.folder) in services
        assert str(stage.public.folder) not in services
    finally:
        theirs.retire_from(control)


def test_a_cut_control_connection_to_an_attached_tor_is_made_again(stage: Stage) -> None:
    attached = AttachedTor(Path(stage.network.map.host_control_socket))
    with stage.host(attached) as host:
        before = len(stage.reports)
        assert host._control is not None
        host._control.close()
        assert _eventually(lambda: len(stage.reports) > before and host.is_published.is_set())
        assert "PROXY" in stage.fetch(stage.public.address)


def test_a_tor_that_hangs_or_dies_does_not_hold_us(stage: Stage) -> None:
    with stage.host() as host:
        control, process_id = host._control, host.tor_process_id
        assert control is not None
        assert process_id is not None
        killer = threading.Timer(0.5, os.kill, (process_id, signal.SIGKILL))
        killer.start()
        with pytest.raises(TorDied):
            control.await_descriptor(ServiceKey.make().address, seconds=30)
        killer.join()
        assert _eventually(lambda: host.tor_process_id not in (process_id, None) and host.is_published.is_set())
        control, process_id = host._control, host.tor_process_id
        assert control is not None
        assert process_id is not None
        with _paused(process_id), pytest.raises(TorSilent):
            control.ask("uptime", seconds=0.5)


def test_an_address_that_never_goes_out_is_named(stage: Stage) -> None:
    with pytest.raises(NotPublished):
        stage.network.host.control.await_descriptor(ServiceKey.make().address, seconds=0.3)


def test_an_address_that_does_not_go_out_in_time_is_published_by_a_later_try(stage: Stage) -> None:
    host = stage.host()
    host._publish_seconds = 0
    with host:
        assert not host.is_published.is_set()
        host._publish_seconds = 60
        assert host.is_published.wait(120)
        assert "PROXY" in stage.fetch(stage.public.address)
    assert any("no directory took the descriptor" in line for line in stage.reports)
    assert not any("tor went away" in line for line in stage.reports)


def test_tor_s_refusal_is_an_error_of_ours_without_the_key(stage: Stage) -> None:
    key = ServiceKey.make()
    control = stage.network.host.control
    with pytest.raises(TorRefused) as caught:
        control.send(f"ADD_ONION {key.for_control_port()} Port=nonsense")
    assert key.for_control_port() not in str(caught.value)
    assert control.is_alive()


def test_a_tor_that_cannot_start_says_why(stage: Stage, tmp_path: Path) -> None:
    broken = OwnTor(tmp_path / "broken", stage.run / "b.socket", ("NoSuchOption 1",))
    with pytest.raises(TorDied, match="NoSuchOption"):
        stage.host(broken).open()


def test_a_tor_without_a_network_says_so_and_publishes_once_there_is_one(stage: Stage, tmp_path: Path) -> None:
    network = [*stage.network.map.torrc, "DisableNetwork 1"]
    host = stage.host(OwnTor(tmp_path / "offline", stage.run / "o.socket", network))
    host._network_seconds = 1
    with host:
        assert any("did not reach its network" in line for line in stage.reports)
        assert "what to do: check the clock and the network of this machine" in stage.reports
        assert not host.is_published.is_set()
        assert _eventually(lambda: sum("did not reach its network" in line for line in stage.reports) > 1)
        network.remove("DisableNetwork 1")
        host._network_seconds = 60
        assert host.is_published.wait(120)
        assert "PROXY" in stage.fetch(stage.public.address)
    assert not any("tor went away" in line for line in stage.reports)


def test_a_host_that_waits_for_a_network_ends_at_once_and_leaves_no_tor(stage: Stage, tmp_path: Path) -> None:
    before = children_of(os.getpid())
    host = stage.host(
        OwnTor(tmp_path / "offline", stage.run / "o.socket", (*stage.network.map.torrc, "DisableNetwork 1"))
    )
    host._network_seconds = 0.5
    host.open()
    host._network_seconds = 180
    assert _eventually(lambda: any("at most 180 s" in line for line in stage.reports))
    assert host._watcher is not None
    host.close()
    assert not host._watcher.is_alive()
    assert children_of(os.getpid()) == before


def test_a_place_where_nobody_listens_is_named(tmp_path: Path) -> None:
    with pytest.raises(TorDied, match="no tor listens for a control connection"):
        TorControl.connect(tmp_path / "c")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(TorDied, match="no tor listens for a control connection"):
            TorControl.connect(unused.getsockname()[1])
