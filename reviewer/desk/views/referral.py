"""Referral at the desk: choose, note consents, look at every field, compare the key, write."""

from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from reviewer.cases.case_work import find_case
from reviewer.cases.marking import parse_day
from reviewer.cases.text_mask import maskable_words
from reviewer.cases.translator_keys import COMPARED_LETTERS, key_shown
from reviewer.desk.page import absolute, bounded, desk, home, page, typed
from reviewer.desk.referral_form import ReferralForm, entities_in, neighbours, offered, offers_of
from reviewer.desk.ticks import require_all_here, shown_again, tips_of
from reviewer.leaving.evidence_choice import LONGEST_RECEIVER, receiver_key
from reviewer.leaving.readable_places import proposed_folders
from reviewer.leaving.report import report_pieces
from reviewer.linking.consent_work import note_consent, note_reason, permits_of
from reviewer.linking.masking import Masks, entity_number
from reviewer.linking.referral_package import gather_referral, require_compared, write_referral
from reviewer.sharing.link_appliers import NAME_LETTERS, REASON_LETTERS
from system.clock import today
from system.errors import ProgramError

_PROPOSED_NAME: Final = "referral"
views = Blueprint("referral", __name__)


@views.get("/refer", provide_automatic_options=False)
def choose() -> Response:
    """The form for an entity and those related to it, or for the entities of a case or of tips."""
    casebook = home().casebook
    if name := request.args.get("entity", ""):
        number = entity_number(name)
        return _form(ReferralForm(offered([number] if Masks(home()).hides(number) else neighbours(number))))
    if case := request.args.get("case", 0, type=bounded):
        find_case(home(), case)
        threads = casebook.cases.threads(case)
        numbers = [one for thread in threads for one in casebook.threads.submissions(thread)]
        return _form(ReferralForm(offered(entities_in(numbers))))
    tips = tips_of(request.args.get("tips", ""))
    return _form(ReferralForm(offered(entities_in([one.number for one in tips])), tips=tips))


@views.post("/refer", provide_automatic_options=False)
def change() -> Response:
    """The form again, with what was ticked; some presses note a consent or a reason before."""
    form = ReferralForm.typed()
    if name := typed("note"):
        number = entity_number(name)
        try:
            _note(number, form.receiver)
        except ProgramError as error:
            return _form(form, problem=error, problem_at=number)
    return _form(form)


def _note(number: int, receiver: str) -> None:
    """Note what was typed beside an entity: a consent, or a reason."""
    by, what, day, because = (typed(f"{part}-{number}").strip() for part in ("by", "what", "day", "because"))
    if because and (by or what):
        raise ProgramError("give a consent or a reason, and not both")
    if because:
        note_reason(home(), number, receiver=receiver, because=because, today=today())
        return
    said_on = parse_day(day) if day else None
    note_consent(home(), number, said_by=by, receiver=receiver, purpose=what, day=said_on, today=today())


@views.post("/refer/preview", provide_automatic_options=False)
def preview() -> Response:
    """Every field that would leave; nothing is written."""
    form = ReferralForm.typed()
    try:
        require_all_here(form.lost)
        return _preview(form)
    except ProgramError as error:
        return _form(form, problem=error)


@views.post("/refer/write", provide_automatic_options=False)
def write() -> Response:
    """Write the package: sealed to a key whose letters were heard, or plain with a reason."""
    form = ReferralForm.typed()
    try:
        require_all_here(form.lost)
        recipient = receiver_key(form.to) if form.to else None
        if recipient is not None:
            require_compared(recipient, form.heard)
        _referred, written = write_referral(
            home(),
            form.choice(),
            absolute(form.folder),
            to=recipient,
            plain_because=form.because,
            children=desk().desk_session.children,
            code=form.code,
            today=today(),
        )
    except ProgramError as error:
        return shown_again(error, partial(_preview, form), partial(_form, form))
    return page("evidence_written.html", written=written, folder=form.folder, is_sealed=recipient is not None)


def _form(form: ReferralForm, *, problem: ProgramError | None = None, problem_at: int = 0) -> Response:
    offers = offers_of(form, children=desk().desk_session.children)
    home().casebook.log.add("referral chosen", " ".join(one.name for one in offers.entities), today=today())
    return page(
        "refer.html",
        422 if problem else 200,
        form=form,
        offers=offers,
        maskable=maskable_words(
            "\n".join(tip.mask.within(one.text) for tip in offers.tips for one in tip.passages)
        ),
        problem=problem,
        problem_at=problem_at,
        typed=request.form,
        longest=LONGEST_RECEIVER,
        name_letters=NAME_LETTERS,
        reason_letters=REASON_LETTERS,
        today=today(),
    )


def _preview(form: ReferralForm, *, problem: ProgramError | None = None) -> Response:
    recipient = receiver_key(form.to) if form.to else None
    referred, gathered = gather_referral(
        home(), form.choice(), children=desk().desk_session.children, today=today()
    )
    return page(
        "refer_preview.html",
        422 if problem else 200,
        form=form,
        referred=referred,
        permits=permits_of(home(), referred.opened, form.receiver),
        pieces=list(report_pieces(gathered.facts)),
        code=gathered.facts.code,
        key_shown=key_shown(form.to) if recipient is not None else "",
        compared_letters=COMPARED_LETTERS,
        places=[(words, str(folder)) for words, folder in proposed_folders(_PROPOSED_NAME)],
        reason_letters=REASON_LETTERS,
        problem=problem,
    )
