"""A site with narrow limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tipline.pages.files.files_page import LIMITS
from tests.tipline.site_stage import Stage
from tipline.instance.site_settings import SiteSettings


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, SiteSettings(limits=LIMITS))
    yield made
    made.close()
