"""``tipline import``: imports the reviewers' outbox."""  # noqa: N999 -- named as the command

from pathlib import Path

import click

from system.errors import system_reason
from tipline.commands._options import passphrase_option, site_argument


@click.command("import", epilog="Example: tipline import /srv/tipline outbox.bundles")
@site_argument
@click.argument("outbox", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--accept-stream",
    metavar="NAME:HEX",
    help="Staff of this reviewer have confirmed that its machine was restored or replaced.",
)
@passphrase_option
def command(site: Path, outbox: Path, accept_stream: str | None, passphrase_file: str | None) -> None:
    """Import replies, receipts and manifests from an outbox.

    Each bundle is imported whole or not at all. The same file twice is harmless. A submission is deleted here once
    its reviewers have receipted it.
    """
    from tipline.bundles.importer import BundleImporter
    from tipline.bundles.reviewer_streams import ConfirmedStream
    from tipline.bundles.stream_acceptance import AT_THE_SERVER
    from tipline.errors import CarryRefused
    from tipline.instance.open_site import open_site

    accept = None if accept_stream is None else ConfirmedStream.parse(accept_stream)
    try:
        source = outbox.open("rb")
    except OSError as error:
        raise CarryRefused(f"cannot read {outbox}: {system_reason(error)}") from error
    with source, open_site(site, passphrase_file) as opened:
        done = BundleImporter(
            store=opened.store, folder=opened.folder, policy=opened.policy, clock=opened.clock
        ).carry_in(source, accept=accept)
    click.echo(f"bundles taken in  {done.bundles}")
    if done.repeated:
        click.echo(f"taken in before   {done.repeated}")
    if done.for_others:
        click.echo(f"for others        {done.for_others}")
    click.echo(f"replies           {done.replies} (real ones and dummies)")
    click.echo(f"receipts          {done.receipts}")
    click.echo(f"deleted here      {done.deleted}")
    if done.manifest_version is not None:
        click.echo(f"manifest          version {done.manifest_version}")
    if done.manifest_refused is not None:
        click.echo(f"tipline: warning: {done.manifest_refused}", err=True)
    if done.shared_left_out:
        click.echo(
            "tipline: warning: an item for the other reviewers came too late, or the disk has no room for it;"
            " it is sent again",
            err=True,
        )
    if done.replies_wait:
        click.echo("tipline: warning: the replies wait until a person has adopted the newest manifest", err=True)
    if done.to_accept is not None:
        click.echo(
            "tipline: warning: this server was restored: receipts of this reviewer count for nothing yet;"
            f" {AT_THE_SERVER} {done.to_accept}",
            err=True,
        )
