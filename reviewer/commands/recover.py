"""``recover``: root medium and home again, from paper and a backup, or from paper alone."""

from dataclasses import replace
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
    TWIN_PASSPHRASE_FILE,
    guard,
    warn_unprotected,
)
from reviewer.commands.init import ONE_MEDIUM
from reviewer.commands.joining import warn_key_on_this_computer
from reviewer.commands.sheets import SHEET_FILES
from reviewer.terminal.console import notice, output, print_progress
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today

if TYPE_CHECKING:
    from reviewer.recovery.backup import Restored
    from reviewer.recovery.recovery_plan import RecoveryPlan, RecoveryResult


@click.command(
    epilog="Example: tipline-review recover ~/review --root /media/root-a --root-copy /media/root-b"
    " --backup /media/backup/casebook.age",
    short_help="Root medium and home again, from recovery sheets, best with a backup.",
)
@click.argument("home_folder", metavar="HOME", type=FOLDER)
@click.option("--root", type=FOLDER, help="An empty medium for the root key.")
@click.option("--root-copy", type=FOLDER, help="A second one, to be kept in another building.")
@click.option(
    "--backup",
    type=FILE,
    help="The newest casebook backup; without one the home has no cases, and the manifest says whose it is.",
)
@click.option("--name", default="reviewer", show_default=True, help="The reviewer whose backup it is.")
@click.option(
    "--manifest",
    "manifests",
    multiple=True,
    type=FILE,
    help="The newest manifest, where it is newer than the backup, or there is none.",
)
@click.option(
    "--root-key",
    "root_key_file",
    type=FILE,
    help="For a reviewer who joined, when there is no backup: root.pub of the organisation.",
)
@click.option(
    "--backup-medium",
    type=FOLDER,
    help="For a reviewer who joined: where the key of its casebook backups goes.  [default: a folder beside HOME]",
)
@click.option("--nothing-issued", is_flag=True, help="No manifest was ever issued.")
@click.option(
    "--organisation",
    default="",
    metavar="NAME",
    help="With --nothing-issued, when there is no backup: as sources will read it. Without it no home is made.",
)
@click.option("--twin", type=FOLDER, help="The twin medium, for keys of tips that were not imported yet.")
@TWIN_PASSPHRASE_FILE
@SHEET_FILES
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path,
    root: Path | None,
    root_copy: Path | None,
    backup: Path | None,
    name: str,
    manifests: tuple[Path, ...],
    root_key_file: Path | None,
    backup_medium: Path | None,
    nothing_issued: bool,
    organisation: str,
    twin: Path | None,
    twin_passphrase_file: str | None,
    sheet_files: tuple[str, ...],
    passphrase_file: str | None,
    beside_network: bool,
) -> None:
    """Make the root medium ROOT from recovery sheets, and HOME from a backup or the sheets alone.

    Type the sheets in any order, or read them from files. Reviewer and salt stay the same, and the next manifest
    can be issued. Keys of weeks are not on paper: keys issue makes new ones. The passphrase of the twin is asked
    before the sheets, then one for the new home.

    Without a backup, HOME has no cases. It is made if the newest manifest lists a reviewer whose keys follow from
    the sheets. Otherwise only ROOT is made, and the reason is printed. A reviewer who joined gives --root-key
    instead of --root, and gets the file of the backup key again, to make new sheets from.
    """
    from reviewer.recovery.joining import read_root_key
    from reviewer.recovery.recovery import recover
    from reviewer.recovery.recovery_plan import RecoveryPlan
    from reviewer.recovery.sheet_entry import SheetEntry

    guard(beside_network)
    wanted = RecoveryPlan(
        home=home_folder,
        media=tuple(medium for medium in (root, root_copy) if medium is not None),
        backup=backup,
        name=name,
        manifests=manifests,
        nothing_issued=nothing_issued,
        organisation=organisation,
        root_key=read_root_key(root_key_file) if root_key_file is not None else None,
        backup_medium=backup_medium,
    )
    _require_fitting(wanted)
    wanted.require_possible(today=today())
    wanted = _with_twin(wanted, twin, twin_passphrase_file)
    # All checks come before a hundred words are typed.
    entry = SecretEntry(passphrase_file) if wanted.taken else SecretEntry(passphrase_file).chosen_now()
    opened = SheetEntry(sheet_files).collect(print_progress).open()
    if opened.false:
        notice("warning", f"sheet {', '.join(map(str, opened.false))} is false; the others were enough")
    made = recover(
        wanted,
        opened.secret,
        entry=entry,
        today=today(),
        told=lambda line: output(f"rehearsal        {line}"),
    )
    _tell_made(wanted, made)
    if made.restored is not None and twin is None:
        notice(
            "warning", "keys of weeks are not on paper: tips that were sealed until now, and not taken in, are lost"
        )
        if backup is None:
            notice("hint", f"where there is a twin medium: tipline-review keys restore {home_folder} --twin FOLDER")
    elif twin is not None and made.restored is None:
        notice("warning", f"no key was taken from the twin {twin}: it is as it was")
    if made.root_key is None and backup_medium is None:
        warn_key_on_this_computer(made.backup_key_file)
    if len(wanted.media) == 1:
        notice("warning", f"{ONE_MEDIUM} (--root-copy FOLDER)")
    if (home_folder / "home-unprotected.key").exists():
        warn_unprotected()


