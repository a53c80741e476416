"""``restore``: a new home from a backup."""

from pathlib import Path

import click

from reviewer.commands.at_home import (
    BESIDE_NETWORK,
    FILE,
    FOLDER,
    IMPORT_AGAIN,
    PASSPHRASE_FILE,
    TWIN_PASSPHRASE_FILE,
    guard,
    warn_unprotected,
)
from reviewer.terminal.console import notice, output
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError

_LONGEST_KEY_FILE_BYTES = 4096


@click.command(
    epilog="Example: tipline-review restore ~/review --from casebook.age"
    " --identity /media/root-key/casebook-backup-reviewer.key"
)
@click.argument("home_folder", metavar="HOME", type=FOLDER)
@click.option("--from", "backup", required=True, type=FILE, help="The backup.")
@click.option(
    "--identity", required=True, type=FILE, help="The file casebook-backup-NAME.key from the root medium."
)
@click.option("--twin", type=FOLDER, help="The twin medium, for keys of tips that were not imported yet.")
@TWIN_PASSPHRASE_FILE
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path,
    backup: Path,
    identity: Path,
    twin: Path | None,
    twin_passphrase_file: str | None,
    passphrase_file: str | None,
    beside_network: bool,
) -> None:
    """Make a new HOME from a casebook backup, with its own passphrase.

    That of the twin is asked for first; the first line of standard input is that of the twin where it has both.
    """
    from reviewer.home.home import require_new_home
    from reviewer.recovery.backup import restore
    from reviewer.twin.open_twin import open_twin

    guard(beside_network)
    require_new_home(home_folder)
    opened = open_twin(twin, passphrase_file=twin_passphrase_file) if twin is not None else None
    entry = SecretEntry(passphrase_file).chosen_now()
    try:
        with backup.open("rb") as source, identity.open("rb") as key_file:
            restored = restore(
                home_folder,
                backup=source,
                identity=key_file.read(_LONGEST_KEY_FILE_BYTES),
                twin=opened,
                entry=entry,
                today=today(),
            )
    except FileNotFoundError as error:
        raise ProgramError(f"{error.filename} is not there") from error
    output(f"{home_folder}: {restored.submissions} submissions, {len(restored.keys_from_twin)} keys from the twin")
    for line in restored.known.lines():
        output(line)
    output("the raw envelopes are not in a backup: raw works for new tips only")
    if restored.wanted:
        output(f"{restored.wanted} of these did not open; their envelopes are in no backup, and are taken in again")
        output("with the next export of their server, which keeps unopened envelopes")
    output(IMPORT_AGAIN)
    output("each server's operator must confirm this reviewer's new stream once, when the next outbox arrives")
    output("before keys issue: ask each server's operator for the version in tipline status, and plug in the root")
    output("medium that holds it: a second manifest of one version is refused everywhere")
    if twin is None:
        notice(
            "warning", "there are no intake keys here: tips that were sealed until now open with a twin medium only"
        )
        notice(
            "hint",
            "issue new keys now; when a twin medium turns up: tipline-review keys restore HOME --twin FOLDER",
        )
    if (home_folder / "home-unprotected.key").exists():
        warn_unprotected()
