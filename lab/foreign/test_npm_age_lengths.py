"""npm's ``age-encryption`` and our programs open each other's files at each length where a chunk begins or ends."""

from pathlib import Path

import pytest

from lab.foreign import test_npm_age
from lab.foreign.test_npm_age import TWO_CHUNKS, identity, recipient  # noqa: F401 -- fixtures
from tests.foreign.conftest import Founded

LENGTHS = [0, 1, 65_535, 65_536, TWO_CHUNKS, 131_072, 1 << 20]


@pytest.mark.parametrize("length", LENGTHS)
def test_it_opens_what_we_seal_to_its_own_key(
    identity: Path,  # noqa: F811 -- the fixture
    recipient: str,  # noqa: F811 -- the fixture
    length: int,
) -> None:
    test_npm_age.test_it_opens_what_we_seal_to_its_own_key(identity, recipient, length)


@pytest.mark.parametrize(("length", "armor"), [*((length, []) for length in LENGTHS), (0, ["--armor"])])
def test_we_open_what_it_seals(
    founded: Founded,
    recipient: str,  # noqa: F811 -- the fixture
    armor: list[str],
    length: int,
) -> None:
    test_npm_age.test_we_open_what_it_seals(founded, recipient, armor, length)