def _require_fitting(wanted: "RecoveryPlan") -> None:
    """Return unless options were given that do not go together, which is wrong usage."""
    if wanted.root_key is not None and (wanted.media or wanted.backup):
        raise click.UsageError(
            "--root-key goes with sheets of a reviewer who joined, without --root and without --backup"
        )
    if wanted.backup_medium is not None and wanted.media:
        raise click.UsageError("--backup-medium goes with sheets of a reviewer who joined, without --root")
    if wanted.organisation and (wanted.backup is not None or not wanted.nothing_issued):
        raise click.UsageError("--organisation goes with --nothing-issued, without --backup: else they say it")


def _with_twin(wanted: "RecoveryPlan", twin: Path | None, passphrase_file: str | None) -> "RecoveryPlan":
    from reviewer.twin.open_twin import open_twin

    if twin is None:
        return wanted
    if wanted.taken:
        raise click.UsageError(f"--twin goes with a home that is made to take its keys: {wanted.taken}")
    return replace(wanted, twin=open_twin(twin, passphrase_file=passphrase_file))


def _tell_made(wanted: "RecoveryPlan", made: "RecoveryResult") -> None:
    root_key = made.root_key or wanted.root_key
    if root_key is not None:
        output(f"root key words   {root_words(root_key)}")
    if made.root_key is not None:
        for medium in wanted.media:
            output(f"root medium      {medium}: root.key, root.pub, {made.backup_key_file}")
    if made.restored is not None:
        _tell_home(wanted, made, made.restored)
    elif made.no_home:
        output(f"home             not made: {made.no_home}")
    for line in made.not_taken:
        notice("warning", f"this home does not go by {line}")
        notice("hint", f"tipline-review manifest {wanted.home} FILE, with the newest one")
    output("now clear this terminal, and close it: the words of the sheets are still on it")
    if made.root_key is None:
        _tell_who_joined_what_next(wanted, made)
    else:
        _tell_what_next(wanted, made)


def _tell_home(wanted: "RecoveryPlan", made: "RecoveryResult", restored: "Restored") -> None:
    if made.reviewer:
        output(f"reviewer         {made.reviewer}, with the earlier keys")
    output(
        f"home             {wanted.home}: {restored.submissions} submissions,"
        f" {len(restored.keys_from_twin)} keys from the twin"
    )
    for line in restored.known.lines():
        output(line)
    if made.root_key is None:
        output(f"backup key       {made.backup_key_file}: it opens this reviewer's casebook backups")


def _tell_what_next(wanted: "RecoveryPlan", made: "RecoveryResult") -> None:
    output("1. compare the seven words with those on paper, or with what a server shows")
    output(f"2. ask each server's operator for the version in tipline status: if it is above {made.version}, start")
    output("   again with --manifest FILE, the newest one: a second manifest of one version is refused everywhere")
    if made.restored is None:
        if made.reviewer:
            output(
                f"3. tipline-review keys issue {wanted.home}, where that is this reviewer's; else start again, with"
            )
            output("   folder that does not exist yet")
        else:
            output("3. join as a new reviewer: tipline-review init HOME --root-key root.pub; then keys issue")
        return
    output(
        f"3. tipline-review keys issue {wanted.home}: new keys in place of the lost ones; bring it to each server"
    )
    output(
        "   with other reviewers: each makes a new offer (keys offer), which is given to keys issue --with OFFER"
    )
    _tell_of_streams(4, made)
    output("6. write a backup and a twin medium, and make new sheets if any of these was seen by others")


def _tell_who_joined_what_next(wanted: "RecoveryPlan", made: "RecoveryResult") -> None:
    if wanted.backup is None:
        output("1. compare the seven words and the version BY TELEPHONE with the issuer; if theirs is newer:")
    else:
        output("1. adopt the newest manifest, from any server or the issuer, if that of this home is older:")
    output(f"   tipline-review manifest {wanted.home} FILE")
    output(f"2. tipline-review keys offer {wanted.home}: new keys in place of the lost ones, for the issuer")
    _tell_of_streams(3, made)
    output("5. write a backup and a twin medium, and make new sheets if one is lost or was seen:")
    output(f"   tipline-review sheets make {wanted.home} --backup-key {made.backup_key_file}")


def _tell_of_streams(step: int, made: "RecoveryResult") -> None:
    output(f"{step}. {IMPORT_AGAIN}")
    step += 1
    output(f"{step}. each server's operator confirms this reviewer's new stream once, when the next outbox arrives")
    if made.reviewer:
        output("   and exports once from the first bundle on, as none is known here: tipline export --from 1")
