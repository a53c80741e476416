"""One server, really signed and really stored, for each test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.site_stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()
