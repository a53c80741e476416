"""``recover``: the root medium, or a reviewer's home without cases, from recovery sheets."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crypto.keys.fingerprint import root_words
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
from reviewer.commands.init import ONE_MEDIUM
from reviewer.commands.joining import warn_key_on_this_computer
from reviewer.commands.sheets import SHEET_FILES
from reviewer.terminal.console import notice, output, print_progress
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today

if TYPE_CHECKING:
    from reviewer.recovery.recovery_plan import RecoveryPlan, RecoveryResult


@click.command(
    epilog="Example: tipline-review recover --root /media/root-a --root-copy /media/root-b"
    " --manifest /media/stick/manifest.json",
    short_help="The key on recovery sheets again, and without a backup a home.",
)
@click.argument("home_folder", metavar="[HOME]", required=False, type=FOLDER)
@click.option("--root", type=FOLDER, help="An empty medium for the root key.")
@click.option("--root-copy", type=FOLDER, help="A second one, to be kept in another building.")
@click.option(
    "--manifest",
    "manifests",
    multiple=True,
    type=FILE,
    help="The newest manifest; any server writes it (tipline manifests).",
)
@click.option("--nothing-issued", is_flag=True, help="No manifest was ever issued.")
@click.option(
    "--root-key",
    "root_key_file",
    type=FILE,
    help="For a reviewer who joined, with HOME: root.pub of the organisation.",
)
@click.option(
    "--backup-medium",
    type=FOLDER,
    help="For a reviewer who joined: where the key of its casebook backups goes.  [default: a folder beside HOME]",
)
@click.option(
    "--name",
    default="reviewer",
    show_default=True,
    help="The reviewer whose key for backups is wanted, where no manifest lists it.",
)
@one_after_the_other("--backup", "tipline-review restore HOME --from FILE, after recover without HOME")
@one_after_the_other("--twin", "tipline-review keys restore HOME --twin FOLDER, after HOME was made")
@SHEET_FILES
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path | None,
    root: Path | None,
    root_copy: Path | None,
    manifests: tuple[Path, ...],
    nothing_issued: bool,
    root_key_file: Path | None,
    backup_medium: Path | None,
    name: str,
    sheet_files: tuple[str, ...],
    passphrase_file: str | None,
    beside_network: bool,
) -> None:
    """Make the root medium ROOT from recovery sheets; with HOME also a reviewer's home without cases.

    Type the sheets in any order, or read them from files. If there is a casebook backup, leave HOME out: the medium
    holds the key that opens the backup, and restore makes the home from it.

    With HOME, the reviewer whose keys follow from the sheets is made, if the newest manifest lists one. Reviewer
    and salt stay the same, and the next manifest can be issued. Keys of weeks are not on paper: import them from a
    twin medium with keys restore, and issue new ones.

    The sheets of a reviewer who joined hold no root key. Its backup key goes to --backup-medium; HOME needs
    --root-key and --manifest.
    """
    from reviewer.recovery.joining import read_root_key
    from reviewer.recovery.recovery import recover
    from reviewer.recovery.recovery_plan import RecoveryPlan
    from reviewer.recovery.sheet_entry import SheetEntry

    guard(beside_network)
    wanted = RecoveryPlan(
        home=home_folder,
        media=tuple(medium for medium in (root, root_copy) if medium is not None),
        name=name,
        manifests=manifests,
        nothing_issued=nothing_issued,
        root_key=read_root_key(root_key_file) if root_key_file is not None else None,
        backup_medium=backup_medium,
    )
    _require_fitting(wanted)
    wanted.require_possible(today=today())
    # All checks come before a hundred words are typed.
    entry = SecretEntry(passphrase_file) if home_folder is None else SecretEntry(passphrase_file).chosen_now()
    opened = SheetEntry(sheet_files).collect(print_progress).open()
    if opened.false:
        notice("warning", f"sheet {', '.join(map(str, opened.false))} is false; the others were enough")
    made = recover(
        wanted, opened.secret, entry=entry, today=today(), told=lambda line: output(f"rehearsal        {line}")
    )
    _tell_made(wanted, made)
    if made.known is not None:
        notice("warning", "keys of weeks are not on paper: tips sealed until now, and not imported, do not open")
        notice("hint", f"where there is a twin medium: tipline-review keys restore {home_folder} --twin FOLDER")
    if made.root_key is None and backup_medium is None:
        warn_key_on_this_computer(made.backup_key_file)
    if len(wanted.media) == 1:
        notice("warning", f"{ONE_MEDIUM} (--root-copy FOLDER)")
    if home_folder is not None and (home_folder / "home-unprotected.key").exists():
        warn_unprotected()


def _require_fitting(wanted: "RecoveryPlan") -> None:
    """Return unless options were given that do not go together, which is wrong usage."""
    if wanted.root_key is not None and (wanted.media or wanted.home is None):
        raise click.UsageError("--root-key goes with HOME and sheets of a reviewer who joined, without --root")
    if wanted.backup_medium is not None and wanted.media:
        raise click.UsageError("--backup-medium goes with sheets of a reviewer who joined, without --root")
    if wanted.nothing_issued and wanted.home is not None:
        raise click.UsageError("--nothing-issued goes without HOME: no manifest says who reviews; see init")


def _tell_made(wanted: "RecoveryPlan", made: "RecoveryResult") -> None:
    root_key = made.root_key or wanted.root_key
    if root_key is not None:
        output(f"root key words   {root_words(root_key)}")
    if made.root_key is not None:
        for medium in wanted.media:
            output(f"root medium      {medium}: root.key, root.pub, {made.backup_key_file}")
    if made.known is not None:
        output(f"reviewer         {made.reviewer}, with the earlier keys")
        output(f"home             {wanted.home}, without cases")
        for line in made.known.lines():
            output(line)
    elif made.no_home:
        output(f"home             not made: {made.no_home}")
    if made.root_key is None:
        output(f"backup key       {made.backup_key_file}: it opens this reviewer's casebook backups")
    output("now clear this terminal, and close it: the words of the sheets are still on it")
    if made.root_key is not None:
        _tell_what_next(wanted, made)
    elif made.known is not None:
        _tell_who_joined_what_next(wanted, made)
    else:
        output(f"next: tipline-review restore HOME --from BACKUP --identity {made.backup_key_file}")


def _tell_what_next(wanted: "RecoveryPlan", made: "RecoveryResult") -> None:
    output("1. compare the seven words with those on paper, or with what a server shows")
    output(f"2. ask each server's operator for the version in tipline status: if it is above {made.version}, start")
    output("   again with --manifest FILE, the newest one: a second manifest of one version is refused everywhere")
    if made.known is None:
        keys = [medium / made.backup_key_file for medium in wanted.media]
        identity = next((key for key in keys if key.exists()), f"{wanted.media[0]}/casebook-backup-NAME.key")
        output(f"3. with a casebook backup: tipline-review restore HOME --from BACKUP --identity {identity}")
        output("   then, where the backup is older: tipline-review manifest HOME FILE, with the newest manifest")
        if made.no_home or not made.version:
            output(
                "   without one, join as a new reviewer: tipline-review init HOME --root-key FILE; then keys issue"
            )
        else:
            output("   without one: the same command with HOME makes a home of the sheets alone")
        return
    output(f"3. tipline-review keys issue {wanted.home}: new keys for the lost ones; bring it to each server")
    output("   with other reviewers: each makes a new offer (keys offer); keys issue --with OFFER takes it")
    _tell_of_streams(4)
    output("6. write a backup and a twin medium, and make new sheets if any of these was seen by others")


def _tell_who_joined_what_next(wanted: "RecoveryPlan", made: "RecoveryResult") -> None:
    output("1. compare the seven words and the version BY TELEPHONE with the issuer; if theirs is newer:")
    output(f"   tipline-review manifest {wanted.home} FILE")
    output(f"2. tipline-review keys offer {wanted.home}: new keys for the lost ones, for the issuer")
    _tell_of_streams(3)
    output("5. write a backup and a twin medium, and make new sheets if one is lost or was seen:")
    output(f"   tipline-review sheets make {wanted.home} --backup-key {made.backup_key_file}")


def _tell_of_streams(step: int) -> None:
    output(f"{step}. {IMPORT_AGAIN}")
    output(
        f"{step + 1}. each server's operator confirms this reviewer's new stream once, when the next outbox arrives"
    )
    output("   and exports once from the first bundle on, as none is known here: tipline export --from 1")
