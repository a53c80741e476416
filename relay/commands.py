"""Commands of the relay: ``tipline-relay``."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from onion.errors import OnionError
from system.clock import today
from system.command_line import run_command_line, say_on_error
from system.errors import REFUSED, ProgramError

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_HOME = click.argument("home", metavar="HOME", type=_FOLDER)


@click.group("relay", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tipline", message="%(version)s")
def relay_command() -> None:
    """The small computer beside a button for help. It hears, seals and posts, and can open nothing."""


@relay_command.command("setup", epilog="Example: tipline-relay setup /var/lib/tipline-relay --root-key root.pub")
@_HOME
@click.option("--root-key", metavar="FILE", type=_FILE, help="The organisation's root.pub, at the first time.")
@click.option("--address", metavar="ADDRESS", help="The server's address for relays, from its operator.")
@click.option("--network", metavar="FOLDER", type=_FOLDER, help="A private network, for tests and the demo.")
def setup(home: Path, root_key: Path | None, address: str | None, network: Path | None) -> None:
    """Make this relay's folder and keys, once.

    After the operator has added its key, run it with --address.
    """
    from relay.home import FILE_PUBLIC, ONION_PUBLIC, RelayHome

    made = RelayHome(home)
    if root_key is None and address is None:
        raise click.UsageError("name --root-key at the first time, and --address at the second")
    if root_key is not None:
        click.echo(f"root key  {made.set_up(root_file=root_key, network=network)}")
        click.echo(f"next, on the server: tipline relays add DIR {home / ONION_PUBLIC} --name NAME")
        click.echo(f"next, behind the air gap: tipline-review beacon relays file, with {home / FILE_PUBLIC}")
    if address is not None:
        made.set_address(address)
        click.echo("next: tipline-relay take HOME MANIFEST RELAY-FILE")


@relay_command.command("take", epilog="Example: tipline-relay take /var/lib/tipline-relay manifest.json relay-3")
@_HOME
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
def take(home: Path, files: tuple[Path, ...]) -> None:
    """Take the manifest and the relay file of this week from a stick. All of them are taken, or none.

    A running relay uses them at once.
    """
    from relay.home import RelayHome

    day = today()
    papers = RelayHome(home).take(files, today=day)
    keys = papers.keys()
    click.echo(f"relay {papers.relay_file.number}, manifest {papers.manifest.version}")
    click.echo(f"marks        for {keys.mark_days_left(day)} days")
    click.echo(f"intake keys  for {keys.intake_days_left(day)} days")


@relay_command.command("run", epilog="Example: tipline-relay run /var/lib/tipline-relay")
@_HOME
@click.option(
    "--frames-from",
    type=click.IntRange(0),
    metavar="N",
    help="Take advertisements from an open descriptor of another program, instead of BlueZ.",
)
@click.option(
    "--slot-seconds",
    type=click.FloatRange(0.2, 60),
    default=20.0,
    show_default=True,
    help="Change it in tests only.",
)
def run(home: Path, frames_from: int | None, slot_seconds: float) -> None:
    """Hear buttons and post, until it is ended. Each change of an alarm is one line."""
    from relay.home import RelayHome, RelayRefused
    from relay.pipe_radio import PipeRadio, Radio
    from relay.program import RelayProgram
    from system.memory import keep_memory_private
    from system.signals import run_until_stopped

    keep_memory_private()
    radio: Radio
    if frames_from is None:
        from relay.radio import BluezRadio

        radio = BluezRadio()
    else:
        try:
            os.fstat(frames_from)
        except OSError as error:
            raise RelayRefused(
                f"descriptor {frames_from} is not open", hint="--frames-from 0 < <(PROGRAM)"
            ) from error
        radio = PipeRadio(frames_from)
    program = RelayProgram(RelayHome(home), radio, report=say_on_error, slot_seconds=slot_seconds)
    run_until_stopped(program.run)


@relay_command.command("status", epilog="Example: tipline-relay status /var/lib/tipline-relay --json")
@_HOME
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(home: Path, as_json: bool) -> int:
    """Show if the relay runs, and its alarms; exit code 1 while there is one.

    It never says what was heard.
    """
    from relay.home import RelayHome
    from relay.program import RelayReport

    RelayHome(home).settings()
    state = RelayReport.load(home)
    runs = state is not None and state.is_fresh
    alarms = list(state.alarms) if state is not None and runs else ["does not run"]
    if as_json:
        told = {
            "runs": runs,
            "alarms": alarms,
            "relay": state.relay if state else None,
            "mark_days": state.mark_days if state else None,
            "intake_days": state.intake_days if state else None,
            "trouble": state.trouble if state else "",
        }
        click.echo(json.dumps(told, indent=2))
    else:
        if state is not None:
            click.echo(f"relay        {state.relay}")
            click.echo(f"marks        for {state.mark_days} days")
            click.echo(f"intake keys  for {state.intake_days} days")
        click.echo(f"alarms       {', '.join(alarms) or 'none'}")
        if state is not None and runs and state.trouble:
            click.echo(f"trouble      {state.trouble}")
    return REFUSED if alarms else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused with a reason on standard error, 2 wrong usage."""
    refusals = (ProgramError, OnionError)
    return run_command_line("tipline-relay", relay_command.main, argv, click=click, refusals=refusals)


if __name__ == "__main__":
    sys.exit(main())
