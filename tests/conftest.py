"""What holds for every test: no network beyond loopback, and no clock in hypothesis."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.network_ban import BAN, NetworkBan
from tests.tor_network import tor_network  # noqa: F401 -- a fixture for everybody

BAN.install()

# A deadline would make the machine's load a reason for failure.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture(autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    yield
    offences = BAN.drain()
    assert not offences, f"left this machine: {offences}"


@pytest.fixture
def network_ban() -> NetworkBan:
    return BAN
