"""``restore``: a new home from a backup."""

from pathlib import Path

import click

from reviewer.commands.at_home import (
    BESIDE_NETWORK,
    FILE,
    FOLDER,
    IMPORT_AGAIN,
    PASSPHRASE_FILE,
    guard,
    one_after_the_other,
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
@click.option("--identity", required=True, type=FILE, help="The root medium's casebook-backup-NAME.key.")
@one_after_the_other("--twin", "tipline-review keys restore HOME --twin FOLDER, after HOME was made")
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path, backup: Path, identity: Path, passphrase_file: str | None, beside_network: bool
) -> None:
    """Make a new HOME of a casebook backup, with a passphrase of its own.

    A backup holds no keys of weeks: take them from a twin medium with keys restore, and issue new ones.
    """
    from reviewer.home.home import require_new_home
    from reviewer.recovery.backup import restore

    guard(beside_network)
    require_new_home(home_folder)
    entry = SecretEntry(passphrase_file).chosen_now()
    try:
        with backup.open("rb") as source, identity.open("rb") as key_file:
            restored = restore(
                home_folder,
                backup=source,
                identity=key_file.read(_LONGEST_KEY_FILE_BYTES),
                entry=entry,
                today=today(),
            )
    except FileNotFoundError as error:
        raise ProgramError(f"{error.filename} is not there") from error
    output(f"{home_folder}: {restored.submissions} submissions")
    for line in restored.known.lines():
        output(line)
    output("the raw envelopes are not in a backup: raw works for new tips only")
    if restored.wanted:
        output(f"{restored.wanted} of these did not open; their envelopes are in no backup, and are taken in again")
        output("with the next export of their server, which keeps unopened envelopes")
    output("tips that were deleted after this backup was written are here again: delete them once more")
    output(IMPORT_AGAIN)
    output("each server's operator must confirm this reviewer's new stream once, when the next outbox arrives")
    output("before keys issue: ask each server's operator for the version in tipline status, and plug in the root")
    output("medium that holds it: a second manifest of one version is refused everywhere")
    notice("warning", "there are no intake keys here: tips that were sealed until now open with a twin medium only")
    notice("hint", f"with a twin medium: tipline-review keys restore {home_folder} --twin FOLDER; then keys issue")
    if (home_folder / "home-unprotected.key").exists():
        warn_unprotected()
