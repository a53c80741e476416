"""``keys``: issue, retire, look at, and in an emergency print, the keys that open tips."""

import json
from pathlib import Path

import click

from crypto.errors import CryptoError
from crypto.keys.fingerprint import root_words
from crypto.primitives.week import Week
from reviewer.commands.at_home import FILE, FOLDER, JSON, at_home, warn_unprotected
from reviewer.commands.issue import MOST_WEEKS, issue, require_twin_named
from reviewer.commands.key_warnings import look_for_unfinished_twin, tell_awaited, tell_wanted, warn_of_twin
from reviewer.commands.late_keys import restore
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.group(short_help="Issue, retire and look at intake keys.")
def command() -> None:
    """The keys that open tips, week by week."""


command.add_command(issue)
command.add_command(restore)


@command.command(epilog="Example: tipline-review keys offer ~/review --weeks 8 --out offer")
@at_home
@click.option(
    "--weeks",
    default=8,
    show_default=True,
    type=click.IntRange(1, MOST_WEEKS),
    help="Number of weeks, this one included.",
)
@click.option("--twin", type=FOLDER, help="The twin medium, rewritten whole: a second copy of the private keys.")
@click.option("--new-twin", is_flag=True, help="The twin is a new medium: the earlier one is lost or destroyed.")
@click.option("--out", required=True, type=FILE, help="The offer, for the reviewer who issues keys.")
def offer(home: Home, weeks: int, twin: Path | None, new_twin: bool, out: Path) -> None:
    """Make this reviewer's keys for the coming weeks, and write a signed offer of the public halves."""
    from reviewer.keys.offering import make_offer
    from reviewer.twin.twin import has_twin, require_ready, write_twin
    from system.atomic_files import write_whole

    require_twin_named(twin, new_twin)
    look_for_unfinished_twin(home, going_on_with=twin)
    had_twin = has_twin(home)
    if twin is not None:
        # Before a new key takes the place of one that only the twin still has.
        require_ready(home, twin, is_new=new_twin)
    made = make_offer(home, weeks=weeks, today=today())
    if twin is not None:
        write_twin(home, twin, is_new=new_twin)
    write_whole(out, made.raw, mode=0o644)
    offered = [week for week, _key in made.offer.intake]
    output(f"offer            {out}: weeks {offered[0]} to {offered[-1]}")
    output(f"reviewer         {made.reviewer.name}")
    output(f"reviewer key     {made.reviewer.fingerprint}")
    output(f"root key words   {root_words(home.root_key)}")
    output("read the reviewer key BY TELEPHONE to the reviewer who issues keys, the first time")
    output("then adopt the manifest that comes back: tipline-review manifest HOME manifest.json")
    warn_of_twin(home, left_behind=new_twin and had_twin)
    if not home.is_protected:
        warn_unprotected()


@command.command(epilog="Example: tipline-review keys retire ~/review --twin /media/twin")
@at_home
@click.option(
    "--week",
    "week_text",
    metavar="WEEK",
    help="Retire this week only, without waiting two weeks after its last day.",
)
@click.option("--twin", type=FOLDER, help="The twin medium; needed when there is one.")
@click.option("--give-up-unopenable", is_flag=True, help="Give up envelopes that could not be opened.")
@click.option(
    "--give-up",
    "given_up",
    multiple=True,
    metavar="STREAM:BUNDLE:ITEM",
    help="Stop awaiting this item of a bundle, named as by import; may be repeated.",
)
def retire(
    home: Home, week_text: str | None, twin: Path | None, give_up_unopenable: bool, given_up: tuple[str, ...]
) -> None:
    """Destroy the keys of closed weeks, after checking that nothing of them is missing.

    The proof: every server of the manifest has signed that the week is closed, all its bundles up to then are here,
    each of their items has come, or was signed as deleted, or was given up, and every envelope is in the casebook
    and in a casebook backup. Interrupted, the same command again finishes it.
    """
    from reviewer.errors import NotProved
    from reviewer.exchange.missing_items import give_up
    from reviewer.keys.retire import HOW_TO_PROVE, retire_weeks
    from reviewer.keys.retirement_proof import due_weeks, missing_proof

    look_for_unfinished_twin(home)
    for one in give_up(home, given_up, today=today()):
        output(f"given up         {one}")
    stuck: list[str] = []
    weeks = [_week(week_text)] if week_text is not None else due_weeks(home, today=today())
    if week_text is None:
        missing = {
            week: missing_proof(home, week, today=today(), give_up_unopenable=give_up_unopenable) for week in weeks
        }
        weeks = [week for week in weeks if not missing[week]]
        stuck = [f"the key of {week} stays: {'; '.join(lines)}" for week, lines in missing.items() if lines]
    gone = retire_weeks(home, weeks, twin=twin, give_up_unopenable=give_up_unopenable, today=today())
    for name in gone.names:
        output(f"destroyed        {name}")
    for line in gone.lost:
        notice("warning", line)
    if gone.tried:
        where = "here" if twin is None else "here or on the twin"
        output(
            f"tried            {gone.tried} keys that are left {where}: none opens what is sealed to these weeks"
        )
        output(
            "no backup holds any of these keys; what keys identity printed, and copies of disks, you must destroy"
        )
        output("write a casebook backup now: a home that is restored from an earlier one would not know of this")
    if stuck:
        for line in stuck[:-1]:
            notice("error", line)
        raise NotProved(stuck[-1], hint=HOW_TO_PROVE)
    if not gone.names:
        output("nothing is due: keys are retired two weeks after the last day of their week")


@command.command(epilog="Example: tipline-review keys status ~/review --json")
@at_home
@JSON
def status(home: Home, as_json: bool) -> None:
    """Show which weeks can be opened, how long servers can seal, and what blocks each retirement."""
    from reviewer.commands.init import ONE_MEDIUM
    from reviewer.keys.key_status import key_status

    found = key_status(home, today=today())
    if as_json:
        output(json.dumps(found.to_json(), indent=2))
    else:
        for line in found.lines():
            output(line)
    warn_of_twin(home)
    look_for_unfinished_twin(home)
    tell_wanted(home)
    tell_awaited(home)
    if found.root_media == 1:
        notice("warning", f"{ONE_MEDIUM} (keys issue --root-copy FOLDER)")
    if found.days_left < found.WARN_DAYS:
        notice(
            "warning",
            f"keys run out in {found.days_left} days: issue new ones and carry the manifest to every server",
        )
    if not home.is_protected:
        warn_unprotected()


@command.command(epilog="Example: tipline-review keys identity ~/review --week 2026-W48 > identity.txt")
@at_home
@click.option("--week", "week_text", required=True, metavar="WEEK", help="The week, such as 2026-W48.")
def identity(home: Home, week_text: str) -> None:
    """Print the private key of a week, to open its envelopes with other programs in an emergency."""
    week = _week(week_text)
    keys = home.keyring.intake_keys(week)
    notice(
        "warning", f"THIS IS THE PRIVATE KEY of week {week}: its holder can open every tip of that week, for ever"
    )
    notice("hint", "a copy of it outlives keys retire: destroy the file, and the medium it was on, afterwards")
    home.casebook.log.add("identity printed", str(week), today=today())
    for key in keys:
        output(key.reveal())


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except CryptoError as error:
        raise click.UsageError(str(error)) from error
