"""Short random walks; ``scripts/soak walks`` takes ten thousand steps (docs/evidence/soak.md)."""

from pathlib import Path

import pytest

from lab.soak.losses import Lost
from lab.soak.walk_moves import submit
from lab.soak.walk_world import World
from lab.soak.walks import walk


@pytest.mark.parametrize("seed", [1, 6])
def test_no_acknowledged_tip_gets_out_of_reach_of_an_honest_reviewer_on_a_random_walk(
    tmp_path: Path, seed: int
) -> None:
    assert walk(tmp_path / "walk", seed=seed, steps=60) > 0


def test_a_walk_tells_a_tip_that_is_lost(tmp_path: Path) -> None:
    def lose_one(world: World) -> None:
        """A tip that is in no FILE yet vanishes from its server."""
        before = len(world.tips)
        while len(world.tips) == before:
            submit(world)
        tip = world.tips[-1]
        store = tip.site.store.submissions
        (lost,) = [kept.submission for kept in store.waiting() if kept.sha256 == tip.sha256]
        store.delete(lost)

    with pytest.raises(Lost):
        walk(tmp_path / "walk", seed=2, steps=5, spoil=lose_one)
