"""``backup``: the casebook, sealed, for another disk."""

from pathlib import Path

import click

from reviewer.clock import today
from reviewer.commands.at_home import FILE, at_home
from reviewer.home import Home
from reviewer.voice import tell


@click.command(epilog="Example: tipline-review backup ~/review --to /media/backup/casebook-2026-11-25.age")
@at_home
@click.option("--to", "out", required=True, type=FILE, help="The backup; keep it on another medium than this disk.")
def command(home: Home, out: Path) -> None:
    """Write the whole casebook to FILE, sealed.

    Only casebook-backup-NAME.key on the root medium opens it. It holds every case and this reviewer's own keys,
    and no intake key: tips that were not taken in yet are safe only with a twin medium.
    """
    from reviewer.backup import write_backup

    count = write_backup(home, out, today=today())
    tell(f"{out}: {count} submissions")
    tell("to restore it: this file, casebook-backup-NAME.key from the root medium, a new passphrase")
    tell("for tips that were not taken in yet: the twin medium, and the passphrase of this home")
