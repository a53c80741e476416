"""Translation outside at the desk: choose, mask, look and seal; then take in the translation."""

from dataclasses import dataclass, field
from functools import partial

from flask import Blueprint, Response, request

from reviewer.cases.outside_translation import (
    masked_words,
    order_letter,
    order_text,
    passages_of,
    seal_order,
    take_return,
)
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.cases.text_mask import maskable_words, require_masks
from reviewer.cases.text_parts import find_part
from reviewer.cases.translator_keys import (
    COMPARED_LETTERS,
    add_translator,
    key_shown,
    mark_compared,
    remove_translator,
)
from reviewer.desk.page import absolute, home, page, typed
from reviewer.desk.ticks import ticked_reasons, typed_masks
from reviewer.desk.views.session import to
from reviewer.desk.views.tip import find_tip
from reviewer.languages.text_language import reads_like
from reviewer.linking.leaving_masks import LeavingMasks, MasksInTexts, note_leaving, note_look
from reviewer.linking.tip_reading import read_new_tips
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

views = Blueprint("outside", __name__)


@dataclass(frozen=True, slots=True)
class _Letter:
    """The letter that the translator will read, the code of its passages, and the persons masked in them."""

    text: str = field(repr=False)
    code: str
    masked: MasksInTexts


@views.get("/tip/<short_id>/outside/<part>", provide_automatic_options=False)
def choose(short_id: str, part: str) -> Response:
    """The passages of one text, to be ticked, and its words, to be masked."""
    return _choosing(short_id, part)


@views.post("/tip/<short_id>/outside/<part>", provide_automatic_options=False)
def look_or_seal(short_id: str, part: str) -> Response:
    """Show what the translator will read; with a file, seal exactly what was shown."""
    submission = find_tip(short_id)
    found = find_part(home(), submission, part)
    numbers, masks = _numbers(), typed_masks()
    shown: _Letter | None = None
    try:
        require_masks([found.text], masks)
        plain = order_text(found.text, passages=numbers, masks=())
        read_new_tips(home())
        masked = LeavingMasks(home(), [submission]).in_texts([plain.text], reasons=ticked_reasons())
        note_look(home(), masked, today=today())
        chosen = order_text(found.text, passages=numbers, masks=(*masks, *masked.words))
        shown = _Letter(
            order_letter(chosen, number=None, tag=reads_like(found.text), key="age1…"),
            shown_code([submission.short_id, found.key, chosen.text, masked.identities()]),
            masked,
        )
        if "seal" not in request.form:
            return _choosing(short_id, part, shown)
        require_shown(typed("code"), shown.code)
        order = seal_order(
            home(),
            submission,
            part,
            translator=typed("translator"),
            passages=numbers,
            masks=(*masks, *masked.words),
            noted=partial(note_leaving, home(), masked, today=today()),
            out=absolute(typed("file").strip()),
            today=today(),
        )
    except ProgramError as error:
        return _choosing(short_id, part, shown, problem=error)
    return _choosing(short_id, part, sealed=order.number)


@views.post("/tip/<short_id>/returned/<int(max=1000000000):number>", provide_automatic_options=False)
def returned(short_id: str, number: int) -> Response:
    """Put a translation that came back beside its text."""
    submission = find_tip(short_id)
    try:
        order = take_return(home(), number, absolute(typed("file").strip()), today=today())
    except ProgramError as error:
        part = next((one.part for one in home().casebook.translator_orders.of(submission.number)), "0")
        return _choosing(short_id, part, problem=error)
    if order.submission != submission.number:
        return to("listing.tips")
    return to("tip.show", short_id=submission.short_id)


@views.get("/translators", provide_automatic_options=False)
def translators() -> Response:
    return _translators()


@views.post("/translators", provide_automatic_options=False)
def change_translators() -> Response:
    """Add a translator, note that a key was compared, or remove one."""
    name = typed("name")
    try:
        if "compared" in request.form:
            mark_compared(home(), name, typed("letters"), today=today())
        elif "remove" in request.form:
            remove_translator(home(), name, today=today())
        else:
            add_translator(home(), name, typed("key"), today=today())
    except ProgramError as error:
        return _translators(problem=error)
    return to("outside.translators")


def _translators(*, problem: ProgramError | None = None) -> Response:
    return page(
        "translators.html",
        200 if problem is None else 422,
        known=home().casebook.translators.all(),
        key_shown=key_shown,
        letters=COMPARED_LETTERS,
        problem=problem,
        typed_name=typed("name"),
        typed_key=typed("key"),
    )


def _choosing(
    short_id: str,
    part: str,
    shown: _Letter | None = None,
    *,
    sealed: int = 0,
    problem: ProgramError | None = None,
) -> Response:
    submission = find_tip(short_id)
    found = find_part(home(), submission, part)
    read_new_tips(home())
    home().casebook.log.add("show", submission.short_id, today=today())
    return page(
        "outside.html",
        200 if problem is None else 422,
        submission=submission,
        part=found,
        passages=passages_of(found.text),
        words_to_mask=maskable_words(found.text),
        translators=[one for one in home().casebook.translators.all() if one.compared_day],
        masked_words=masked_words,
        orders=home().casebook.translator_orders.of(submission.number),
        chosen=_numbers(),
        masks_typed=typed_masks(),
        translator=typed("translator"),
        file=typed("file"),
        letter=shown.text if shown else "",
        code=shown.code if shown else "",
        found_masked=shown.masked if shown else None,
        masked=LeavingMasks(home(), [submission]).in_texts([found.text]).masked,
        reason_letters=REASON_LETTERS,
        sealed=sealed,
        problem=problem,
    )


def _numbers() -> list[int]:
    return [int(one) for one in request.form.getlist("passage") if one.isdecimal() and len(one) < len("1000000")]
