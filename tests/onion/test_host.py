"""Services on a real tor: reachable, under the same address after every death, and gone when told."""

import os
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from onion.client_auth import ClientKey
from onion.control import TorControl, _visits
from onion.errors import NotPublished, OnionError, TorDied, TorRefused
from onion.host import AttachedTor, OnionHost, OwnTor
from onion.service import PublicService
from onion.service_key import ServiceKey
from tests.onion.host_stage import Stage
from tests.refused_threads import no_lock_for_a_thread_named, no_thread_named
from tests.tipline.processes import children_of, eventually
from tests.tor_network import connected, fetch, fetch_over, first_connected

pytestmark = pytest.mark.tor

BACK_SECONDS = 150
"""For a tor that starts, reaches its network and publishes, on a busy machine."""


def _is_back(host: OnionHost, killed: int) -> bool:
    return host.tor_process_id not in (killed, None) and host.is_published.is_set()


def test_a_published_address_is_reachable_at_once_and_tor_tells_circuits_apart(stage: Stage) -> None:
    with stage.host():
        # Sooner than a client would begin again.
        first = fetch(stage.public.address, stage.network.map.socks_ports[0], seconds=20)
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
    with stage.host() as host, ExitStack() as streams:
        if of_couriers:
            client.send(f"ONION_CLIENT_AUTH_ADD {service.address[:56]} {key.for_control_port()}")
        opened = [streams.enter_context(first_connected(service.address, socks_port))]
        opened += [streams.enter_context(connected(service.address, socks_port)) for _ in range(19)]
        assert host._control is not None
        # One that the first stream had given up goes a moment later.
        asked = host._control.ask
        assert eventually(lambda: len(_visits(asked("circuit-status"), service.address[:56])) == 1)
        with pytest.raises(ConnectionRefusedError, match="reply 0"):
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
        assert eventually(lambda: _is_back(host, killed), seconds=BACK_SECONDS)
        assert "PROXY" in stage.fetch(stage.public.address)
    assert not any("no directory took" in line for line in stage.reports), "by the first try"


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
@pytest.mark.parametrize("refused", ["tor-reader", "couriers-watch", "onion"])
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


def test_an_attached_tor_keeps_its_own_services_and_loses_only_ours(stage: Stage, tmp_path: Path) -> None:
    control = stage.network.host.control
    theirs = PublicService(tmp_path / "theirs", stage.run / "public.socket")
    theirs.publish_at(control, stage.host()._program)
    attached = AttachedTor(Path(stage.network.map.host_control_socket))
    try:
        control.await_descriptor(theirs.address, seconds=BACK_SECONDS)
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
        assert eventually(lambda: len(stage.reports) > before and host.is_published.is_set(), seconds=BACK_SECONDS)
        assert "PROXY" in stage.fetch(stage.public.address)


def test_an_address_that_never_goes_out_is_named(stage: Stage) -> None:
    with pytest.raises(NotPublished):
        stage.network.host.control.await_descriptor(ServiceKey.make().address, seconds=0.3)


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


def test_a_place_where_nobody_listens_is_named(tmp_path: Path) -> None:
    with pytest.raises(TorDied, match="no tor listens for a control connection"):
        TorControl.connect(tmp_path / "c")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(TorDied, match="no tor listens for a control connection"):
            TorControl.connect(unused.getsockname()[1])
