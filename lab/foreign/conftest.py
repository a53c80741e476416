"""The organisation of the tests of other programs."""

from tests.foreign.conftest import founded  # noqa: F401 -- a fixture
