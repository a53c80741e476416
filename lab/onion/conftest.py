"""Fixtures for the tests of a host."""

from tests.onion.host_stage import stage  # noqa: F401 -- a fixture
from tests.onion.tor_alone import alone  # noqa: F401 -- a fixture
