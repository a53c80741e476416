"""One browser for all tests of a run that look at the site: it takes long to start."""

import pytest

from demo.firefox import Firefox
from tests.together import SHARED


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Firefox:
    """At "Safest"; for :func:`tests.end_to_end.site_in_firefox.site_in_firefox`, which gives each test a tab and a
    cookie jar of its own."""
    return SHARED.enter_context(Firefox(tmp_path_factory.mktemp("browser")))
