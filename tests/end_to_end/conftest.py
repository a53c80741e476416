"""Made once for all tests of a run, as each takes long: a browser, and an organisation with two reviewers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.firefox import Firefox
from tests.end_to_end.line import Line, of_two_reviewers
from tests.reviewer.furniture import Furniture
from tests.together import SHARED


@pytest.fixture(scope="session")
def furnish_line(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    return Furniture(tmp_path_factory.mktemp("line"), of_two_reviewers)


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str], furnish_line: Furniture) -> Iterator[Line]:
    made = Line(tmp_path, capsys, furnish_line)
    yield made
    for server in made.servers:
        server.store.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Firefox:
    """At "Safest"; for :func:`tests.end_to_end.site_in_firefox.site_in_firefox`, which gives each test a tab and a
    cookie jar of its own."""
    return SHARED.enter_context(Firefox(tmp_path_factory.mktemp("browser")))
