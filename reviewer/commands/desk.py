"""``desk``: the casebook in a browser on this machine."""

from pathlib import Path

import click

from reviewer.commands.at_home import BESIDE_NETWORK, FOLDER, PASSPHRASE_FILE, guard, warn_unprotected
from reviewer.terminal.console import notice, output_now
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.viewers.look_kind import missing_packages
from system.clock import passed_seconds

_LOOKS = ("auto", "light", "dark")


@click.command(epilog="Example: tipline-review desk ~/review --lock-minutes 5")
@click.argument("home_folder", metavar="HOME", type=FOLDER)
@click.option(
    "--lock-minutes",
    type=click.FloatRange(min=0, min_open=True, max=720),
    default=10.0,
    show_default=True,
    help="Lock after so many minutes without use.",
)
@click.option("--look", type=click.Choice(_LOOKS), default="auto", show_default=True, help="Light or dark.")
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path, lock_minutes: float, look: str, passphrase_file: str | None, beside_network: bool
) -> None:
    """Read and answer tips in a browser on this machine.

    Prints an address that works once, in one browser: a private window, because others write to the disk what was
    typed. Ends with Ctrl-C or from the page. While it is locked, other commands can use HOME.
    """
    from reviewer.desk.page import Look
    from reviewer.desk.server import serve
    from reviewer.desk.session import DeskSession

    guard(beside_network)
    desk_session = DeskSession(
        home_folder, entry=SecretEntry(passphrase_file), idle_seconds=60 * lock_minutes, clock=passed_seconds
    )
    try:
        if not desk_session.needs_passphrase():
            warn_unprotected()
        if missing_packages():
            notice("hint", "some files cannot be looked at on this machine: tipline-review viewers tells which")
        notice("hint", "paste this address into a private window of a browser on this machine; it works once")
        serve(desk_session, look=Look(look), told=output_now)
    except KeyboardInterrupt:
        notice("hint", "stopped")
    finally:
        desk_session.close()
