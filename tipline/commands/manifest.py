"""``tipline manifest`` adopts what the root key signed; ``tipline manifests`` writes it to files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tipline.commands._options import passphrase_option, site_argument

if TYPE_CHECKING:
    from crypto.manifests.manifest import VerifiedManifest


@click.command("manifest", epilog="Example: tipline manifest /srv/tipline manifest.json")
@site_argument
@click.argument("manifest", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--version",
    "told_version",
    metavar="N",
    type=click.IntRange(min=1),
    help="After a restore: the newest version, as a reviewer tells it by telephone. Without it, the terminal asks.",
)
@passphrase_option
def command(site: Path, manifest: Path, told_version: int | None, passphrase_file: str | None) -> None:
    """Verify and adopt a manifest.

    FILE.minisig must lie beside it. Earlier manifests are read from the folder FILE.chain, if there is one. After a
    restore you must give the version that a reviewer tells you by telephone; intake opens only if it matches.
    """
    from contextlib import ExitStack

    from tipline.bundles.manifest_update import adopt_run, check_run, read_run
    from tipline.instance.intake_status import IntakeClosed
    from tipline.instance.open_site import open_site

    run = read_run(manifest)
    with open_site(site, passphrase_file) as opened, ExitStack() as held:
        store, folder, policy, clock = opened.store, opened.folder, opened.policy, opened.clock
        is_put_back = policy.is_put_back()
        if told_version is not None or is_put_back:
            checked = check_run(run, store=store, folder=folder, policy=policy, clock=clock)
            _compare(checked.adopted, told_version)
        if is_put_back:  # no import may be keeping replies back while they are let go
            held.enter_context(folder.hold_for_import())
        adopted = adopt_run(run, store=store, folder=folder, policy=policy, clock=clock)
        click.echo(f"manifest version {adopted.version} of {adopted.manifest.organisation} is adopted")
        click.echo(f"good until       {adopted.manifest.expires.isoformat()}")
        try:
            week = policy.intake().week
        except IntakeClosed as closed:
            click.echo(f"tipline: warning: {closed}", err=True)
            click.echo(f"tipline: hint: {closed.hint}", err=True)
        else:
            click.echo(f"intake is open, sealed to the keys of week {week}")


def _compare(found: "VerifiedManifest", told_version: int | None) -> None:
    """Compare the version in the file with the one that a reviewer tells.

    A courier may have kept back a newer file.

    Raises:
        ManifestRefused: they differ, or there is no terminal to ask at.
    """
    import sys

    from tipline.errors import ManifestRefused

    reviewers = ", ".join(party.name for party in found.manifest.reviewers)
    click.echo(f"this manifest    version {found.version}, issued {found.manifest.issued.isoformat()}")
    click.echo(f"its reviewers    {reviewers}")
    if told_version is None:
        if not sys.stdin.isatty():
            raise ManifestRefused(
                "this server was restored: the version must be compared with what a reviewer tells by telephone",
                hint="call a reviewer, then add --version N, the newest version that they tell",
            )
        told_version = click.prompt("Newest version, as a reviewer tells it by telephone", type=int, err=True)
    if told_version != found.version:
        raise ManifestRefused(
            f"this manifest has version {found.version}, but the reviewer says {told_version}",
            hint="ask the reviewers for the newest manifest; nothing was adopted",
        )


@click.command("manifests", epilog="Example: tipline manifests /srv/tipline --out manifest.json")
@site_argument
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file for the newest manifest; its signature and the earlier manifests go beside it.",
)
@passphrase_option
def manifests_command(site: Path, out: Path, passphrase_file: str | None) -> None:
    """Write all adopted manifests with their signatures.

    Reviewers import them with tipline-review recover --manifest FILE, or with tipline-review manifest HOME FILE.
    """
    from tipline.bundles.manifest_update import write_run
    from tipline.instance.open_site import open_site

    with open_site(site, passphrase_file) as opened:
        version = write_run(opened.store, out)
    click.echo(
        f"manifest version {version} is written to {out}, with {out.name}.minisig and {out.name}.chain beside it"
    )
