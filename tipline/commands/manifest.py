"""``tipline manifest``: adopt what the organisation's root key signed."""

from pathlib import Path

import click

from tipline.arguments import passphrase_option, site_argument


@click.command("manifest", epilog="Example: tipline manifest /srv/tipline manifest.json")
@site_argument
@click.argument("manifest", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@passphrase_option
def command(site: Path, manifest: Path, passphrase_file: str | None) -> None:
    """Verify a manifest and go by it from now on.

    FILE.minisig must lie beside it; those before it are read from FILE.chain where that folder is there.
    """
    from tipline.adoption import adopt_run, read_run
    from tipline.arguments import open_site
    from tipline.standing import IntakeClosed

    run = read_run(manifest)
    with open_site(site, passphrase_file) as opened:
        adopted = adopt_run(
            run, store=opened.store, folder=opened.folder, standing=opened.standing, clock=opened.clock
        )
        click.echo(f"manifest version {adopted.version} of {adopted.manifest.organisation} is adopted")
        click.echo(f"good until       {adopted.manifest.expires.isoformat()}")
        try:
            week = opened.standing.intake().week
        except IntakeClosed as closed:
            click.echo(f"tipline: warning: {closed}", err=True)
            click.echo(f"tipline: hint: {closed.hint}", err=True)
        else:
            click.echo(f"intake is open, sealed to the keys of week {week}")
