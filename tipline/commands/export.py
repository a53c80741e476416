"""``tipline export``: a FILE of bundles for the reviewers."""

from pathlib import Path

import click

from tipline.commands._options import passphrase_option, site_argument


@click.command("export", epilog="Example: tipline export /srv/tipline --out tips.bundles")
@site_argument
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)
@click.option(
    "--from",
    "from_number",
    metavar="N",
    type=click.IntRange(min=1),
    help="Also write all bundles from number N on, receipted or not.",
)
@click.option(
    "--without-damaged",
    is_flag=True,
    help="No effect; kept for old scripts. Damaged submissions are always left out and named.",
)
@click.option(
    "--close-weeks",
    is_flag=True,
    help="Sign every past week as closed, even more than two at once. Check the clock first.",
)
@passphrase_option
def command(
    site: Path,
    out: Path,
    from_number: int | None,
    without_damaged: bool,  # noqa: ARG001 -- accepted, as scripts give it
    close_weeks: bool,
    passphrase_file: str | None,
) -> None:
    """Export the submissions that some reviewer has not receipted, sealed to the reviewers.

    Submissions that the disk has damaged are withheld and named; the reviewers wait for them.

    FILE is written whole or not at all. Any medium will do: only the reviewers can open it.
    """
    from system.atomic_files import whole_file
    from tipline.bundles.exporter import carry_out
    from tipline.bundles.week_closing import WeekClosing
    from tipline.instance.open_site import open_site

    with open_site(site, passphrase_file) as opened, whole_file(out) as file:
        carried = carry_out(
            file.write,
            store=opened.store,
            folder=opened.folder,
            policy=opened.policy,
            clock=opened.clock,
            from_number=from_number,
            closing=WeekClosing.CLOSE if close_weeks else WeekClosing.REFUSE,
        )
    for each in carried.withheld:
        click.echo(
            f"tipline: warning: {each} is damaged on this disk and was withheld; it comes when the disk is well",
            err=True,
        )
    if carried.stream is not None:
        click.echo(f"stream of bundles {carried.stream}")
    if carried.bundles:
        click.echo(f"wrote {out}: {carried.bundles} bundle{'s' if carried.bundles > 1 else ''}")
    else:
        click.echo(f"wrote {out}: nothing is waiting, it holds no bundle")
