"""``tipline backup`` and ``tipline restore``: all that a server holds, in one file."""

from pathlib import Path

import click

from system.errors import system_reason
from tipline.commands._options import passphrase_option, site_argument


@click.command("backup", epilog="Example: tipline backup /srv/tipline --out server.backup")
@site_argument
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)
@passphrase_option
def command(site: Path, out: Path, passphrase_file: str | None) -> None:
    """Write the store, the server's keys and its onion addresses to one sealed file.

    Only the passphrase of the database key opens it. The site may be served meanwhile.
    """
    from tipline.instance.database_key import locked_copy
    from tipline.instance.open_site import open_site
    from tipline.operations.backup import write_backup

    with open_site(site, passphrase_file) as opened:
        locked_key = locked_copy(opened.folder, opened.key, passphrase_file)
        copied = write_backup(opened.folder, opened.store, out, key=opened.key, locked_key=locked_key)
    click.echo(f"wrote {out}: {out.stat().st_size} bytes")
    if copied.damaged:
        click.echo(
            f"tipline: warning: {copied.damaged} submissions are damaged, and not in it; export names them",
            err=True,
        )
    click.echo("keep it away from this machine, safe from fire and theft, and try a restore now and then")


@click.command("restore", epilog="Example: tipline restore /srv/tipline --from server.backup")
@site_argument
@click.option(
    "--from",
    "backup",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that `tipline backup` wrote.",
)
@passphrase_option
def restore_command(site: Path, backup: Path, passphrase_file: str | None) -> None:
    """Restore a backup to a new folder: the same server at the same address.

    The machine of the backup must never serve again. Intake stays closed until you adopt the newest manifest.
    """
    from system.errors import ProgramError
    from tipline.instance.database_key import read_passphrase
    from tipline.operations.backup import restore

    try:
        source = backup.open("rb")
    except OSError as error:
        raise ProgramError(f"cannot read {backup}: {system_reason(error)}") from error
    with source:
        restore(site, source, passphrase=read_passphrase(passphrase_file))
    click.echo(f"made {site}: the same server, at the same address")
    click.echo(
        f"next: tipline manifest {site} manifest.json, with the newest one; call a reviewer, who tells its version"
    )
    click.echo("then: each reviewer confirms this server's new stream once, when the next export arrives")
    click.echo("then: accept each reviewer once, with the next outbox: tipline import; the refusal says how")
    click.echo("tipline: warning: a machine that served this address before must never do so again", err=True)
