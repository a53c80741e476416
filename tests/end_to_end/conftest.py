"""One whole tip line for all journeys of a run: its start takes longer than most of them."""

import io

import pytest

from tests.tor_together import NETWORKS
from tipline.demo.narrator import Narrator
from tipline.demo.stage import Stage


@pytest.fixture(scope="session")
def tip_line(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Served through a private onion, with courier and reviewer; what other journeys sent may lie there."""
    return NETWORKS.enter_context(Stage(tmp_path_factory.mktemp("tip-line"), Narrator(io.StringIO())))
