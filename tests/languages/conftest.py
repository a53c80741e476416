"""Every page of a site with all languages, visited once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.languages.every_page import EveryPage
from tests.languages.pseudo import speaks_pseudo
from tests.languages.served_pages import served


@pytest.fixture(scope="session")
def every_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EveryPage]:
    made = EveryPage(tmp_path_factory.mktemp("every-page"), speaks_pseudo())
    yield made
    made.close()


@pytest.fixture(scope="session")
def address(every_page: EveryPage) -> Iterator[str]:
    """Of all these pages: ``/PAGE?lang=TAG``, and ``/all?lang=TAG``."""
    with served(every_page) as at:
        yield at
