"""Every page in every language at an address of its own, and a browser that may run a tester's tool beside it."""

import pytest

from demo.firefox import Firefox
from tests.languages.conftest import every_page, every_page_at  # noqa: F401 -- fixtures
from tests.together import SHARED


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Firefox:
    return SHARED.enter_context(Firefox(tmp_path_factory.mktemp("browser"), scripts=True))
