"""Every page of a site with all languages, visited once for all tests of this folder."""

import pytest

from tests.languages.every_page import EveryPage
from tests.languages.pseudo import speaks_pseudo
from tests.languages.served_pages import served
from tests.together import SHARED


@pytest.fixture(scope="session")
def every_page(tmp_path_factory: pytest.TempPathFactory) -> EveryPage:
    made = EveryPage(tmp_path_factory.mktemp("every-page"), speaks_pseudo())
    SHARED.callback(made.close)
    return made


@pytest.fixture(scope="session")
def every_page_at(every_page: EveryPage) -> str:
    """The address of them all: ``/PAGE?lang=TAG``, and ``/all?lang=TAG``."""
    return SHARED.enter_context(served(every_page))
