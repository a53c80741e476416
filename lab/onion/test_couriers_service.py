"""Troubles of the couriers' service leave the public one alone, and end by themselves."""

import os
import signal
import threading
from contextlib import ExitStack

import pytest

from onion.client_auth import AuthorizedClients, ClientKey
from onion.client_auth_watcher import ClientAuthWatcher
from onion.control import TorControl
from onion.errors import NotPublished
from tests.onion.host_stage import Stage
from tests.steps import failing_step, watched_step
from tests.tipline.processes import eventually
from tests.tor_network import connected, fetch_over, first_connected

pytestmark = pytest.mark.tor


def test_couriers_who_cannot_be_let_in_leave_tor_and_the_public_service_alone_and_get_in_once_they_can(
    stage: Stage,
) -> None:
    key = ClientKey.make()
    stage.clients.add("one", key.public)
    unreadable = stage.clients._folder / "unreadable.auth"
    unreadable.mkdir()
    tries: list[object] = []
    with (
        watched_step(AuthorizedClients, "keys", before=tries.append),
        stage.host() as host,
        connected(stage.public.address, stage.network.map.socks_ports[0]) as visitor,
    ):
        before = host.tor_process_id
        assert host.is_published.is_set()
        assert host.let_in is None
        assert eventually(lambda: len(tries) >= 3)
        (error,) = [line for line in stage.reports if "error" in line]
        assert error.startswith("error: the couriers' service is not published: [Errno 21] Is a directory")
        unreadable.rmdir()
        assert eventually(lambda: any("published the couriers' service" in line for line in stage.reports))
        assert host.let_in == {"one": key.public}
        assert fetch_over(visitor, stage.public.address).startswith("PROXY TCP6 ")
        assert host.tor_process_id == before
    assert not any("tor went away" in line for line in stage.reports)


def test_an_address_of_couriers_that_no_directory_takes_in_time_leaves_tor_and_the_public_service_alone(
    stage: Stage,
) -> None:
    stage.clients.add("one", ClientKey.make().public)
    refusals = [1, 1]

    def is_late(_control: TorControl, address: str, **_named: float) -> bool:
        return address == stage.courier.address and bool(refusals) and bool(refusals.pop())

    late = NotPublished("no directory took the descriptor within 120 s")
    with failing_step(TorControl, "await_descriptor", late, when=is_late), stage.host() as host:
        before = host.tor_process_id
        assert host.is_published.is_set()
        assert eventually(lambda: any("published the couriers' service" in line for line in stage.reports))
        assert not refusals
        assert host.tor_process_id == before
    assert sum("no directory took the descriptor" in line for line in stage.reports) == 1


def test_a_tor_that_dies_while_couriers_are_let_in_is_no_trouble_of_theirs_and_lets_them_in_with_the_next(
    stage: Stage,
) -> None:
    deaths = [1]

    def kill_tor(_control: TorControl, address: str, **_named: float) -> None:
        if address == stage.courier.address and deaths:
            deaths.pop()
            assert host.tor_process_id is not None
            os.kill(host.tor_process_id, signal.SIGKILL)

    warned: list[str] = []
    with watched_step(TorControl, "await_descriptor", before=kill_tor), stage.host() as host:
        door = ClientAuthWatcher(host, stage.clients, warned.append)
        killed, key = host.tor_process_id, ClientKey.make()
        stage.clients.add("one", key.public)

        def is_out_again() -> bool:
            door.look()
            _, death, since = "\n".join(stage.reports).partition("tor went away")
            return bool(death) and "published the couriers' service" in since

        assert eventually(is_out_again, seconds=240)
        assert host.tor_process_id not in (killed, None)
        assert host.let_in == {"one": key.public}
        stage.network.clients[1].control.send(
            f"ONION_CLIENT_AUTH_ADD {stage.courier.address[:56]} {key.for_control_port()}"
        )
        with first_connected(stage.courier.address, stage.network.map.socks_ports[1], seconds=120) as courier:
            assert fetch_over(courier, stage.courier.address) == "no proxy line"
        assert eventually(lambda: bool(door.look() or host.couriers_trouble == ""))
    assert not deaths
    assert warned == []


def test_a_couriers_service_that_is_gone_from_a_tor_that_runs_is_published_again(
    stage: Stage,
) -> None:
    key = ClientKey.make()
    stage.clients.add("one", key.public)
    name = stage.courier.address.removesuffix(".onion")
    with stage.host(watch_seconds=0.5) as host:
        running = host.tor_process_id
        assert host._control is not None
        assert stage.courier.is_up_at(host._control)
        host._control.send(f"DEL_ONION {name}")
        assert eventually(lambda: any("is gone from tor" in line for line in stage.reports))
        assert eventually(lambda: bool(host.let_in), seconds=120)
        stage.network.clients[1].control.send(f"ONION_CLIENT_AUTH_ADD {name} {key.for_control_port()}")
        with first_connected(stage.courier.address, stage.network.map.socks_ports[1], seconds=120) as courier:
            assert fetch_over(courier, stage.courier.address) == "no proxy line"
        assert host.tor_process_id == running
    assert not any("error" in line for line in stage.reports)


def test_a_tor_that_dies_while_the_list_of_couriers_is_read_without_end_comes_back_for_sources(
    stage: Stage,
) -> None:
    stage.clients.add("one", ClientKey.make().public)
    readable, reading = threading.Event(), threading.Event()
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None

        def wait(_clients: AuthorizedClients) -> None:
            reading.set()
            readable.wait(600)

        slow = ExitStack()
        slow.enter_context(watched_step(AuthorizedClients, "keys", before=wait))
        publishing = threading.Thread(target=host.publish_couriers)
        try:
            publishing.start()
            assert reading.wait(60)
            os.kill(killed, signal.SIGKILL)
            assert eventually(
                lambda: host.tor_process_id not in (killed, None) and host.is_published.is_set(), seconds=150
            )
            assert host.let_in is None
            assert "PROXY" in stage.fetch(stage.public.address)
        finally:
            readable.set()
            publishing.join()
            slow.close()
        assert eventually(lambda: bool(host.let_in), seconds=120), "once it can be read they are let in"
