"""Every page in every language at an address of its own, and a browser that may run a tester's tool beside it."""

from collections.abc import Iterator

import pytest

from tests.languages.conftest import address, every_page  # noqa: F401 -- fixtures
from tipline.demo.firefox import Firefox


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("browser"), scripts=True) as started:
        yield started
