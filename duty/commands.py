"""Commands of a duty machine: ``tipline-duty``."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from onion.errors import OnionError
from system.clock import today
from system.command_line import run_command_line, say_on_error
from system.errors import REFUSED, ProgramError

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_RENEWED_SECONDS = 3 * 86_400
_HOME = click.argument("home", metavar="HOME", type=_FOLDER)


@click.group("duty", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tipline", message="%(version)s")
def duty_command() -> None:
    """The machine that rings when a button for help is pressed."""


@duty_command.command("setup", epilog="Example: tipline-duty setup ~/duty --machine 1 --root-key root.pub")
@_HOME
@click.option("--machine", type=click.Choice(("1", "2")), help="Machine 1 rings at once, machine 2 after a minute.")
@click.option("--root-key", metavar="FILE", type=_FILE, help="The organisation's root.pub, at the first time.")
@click.option("--address", metavar="ADDRESS", help="The server's address for relays, from its operator.")
@click.option("--network", metavar="FOLDER", type=_FOLDER, help="A private network, for tests and the demo.")
def setup(
    home: Path, machine: str | None, root_key: Path | None, address: str | None, network: Path | None
) -> None:
    """Make this machine's folder and keys, once.

    After the operator has added its key, run it with --address.
    """
    from crypto.keys.fingerprint import duty_words
    from duty.home import DUTY_PUBLIC, ONION_PUBLIC, DutyHome

    made = DutyHome(home)
    if (root_key is None) != (machine is None) or (root_key is None and address is None):
        raise click.UsageError("name --machine and --root-key at the first time, and --address at the second")
    if root_key is not None and machine is not None:
        click.echo(f"root key  {made.set_up(machine=int(machine), root_file=root_key, network=network)}")
        click.echo(f"this key  {duty_words(made.keys()[0].public_key())}")
        click.echo(f"next, on the server: tipline relays add DIR {home / ONION_PUBLIC} --name NAME --duty")
        click.echo(f"next, on the other machine: tipline-duty pair HOME {DUTY_PUBLIC}, and compare by telephone")
    if address is not None:
        made.set_address(address)
        click.echo("next: tipline-duty take HOME MANIFEST WEEK-FILE")


@duty_command.command("pair", epilog="Example: tipline-duty pair ~/duty duty.pub")
@_HOME
@click.argument("file", type=_FILE)
def pair(home: Path, file: Path) -> None:
    """Take the public key of the other duty machine. Compare both lines of words by telephone."""
    from duty.home import DutyHome

    own, other = DutyHome(home).pair(file)
    click.echo(f"this machine   {own}")
    click.echo(f"the other one  {other}")


@duty_command.command("renew", epilog="Example: tipline-duty renew ~/duty")
@_HOME
@click.option("--again", is_flag=True, help="Renew within three days, too: the key before this one is lost.")
def renew(home: Path, again: bool) -> None:
    """Make a new duty key. The previous one still opens; older ones are destroyed.

    The other machine, each relay file and the next week file then need the new key.
    """
    from crypto.keys.fingerprint import duty_words
    from duty.home import DUTY_PUBLIC, DutyHome
    from duty.papers import DutyRefused

    made = DutyHome(home)
    made.settings()
    age = time.time() - (home / DUTY_PUBLIC).stat().st_mtime
    if len(made.keys()) > 1 and age < _RENEWED_SECONDS and not again:
        raise DutyRefused(
            "this key was made in the last three days, and relays may still post to the one before",
            hint="renew once all relays have new files; --again destroys that one now",
        )
    click.echo(f"this key     {duty_words(made.renew_key())}")
    click.echo(f"next: bring {home / DUTY_PUBLIC} to the other machine and behind the air gap")


@duty_command.command("take", epilog="Example: tipline-duty take ~/duty manifest.json week")
@_HOME
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
def take(home: Path, files: tuple[Path, ...]) -> int:
    """Take the manifest and week files from a stick. All of them are taken, or none.

    A running desk uses them at once. Exit code 1 if afterwards no week file of today opens.
    """
    from duty.home import DutyHome
    from duty.places import covered_until

    taker = DutyHome(home)
    for week in taker.take(files, today=today()):
        counts = f"{len(week.buttons)} buttons, {len(week.relays)} relays, {len(week.places)} places"
        click.echo(f"{week.week}: {counts}")
    now = int(time.time())
    if covered_until(taker.weeks(), now) <= now:
        click.echo("NOT READY: no week file of today opens. Bring one by a reviewer of this manifest.", err=True)
        return REFUSED
    return 0


@duty_command.command("run", epilog="Example: tipline-duty run ~/duty")
@_HOME
@click.option("--language", default="en", show_default=True, help="Language of the pages.")
@click.option(
    "--fetch-seconds",
    type=click.FloatRange(0.2, 60),
    default=5.0,
    show_default=True,
    help="Change it in tests only.",
)
@click.option("--address-to", type=_FILE, metavar="FILE", help="Write the address there, and do not print it.")
def run(home: Path, language: str, fetch_seconds: float, address_to: Path | None) -> None:
    """Run the duty desk: fetch posts, ring, and show the desk in a browser on this machine.

    The address of the desk is printed first. It is a secret: name a file for it where the output of this command is
    logged.
    """
    from duty.desk.page_language import PageLanguage
    from duty.home import DutyHome
    from duty.program import DutyProgram
    from system.memory import keep_memory_private
    from system.signals import run_until_stopped

    keep_memory_private()
    program = DutyProgram(
        DutyHome(home),
        report=say_on_error,
        words=PageLanguage.of(language),
        fetch_seconds=fetch_seconds,
        address_to=address_to,
    )
    run_until_stopped(program.run)


@duty_command.command("status", epilog="Example: tipline-duty status ~/duty --json")
@_HOME
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(home: Path, as_json: bool) -> int:
    """Show week files, sound, the last fetch, and presses that wait; exit code 1 if it is not ready.

    It plays a very short sound.
    """
    from duty.alarms import NO_FETCH_SECONDS
    from duty.home import FETCH_PLACE, LEDGER, DutyHome
    from duty.ledger import Ledger
    from duty.line import FetchPlace
    from duty.places import covered_until
    from duty.sound import Bell

    found, now = DutyHome(home), int(time.time())
    settings, files = found.settings(), found.weeks()
    weeks, is_covered = [str(one.week) for one in files], covered_until(files, now) > now
    has_sound = Bell.find() is not None
    waiting = sum(press.acknowledged is None for press in Ledger(home / LEDGER).presses())
    is_paired = found.pair_keys() is not None
    place = home / FETCH_PLACE  # written again with each fetch
    is_fresh = place.exists() and abs(now - place.stat().st_mtime) <= NO_FETCH_SECONDS
    has_fetched = is_fresh and FetchPlace.load(place).is_whole
    told = {
        "machine": settings.machine,
        "weeks": weeks,
        "week_of_today": is_covered,
        "sound": has_sound,
        "fetched": has_fetched,
        "paired": is_paired,
        "presses_waiting": waiting,
    }
    if as_json:
        click.echo(json.dumps(told, indent=2))
    else:
        click.echo(f"machine   {settings.machine}")
        click.echo(f"weeks     {', '.join(weeks) or 'none'}{'' if is_covered else ', NONE OF TODAY'}")
        click.echo(f"sound     {'yes' if has_sound else 'NO'}")
        click.echo(
            f"fetch     {'within a minute' if has_fetched else 'NOT ALL WITHIN A MINUTE: does the desk run?'}"
        )
        click.echo(f"paired    {'yes' if is_paired else 'NO'}")
        click.echo(f"presses   {waiting} wait for a person")
    return 0 if has_sound and is_paired and is_covered and has_fetched else REFUSED


@duty_command.command("copies", epilog="Example: tipline-duty copies ~/duty --out /media/stick/copies")
@_HOME
@click.option("--out", type=_FILE, required=True, metavar="FILE", help="The file to write.")
def copies(home: Path, out: Path) -> None:
    """Write the copies of presses for the casebook to FILE, and remove them here.

    Only the air-gapped machine opens them: tipline-review beacon take.
    """
    from duty.copies import carry_copies, count_copies
    from duty.home import DutyHome

    DutyHome(home).settings()
    click.echo(f"{carry_copies(home, out)} copies in {out}")
    if left := count_copies(home):
        click.echo(f"{left} copies wait here still: carry them in another file")


@duty_command.command("wipe", epilog="Example: tipline-duty wipe ~/duty --yes")
@_HOME
@click.option("--yes", is_flag=True, required=True, help="Needed: presses that were not carried are lost.")
def wipe(home: Path, yes: bool) -> None:  # noqa: ARG001 -- click demands it, and it is True
    """Destroy keys, week files, presses and all that was written. End the desk first."""
    from duty.copies import wipe_home
    from duty.home import DutyHome

    made = DutyHome(home)
    made.settings()
    with made.running():
        wipe_home(home)
    click.echo(f"{home} is wiped")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused with a reason on standard error, 2 wrong usage."""
    refusals = (ProgramError, OnionError)
    return run_command_line("tipline-duty", duty_command.main, argv, click=click, refusals=refusals)


if __name__ == "__main__":
    sys.exit(main())
