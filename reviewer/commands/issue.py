"""``keys issue``: sign the next manifest, and write it out for servers and reviewers."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crypto.keys.fingerprint import duty_words
from crypto.keys.keys import DutyPublicKey
from crypto.manifests.manifest_chain import CHAIN_ENDING
from crypto.primitives.week import Week
from reviewer.commands.at_home import FILE, FOLDER, at_home, warn_unprotected
from reviewer.commands.key_warnings import look_for_unfinished_twin, warn_of_twin
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today
from system.errors import ProgramError

if TYPE_CHECKING:
    from reviewer.keys.intake_keys import IssueResult
    from reviewer.media.root_medium import RootMedium

MOST_WEEKS = 52


@click.command(
    epilog="Example: tipline-review keys issue ~/review --root /media/root-key --weeks 8 --out manifest.json"
)
@at_home
@click.option("--root", required=True, type=FOLDER, help="The root medium.")
@click.option(
    "--root-copy",
    "--second-medium",
    "second_medium",
    type=FOLDER,
    help="A second root medium, brought up to date in the same step.",
)
@click.option(
    "--weeks",
    default=8,
    show_default=True,
    type=click.IntRange(1, MOST_WEEKS),
    help="Number of weeks, this one included.",
)
@click.option(
    "--with",
    "offer_files",
    metavar="OFFER",
    multiple=True,
    type=FILE,
    help="Another reviewer's offer, from keys offer; may be repeated.",
)
@click.option("--twin", type=FOLDER, help="The twin medium, rewritten whole: a second copy of the private keys.")
@click.option("--new-twin", is_flag=True, help="The twin is a new medium: the earlier one is lost or destroyed.")
@click.option(
    "--out", required=True, type=FILE, help="The manifest; its signature and its chain are written beside it."
)
@click.option("--date-is-right", is_flag=True, help="Issue though the date of this machine looks wrong.")
@click.option(
    "--duty",
    "duty_files",
    metavar="FILE",
    multiple=True,
    type=FILE,
    help="The public key of a duty machine of buttons for help; once for each. Without it the keys stay.",
)
@click.option("--without-duty", is_flag=True, help="Leave out the keys of the duty machines.")
@click.option("--again", is_flag=True, help="Sign nothing: write the newest manifest of the medium again.")
@click.argument("more_offers", metavar="[OFFER]...", nargs=-1, type=FILE)
def issue(
    home: Home,
    root: Path,
    second_medium: Path | None,
    weeks: int,
    offer_files: tuple[Path, ...],
    more_offers: tuple[Path, ...],
    twin: Path | None,
    new_twin: bool,
    out: Path,
    date_is_right: bool,
    duty_files: tuple[Path, ...],
    without_duty: bool,
    again: bool,
) -> None:
    """Sign the next manifest, with keys for the coming weeks.

    Keys of duty machines are added only when every server and reviewer has announced that it reads them.
    With several reviewers, each makes an offer on its own machine; all of them are given here (`--with A B`).
    """
    from reviewer.commands.init import ONE_MEDIUM
    from reviewer.commands.reviewers import read_file
    from reviewer.keys.intake_keys import catch_up, issue_keys
    from reviewer.keys.manifest_files import require_own_place
    from reviewer.media.known_copies import root_media
    from reviewer.media.root_medium import RootMedium, held_for_issuing
    from reviewer.twin.twin import has_twin

    require_twin_named(twin, new_twin)
    if more_offers and not offer_files:
        raise click.UsageError("offers are given with --with OFFER")
    if again:
        if offer_files or twin or duty_files or without_duty:
            raise click.UsageError("--again signs nothing: it goes with --root, --root-copy and --out")
        with held_for_issuing(root):
            medium = RootMedium.open_existing(root)
            newest = medium.newest
            require_own_place(out, root=home.root_key, issued=newest.manifest.issued if newest else today())
            catch_up(home, medium, today=today())
            _carry(home, medium, second_medium, out)
        return
    duty = _asked_duty(duty_files, without_duty=without_duty)
    offers = [read_file(path) for path in [*offer_files, *more_offers]]
    look_for_unfinished_twin(home, going_on_with=twin)
    had_twin = has_twin(home)
    with held_for_issuing(root):
        medium = RootMedium.open_existing(root)
        if second_medium is not None:
            medium.require_agreeing(second_medium)
        require_own_place(out, root=home.root_key, issued=today())
        issued = issue_keys(
            home,
            medium,
            weeks=weeks,
            offers=offers,
            twin=twin,
            new_twin=new_twin,
            date_is_right=date_is_right,
            duty=duty,
            today=today(),
        )
        manifest = issued.verified.manifest
        output(f"manifest         version {manifest.version} of {manifest.organisation}")
        output(f"new weeks        {', '.join(map(str, issued.new_weeks)) or 'none'}")
        if issued.renewed:
            output(f"renewed weeks    {', '.join(map(str, issued.renewed))}: new keys in place of lost ones")
        output(f"good until       {manifest.expires.isoformat()}")
        output(f"servers          {', '.join(party.name for party in manifest.servers) or 'none'}")
        output(f"reviewers        {', '.join(party.name for party in manifest.reviewers)}")
        for key in manifest.duty:
            output(f"duty machine     {duty_words(key)}")
        _tell_comings_and_goings(home, issued)
        _carry(home, medium, second_medium, out)
    if not manifest.servers:
        notice("warning", "no server is listed: add one with servers add, then issue again")
    if root_media(home) == 1:
        notice("warning", f"{ONE_MEDIUM} (--root-copy FOLDER)")
    warn_of_twin(home, left_behind=new_twin and had_twin)
    if not home.is_protected:
        warn_unprotected()


def _asked_duty(files: Sequence[Path], *, without_duty: bool) -> list[DutyPublicKey] | None:
    """The duty keys in the files, none with ``--without-duty``; None where nothing was said about them."""
    from reviewer.beacon.week import parse_duty_key
    from reviewer.commands.reviewers import read_file

    if files and without_duty:
        raise click.UsageError("either --duty or --without-duty")
    return [parse_duty_key(read_file(path)) for path in files] if files or without_duty else None


def require_twin_named(twin: Path | None, new_twin: bool) -> None:
    """Refuse ``--new-twin`` without ``--twin``."""
    if new_twin and twin is None:
        raise click.UsageError("--new-twin goes with --twin FOLDER")


def _carry(home: Home, medium: "RootMedium", second_medium: Path | None, out: Path) -> None:
    """Update the second medium, write out the newest manifest, and print what was written."""
    from reviewer.keys.manifest_files import ManifestFiles
    from reviewer.media.known_copies import note_second_medium

    files = ManifestFiles.of(medium)
    try:
        if second_medium is not None:
            medium.copy_to(second_medium)
            note_second_medium(home)
        recipient_files = files.write(out)
    except ProgramError as error:
        raise ProgramError(
            f"manifest {files.verified.version} is signed and lies on the root medium, but then: {error}",
            hint="do not issue another: keys issue HOME --root MEDIUM --out FILE --again writes this one out (with"
            " --root-copy where there are two media)",
        ) from error
    names = [out.name, f"{out.name}.minisig"] + ([f"{out.name}{CHAIN_ENDING}/"] if files.chain else [])
    output(f"written          {', '.join(names)}: carry them together")
    output(f"recipient files  {', '.join(recipient_files)}, each with .minisig: for who seals files beforehand")


def _tell_comings_and_goings(home: Home, issued: "IssueResult") -> None:
    for party in issued.new_servers:
        output(f"new server       {party.name}, with the server key {party.fingerprint}")
    for party in issued.gone_servers:
        notice("warning", f"server {party.name} is not listed any more: it closes when it has this manifest")
    others = [party for party in issued.joined if party != home.party_keys().party()]
    for party in others:
        notice("warning", f"NEW REVIEWER {party.name}, with the reviewer key {party.fingerprint}")
    if others:
        notice(
            "hint",
            "compare it BY TELEPHONE before this manifest goes to any server: its holder reads every tip"
            " (reviewers remove, and issue again, undoes it)",
        )
    for name in issued.left:
        output(f"left             {name}")
    for name, weeks in issued.lacking.items():
        notice("warning", f"{name} offered no key for {_few(weeks)}: it cannot open tips of these weeks")
    if len(issued.verified.manifest.reviewers) > 1:
        output("every other reviewer adopts it too: tipline-review manifest HOME manifest.json")


def _few(weeks: Sequence[Week]) -> str:
    return str(weeks[0]) if len(weeks) == 1 else f"{weeks[0]} to {weeks[-1]}"
