"""The desks of the reviewer's own tests."""

from tests.reviewer.conftest import bare_desk, desk, furnish, furnish_two, second  # noqa: F401 -- fixtures
