"""Retiring weeks: their private keys are destroyed, and nobody opens their envelopes again.

It acts on proof, not on a clock. What is missing from the proof is said, and nothing is destroyed then. The
order: what counts (the casebook says the week is retired), then the twin, then what made the raw envelopes, then
the key, whose presence says that something is left to do; an interrupted step is finished by doing it again.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from crypto.week import Quarter, Week
from reviewer.errors import NotProved
from reviewer.home import Home
from reviewer.keyring import intake_name, sealed_name
from reviewer.twin import has_twin, require_twin, write_twin

WAIT_DAYS = 14
SEALED_WAIT_DAYS = 60


def due_weeks(home: Home, *, today: dt.date) -> list[Week]:
    """Weeks whose keys are here and whose last day lies at least two weeks back."""
    last = today - dt.timedelta(days=WAIT_DAYS)
    return [week for week in home.keyring.intake_weeks() if week.last_day <= last]


def due_quarters(home: Home, *, today: dt.date) -> list[Quarter]:
    """Quarters that ended 60 days ago."""
    last = today - dt.timedelta(days=SEALED_WAIT_DAYS)
    return [quarter for quarter in home.keyring.sealed_quarters() if quarter.last_day <= last]


def missing_proof(home: Home, week: Week, *, give_up_unopenable: bool = False) -> list[str]:
    """What is missing before the keys of ``week`` may go; nothing when the proof is whole."""
    newest = home.casebook.manifests.newest(root=home.root_key)
    if newest is None:
        return ["there is no manifest here that says which servers there are"]
    missing: list[str] = []
    servers = home.casebook.servers
    for server in newest.manifest.servers:
        if servers.week_closed(server.name, week) is None:
            missing.append(f"server {server.name} has not signed that week {week} is closed")
        elif numbers := servers.missing_for(server.name, week):
            missing.append(f"bundles {numbers[0]} to {numbers[-1]} of server {server.name} were not taken in")
    submissions = home.casebook.submissions.of_week(week)
    not_backed_up = sum(one.backup is None for one in submissions)
    if not_backed_up:
        missing.append(f"{not_backed_up} envelopes of week {week} are in no casebook backup")
    unopenable = sum(one.unopenable is not None for one in submissions)
    if unopenable and not give_up_unopenable:
        missing.append(
            f"{unopenable} envelopes of week {week} could not be opened (--give-up-unopenable lets them go)"
        )
    return missing


def retire_weeks(
    home: Home,
    weeks: Sequence[Week],
    *,
    twin: Path | None,
    give_up_unopenable: bool,
    today: dt.date,
) -> list[str]:
    """Destroy the keys of these weeks, and of the quarters that are due; the names of what went.

    Raises:
        NotProved: something is missing for one of them; nothing was destroyed.
    """
    interrupted = [week for week in home.casebook.retired.all() if week in home.keyring.intake_weeks()]
    missing = [
        line
        for week in weeks
        if week not in interrupted
        for line in missing_proof(home, week, give_up_unopenable=give_up_unopenable)
    ]
    if has_twin(home) and twin is None:
        missing.append(
            "the twin medium, which holds these keys too, must be rewritten in the same step (--twin FOLDER)"
        )
    if missing:
        raise NotProved(
            "the keys stay: " + "; ".join(missing),
            hint="take in the newest export of every server, write a backup, and do it again",
        )
    going = sorted({*weeks, *interrupted})
    # What sources sealed by themselves came inside the envelopes of weeks: those must be gone first.
    quarters = [
        quarter
        for quarter in due_quarters(home, today=today)
        if not any(week.monday <= quarter.last_day for week in home.keyring.intake_weeks() if week not in going)
    ]
    names = [*map(intake_name, going), *map(sealed_name, quarters)]
    if not names:
        return []
    if twin is not None:
        require_twin(home, twin)
    with home.casebook.changing():
        for week in going:
            home.casebook.retired.add(week, today=today)
        home.casebook.log.add("keys retired", ", ".join(names), today=today)
    if twin is not None:
        write_twin(home, twin, without=frozenset(names))
    for week in going:
        _remove_envelopes(home, week)
    for name in names:
        home.keyring.destroy(name)
    return names


def _remove_envelopes(home: Home, week: Week) -> None:
    for submission in home.casebook.submissions.of_week(week):
        home.casebook.submissions.forget_envelope(submission)
        if submission.unopened_file is not None:
            (home.unopened / submission.unopened_file).unlink(missing_ok=True)
