"""``hand-over``: give a case to the casebook of another organisation, or take one in."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewer.casebook.submission import Submission
from reviewer.commands.at_home import FILE, JSON, LEAVING_CODE, UNMASK, at_home, notice_unread
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today
from system.errors import ProgramError, system_reason

if TYPE_CHECKING:
    from reviewer.cases.text_mask import TextMask
    from reviewer.commands.leaving_preview import LeavingPreview
    from reviewer.linking.leaving_masks import LeavingMasks

_WORDS = click.option(
    "--words", help="The seven words of the other organisation's key, as they read them to you by telephone."
)


@click.group(name="hand-over", short_help="Hand a case to another organisation's casebook, or take one in.")
def command() -> None:
    """Hand a case to another organisation's casebook, or take one in.

    First both exchange key files (hand-over key), and compare the words by telephone.
    """


@command.command(epilog="Example: tipline-review hand-over key ~/review --out /media/stick/own.key")
@at_home
@click.option("--out", type=FILE, help="Also write the key file, for the other organisation.")
@JSON
def key(home: Home, out: Path | None, as_json: bool) -> None:
    """Show the words of this home's key, and of the organisations whose keys were compared."""
    from reviewer.leaving.own_keys import hand_over_key, write_key_file

    party = hand_over_key(home, today=today()).party()
    if out is not None:
        write_key_file(home, out, today=today())
    partners = home.casebook.partners.all()
    if as_json:
        told = {
            "words": party.words,
            "organisation": party.organisation,
            "partners": [{"organisation": one.name, "compared": one.day.isoformat()} for one in partners],
        }
        output(json.dumps(told, indent=2))
        return
    output(f"words    {party.words}")
    output(f"of       {plain_line(party.organisation)}")
    for one in partners:
        output(f"partner  {plain_line(one.name)}, compared on {one.day.isoformat()}")
    if out is not None:
        output(f"{out}: the key file; it holds no secret")


@command.command(
    epilog="Example: tipline-review hand-over write ~/review 3f9a1c02 --to partner.key --told agreed"
    " --words 'one two three four five six seven' --out /media/stick/case.handover --code CODE"
)
@at_home
@click.argument("submission_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--to", "key_file", type=FILE, help="The key file of the other organisation.")
@_WORDS
@click.option(
    "--told", metavar="WORD", help="Answer to: what was the source told about sharing? The preview lists the words."
)
@click.option("--out", type=FILE, help="The file to write. Without it only the preview is printed.")
@click.option(
    "--fields", multiple=True, metavar="[ID:]NUMBERS", help="Fields that leave: 1,3-5 or all.  [default: none]"
)
@click.option("--files", multiple=True, metavar="[ID:]NUMBERS", help="Files that leave.  [default: none]")
@click.option("--mask", "masks", multiple=True, metavar="WORD", help="A word that leaves as a mark like [#1].")
@UNMASK
@LEAVING_CODE
def write(
    home: Home,
    submission_ids: tuple[str, ...],
    key_file: Path | None,
    words: str | None,
    told: str | None,
    out: Path | None,
    fields: tuple[str, ...],
    files: tuple[str, ...],
    masks: tuple[str, ...],
    reasons: dict[int, str],
    code: str,
) -> None:
    """Write a sealed, signed file that only the other home opens; without --out, show each field.

    The mailbox never leaves: the other organisation cannot answer the source. A copy cannot be called back.
    Words of persons who are masked at this desk leave as marks, unless you name each with --with and its reason.
    """
    from reviewer.cases.clean_export import files_of
    from reviewer.cases.shown_code import require_shown
    from reviewer.clean_copy.children import Children
    from reviewer.leaving.handing_over import HandOverTip, fields_of, read_key_file, write_hand_over
    from reviewer.leaving.passages import ticked_for
    from reviewer.linking.leaving_masks import leaving_masks, masked_case, note_leaving

    tips = [home.casebook.submissions.find(one) for one in submission_ids]
    notice_unread(home)
    hidden = leaving_masks(home, tips, children=Children(), today=today())
    if out is None:
        _show(_preview(home, tips, hidden), masks, reasons)
        return
    if key_file is None or told is None:
        raise click.UsageError("--out needs --to FILE and --told WORD")
    party = read_key_file(key_file)
    require_shown(code, _preview(home, tips, hidden).code())
    every = [one.short_id for one in tips]
    chosen = [
        HandOverTip(
            one,
            ticked_for(fields, one.short_id, every, most=len(fields_of(home, one)), what="fields"),
            ticked_for(files, one.short_id, every, most=sum(1 for _ in files_of(home, one)), what="files"),
        )
        for one in tips
    ]
    chosen, masked = masked_case(home, chosen, hidden, reasons=reasons)
    masked.require(reasons)
    statement = write_hand_over(
        home,
        chosen,
        out,
        to=party,
        typed_words=words,
        told=told,
        masks=[*masks, *masked.words],
        noted=partial(note_leaving, home, masked, today=today()),
        today=today(),
    )
    for sentence in masked.sentences():
        notice("warning", sentence)
    output(f"{out}: {len(statement.tips)} tips for {plain_line(party.organisation)}")
    notice("hint", "what is handed over can be copied there, and never called back")


@command.command(
    epilog="Example: tipline-review hand-over read ~/review case.handover"
    " --words 'one two three four five six seven'"
)
@at_home
@click.argument("file", metavar="FILE", type=FILE)
@_WORDS
def read(home: Home, file: Path, words: str | None) -> None:
    """Take in a case that another organisation handed over. It is imported once, and has no mailbox."""
    from reviewer.leaving.handed_in import read_hand_over
    from reviewer.linking.tip_reading import read_new_tips

    try:
        came = read_hand_over(home, file, typed_words=words, today=today())
        read_new_tips(home)
    except OSError as error:
        raise ProgramError(f"{file} cannot be read: {system_reason(error)}") from error
    output(f"{len(came.kept)} new tips, {came.known} known, from {plain_line(came.statement.sender.organisation)}")
    for short_id in came.kept:
        output(short_id)


def _preview(home: Home, tips: Sequence[Submission], hidden: "LeavingMasks") -> "LeavingPreview":
    """Fields and files of the tips; nothing is printed yet."""
    from reviewer.commands.leaving_preview import LeavingPreview
    from reviewer.leaving.handing_over import fields_of

    fields = [each for one in tips for each in fields_of(home, one)]
    return LeavingPreview(home, tips, hidden, [each.tick for each in fields], [each.value for each in fields])


def _show(preview: "LeavingPreview", masks: Sequence[str], reasons: Mapping[int, str]) -> None:
    from reviewer.leaving.handing_over import TOLD, fields_of

    def show_fields(tip: Submission, mask: "TextMask") -> None:
        for offer in fields_of(preview.home, tip):
            output(f"  field {offer.number}  {plain_line(offer.name)}: {plain_line(mask.within(offer.value))}")

    mask, masked = preview.begin(masks, reasons)
    preview.show_tips(mask, show_fields)
    output("what the source was told about sharing, for --told:")
    for word, sentence in TOLD.items():
        output(f"  {word:<18} {sentence}")
    hint = "nothing was written; add --fields, --files, --to, --told and --out"
    preview.end("hand-over preview", masked, hint=hint)
