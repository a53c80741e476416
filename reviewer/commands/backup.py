"""``backup``: the casebook, sealed, for another disk."""

from pathlib import Path

import click

from reviewer.commands.at_home import FILE, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(epilog="Example: tipline-review backup ~/review --to /media/backup/casebook-2026-11-25.age")
@at_home
@click.option("--to", "out", required=True, type=FILE, help="The backup; keep it on another medium than this disk.")
def command(home: Home, out: Path) -> None:
    """Write the whole casebook to FILE, sealed.

    Only casebook-backup-NAME.key on the root medium opens it. It holds every case and this reviewer's own keys,
    and no intake key: tips that were not taken in yet are safe only with a twin medium.
    """
    from reviewer.recovery.backup import write_backup

    count = write_backup(home, out, today=today())
    output(f"{out}: {count} submissions")
    output("to restore it: this file, casebook-backup-NAME.key from the root medium, a new passphrase")
    output("for tips that were not taken in yet: the twin medium, and the passphrase of this home")
    if unopened := home.casebook.unopened.here():
        output(
            f"{len(unopened)} envelopes that could not be opened are in it by digest only; their servers keep them"
        )
    if out.stat().st_dev == home.folder.stat().st_dev:
        notice("warning", f"{out} LIES ON THE DISK OF THIS HOME: copy it to another medium before the next outbox")
        notice(
            "hint",
            "delivery receipts leave for what is in it, servers then delete their copy, and this disk holds the"
            " last",
        )
