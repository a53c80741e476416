"""``evidence``: a signed package of tips for a prosecutor, a court or a partner."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewer.casebook.submission import Submission
from reviewer.commands.at_home import FOLDER, LEAVING_CODE, UNMASK, at_home, notice_unread
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.clock import today

if TYPE_CHECKING:
    from reviewer.cases.text_mask import TextMask
    from reviewer.commands.leaving_preview import LeavingPreview
    from reviewer.linking.leaving_masks import LeavingMasks


@click.command(
    epilog="Example: tipline-review evidence ~/review 3f9a1c02 --passages 1,3-5 --files all"
    " --for 'Prosecutor, file 12' --to age1… --out /media/stick/evidence --code CODE",
    short_help="Write a signed evidence package; without --out, show what could leave.",
)
@at_home
@click.argument("submission_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--out", type=FOLDER, help="A new folder for the package. Without it only the preview is printed.")
@click.option(
    "--passages",
    multiple=True,
    metavar="[ID:]NUMBERS",
    help="Passages that leave, as the preview numbers them: 1,3-5 or all. With several tips, ID: in front.",
)
@click.option(
    "--files", multiple=True, metavar="[ID:]NUMBERS", help="Files that leave, in the same form. [default: none]"
)
@click.option(
    "--link", "links", multiple=True, metavar="D-7", help="A link that leaves as a page; the preview lists them."
)
@click.option("--mask", "masks", multiple=True, metavar="WORD", help="A word that leaves as a mark like [#1].")
@UNMASK
@click.option("--for", "receiver", metavar="NAME", help="Receiver in your words; stands in the report.")
@click.option("--to", "to_key", metavar="age1…", help="The receiver's age key, compared by telephone.")
@click.option("--clean", is_flag=True, help="Clean copies of pictures in place of the files as they came.")
@click.option("--names", is_flag=True, help="Also the names that the source gave to the files.")
@click.option(
    "--readable",
    metavar="WORD",
    help="Without --to: the word 'readable' confirms that anyone who finds the package can read it.",
)
@LEAVING_CODE
def command(
    home: Home,
    submission_ids: tuple[str, ...],
    out: Path | None,
    passages: tuple[str, ...],
    files: tuple[str, ...],
    links: tuple[str, ...],
    masks: tuple[str, ...],
    reasons: dict[int, str],
    receiver: str | None,
    to_key: str | None,
    clean: bool,
    names: bool,
    readable: str | None,
    code: str,
) -> None:
    """Write a package that a stranger verifies with sha256sum and minisign, by the README in it.

    Nothing of a tip is in it but its days, its custody, and the passages, files and links that you name. First look
    at the preview: it numbers them, and names the traces in each file. Words of persons who are masked at this desk
    leave as marks, unless you name each with --with and its reason.
    """
    from reviewer.cases.shown_code import require_shown
    from reviewer.clean_copy.children import Children
    from reviewer.leaving.evidence import write_evidence
    from reviewer.leaving.evidence_choice import EvidenceChoice, TipChoice, receiver_key
    from reviewer.leaving.passages import passages_of, ticked_for
    from reviewer.leaving.readable_places import is_confirmation
    from reviewer.linking.leaving_links import chosen_links, links_of_tips
    from reviewer.linking.leaving_masks import leaving_masks, masked_choice

    tips = [home.casebook.submissions.find(one) for one in submission_ids]
    notice_unread(home)
    hidden = leaving_masks(home, tips, children=Children(), today=today())
    if out is None:
        _show(_preview(home, tips, hidden), masks, reasons)
        return
    if receiver is None:
        raise click.UsageError("--out needs --for NAME: the report says for whom it was made")
    if to_key is not None and readable is not None:
        raise click.UsageError("give --to, or --readable: a package is sealed or it is not")
    require_shown(code, _preview(home, tips, hidden).code())
    every = [one.short_id for one in tips]
    choice = EvidenceChoice(
        [
            TipChoice(
                one,
                ticked_for(passages, one.short_id, every, most=len(passages_of(home, one)), what="passages"),
                ticked_for(files, one.short_id, every, most=_file_count(home, one), what="files"),
            )
            for one in tips
        ],
        receiver,
        clean=clean,
        with_names=names,
        masks=masks,
        links=chosen_links(links_of_tips(home, tips), links) if links else (),
    )
    choice, masked = masked_choice(home, choice, hidden, reasons=reasons, today=today())
    masked.require(reasons)
    recipient = receiver_key(to_key) if to_key is not None else None
    written = write_evidence(
        home,
        choice,
        out,
        to=recipient,
        confirmed_readable=is_confirmation(readable or ""),
        children=Children(),
        today=today(),
    )
    for path in written.paths:
        output(path)
    for sentence in masked.sentences():
        notice("warning", sentence)
    output(f"{out}: the package, {'sealed' if recipient else 'READABLE for anyone who has it'}")
    output(f"digits of the key, for the telephone: {written.key.digits}")
    output(f"words of the key: {written.key.words}")


def _preview(home: Home, tips: Sequence[Submission], hidden: "LeavingMasks") -> "LeavingPreview":
    """Passages, links and files of the tips; nothing is printed yet."""
    from reviewer.commands.leaving_preview import LeavingPreview
    from reviewer.leaving.passages import passages_of
    from reviewer.linking.leaving_links import links_of_tips

    passages = [each for one in tips for each in passages_of(home, one)]
    links = links_of_tips(home, tips)
    ticks = [*(each.tick for each in passages), *([one.name, *one.texts()] for one in links)]
    texts = [*(each.text for each in passages), *(text for one in links for text in one.texts())]
    return LeavingPreview(home, tips, hidden, ticks, texts)


def _show(preview: "LeavingPreview", masks: Sequence[str], reasons: Mapping[int, str]) -> None:
    from reviewer.leaving.passages import passages_of
    from reviewer.linking.leaving_links import links_of_tips

    def show_passages(tip: Submission, mask: "TextMask") -> None:
        for passage in passages_of(preview.home, tip):
            output(f"  passage {passage.number}  ({plain_line(passage.label)})")
            for line in plain_lines(mask.within(passage.text)):
                output(f"    {line}")

    mask, masked = preview.begin(masks, reasons)
    preview.show_tips(mask, show_passages)
    for link in links_of_tips(preview.home, preview.tips):
        for label, said in link.said(mask):
            output(f"  link {link.name}  {label}: {plain_line(said)}")
    hint = "nothing was written; to write a package add --passages, --files, --link, --for, --to and --out"
    preview.end("evidence preview", masked, hint=hint)


def _file_count(home: Home, submission: Submission) -> int:
    from reviewer.cases.clean_export import files_of

    return sum(1 for _ in files_of(home, submission))
