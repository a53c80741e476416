"""One whole tip line for all journeys of a run, one browser for all tests of a file: each takes long to start."""

import io
from collections.abc import Iterator

import pytest

from demo.firefox import Firefox
from demo.narrator import Narrator
from demo.stage import Stage
from tests.end_to_end.conftest import furnish_line, line  # noqa: F401 -- fixtures
from tests.together import SHARED


@pytest.fixture(scope="session")
def tip_line(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Served through a private onion, with courier and reviewer; what other journeys sent may lie there."""
    return SHARED.enter_context(Stage(tmp_path_factory.mktemp("tip-line"), Narrator(io.StringIO())))


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """At "Safest"; for :func:`tests.end_to_end.site_in_firefox.site_in_firefox`."""
    with Firefox(tmp_path_factory.mktemp("browser")) as started:
        yield started
