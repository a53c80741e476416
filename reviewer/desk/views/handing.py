"""Handing a case to another organisation at the desk, and taking one in."""

import re
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, request

from crypto.hand_over.key_file import HandOverParty
from reviewer.cases.text_mask import TextMask, maskable_words
from reviewer.desk.hand_over_form import HandOverForm, case_offer
from reviewer.desk.page import absolute, desk, home, page, typed
from reviewer.desk.round_offers import RoundStep, file_offers, remember
from reviewer.desk.ticks import require_all_here, shown_again, tips_of
from reviewer.leaving.handed_in import HandedIn, look_at_hand_over, read_hand_over
from reviewer.leaving.handing_over import (
    TOLD,
    hand_over_code,
    read_key_file,
    require_may_share,
    require_something,
    write_hand_over,
)
from reviewer.leaving.own_keys import KEY_FILE_BEGINNING, hand_over_keys, write_key_file
from reviewer.linking.leaving_masks import note_leaving, note_look
from reviewer.linking.tip_reading import read_new_tips
from reviewer.media.mounted import writable_media
from reviewer.sharing.link_appliers import REASON_LETTERS
from system.clock import today
from system.errors import ProgramError, system_reason

_CASE_FILE, _CASE_ENDING = re.compile(rb"\Aage-encryption\.org/v1\n"), ".handover"
_KEY_FILE = re.compile(rb"\A" + re.escape(KEY_FILE_BEGINNING))
_CASE_NAME, _KEY_NAME = f"case{_CASE_ENDING}", "hand-over.key"

views = Blueprint("handing", __name__, url_prefix="/hand-over")


@views.get("", provide_automatic_options=False)
def choose() -> Response:
    """The form for some tips."""
    return _form(HandOverForm(tips_of(request.args.get("tips", ""))))


@views.post("", provide_automatic_options=False)
def change() -> Response:
    """The form again, with what was ticked."""
    return _form(HandOverForm.typed())


@views.post("/preview", provide_automatic_options=False)
def preview() -> Response:
    """Each field that would leave; nothing is written."""
    form = HandOverForm.typed()
    try:
        require_all_here(form.lost)
        require_something(form.chosen())
        require_may_share(form.told)
        party = read_key_file(absolute(form.key_file))
    except ProgramError as error:
        return _form(form, problem=error)
    remember(home(), RoundStep.KEY_FILE, absolute(form.key_file))
    try:
        return _preview(form, party)
    except ProgramError as error:
        return _form(form, problem=error)


@views.post("/write", provide_automatic_options=False)
def write() -> Response:
    """Write the sealed file."""
    form = HandOverForm.typed()
    try:
        require_something(form.chosen())
        require_may_share(form.told)
        party = read_key_file(absolute(form.key_file))
    except ProgramError as error:
        return _form(form, problem=error)
    try:
        require_all_here(form.lost)
        chosen, masked = form.leaving()
        write_hand_over(
            home(),
            chosen,
            absolute(form.out),
            to=party,
            typed_words=form.words,
            told=form.told,
            masks=[*form.masks, *masked.words],
            noted=partial(note_leaving, home(), masked, today=today()),
            code=form.code,
            today=today(),
        )
    except ProgramError as error:
        return shown_again(error, partial(_preview, form, party), partial(_form, form))
    return page("handed_over.html", out=form.out, organisation=party.organisation)


@views.get("/key", provide_automatic_options=False)
def keys() -> Response:
    """This home's key for hand-overs, and the organisations whose keys were compared."""
    return _key_page()


@views.post("/key", provide_automatic_options=False)
def write_key() -> Response:
    """Write the key file, which holds no secret."""
    path = typed("file").strip()
    try:
        write_key_file(home(), absolute(path), today=today())
    except ProgramError as error:
        return _key_page(problem=error, path=path)
    return _key_page(written=path)


@views.post("/look", provide_automatic_options=False)
def look() -> Response:
    """The sender of a case and how much is in it, before it is taken in."""
    path = typed("file").strip() or typed("place")
    try:
        return _look(path)
    except ProgramError as error:
        return _key_page(problem=error, case=path)


@views.post("/read", provide_automatic_options=False)
def read() -> Response:
    """Take a case in."""
    path = typed("file").strip()
    try:
        came = _read(absolute(path), typed("words"))
    except ProgramError as error:
        return _look(path, problem=error)
    remember(home(), RoundStep.HAND_OVER, absolute(path))
    return page("handed_in.html", came=came)


def _read(path: Path, words: str) -> HandedIn:
    try:
        came = read_hand_over(home(), path, typed_words=words, today=today())
    except OSError as error:
        raise _unreadable(error) from error
    read_new_tips(home())
    return came


def _look(path: str, *, problem: ProgramError | None = None) -> Response:
    try:
        statement = look_at_hand_over(home(), absolute(path))
    except OSError as error:
        raise _unreadable(error) from error
    return page(
        "hand_over_look.html",
        422 if problem else 200,
        path=path,
        statement=statement,
        told=TOLD[statement.told],
        is_known=home().casebook.partners.is_known(statement.sender.to_bytes()),
        problem=problem,
    )


def _unreadable(error: OSError) -> ProgramError:
    return ProgramError(f"the file cannot be read: {system_reason(error)}")


def _form(form: HandOverForm, *, problem: ProgramError | None = None) -> Response:
    offers = [case_offer(one, children=desk().desk_session.children) for one in form.tips]
    texts = [each.value for offer in offers for each in offer.fields]
    names = [each.file.name for offer in offers for each in offer.files]
    hidden = form.hidden()
    home().casebook.log.add("hand-over preview", " ".join(one.short_id for one in form.tips), today=today())
    return page(
        "hand_over.html",
        422 if problem else 200,
        form=form,
        offers=offers,
        maskable=maskable_words("\n".join(texts)),
        masked=hidden.in_texts([*texts, *names], files=hidden.files).masked,
        told=TOLD,
        reason_letters=REASON_LETTERS,
        key_files=file_offers(home(), RoundStep.KEY_FILE, _KEY_FILE, chosen=form.key_file),
        problem=problem,
    )


def _preview(form: HandOverForm, party: HandOverParty, *, problem: ProgramError | None = None) -> Response:
    media, (chosen, masked) = writable_media(), form.leaving()
    note_look(home(), masked, today=today())
    masks = [*form.masks, *masked.words]
    return page(
        "hand_over_preview.html",
        422 if problem else 200,
        form=form,
        offers=[case_offer(one.submission, children=desk().desk_session.children, leaving=one) for one in chosen],
        told=TOLD[form.told],
        mask=TextMask(masks),
        masked=masked,
        code=hand_over_code(home(), chosen, to=party, told=form.told, masks=masks),
        party=party,
        is_known=home().casebook.partners.is_known(party.to_bytes()),
        media=media,
        proposed=form.out or (str(media[0] / _CASE_NAME) if media else ""),
        problem=problem,
    )


def _key_page(
    *, problem: ProgramError | None = None, written: str = "", path: str = "", case: str = ""
) -> Response:
    media = writable_media()
    own = hand_over_keys(home())
    return page(
        "hand_over_key.html",
        422 if problem else 200,
        party=own[0].party() if own else None,
        partners=home().casebook.partners.all(),
        written=written,
        proposed=path or (str(media[0] / _KEY_NAME) if media else ""),
        case=case,
        cases=file_offers(home(), RoundStep.HAND_OVER, _CASE_FILE, ending=_CASE_ENDING, chosen=case),
        problem=problem,
    )
