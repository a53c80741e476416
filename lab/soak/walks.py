"""Random walks over all that can happen to a tip between its receipt and its readers.

At the end of a walk everything is well again: clocks and disks are right, what couriers kept back is brought, and
staff do their rounds. Then every honest reviewer must have read every tip whose receipt was shown and that was
carried, or is no younger than the last backup of its server.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lab.soak import walk_attacks as attacks
from lab.soak import walk_moves as moves
from lab.soak.losses import Lost
from lab.soak.report import Row, Say
from lab.soak.walk_world import World
from system.errors import ProgramError

STEPS_OF_A_WALK: Final = 200
ROUNDS_AT_THE_END: Final = 4

Move = Callable[[World], object]

_MOVES: Final[dict[Move, int]] = {
    moves.submit: 7,
    moves.export: 3,
    moves.import_some: 6,
    moves.back_up: 3,
    moves.bring_some: 6,
    moves.days_pass: 4,
    moves.issue: 1,
    moves.retire: 2,
    moves.reviewer_dies: 1,
    moves.back_up_site: 3,
    moves.site_dies: 2,
    attacks.courier_repeats_and_reorders: 3,
    attacks.courier_spoils: 1,
    attacks.medium_changes: 1,
    attacks.clock_jumps: 2,
    attacks.disk_fails: 2,
    attacks.disk_mends: 2,
    attacks.fellow_hides: 3,
    attacks.fellow_alone_for_a_month: 1,
}
"""Each with how often it is drawn."""


def play_walks(folder: Path, *, points: int, seed: int, say: Say) -> list[Row]:
    """``points`` are steps in all.

    Raises:
        Lost: an honest reviewer can no longer get at a tip.
    """
    promised = steps = walks = 0
    while steps < points:
        length = min(STEPS_OF_A_WALK, max(points - steps, 1))
        promised += walk(folder / f"walk-{walks}", seed=seed + walks, steps=length)
        steps += length
        walks += 1
        say(f"{steps} steps in {walks} walks: {promised} tips, each read by every honest reviewer")
    return [Row("walks", steps, f"{walks} walks, {promised} tips, none out of reach of an honest reviewer")]


def walk(folder: Path, *, seed: int, steps: int, spoil: Move | None = None) -> int:
    """One walk from this seed; the number of tips that had to be read. ``spoil`` is done before the end, so that a
    test sees a loss told.

    Raises:
        Lost.
    """
    rng = random.Random(seed)
    folder.mkdir(parents=True)
    world = World(folder, rng)
    # The first issues the keys of all, and is always honest.
    world.honest = world.reviewers[: rng.choice([1, 2, 2])]
    try:
        for step in range(steps):
            (move,) = rng.choices(list(_MOVES), list(_MOVES.values()))
            try:
                move(world)
            except ProgramError as refused:
                world.say(f"{move.__name__}: {type(refused).__name__}: {refused}")
            world.say(f"step {step}: {move.__name__}")
        if spoil is not None:
            spoil(world)
        _all_is_well_again(world)
        return _require_read(world, seed)
    finally:
        world.close()


def _all_is_well_again(world: World) -> None:
    attacks.disk_mends(world)
    moves.issue(world)
    for site in world.sites:
        site.adopt(world.run)
    for reviewer in world.honest:
        moves.import_old_files(world, reviewer)
    for _ in range(ROUNDS_AT_THE_END):
        for site in world.sites:
            for reviewer in world.reviewers:
                moves.hand_over(world, reviewer, moves.export(world, site), is_fresh=True)
        for reviewer in world.reviewers:
            moves.back_up(world, reviewer)
            content = moves.outbox(world, reviewer)
            for site in world.sites:
                moves.bring(world, site, content, reviewer, is_fresh=True)


def _require_read(world: World, seed: int) -> int:
    required = [tip for tip in world.tips if tip.was_carried or not tip.is_younger_than_backup]
    for reviewer in world.honest:
        read = reviewer.texts()
        for tip in required:
            if tip.text not in read and reviewer.name not in tip.excused:
                told = "\n".join(world.log)
                raise Lost(f"walk {seed}: {reviewer.name} can no longer read {tip.text} of {tip.site.name}\n{told}")
    return len(required)
