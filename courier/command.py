"""Commands of the courier: ``tipline-courier``, and the same as ``tipline courier``."""

from collections.abc import Sequence
from pathlib import Path

import click

from system.command_line import run_command_line


def _home(function: click.decorators.FC) -> click.decorators.FC:
    return click.argument("home", metavar="HOME", type=click.Path(path_type=Path, file_okay=False))(function)


def _warn(line: str) -> None:
    click.echo(f"tipline: warning: {line}", err=True)


@click.group("courier", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tipline", message="%(version)s")
def command() -> None:
    """Carry sealed bundles between the server and the reviewers, through Tor."""


@command.command("setup", epilog="Example: tipline courier setup ~/courier")
@_home
@click.option("--address", metavar="ADDRESS", help="The server's address for couriers, from its operator.")
@click.option(
    "--network",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Use the private network that runs in FOLDER; for tests and the demo.",
)
def setup(home: Path, address: str | None, network: Path | None) -> None:
    """Make this courier's key in HOME, once. After the operator adds the key, run it with --address."""
    from courier.client import Courier

    courier = Courier(home)
    courier.set_up(address=address, network=network)
    click.echo(f"this courier's public key: {courier.public_key_file}")
    if address is None:
        click.echo(f"next, on the server: tipline couriers add DIR {courier.public_key_file}")


@command.command("pull", epilog="Example: tipline courier pull ~/courier --out tips.bundles")
@_home
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@click.option(
    "--from",
    "from_number",
    metavar="N",
    type=click.IntRange(min=1),
    help="Fetch all bundles again, from number N.",
)
def pull(home: Path, out: Path, from_number: int | None) -> None:
    """Fetch the bundles that wait for the reviewers. FILE is written whole or not at all."""
    from courier.client import Courier

    length = Courier(home, warn=_warn).pull(out, from_number=from_number)
    click.echo(f"wrote {out}: {length} bytes")


@command.command("push", epilog="Example: tipline courier push ~/courier outbox.bundles")
@_home
@click.argument("outbox", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--accept-stream",
    metavar="NAME:HEX",
    help="Accept this reviewer's new stream, after staff confirmed that its machine was restored or replaced.",
)
def push(home: Path, outbox: Path, accept_stream: str | None) -> None:
    """Upload the file that a reviewer wrote with `tipline-review outbox`. Repeating it is harmless."""
    from courier.client import Courier

    brought = Courier(home, warn=_warn).push(outbox, accept=accept_stream)
    click.echo(f"bundles taken in  {brought.bundles}")
    if brought.repeated:
        click.echo(f"taken in before   {brought.repeated}")
    click.echo(f"replies           {brought.replies} (real ones and dummies)")
    click.echo(f"receipts          {brought.receipts}")
    click.echo(f"deleted there     {brought.deleted}")
    for warning in brought.warnings():
        _warn(warning)


@command.command("status", epilog="Example: tipline courier status ~/courier")
@_home
def status(home: Path) -> None:
    """Show the server's status as JSON."""
    import json

    from courier.client import Courier

    click.echo(json.dumps(Courier(home, warn=_warn).status(), indent=2))


@command.command(
    "watch", epilog="Example: tipline courier watch ~/courier --tips /media/stick --outboxes /media/stick/outboxes"
)
@_home
@click.option(
    "--tips",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for fetched bundles, written as tips.bundles.",
)
@click.option(
    "--outboxes",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with the reviewers' outboxes; uploaded ones move into its folder carried.",
)
@click.option(
    "--every",
    "every_minutes",
    metavar="MINUTES",
    type=click.IntRange(min=15),
    default=360,
    show_default=True,
    help="Approximate time between two rounds.",
)
@click.option("--once", is_flag=True, help="Do one round and exit: with 0 if all of it was done, else with 1.")
def watch(home: Path, tips: Path, outboxes: Path, every_minutes: int, once: bool) -> int:
    """Upload outboxes and fetch bundles repeatedly, until Ctrl-C.

    Media may come and go. A failure is reported, with the day of the last complete round, and tried again.
    """
    from courier.client import Courier
    from courier.watch import CourierWatch, Folders
    from system.clock import SYSTEM_CLOCK
    from system.errors import REFUSED
    from system.signals import StopSignals

    rounds = CourierWatch(
        Courier(home, warn=_warn),
        home,
        Folders(tips, outboxes),
        report=click.echo,
        warn=_warn,
        clock=SYSTEM_CLOCK,
    )
    if once:
        return 0 if rounds.round() else REFUSED
    with StopSignals() as stop:
        rounds.run(every_seconds=60.0 * every_minutes, stop=stop)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 refused with a reason on standard error, 2 wrong usage."""
    return run_command_line("tipline-courier", command.main, argv, click=click)
