"""The stages and folders of the server's own tests."""

from tests.tipline.conftest import alone, place, run, served, stage, untouched, words  # noqa: F401 -- fixtures
