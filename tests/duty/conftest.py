"""The room of two duty machines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.duty.duty_place import Office
from tests.duty.duty_room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(Office.made_ready(tmp_path))
    yield made
    for service in made.machines.values():
        service.close()
