"""``tipline init``: the server's keys and an empty store."""

import secrets
from pathlib import Path

import click

from system.errors import system_reason
from tipline.commands._options import passphrase_option, site_argument


@click.command(
    "init",
    epilog="Example: tipline init /srv/tipline --root-key root.pub",
)
@site_argument
@click.option(
    "--root-key",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The organisation's public root key, root.pub from the root medium.",
)
@click.option(
    "--name", metavar="NAME", help="The reviewers' name for this server: lower-case letters, digits, hyphens."
)
@passphrase_option
def command(site: Path, root_key: Path, name: str | None, passphrase_file: str | None) -> None:
    """Make the folder of a tip line, with the server's keys and an empty store.

    DIR must not exist, or be empty. Give DIR/server.pub to the reviewers.
    """
    from crypto.errors import CryptoError
    from crypto.keys import minisign
    from crypto.keys.fingerprint import root_words
    from crypto.keys.party import PartyKeys
    from system.atomic_files import write_whole
    from system.errors import ProgramError
    from tipline.instance.database_key import UNPROTECTED_WARNING, is_protected, make_database_key
    from tipline.instance.folder import SiteFolder
    from tipline.instance.identity import Identity
    from tipline.instance.site_settings import drawn_line
    from tipline.store import Store

    try:
        with root_key.open("rb") as file:
            root = minisign.parse_public_key_file(file.read(minisign.LONGEST_FILE_BYTES + 1))
    except OSError as error:
        raise ProgramError(f"cannot read {root_key}: {system_reason(error)}") from error
    except CryptoError as error:
        raise ProgramError(
            f"{root_key} is not a root key: {error}", hint="root.pub lies on the root medium of the organisation"
        ) from error
    try:
        # Not the name of the computer: it travels to every reviewer.
        keys = PartyKeys.generate(name or f"server-{secrets.token_hex(2)}")
    except CryptoError as error:
        raise ProgramError(str(error)) from error
    with SiteFolder.make(site) as folder:
        key = make_database_key(folder, passphrase_file)
        with Store(folder.store, key, create=True) as store:
            Identity(keys, root).keep(store)
        write_whole(folder.server_public, keys.party().to_bytes(), mode=0o644)
        # One page that all sites show after "Leave now" would be a signature.
        write_whole(folder.site_settings, drawn_line().encode())
        protected = is_protected(folder)
    click.echo(f"made {site} for the server {keys.name}")
    click.echo(f"root key         {minisign.key_id(root)[::-1].hex().upper()}  {root}")
    click.echo(f"root key words   {root_words(root)}")
    click.echo(f"server key       {keys.party().fingerprint}")
    click.echo("compare the seven words by telephone, on a number that you had before: they are the organisation's")
    click.echo("compare the server key when a reviewer adds it")
    click.echo(f"next: tipline-review servers add HOME {site / 'server.pub'}")
    if not protected:
        click.echo(f"tipline: warning: {UNPROTECTED_WARNING}", err=True)
