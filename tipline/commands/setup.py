"""``tipline setup``: a fresh Debian machine becomes a server, in one go."""

from pathlib import Path

import click

from tipline.commands._options import passphrase_option


@click.command("setup", epilog="Example: tipline setup --root-key root.pub --dry-run")
@click.option("--folder", metavar="DIR", type=click.Path(path_type=Path), help="The folder of the tip line.")
@click.option("--user", metavar="USER", help="The user that serves; made if missing.")
@click.option(
    "--root-key",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The organisation's public root key, root.pub from the root medium.",
)
@click.option(
    "--name", metavar="NAME", help="The reviewers' name for this server: lower-case letters, digits, hyphens."
)
@click.option("--dry-run", is_flag=True, help="Print the steps as shell commands, and do nothing.")
@click.option(
    "--prefix",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the unit files below FOLDER, and do not call systemd.",
)
@click.option(
    "--unattended",
    is_flag=True,
    help="Store the passphrase as an encrypted systemd credential. It then starts by itself, even for a thief.",
)
@passphrase_option
def command(
    folder: Path | None,
    user: str | None,
    root_key: Path | None,
    name: str | None,
    dry_run: bool,
    prefix: Path | None,
    unattended: bool,
    passphrase_file: str | None,
) -> None:
    """Make this machine a server: a user, the folder with its keys, and a systemd service.

    It asks for what no option says. It leaves alone what is done already, so you can run it again.
    """
    from tipline.operations.debian_setup import ServerSetup

    plan = ServerSetup(
        folder=folder or Path(_ask("Folder of the tip line", "/srv/tipline")),
        user=user or _ask("User that serves it", "tipline"),
        root_key=(root_key or Path(_ask("File with the organisation's root key", "root.pub"))).absolute(),
        name=name,
        prefix=prefix,
        passphrase_file=passphrase_file,
        unattended=unattended,
    )
    for step in plan.steps():
        if dry_run:
            click.echo(f"{step}\n")
            continue
        click.echo(f"{step.why}: {step.file or ' '.join(step.command)}")
        step.take()
    click.echo("# next" if dry_run else "next:")
    for line in plan.after():
        click.echo(f"{'# ' if dry_run else '  '}{line}")


def _ask(question: str, default: str) -> str:
    import sys

    if not sys.stdin.isatty():
        return default
    answer: str = click.prompt(question, default=default, err=True)
    return answer
