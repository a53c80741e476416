"""``tipline outreach``: cards, posters and a clear page that lead to the site."""

from pathlib import Path

import click

STYLES = ("pictures", "plain")


@click.command("outreach", epilog="Example: tipline outreach --site SITE.json --out outreach --language es")
@click.option(
    "--site",
    "site_file",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The output of `tipline status DIR --json` on the server.",
)
@click.option(
    "--out",
    "folder",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A new folder for the results.",
)
@click.option("--language", "tags", metavar="TAG", multiple=True, help="Only this language; may be repeated.")
@click.option(
    "--style",
    type=click.Choice(STYLES),
    default=STYLES[0],
    help="Plain: no pictures, and not the word Tor.",
)
@click.option(
    "--qr", "code", is_flag=True, help="Add a QR code, with its warning: an ordinary camera opens it unprotected."
)
def command(site_file: Path, folder: Path, tags: tuple[str, ...], style: str, code: bool) -> None:
    """Make cards, posters and a page for an ordinary web site.

    They tell people how to reach the onion site, in all 16 languages. Run it on a staff computer: the server lacks
    the libraries. FILE holds no secret.
    """
    from system.errors import ProgramError

    try:
        from outreach.kit import make_kit
        from outreach.printed import Style
        from outreach.public_site import PublicSite
        from outreach.sentences import TAGS
    except ModuleNotFoundError as error:
        raise ProgramError(
            f"this computer has no {error.name}, which draws the cards",
            hint="on a staff computer: pip install --require-hashes -r requirements-outreach.lock",
        ) from error
    made = make_kit(PublicSite.load(site_file), folder, tags or TAGS, Style(style), code=code)
    click.echo(f"{len(made)} files in {folder}")
    if code:
        click.echo(
            "tipline: warning: an ordinary camera opens the code in an ordinary browser, and the internet provider"
            " sees the address that it asks for; the warning stands beside each code",
            err=True,
        )
