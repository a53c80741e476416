"""The watch of `tipline serve` over what it has started, and the signals that end it."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from onion.client_auth import AuthorizedClients, ClientKey, ClientPublicKey
from onion.errors import NotPublished
from system.signals import StopAsked, StopSignals
from tests.refused_threads import no_thread_named
from tipline.supervisor.serve import _watch


class _ShyHost:
    """Lets couriers in at the second request only; host and watch of the couriers' service in one."""

    whose = "couriers"

    def __init__(self, couriers: AuthorizedClients) -> None:
        self.is_published = threading.Event()
        self.is_published.set()
        self.asked = 0
        self.trouble = ""
        self.let_in: dict[str, ClientPublicKey] | None = {}
        self._couriers = couriers

    @property
    def couriers_watch(self) -> "_ShyHost":
        return self

    @property
    def may_be_in(self) -> dict[str, ClientPublicKey]:
        return self.let_in or {}

    def publish(self) -> None:
        self.asked += 1
        if self.asked == 1:
            raise NotPublished("no directory took the descriptor")
        self.let_in = self._couriers.keys()


def _host(**values: object) -> Any:
    """A host that is the watch of the couriers' service as well."""
    host = SimpleNamespace(whose="couriers", **values)
    host.couriers_watch = host
    return host


class _Looks:
    """A stop that comes after some looks."""

    def __init__(self, *before: Callable[[], object]) -> None:
        self._before = list(before)

    def wait(self, _seconds: float) -> bool:
        if not self._before:
            return True
        self._before.pop(0)()
        return False


def _stuck_host(couriers: AuthorizedClients) -> Any:
    """One that cannot take an old list of couriers down, and tries again and again by itself."""
    published = threading.Event()
    published.set()
    return _host(is_published=published, let_in=None, may_be_in=couriers.keys(), trouble="tor gave no answer")


def test_a_signal_while_things_are_started_breaks_that_off() -> None:
    with StopSignals() as stop:
        with pytest.raises(StopAsked):
            signal.raise_signal(signal.SIGTERM)
        assert stop.wait(0)


def test_a_signal_in_the_watch_breaks_nothing_off() -> None:
    with StopSignals() as stop:
        stop.wait_from_now()
        assert not stop.wait(0)
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(60)


def _ignore(_line: str) -> None:
    pass


def _await_publication() -> None:
    for thread in threading.enumerate():
        if thread.name == "couriers":
            thread.join(60)


def test_a_dead_web_process_is_revived_while_couriers_are_being_published(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    asked, done, revived = threading.Event(), threading.Event(), threading.Event()

    def publish() -> None:
        asked.set()
        done.wait(60)

    def look() -> None:
        assert asked.wait(60)
        revived.clear()

    published = threading.Event()
    published.set()
    host = _host(is_published=published, let_in={}, may_be_in={}, publish=publish)
    web: Any = SimpleNamespace(restart_if_dead=revived.set)
    stop: Any = _Looks(lambda: couriers.add("one", ClientKey.make().public), look, lambda: None)
    _watch(stop, web, host, couriers, _ignore, _ignore)
    assert revived.is_set()
    assert not done.is_set()
    done.set()
    _await_publication()


def test_a_thread_that_the_system_refuses_to_the_publishing_of_couriers_does_not_end_the_site(
    tmp_path: Path,
) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    host, warnings, shortage = _ShyHost(couriers), list[str](), ExitStack()
    host.asked = 1

    def add() -> None:
        couriers.add("one", ClientKey.make().public)
        shortage.enter_context(no_thread_named("couriers"))

    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(add, shortage.close, _await_publication, lambda: None)
    onion_host: Any = host
    with shortage:
        _watch(stop, web, onion_host, couriers, _ignore, warnings.append)
    assert host.asked == 2
    (warning,) = warnings
    assert warning == "the list of couriers is not published yet: the system gave no thread to publish in"


def test_a_list_of_couriers_that_cannot_be_published_does_not_end_the_site(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    host, warnings = _ShyHost(couriers), list[str]()
    unreadable = tmp_path / "couriers" / "unreadable.auth"
    looks = _Looks(
        lambda: couriers.add("one", ClientKey.make().public),
        _await_publication,
        _await_publication,
        _await_publication,
        unreadable.mkdir,
        lambda: None,
        unreadable.rmdir,
    )
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = looks
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, _ignore, warnings.append)
    assert host.asked == 2
    told = [warning for warning in warnings if not warning.startswith("what to do")]
    assert [warning.partition(":")[0] for warning in told] == ["the list of couriers is not published yet"] * 2


def test_a_list_of_couriers_that_cannot_be_read_from_the_beginning_does_not_end_the_site(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    couriers.add("one", ClientKey.make().public)
    unreadable = tmp_path / "couriers" / "unreadable.auth"
    unreadable.mkdir()
    host, warnings = _ShyHost(couriers), list[str]()
    host.asked = 1
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(lambda: None, unreadable.rmdir, _await_publication)
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, _ignore, warnings.append)
    _await_publication()
    assert host.let_in == couriers.keys()
    assert [warning.partition(":")[0] for warning in warnings] == ["the list of couriers is not published yet"]


def test_a_courier_is_shut_out_beside_a_damaged_key_file_which_is_named_each_time_that_it_is_damaged(
    tmp_path: Path,
) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    torn = tmp_path / "couriers" / "torn.auth"
    couriers.add("office", ClientKey.make().public)
    couriers.add("torn", ClientKey.make().public)
    host, warnings = _ShyHost(couriers), list[str]()
    host.asked, host.let_in = 1, couriers.keys()
    key = torn.read_bytes()
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(
        lambda: torn.write_bytes(key[:20]),
        _await_publication,
        lambda: torn.write_bytes(key),
        _await_publication,
        lambda: torn.write_bytes(key[:20]),
        _await_publication,
        lambda: couriers.remove("office"),
        _await_publication,
    )
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, _ignore, warnings.append)
    assert host.let_in == {}
    assert [warning for warning in warnings if not warning.startswith("what to do")] == [
        "the key file of the courier torn is damaged: who has that key will not be let in"
    ] * 2


