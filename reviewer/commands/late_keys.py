"""``keys restore``: keys of a twin medium that turned up late."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewer.commands.at_home import FOLDER, TWIN_PASSPHRASE_FILE, at_home
from reviewer.commands.key_warnings import tell_wanted, warn_of_twin
from reviewer.errors import HomeError, each_once
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output, raise_all
from system.clock import today

if TYPE_CHECKING:
    from reviewer.twin.key_import import RetryResult


@click.command(epilog="Example: tipline-review keys restore ~/review --twin /media/old-twin")
@at_home
@click.option("--twin", required=True, type=FOLDER, help="A twin medium, or the folder of a home that works again.")
@TWIN_PASSPHRASE_FILE
def restore(home: Home, twin: Path, twin_passphrase_file: str | None) -> None:
    """Import keys from a twin medium that was found after a restore, and try unopened envelopes again.

    It also restores keys that a home's disk has lost, from its own twin. Keys of retired weeks are not imported.
    After an interruption, repeat the command.
    """
    from reviewer.linking.tip_reading import read_new_tips
    from reviewer.twin.key_import import take_keys, try_unopened
    from reviewer.twin.open_twin import open_twin

    taken = take_keys(home, open_twin(twin, passphrase_file=twin_passphrase_file), today=today())
    output(f"keys             {len(taken.names)} new, {len(taken.known)} known")
    for name in taken.names:
        output(f"  {name}")
    tried = try_unopened(home, today=today())
    read_new_tips(home)
    _tell_tried(tried)
    if tried.opened or tried.sealed_opened:
        notice("hint", "write a casebook backup now: what was opened is in none")
    tell_wanted(home)
    if taken.retired:
        notice(
            "warning",
            f"THERE ARE KEYS OF RETIRED WEEKS ON {twin}, which were not taken: {', '.join(taken.retired)}",
        )
        notice("hint", "keys issue --twin rewrites the twin without them; destroy any other medium or copy")
    warn_of_twin(home)
    troubles = each_once([*tried.failures, *tried.refused])
    if taken.damaged:
        damaged = HomeError(
            f"these keys on {twin} are damaged, and were not taken: {', '.join(taken.damaged)}",
            hint="try another copy of it before you write it over: what is sealed to them does not open",
        )
        troubles.insert(0, damaged)
    raise_all(troubles)


def _tell_tried(tried: "RetryResult") -> None:
    output(f"opened           {len(tried.opened)} that could not be opened before; {tried.closed} stay closed")
    if tried.failures:
        output(f"not tried        {len(tried.failures)} that could not be read, or not be kept")
    for short_id in tried.opened:
        output(f"  {short_id}")
    for short_id in tried.still_sealed:
        output(f"  {short_id}  has a file, sealed by the source, that could not be opened; show tells what to do")
    for short_id in tried.sealed_opened:
        output(f"  {short_id}  a file in it, sealed by the source, is open now")
    for short_id in tried.lost:
        notice("warning", f"{short_id} is gone from this disk, or was changed: it is taken in when it comes again")
    for fallen in tried.fallen:
        notice("warning", str(fallen))
