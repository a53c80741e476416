"""``sheets``: keys on paper, made and tried."""

from pathlib import Path

import click

from reviewer.commands.at_home import FILE, FOLDER, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output, print_progress
from system.clock import today

SHEET_FILES = click.option(
    "--sheet-file",
    "sheet_files",
    metavar="FILE|-",
    multiple=True,
    help="Read sheets from FILE, or from standard input, instead of the terminal; as often as needed.",
)


@click.group(short_help="Keys on paper: make recovery sheets, and try them.")
def command() -> None:
    """Recovery sheets: the root key on paper; several together restore it."""


@command.command(
    epilog="Example: tipline-review sheets make ~/review --root /media/root-a --need 3 --of 5"
    " --to /media/stick/sheets"
)
@at_home
@click.option("--root", type=FOLDER, help="The root medium.")
@click.option(
    "--backup-key", type=FILE, help="For a reviewer who joined, instead of --root: its casebook-backup-NAME.key."
)
@click.option("--need", default=3, show_default=True, type=int, help="Number of sheets that give the key back.")
@click.option("--of", "count", default=5, show_default=True, type=int, help="Number of sheets to make.")
@click.option("--to", "folder", required=True, type=FOLDER, help="A new folder on a medium that can be destroyed.")
@click.option("--text", "as_text", is_flag=True, help="Text files instead of PDF.")
@click.option("--label", default="", help="One line for each sheet; it must not identify the owner.")
def make(
    home: Home,
    root: Path | None,
    backup_key: Path | None,
    need: int,
    count: int,
    folder: Path,
    as_text: bool,
    label: str,
) -> None:
    """Write sheets to print: any NEED of them give the root key back, fewer give nothing.

    The keys of the founding reviewer follow from the root key. With --backup-key, the sheets give back those of a
    reviewer who joined. They contain no key that opens a tip, and no case. Earlier sheets stay valid, but only
    together with sheets of the same set.
    """
    from reviewer.media.root_medium import RootMedium
    from reviewer.recovery.recovery_sheets import backup_secret, gives_own_keys, root_secret, write_sheets

    if root is not None and backup_key is None:
        secret = root_secret(home, RootMedium.open_existing(root))
    elif backup_key is not None and root is None:
        secret = backup_secret(home, backup_key)
    else:
        raise click.UsageError("give --root, or for a reviewer who joined --backup-key")
    for path in write_sheets(
        home, secret, folder, need=need, of=count, label=label, as_text=as_text, today=today()
    ):
        output(f"written          {path}")
    output(f"any {need} of these {count} sheets give the key back; they give back no tip and no key of a week")
    output("1. print them on a printer with a cable and no network; it may keep a copy: docs/review/recovery.md")
    output("2. give each to another person, in another building; no one gets two")
    output(f"3. try {need} of them: tipline-review sheets check")
    output(f"4. destroy {folder}, and the medium it is on")
    if not gives_own_keys(home, secret):
        notice("warning", "this reviewer's signature and transport keys do not follow from these sheets")
        notice(
            "hint",
            "they come back from a casebook backup; of a reviewer who joined, also from sheets of --backup-key",
        )
    if folder.resolve().stat().st_dev == home.folder.stat().st_dev:
        notice("warning", f"{folder} lies on the disk of this home: a thief of the disk has all sheets at once")


@command.command(epilog="Example: tipline-review sheets check ~/review")
@at_home
@SHEET_FILES
def check(home: Home, sheet_files: tuple[str, ...]) -> None:
    """Check typed sheets: would they give this organisation's key back? Nothing is displayed or kept."""
    from reviewer.recovery.recovery_sheets import check_sheets
    from reviewer.recovery.sheet_entry import SheetEntry

    collected = SheetEntry(sheet_files).collect(print_progress, all_that_come=True)
    check_sheets(home, collected, today=today())
    numbers = collected.numbers
    output(f"sheets {', '.join(map(str, numbers))} are right: together they give back the key of this home")
    output("now clear this terminal, and close it: the words are still on it")