def test_who_stays_in_is_named_where_the_list_cannot_be_published_and_each_time_anew(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    host, warnings, shortage = _ShyHost(couriers), list[str](), ExitStack()
    couriers.add("office", ClientKey.make().public)
    host.asked, host.let_in = 1, couriers.keys()

    def remove() -> None:
        couriers.remove("office")
        shortage.enter_context(no_thread_named("couriers"))

    def add() -> None:
        shortage.close()
        couriers.add("office", ClientKey.make().public)

    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    after = [shortage.close, _await_publication, add, _await_publication]
    stop: Any = _Looks(remove, lambda: None, *after, remove, *after, lambda: None)
    onion_host: Any = host
    with shortage:
        _watch(stop, web, onion_host, couriers, _ignore, warnings.append)
    told = "the list of couriers is not published yet: the system gave no thread to publish in"
    assert warnings == [f"{told}; perhaps let in until then, though no more on it: office"] * 2


def test_who_is_removed_while_the_list_cannot_be_published_anyway_is_named_too(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    for name in ("office", "driver", "night"):
        couriers.add(name, ClientKey.make().public)
    published = threading.Event()
    published.set()

    def publish() -> None:
        host.let_in = None
        raise NotPublished("tor does not take the old one down")

    host = _host(
        is_published=published,
        let_in=couriers.keys(),
        may_be_in=couriers.keys(),
        publish=publish,
        trouble="",
    )
    warnings: list[str] = []
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(
        lambda: couriers.remove("office"),
        _await_publication,
        lambda: None,
        lambda: couriers.remove("driver"),
        lambda: None,
    )
    _watch(stop, web, host, couriers, _ignore, warnings.append)
    told = [warning.rpartition(": ")[2] for warning in warnings if not warning.startswith("what to do")]
    assert told == ["office", "driver, office"]


def test_who_is_removed_while_the_host_cannot_take_an_old_list_down_is_named(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    couriers.add("office", ClientKey.make().public)
    host = _stuck_host(couriers)
    warnings: list[str] = []
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(lambda: None, lambda: couriers.remove("office"), lambda: None)
    _watch(stop, web, host, couriers, _ignore, warnings.append)
    (warning,) = warnings
    assert "tor gave no answer" in warning
    assert warning.endswith(": office")


def test_that_nobody_stays_in_any_more_is_no_news_and_who_is_removed_once_more_is_named_again(
    tmp_path: Path,
) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    key = ClientKey.make().public
    couriers.add("office", key)
    host = _stuck_host(couriers)
    warnings: list[str] = []
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(
        lambda: couriers.remove("office"),
        lambda: couriers.add("office", key),
        lambda: couriers.remove("office"),
        lambda: setattr(host, "may_be_in", {}),
        lambda: couriers.add("office", key),
        lambda: None,
    )
    _watch(stop, web, host, couriers, _ignore, warnings.append)
    assert [warning.rpartition(": ")[2] for warning in warnings] == ["office", "office"]


def test_a_key_that_was_replaced_and_may_be_in_still_is_not_told_as_a_courier_who_is_gone(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    couriers.add("office", ClientKey.make().public)
    host = _stuck_host(couriers)
    couriers.add("office", ClientKey.make().public)
    warnings: list[str] = []
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(lambda: None)
    _watch(stop, web, host, couriers, _ignore, warnings.append)
    (warning,) = warnings
    assert warning.endswith("perhaps let in until then, though no more on it: office with the earlier key")


def test_a_courier_who_was_removed_before_the_watch_began_is_shut_out(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    couriers.add("gone", ClientKey.make().public)
    host = _ShyHost(couriers)
    host.asked, host.let_in = 1, couriers.keys()  # as tor was given them
    couriers.remove("gone")
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(lambda: None, _await_publication)
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, _ignore, _ignore)
    assert host.let_in == {}


def test_a_list_that_the_host_is_trying_to_publish_by_itself_is_left_to_it(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    host = _ShyHost(couriers)
    host.let_in = None
    couriers.add("one", ClientKey.make().public)
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    stop: Any = _Looks(lambda: None, _await_publication)
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, _ignore, _ignore)
    assert host.asked == 0


def test_a_site_is_called_ready_once_its_address_is_out_and_not_before(tmp_path: Path) -> None:
    couriers = AuthorizedClients(tmp_path / "couriers")
    host, said = _ShyHost(couriers), list[str]()
    host.is_published.clear()
    web: Any = SimpleNamespace(restart_if_dead=lambda: None)
    early: list[list[str]] = []

    def publish() -> None:
        early.append(list(said))
        host.is_published.set()

    stop: Any = _Looks(lambda: None, publish, host.is_published.clear, host.is_published.set)
    onion_host: Any = host
    _watch(stop, web, onion_host, couriers, said.append, _ignore)
    assert early == [[]]
    assert said == ["ready"]
