"""A desk in a folder of its own."""

from pathlib import Path

import pytest

from tests.reviewer.desk import Desk


@pytest.fixture
def bare_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Nothing was founded yet."""
    return Desk(tmp_path, capsys)


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    """Founded, with one server and eight weeks of keys."""
    bare_desk.found()
    bare_desk.know_server()
    bare_desk.issue()
    return bare_desk
