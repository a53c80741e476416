"""A tor that dies or hangs at a bad moment comes back, and holds no one up."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onion.errors import TorDied, TorSilent
from onion.host import OwnTor
from onion.service_key import ServiceKey
from tests.onion.host_stage import Stage
from tests.onion.test_host import BACK_SECONDS, _is_back
from tests.refused_threads import no_lock_in, no_thread_named
from tests.tipline.processes import children_of, eventually

pytestmark = pytest.mark.tor


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


def test_a_tor_that_dies_while_its_files_cannot_be_written_comes_back_when_they_can(stage: Stage) -> None:
    in_the_way = stage.own.data_folder / "torrc.new"
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        in_the_way.mkdir()  # as a full disk would, this keeps the torrc from being written
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: any("trying again" in line for line in stage.reports))
        in_the_way.rmdir()
        assert eventually(lambda: _is_back(host, killed), seconds=BACK_SECONDS)


@pytest.mark.parametrize("refused", ["tor-reader", "tor-closer"])
def test_a_tor_that_dies_while_the_system_gives_no_thread_comes_back_when_it_does(
    stage: Stage, refused: str
) -> None:
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        with no_thread_named(refused):
            os.kill(killed, signal.SIGKILL)
            assert eventually(lambda: host.tor_process_id != killed)
            assert refused == "tor-closer" or eventually(
                lambda: any("no thread" in line and "trying again" in line for line in stage.reports)
            )
        assert eventually(lambda: _is_back(host, killed), seconds=BACK_SECONDS)


def test_a_tor_that_dies_while_the_system_gives_no_lock_to_wait_with_comes_back_when_it_does(stage: Stage) -> None:
    with stage.host() as host:
        killed = host.tor_process_id
        assert killed is not None
        with no_lock_in("onion") as refused:
            os.kill(killed, signal.SIGKILL)
            assert refused.wait(60)
        assert eventually(lambda: _is_back(host, killed), seconds=BACK_SECONDS)


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
        assert eventually(lambda: _is_back(host, process_id), seconds=BACK_SECONDS)
        control, process_id = host._control, host.tor_process_id
        assert control is not None
        assert process_id is not None
        with _paused(process_id), pytest.raises(TorSilent):
            control.ask("uptime", seconds=0.5)


def test_an_address_that_does_not_go_out_in_time_is_published_by_a_later_try(stage: Stage) -> None:
    host = stage.host()
    host._publish_seconds = 0
    with host:
        assert not host.is_published.is_set()
        host._publish_seconds = 60
        assert host.is_published.wait(BACK_SECONDS)
        assert "PROXY" in stage.fetch(stage.public.address)
    assert any("no directory took the descriptor" in line for line in stage.reports)
    assert not any("tor went away" in line for line in stage.reports)


def test_a_tor_without_a_network_says_so_and_publishes_once_there_is_one(stage: Stage, tmp_path: Path) -> None:
    network = [*stage.network.map.torrc, "DisableNetwork 1"]
    host = stage.host(OwnTor(tmp_path / "offline", stage.run / "o.socket", network))
    host._network_seconds = 1
    with host:
        assert any("did not reach its network" in line for line in stage.reports)
        assert "what to do: check the clock and the network of this machine" in stage.reports
        assert not host.is_published.is_set()
        assert eventually(lambda: sum("did not reach its network" in line for line in stage.reports) > 1)
        network.remove("DisableNetwork 1")
        host._network_seconds = 60
        assert host.is_published.wait(BACK_SECONDS)
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
    assert eventually(lambda: any("at most 180 s" in line for line in stage.reports))
    assert host._watcher is not None
    host.close()
    assert not host._watcher.is_alive()
    assert children_of(os.getpid()) == before
