"""``refer``: chosen entities for another organisation, in its programs' format, sealed to its key."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crypto.age.outside_recipient import Recipient, parse_recipient
from crypto.errors import CryptoError
from reviewer.commands.at_home import FOLDER, JSON, at_home
from reviewer.home.home import Home
from reviewer.linking.masking import entity_number
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError

if TYPE_CHECKING:
    from reviewer.linking.referral import ReferredEntities


@click.command(
    epilog="Example: tipline-review refer ~/review E-12 E-40 --for 'Police, file 12' --format ftm --names"
    " --key age1… --compared 'q3x7 5m2k 9d0w hjz4' --to /media/stick/referral",
    short_help="Refer chosen entities to a receiver; without --to, show what would leave.",
)
@at_home
@click.argument("names", metavar="E-N...", nargs=-1)
@click.option("--for", "receiver", metavar="RECEIVER", required=True, help="Receiver, named as in the consents.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["ftm", "htcds"]),
    required=True,
    help="Format of the entities: ftm is FollowTheMoney; htcds is HTCDS 2.0, for case work.",
)
@click.option(
    "--with",
    "ticked",
    multiple=True,
    metavar="P-N",
    help="A protected or closed entity that leaves too; it needs a consent or a reason.",
)
@click.option(
    "--names", "with_names", is_flag=True, help="With names of persons and organisations, not numbers like E-12."
)
@click.option(
    "--to", "out", type=FOLDER, help="A new folder for the package. Without it only the preview is printed."
)
@click.option("--key", "to_key", metavar="age1…", help="The receiver's age key.")
@click.option("--compared", metavar="LETTERS", help="Last 16 letters of that key, as you heard them by telephone.")
@click.option("--plain-because", metavar="REASON", help="In place of --key: why anyone may read the package.")
@JSON
def command(
    home: Home,
    names: tuple[str, ...],
    receiver: str,
    file_format: str,
    ticked: tuple[str, ...],
    with_names: bool,
    out: Path | None,
    to_key: str | None,
    compared: str | None,
    plain_because: str | None,
    as_json: bool,
) -> None:
    """Write a signed package with the entities that you name, and with no passage, no file and no tip.

    First look at the preview: it has every field that leaves. Persons whom a tip calls harmed are left out unless
    you tick each with --with.
    """
    from reviewer.clean_copy.children import Children
    from reviewer.linking.referral import ReferralChoice, preview_referral, write_referral

    choice = ReferralChoice(
        [entity_number(one) for one in names],
        frozenset(entity_number(one) for one in ticked),
        receiver,
        with_names=with_names,
        file_format=file_format,
    )

    if out is None:
        _tell(preview_referral(home, choice, today=today()), as_json=as_json)
        notice("hint", "nothing was written; to write this add --to, --key and --compared")
        return
    recipient = _recipient(to_key, compared, plain_because)
    referred, written = write_referral(
        home, choice, out, to=recipient, plain_because=plain_because or "", children=Children(), today=today()
    )
    _tell(referred, as_json=as_json)
    if not as_json:
        output(f"{out}: the package, {'sealed' if recipient else 'READABLE for anyone who has it'}")
        output(f"digits of the key, for the telephone: {written.key.digits}")


def _recipient(to_key: str | None, compared: str | None, plain_because: str | None) -> Recipient | None:
    from reviewer.linking.referral import require_compared

    if (to_key is None) == (plain_because is None):
        raise click.UsageError("give --key with --compared, or --plain-because REASON: it is sealed or it is not")
    if to_key is None:
        return None
    if compared is None:
        raise click.UsageError("--key needs --compared LETTERS: the receiver reads them to you by telephone")
    try:
        recipient = parse_recipient(to_key)
    except CryptoError as error:
        raise ProgramError(
            f"the key of the receiver is not one of age: {error}", hint="it begins with age1; compare it again"
        ) from error
    require_compared(recipient, compared)
    return recipient


def _tell(referred: "ReferredEntities", *, as_json: bool) -> None:
    if as_json:
        lines = [one.to_json() for one in referred.lines]
        output(json.dumps({"lines": lines, "left_out": list(referred.left_out)}, indent=2))
        return
    for row in (row for one in referred.lines for row in one.rows()):
        output("  ".join(plain_line(cell) for cell in row))
    for sentence in referred.left_out:
        notice("warning", f"left out: {sentence}")
