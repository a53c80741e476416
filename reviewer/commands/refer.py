"""``refer``: chosen entities for another organisation, in its programs' format, sealed to its key."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crypto.age.outside_recipient import Recipient
from reviewer.commands.at_home import FOLDER, JSON, LEAVING_CODE, at_home
from reviewer.home.home import Home
from reviewer.linking.masking import entity_number
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.clock import today

if TYPE_CHECKING:
    from reviewer.leaving.evidence import Gathered
    from reviewer.leaving.evidence_choice import EvidenceChoice
    from reviewer.linking.referral import ReferredEntities


@click.command(
    epilog="Example: tipline-review refer ~/review E-12 E-40 --for 'Police, file 12' --format ftm --names"
    " --key age1… --compared 'q3x7 5m2k 9d0w hjz4' --to /media/stick/referral --code CODE",
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
    "--exact",
    multiple=True,
    metavar="E-N",
    help="A place of a harmed person that leaves as exact as it is kept, not as its country; her consent counts.",
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
@click.option("--tip", "tips", multiple=True, metavar="ID", help="A tip of which passages or files leave too.")
@click.option(
    "--passages", multiple=True, metavar="[ID:]NUMBERS", help="Passages of --tip that leave: 1,3-5 or all."
)
@click.option("--files", multiple=True, metavar="[ID:]NUMBERS", help="Files of --tip that leave, in the same form.")
@click.option("--mask", "masks", multiple=True, metavar="WORD", help="A word of passages that leaves as [#1].")
@click.option("--clean", is_flag=True, help="Clean copies of pictures in place of the files as they came.")
@LEAVING_CODE
@JSON
def command(
    home: Home,
    names: tuple[str, ...],
    receiver: str,
    file_format: str,
    ticked: tuple[str, ...],
    exact: tuple[str, ...],
    with_names: bool,
    out: Path | None,
    to_key: str | None,
    compared: str | None,
    plain_because: str | None,
    tips: tuple[str, ...],
    passages: tuple[str, ...],
    files: tuple[str, ...],
    masks: tuple[str, ...],
    clean: bool,
    code: str,
    as_json: bool,
) -> None:
    """Write a signed package with the entities that you name.

    No passage and no file is in it unless you name it. It takes two steps: the preview without --to has every field
    that leaves, and a code; with the code it is written, if nothing has changed since.
    Persons whom a tip calls harmed are left out unless you tick each with --with. A place of such a person leaves
    as its country unless you tick it with --exact, and never finer where the person may be now.
    """
    from reviewer.clean_copy.children import Children
    from reviewer.linking.consent_work import consent_sentence, permits_of
    from reviewer.linking.referral import ReferralChoice
    from reviewer.linking.referral_package import gather_referral, write_referral

    choice = ReferralChoice(
        [entity_number(one) for one in names],
        frozenset(entity_number(one) for one in ticked),
        receiver,
        with_names=with_names,
        exact=frozenset(entity_number(one) for one in exact),
        beside=_beside(home, tips, passages, files, masks, clean=clean),
        file_format=file_format,
    )

    if out is None:
        referred, gathered = gather_referral(home, choice, children=Children(), today=today())
        _tell(referred, gathered, as_json=as_json)
        if not as_json:  # these words stay in the casebook, and never go into a file
            for entity_name, permits in permits_of(home, referred.opened, receiver):
                for one in permits:
                    output(f"{entity_name}  {plain_line(consent_sentence(one))}")
        notice("hint", "nothing was written; to write exactly this add --to, --key, --compared and the code:")
        notice("hint", f"--code {gathered.facts.code}")
        return
    recipient = _recipient(to_key, compared, plain_because)
    referred, written = write_referral(
        home,
        choice,
        out,
        to=recipient,
        plain_because=plain_because or "",
        children=Children(),
        code=code,
        today=today(),
    )
    _tell(referred, as_json=as_json)
    if not as_json:
        output(f"{out}: the package, {'sealed' if recipient else 'READABLE for anyone who has it'}")
        output(f"digits of the key, for the telephone: {written.key.digits}")


def _recipient(to_key: str | None, compared: str | None, plain_because: str | None) -> Recipient | None:
    from reviewer.leaving.evidence_choice import receiver_key
    from reviewer.linking.referral_package import require_compared

    if (to_key is None) == (plain_because is None):
        raise click.UsageError("give --key with --compared, or --plain-because REASON: it is sealed or it is not")
    if to_key is None:
        return None
    if compared is None:
        raise click.UsageError("--key needs --compared LETTERS: the receiver reads them to you by telephone")
    recipient = receiver_key(to_key)
    require_compared(recipient, compared)
    return recipient


def _beside(
    home: Home,
    ids: Sequence[str],
    passages: Sequence[str],
    files: Sequence[str],
    masks: Sequence[str],
    *,
    clean: bool,
) -> "EvidenceChoice | None":
    """The passages and files that are named; None without a tip."""
    from reviewer.cases.clean_export import files_of
    from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice
    from reviewer.leaving.passages import passages_of, ticked_for

    if not ids:
        if passages or files or masks or clean:
            raise click.UsageError("--passages, --files, --mask and --clean belong to --tip ID")
        return None
    tips = [home.casebook.submissions.find(one) for one in ids]
    every = [one.short_id for one in tips]
    chosen = []
    for one in tips:
        counts = len(passages_of(home, one)), sum(1 for _ in files_of(home, one))
        chosen.append(
            TipChoice(
                one,
                ticked_for(passages, one.short_id, every, most=counts[0], what="passages"),
                ticked_for(files, one.short_id, every, most=counts[1], what="files"),
            )
        )
    return EvidenceChoice(chosen, "", clean=clean, masks=masks)


def _tell(referred: "ReferredEntities", gathered: "Gathered | None" = None, *, as_json: bool) -> None:
    facts = gathered.facts if gathered else None
    if as_json:
        told: dict[str, object] = {
            "lines": [one.to_json() for one in referred.lines],
            "left_out": list(referred.left_out),
            "warnings": list(referred.warnings),
        }
        if facts is not None:
            told["tips"] = json.loads(facts.manifest())["tips"]
            told["code"] = facts.code
        output(json.dumps(told, indent=2))
        return
    for row in (row for one in referred.lines for row in one.rows()):
        output("  ".join(plain_line(cell) for cell in row))
    for tip in facts.tips if facts else ():
        output(f"tip {tip.submission.short_id}")
        for passage in tip.passages:
            output(f"  passage {passage.number}  ({plain_line(passage.label)})")
            for line in plain_lines(passage.text):
                output(f"    {line}")
        for file in tip.files:
            output(f"  {file.path}  {file.length_bytes:,} bytes  traces: {file.traces}")
    for sentence in referred.left_out:
        notice("warning", f"left out: {sentence}")
    for sentence in referred.warnings:
        notice("warning", sentence)
