"""Retires weeks: their private keys are destroyed, and their envelopes can never be opened again.

Retirement needs proof, not a date. A missing proof is printed, and nothing is destroyed. The order: the casebook
records that the week is retired, then the twin, then the data of raw envelopes, then the key. While the key exists,
work is left to do; an interrupted retirement is finished by repeating it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto.primitives.week import Quarter, Week
from reviewer.errors import NotProved
from reviewer.home.home import Home
from reviewer.keys.retirement_check import verify_unopenable
from reviewer.keys.retirement_proof import (
    due_quarters,
    interrupted_weeks,
    keeps_quarter,
    missing_proof,
    missing_tries,
    what_is_lost,
)
from reviewer.languages.staff_language import marked, said
from reviewer.twin.sole_copies import RETIRED_ACT, twin_ring
from reviewer.twin.twin import has_twin, require_ready, write_twin

HOW_TO_PROVE = marked("take in the newest export of every server, write a backup, and do it again")


@dataclass(frozen=True, slots=True)
class RetirementResult:
    """The destroyed keys. ``lost`` names unread tips on removed servers.

    ``tried`` counts the keys, here and on the twin, that were tried on an envelope for the retired weeks: none
    opened it.
    """

    names: list[str]
    lost: list[str]
    tried: int


def retire_weeks(
    home: Home,
    weeks: Sequence[Week],
    *,
    twin: Path | None,
    give_up_unopenable: bool,
    today: dt.date,
) -> RetirementResult:
    """Destroy the keys of these weeks, of interrupted retirements, and of the quarters that are due.

    Raises:
        NotProved: something is missing for one of them; nothing was destroyed.
        HomeError: a key at home is damaged, and nothing was destroyed; or one that is left still opens a week that
            was retired.
        MediumError: ``twin`` is not the twin, or has a key that is nowhere else; nothing was destroyed.
    """
    going = sorted({*weeks, *interrupted_weeks(home)})
    quarters = [
        quarter
        for quarter in due_quarters(home, today=today)
        if not keeps_quarter(home, quarter, without=frozenset(going))
    ]
    closing: list[Week | Quarter] = [*going, *quarters]
    names = [name for when in closing for name in home.keyring.names_of(when)]
    if not names:
        return RetirementResult([], [], 0)
    _require_proof(home, weeks, twin, give_up_unopenable=give_up_unopenable, today=today)
    if twin is not None:
        require_ready(home, twin)
    with home.casebook.changing():
        for week in going:
            home.casebook.retired.add(week, today=today)
        home.casebook.log.add(RETIRED_ACT, ", ".join(names), today=today)
    if twin is not None:
        write_twin(home, twin, without=frozenset(names))
    for week in going:
        _remove_envelopes(home, week)
    for name in names:
        home.keyring.destroy(name)
    return RetirementResult(
        names, [line for week in going for line in what_is_lost(home, week)], _tried(home, going, twin)
    )


def _require_proof(
    home: Home, weeks: Sequence[Week], twin: Path | None, *, give_up_unopenable: bool, today: dt.date
) -> None:
    retired = home.casebook.retired.all()
    missing = [
        line
        for week in weeks
        if week not in retired
        for line in missing_proof(home, week, today=today, give_up_unopenable=give_up_unopenable)
    ]
    missing = missing or missing_tries(home)  # of quarters that go without a week
    if has_twin(home) and twin is None:
        missing.append(
            said("the twin medium, which holds these keys too, must be rewritten in the same step (--twin FOLDER)")
        )
    if missing:
        raise NotProved(f"the keys stay: {'; '.join(missing)}", hint=HOW_TO_PROVE)


def _tried(home: Home, weeks: Sequence[Week], twin: Path | None) -> int:
    newest = home.casebook.manifests.newest(root=home.root_key)
    entries = [entry for entry in newest.manifest.intake if entry.week in weeks] if newest else []
    rings = [home.keyring, *([twin_ring(home, twin)] if twin is not None else [])]
    return verify_unopenable(entries, rings)


def _remove_envelopes(home: Home, week: Week) -> None:
    for submission in home.casebook.submissions.of_week(week):
        home.casebook.submissions.forget_envelope(submission)
        if submission.unopened_file is not None:
            (home.unopened / submission.unopened_file).unlink(missing_ok=True)
