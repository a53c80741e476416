"""``translation``: translations beside the texts of a submission, by staff or from outside."""

import json
from functools import partial
from pathlib import Path

import click

from reviewer.cases.outside_translation import (
    order_text,
    passages_of,
    seal_order,
    take_return,
)
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.cases.text_mask import require_masks
from reviewer.cases.text_parts import find_part, text_parts
from reviewer.cases.translating import (
    TRANSLATION_BYTES,
    add_translation,
    destroy_translation,
    translation_heading,
    translation_json,
)
from reviewer.commands.at_home import FILE, JSON, LEAVING_CODE, UNMASK, at_home, notice_unread
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.clock import today
from system.errors import ProgramError
from system.given_files import read_source

_SHOWN_LETTERS = 60
PART = click.option("--part", metavar="PART", help="Which text; translation list names them. Else the message.")


@click.group(short_help="Put translations beside texts, or have them made outside.")
def command() -> None:
    """Translations of a source's texts: written by staff, or by a translator outside of the team."""


@command.command("list", epilog="Example: tipline-review translation list ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@JSON
def list_translations(home: Home, submission_id: str, as_json: bool) -> None:
    """List the texts of a submission, with their translations below them."""
    submission = home.casebook.submissions.find(submission_id)
    home.casebook.log.add("show", submission.short_id, today=today())
    parts, translations = text_parts(home, submission), home.casebook.translations.of(submission.number)
    if as_json:
        texts = [{"part": one.key, "name": one.label, "text": one.text} for one in parts]
        output(
            json.dumps({"texts": texts, "translations": [translation_json(one) for one in translations]}, indent=2)
        )
        return
    for part in parts:
        words = plain_line(" ".join(part.text[:400].split()), limit_letters=_SHOWN_LETTERS)
        output(f"text {part.key:<6} {plain_line(part.label, limit_letters=_SHOWN_LETTERS)}: {words}")
        for one in translations:
            if one.part == part.key:
                output(f"  {translation_heading(one)}:")
                for line in plain_lines(one.text):
                    output(line)


@command.command(epilog="Example: tipline-review translation add ~/review 3f9a --by Ana --text-file -")
@at_home
@click.argument("submission_id", metavar="ID")
@PART
@click.option("--by", "author", required=True, metavar="NAME", help="The person who translated it.")
@click.option(
    "--text-file",
    required=True,
    metavar="FILE|-",
    help=f"The translation: UTF-8, at most {TRANSLATION_BYTES:,} bytes; - reads standard input.",
)
def add(home: Home, submission_id: str, part: str | None, author: str, text_file: str) -> None:
    """Add a translation beside a text. It is searched and backed up with the text."""
    submission = home.casebook.submissions.find(submission_id)
    add_translation(home, submission, part, _read(text_file), author=author, today=today())
    output(f"the translation is beside the text of {submission.short_id}")


@command.command(epilog="Example: tipline-review translation destroy ~/review 3f9a1c02 2")
@at_home
@click.argument("submission_id", metavar="ID")
@click.argument("number", type=click.IntRange(min=1))
def destroy(home: Home, submission_id: str, number: int) -> None:
    """Destroy a translation. Earlier backups still hold it."""
    submission = home.casebook.submissions.find(submission_id)
    destroy_translation(home, submission, number, today=today())
    output("the translation is destroyed")


@command.command(epilog="Example: tipline-review translation passages ~/review 3f9a1c02")
@at_home
@click.argument("submission_id", metavar="ID")
@PART
def passages(home: Home, submission_id: str, part: str | None) -> None:
    """Show the passages of a text with their numbers, for translation seal."""
    submission = home.casebook.submissions.find(submission_id)
    home.casebook.log.add("show", submission.short_id, today=today())
    for number, passage in enumerate(passages_of(find_part(home, submission, part).text), start=1):
        output(f"{number}:")
        for line in plain_lines(passage):
            output(line)


@command.command(
    epilog="Example: tipline-review translation seal ~/review 3f9a1c02 --for Ana --passage 1 --out a.age"
)
@at_home
@click.argument("submission_id", metavar="ID")
@PART
@click.option("--for", "translator", required=True, metavar="NAME", help="The translator.")
@click.option("--passage", "numbers", type=click.IntRange(min=1), multiple=True, help="A passage that may leave.")
@click.option("--mask", "masks", multiple=True, metavar="WORD", help="A word that the translator must not see.")
@UNMASK
@click.option("--out", type=FILE, help="The FILE for the translator; without it, only show what it would hold.")
@LEAVING_CODE
def seal(
    home: Home,
    submission_id: str,
    part: str | None,
    translator: str,
    numbers: tuple[int, ...],
    masks: tuple[str, ...],
    reasons: dict[int, str],
    out: Path | None,
    code: str,
) -> None:
    """Seal passages of a text for a translator outside. Nothing else of the tip leaves.

    Without --out it is shown, with a code; with the code it is sealed, if nothing has changed since. Words of
    persons who are masked at this desk are left out, unless you name each with --with and its reason.
    """
    from reviewer.linking.leaving_masks import LeavingMasks, note_leaving, note_look
    from reviewer.linking.tip_reading import read_new_tips

    submission = home.casebook.submissions.find(submission_id)
    found = find_part(home, submission, part)
    require_masks([found.text], masks)
    notice_unread(home)
    read_new_tips(home)
    plain = order_text(found.text, passages=numbers, masks=())
    masked = LeavingMasks(home, [submission]).in_texts([plain.text], reasons=reasons)
    masked.require(reasons)
    note_look(home, masked, today=today())
    chosen = order_text(found.text, passages=numbers, masks=(*masks, *masked.words))
    for line in plain_lines(chosen.text):
        output(line)
    for sentence in masked.sentences():
        notice("warning", sentence)
    present = shown_code([translator, submission.short_id, chosen.text])
    if out is None:
        notice("hint", f"nothing left; to seal exactly this: --out FILE --code {present}")
        return
    require_shown(code, present)
    order = seal_order(
        home,
        submission,
        part,
        translator=translator,
        passages=numbers,
        masks=(*masks, *masked.words),
        noted=partial(note_leaving, home, masked, today=today()),
        out=out,
        today=today(),
    )
    output(f"sealed for {plain_line(order.translator)}: order {order.number}")
    output("when it is back: tipline-review translation take HOME ORDER FILE")


@command.command(epilog="Example: tipline-review translation take ~/review 1 /media/stick/translation.age")
@at_home
@click.argument("order", type=click.IntRange(min=1))
@click.argument("file", type=FILE)
def take(home: Home, order: int, file: Path) -> None:
    """Import the translation of an ORDER that returned in FILE. It is untrusted text."""
    found = take_return(home, order, file, today=today())
    output(f"the translation by {plain_line(found.translator)} is beside its text")


def _read(text_file: str) -> str:
    raw = read_source(text_file, TRANSLATION_BYTES, what="the translation")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        if len(raw) > TRANSLATION_BYTES:
            return raw.decode("utf-8", "replace")
        raise ProgramError("a translation must be UTF-8") from error
