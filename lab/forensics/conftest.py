"""The stage of the site's own tests."""

from tests.tipline.conftest import stage  # noqa: F401 -- a fixture
