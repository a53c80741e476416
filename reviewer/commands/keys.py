"""``keys``: issue, retire, look at, and in an emergency print, the keys that open tips."""

import json
from pathlib import Path

import click

from crypto.errors import CryptoError
from crypto.week import Week
from reviewer.clock import today
from reviewer.commands.at_home import FILE, FOLDER, JSON, at_home, warn_unprotected
from reviewer.home import Home
from reviewer.voice import say, tell

_MOST_WEEKS = 52
_NO_TWIN = (
    "there is no twin medium: when this disk dies, tips that were not taken in yet can never be read"
    " (keys issue --twin FOLDER)"
)


@click.group(short_help="Issue, retire and look at intake keys.")
def command() -> None:
    """The keys that open tips, week by week."""


@command.command(
    epilog="Example: tipline-review keys issue ~/review --root /media/root-key --weeks 8 --out manifest.json"
)
@at_home
@click.option("--root", required=True, type=FOLDER, help="The root medium.")
@click.option("--second-medium", type=FOLDER, help="A second root medium, brought up to date in the same step.")
@click.option(
    "--weeks", default=8, show_default=True, type=click.IntRange(1, _MOST_WEEKS), help="From this week on."
)
@click.option("--twin", type=FOLDER, help="The twin medium, rewritten whole: a second copy of the private keys.")
@click.option(
    "--out", required=True, type=FILE, help="The manifest; its signature and its chain are written beside it."
)
def issue(home: Home, root: Path, second_medium: Path | None, weeks: int, twin: Path | None, out: Path) -> None:
    """Sign the next manifest, with keys for the coming weeks."""
    from reviewer.intake_keys import CHAIN_ENDING, issue_keys, write_issue
    from reviewer.root_medium import RootMedium
    from reviewer.twin import has_twin

    medium = RootMedium.open_existing(root)
    issued = issue_keys(home, medium, weeks=weeks, twin=twin, today=today())
    if second_medium is not None:
        medium.copy_to(second_medium)
    write_issue(issued, out)
    manifest = issued.verified.manifest
    tell(f"manifest         version {manifest.version} of {manifest.organisation}")
    tell(f"new weeks        {', '.join(map(str, issued.new_weeks)) or 'none'}")
    tell(f"good until       {manifest.expires.isoformat()}")
    tell(f"servers          {', '.join(party.name for party in manifest.servers) or 'none'}")
    files = [out.name, f"{out.name}.minisig"] + ([f"{out.name}{CHAIN_ENDING}/"] if issued.chain else [])
    tell(f"written          {', '.join(files)}: carry them together")
    if not manifest.servers:
        say("warning", "no server is listed: add one with servers add, then issue again")
    if not has_twin(home):
        say("warning", _NO_TWIN)
    elif twin is None and issued.new_weeks:
        say("warning", "the twin medium does not have the new keys: issue again with --twin FOLDER")
    if not home.is_protected:
        warn_unprotected()


@command.command(epilog="Example: tipline-review keys retire ~/review --twin /media/twin")
@at_home
@click.option(
    "--week", "week_text", metavar="WEEK", help="This week only, without waiting two weeks after its last day."
)
@click.option("--twin", type=FOLDER, help="The twin medium; needed when there is one.")
@click.option(
    "--give-up-unopenable", is_flag=True, help="Let envelopes go that could not be opened and never will be."
)
def retire(home: Home, week_text: str | None, twin: Path | None, give_up_unopenable: bool) -> None:
    """Destroy the keys of closed weeks, once it is proved that nothing of them is missing.

    The proof: every server of the manifest has signed that the week is closed, all its bundles up to then are here,
    and every envelope is in the casebook and in a casebook backup.
    """
    from reviewer.retire import due_weeks, retire_weeks

    weeks = due_weeks(home, today=today()) if week_text is None else [_week(week_text)]
    gone = retire_weeks(home, weeks, twin=twin, give_up_unopenable=give_up_unopenable, today=today())
    for name in gone:
        tell(f"destroyed        {name}")
    if not gone:
        tell("nothing is due: keys are retired two weeks after the last day of their week")


@command.command(epilog="Example: tipline-review keys status ~/review --json")
@at_home
@JSON
def status(home: Home, as_json: bool) -> None:
    """Which weeks can be opened, until when servers can seal, and what is missing before a week can be retired."""
    from reviewer.key_status import key_status

    found = key_status(home, today=today())
    if as_json:
        tell(json.dumps(found.to_json(), indent=2))
    else:
        for line in found.lines():
            tell(line)
    if not found.has_twin:
        say("warning", _NO_TWIN)
    if found.days_left < found.WARN_DAYS:
        say(
            "warning",
            f"keys run out in {found.days_left} days: issue new ones and carry the manifest to every server",
        )
    if not home.is_protected:
        warn_unprotected()


@command.command(epilog="Example: tipline-review keys identity ~/review --week 2026-W48 > identity.txt")
@at_home
@click.option("--week", "week_text", required=True, metavar="WEEK", help="Like 2026-W48.")
def identity(home: Home, week_text: str) -> None:
    """Print the private key of a week, for opening its envelopes with other programs in an emergency."""
    week = _week(week_text)
    key = home.keyring.intake_key(week)
    say("warning", f"THIS IS THE PRIVATE KEY of week {week}: whoever has it opens every tip of that week, for ever")
    say("hint", "a copy of it outlives keys retire: destroy the file, and the medium it was on, afterwards")
    home.casebook.log.add("identity printed", str(week), today=today())
    tell(key.reveal())


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except CryptoError as error:
        raise click.UsageError(str(error)) from error
