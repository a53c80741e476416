"""One server, really signed and really stored, for each test that asks for it, or for all of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onion.runtime_dir import RuntimeDir
from tests.onion.tor_alone import alone  # noqa: F401 -- a fixture
from tests.tipline.served import ServedFolder
from tests.tipline.site_stage import Stage
from tipline.limits.request_scheduler import WorkSlot


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One site for all tests that only look."""
    made = Stage(tmp_path_factory.mktemp("untouched"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> ServedFolder:
    """A folder that `tipline serve` can serve, for all tests of a file."""
    return ServedFolder(tmp_path_factory.mktemp("served") / "site")


@pytest.fixture
def run() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with RuntimeDir(Path("/" + "x" * 200)) as folder:
        yield folder.path


@pytest.fixture
def place() -> Iterator[WorkSlot]:
    """A work slot with a patience that no test outlasts. It is free again at the end of the test."""
    fresh = WorkSlot(patience_seconds=30.0)
    yield fresh
    assert fresh.is_free


@pytest.fixture
def words(stage: Stage) -> str:
    """Of a source who has written once and got one answer."""
    words = stage.browser.send_tip("hello").words
    stage.reply("an answer", stage.read_one().mailbox)
    return words
