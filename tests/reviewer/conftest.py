"""A desk in a folder of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crypto.party import PartyKeys
from tests.reviewer.colleagues import Colleague, a_colleague
from tests.reviewer.desk import Desk


@pytest.fixture
def bare_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Nothing was founded yet."""
    return Desk(tmp_path, capsys)


@pytest.fixture(scope="session")
def furnish(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Desk], None]:
    """Founds a desk the first time, and copies that one from then on: making keys takes most of the time."""
    model = tmp_path_factory.mktemp("model")
    keys: list[PartyKeys] = []

    def furnish(desk: Desk) -> None:
        if keys:
            shutil.copytree(model, desk.folder, dirs_exist_ok=True)
            desk.server.keys = keys[0]
            desk.server.adopt(desk.folder / "manifest.json", desk.root / "root.pub")
            return
        desk.found()
        desk.know_server()
        desk.issue()
        shutil.copytree(desk.folder, model, dirs_exist_ok=True)
        keys.append(desk.server.keys)

    return furnish


@pytest.fixture
def desk(bare_desk: Desk, furnish: Callable[[Desk], None]) -> Desk:
    """Founded, with one server and eight weeks of keys."""
    furnish(bare_desk)
    return bare_desk


@pytest.fixture(scope="session")
def furnish_two(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Desk], None]:
    """As ``furnish``, with a colleague who has joined."""
    model = tmp_path_factory.mktemp("two")

    def furnish_two(desk: Desk) -> None:
        if not (model / "second").exists():
            a_colleague(desk)
            shutil.copytree(desk.folder, model, dirs_exist_ok=True)
            return
        shutil.copytree(model, desk.folder, dirs_exist_ok=True)
        desk.server.adopt(desk.folder / "manifest.json", desk.root / "root.pub")

    return furnish_two


@pytest.fixture
def second(desk: Desk, furnish_two: Callable[[Desk], None]) -> Colleague:
    """A second reviewer of the desk's organisation; both have adopted manifest 2."""
    furnish_two(desk)
    return Colleague(desk, "second")
