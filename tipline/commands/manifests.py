"""``tipline manifests``: the run of manifests as this server has it, for reviewers who lost theirs."""

from pathlib import Path

import click

from tipline.commands._options import passphrase_option, site_argument


@click.command("manifests", epilog="Example: tipline manifests /srv/tipline --out manifest.json")
@site_argument
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The newest manifest; its signature and those before it are written beside it.",
)
@passphrase_option
def command(site: Path, out: Path, passphrase_file: str | None) -> None:
    """Write all manifests that this server adopted, as they were signed.

    Reviewers take them in with tipline-review recover --manifest FILE, or with tipline-review manifest HOME FILE.
    """
    from tipline.bundles.manifest_update import write_run
    from tipline.instance.open_site import open_site

    with open_site(site, passphrase_file) as opened:
        version = write_run(opened.store, out)
    click.echo(
        f"manifest version {version} is written to {out}, with {out.name}.minisig and {out.name}.chain beside it"
    )
