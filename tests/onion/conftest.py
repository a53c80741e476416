"""What the tests of a host share."""

from tests.onion.host_stage import stage  # noqa: F401 -- a fixture
