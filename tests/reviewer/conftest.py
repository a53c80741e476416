"""A desk in a folder of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk_stage import Desk
from tests.reviewer.furniture import Furniture


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """A folder on a disk; other folders of tests may lie in memory."""
    with tempfile.TemporaryDirectory(prefix="tipline-tests-", dir="/var/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def bare_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Nothing was founded yet."""
    return Desk(tmp_path, capsys)


def _founded(desk: Desk) -> None:
    desk.found()
    desk.know_server()
    desk.issue()


@pytest.fixture(scope="session")
def furnish(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    return Furniture(tmp_path_factory.mktemp("model"), _founded)


@pytest.fixture
def desk(bare_desk: Desk, furnish: Furniture) -> Desk:
    """Founded, with one server and eight weeks of keys."""
    furnish(bare_desk)
    return bare_desk


@pytest.fixture(scope="session")
def furnish_two(tmp_path_factory: pytest.TempPathFactory) -> Furniture:
    """As ``furnish``, with a colleague who has joined."""
    return Furniture(tmp_path_factory.mktemp("two"), a_colleague)


@pytest.fixture
def second(desk: Desk, furnish_two: Furniture) -> Colleague:
    """A second reviewer of the desk's organisation; both have adopted manifest 2."""
    furnish_two(desk)
    return Colleague(desk, "second")
