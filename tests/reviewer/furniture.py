"""Desks that are made once and copied for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

from crypto.keys.party import PartyKeys
from tests.reviewer.desk_stage import Desk


class Furniture:
    """Makes a desk the first time, and copies that one from then on: keys and passphrases take most of the time."""

    def __init__(self, model: Path, make: Callable[[Desk], object]) -> None:
        self._model = model
        self._make = make
        self._keys: PartyKeys | None = None

    def __call__(self, desk: Desk) -> None:
        if self._keys is None:
            self._make(desk)
            shutil.copytree(desk.folder, self._model, dirs_exist_ok=True)
            self._keys = desk.server.keys
            return
        shutil.copytree(self._model, desk.folder, dirs_exist_ok=True)
        desk.server.keys = self._keys
        if (desk.folder / "manifest.json").exists():
            desk.server.adopt(desk.folder / "manifest.json", desk.root / "root.pub")
