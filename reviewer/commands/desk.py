"""``desk``: the casebook in a browser on this machine."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crypto.errors import CryptoError
from reviewer.commands.at_home import BESIDE_NETWORK, FOLDER, PASSPHRASE_FILE, guard, warn_unprotected
from reviewer.languages.staff_language import STAFF_LANGUAGES
from reviewer.terminal.console import notice, output_now
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.viewers.look_kind import missing_packages
from system.clock import passed_seconds
from system.errors import REFUSED, ProgramError

if TYPE_CHECKING:
    from reviewer.desk.page import Look

_LOOKS = ("auto", "light", "dark")


@click.command(epilog="Example: tipline-review desk ~/review --browser")
@click.argument("home_folder", metavar="HOME", type=FOLDER)
@click.option(
    "--lock-minutes",
    type=click.FloatRange(min=0, min_open=True, max=720),
    default=10.0,
    show_default=True,
    help="Lock after this number of minutes without use.",
)
@click.option(
    "--browser",
    is_flag=True,
    help="Start Firefox at the desk, with a profile in memory that is destroyed at the end; no address is printed.",
)
@click.option("--look", type=click.Choice(_LOOKS), default="auto", show_default=True, help="Light or dark.")
@click.option(
    "--language",
    type=click.Choice(tuple(STAFF_LANGUAGES)),
    help="Language of the pages, remembered; es, fr and ar are not yet reviewed by native speakers.",
)
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path,
    lock_minutes: float,
    browser: bool,
    look: str,
    language: str | None,
    passphrase_file: str | None,
    beside_network: bool,
) -> int:
    """Read and answer tips in a browser on this machine.

    With --browser, Firefox starts by itself, and nothing that it shows reaches a disk. Otherwise an address is
    printed that works once, in one browser: a private window, because others write to the disk what was typed. Ends
    with Ctrl-C, from the page, or when the browser is closed. While it is locked, other commands can use HOME.
    """
    from reviewer.desk.page import Look

    guard(beside_network)
    serve = partial(_serve, home_folder, 60 * lock_minutes, passphrase_file, Look(look), language)
    if browser:
        from reviewer.desk.beside_browser import serve_beside_browser

        return serve_beside_browser(partial(_as_a_command, serve))
    serve(output_now)
    return 0


def _serve(
    home_folder: Path,
    idle_seconds: float,
    passphrase_file: str | None,
    look: "Look",
    language: str | None,
    told: Callable[[str], None],
) -> None:
    """Serve the desk; ``told`` gets the address that opens it."""
    from reviewer.desk.server import serve
    from reviewer.desk.session import DeskSession

    desk_session = DeskSession(
        home_folder, entry=SecretEntry(passphrase_file), idle_seconds=idle_seconds, clock=passed_seconds
    )
    try:
        if language is not None:
            desk_session.speak(language)
        if not desk_session.needs_passphrase():
            warn_unprotected()
        if missing_packages():
            notice("hint", "some files cannot be looked at on this machine: tipline-review viewers tells which")
        if told is output_now:
            notice("hint", "paste this address into a private window of a browser on this machine; it works once")
        serve(desk_session, look=look, told=told)
    except KeyboardInterrupt:
        notice("hint", "stopped")
    finally:
        desk_session.close()


def _as_a_command(serve: Callable[[Callable[[str], None]], None], told: Callable[[str], None]) -> int:
    """Serve in a process of its own; its exit code, after the reason was printed."""
    try:
        serve(told)
    except (ProgramError, CryptoError) as error:
        notice("error", str(error))
        if isinstance(error, ProgramError) and error.hint:
            notice("hint", error.hint)
        return REFUSED
    except KeyboardInterrupt:  # while the passphrase was asked
        notice("hint", "stopped")
    return 0
