"""Rules for every test: no network beyond loopback, and no clock in hypothesis."""

import gc
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.compiled_routes import keep_compiled_routes
from tests.compiled_templates import keep_compiled_templates, share_compiled_templates
from tests.derived_once import keep_derivations
from tests.fewer_messages import send_fewer_messages
from tests.network_ban import BAN, NetworkBan
from tests.together import SHARED, Together, close_after_last, together_first
from tests.tor_network import tor_network  # noqa: F401 -- a fixture for all tests

BAN.install()
keep_compiled_templates()
keep_compiled_routes()
keep_derivations()
# A shell without job control starts what ends with & deaf to Ctrl-C, and programs under test would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A deadline would make the machine's load a reason for failure, and so does the second for ten examples.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Together:
    return Together(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    send_fewer_messages(session.config)


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    if worker_id != "master":  # each process of a run has its folder within that of the run
        share_compiled_templates(tmp_path_factory.getbasetemp().parent / "compiled-templates")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    together_first(items)


def pytest_collection_finish() -> None:
    gc.freeze()  # the collected tests live to the end; each look for garbage would go through them all


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    close_after_last(item, nextitem)


def pytest_sessionfinish() -> None:
    SHARED.close()  # a run that was broken off has no last test


@pytest.fixture(autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    yield
    offences = BAN.drain()
    assert not offences, f"left this machine: {offences}"


@pytest.fixture
def signals_end() -> Iterator[None]:
    """For tests that send a signal: it ends this process, and what the test starts, unless a program says
    otherwise. Under ``nohup`` all of them would ignore SIGHUP from the start."""
    ending = {
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
        signal.SIGINT: signal.default_int_handler,
    }
    before = {number: signal.signal(number, handler) for number, handler in ending.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def network_ban() -> NetworkBan:
    return BAN
