"""Handing a case to another organisation at the desk, and taking one in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, request

from crypto.hand_over.key_file import FORMAT, HandOverParty
from reviewer.casebook.submission import Submission
from reviewer.cases.text_mask import TextMask, maskable_words
from reviewer.desk.page import absolute, desk, home, page, typed
from reviewer.desk.round_offers import RoundStep, file_offers, remember
from reviewer.desk.ticks import require_all_here, shown_again, still_here, tips_of, typed_masks
from reviewer.leaving.handed_in import HandedIn, look_at_hand_over, read_hand_over
from reviewer.leaving.handing_over import (
    TOLD,
    FieldOffer,
    HandOverTip,
    fields_of,
    hand_over_code,
    read_key_file,
    require_may_share,
    require_something,
    write_hand_over,
)
from reviewer.leaving.leaving_files import LeavingFile, file_ticks, leaving_files
from reviewer.leaving.own_keys import hand_over_key, hand_over_keys
from reviewer.leaving.passages import ticked_numbers
from reviewer.media.mounted import writable_media
from system.atomic_files import write_whole
from system.clock import today
from system.errors import ProgramError, system_reason

_CASE_FILE, _CASE_ENDING = re.compile(rb"\Aage-encryption\.org/v1\n"), ".handover"
_KEY_FILE = re.compile(rb'\A\{"format":"' + FORMAT.encode("ascii") + b'"')
_CASE_NAME, _KEY_NAME = f"case{_CASE_ENDING}", "hand-over.key"

views = Blueprint("handing", __name__, url_prefix="/hand-over")


@dataclass(frozen=True, slots=True)
class HandOverForm:
    """The fields of the form, as they were typed; ``fields`` and ``files`` are ticks that name contents.

    ``lost`` is true if something that was ticked is no longer here; ``code`` is that of the preview before.
    """

    tips: Sequence[Submission]
    fields: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    told: str = ""
    key_file: str = ""
    words: str = ""
    out: str = ""
    masks: tuple[str, ...] = ()
    lost: bool = False
    code: str = ""

    @classmethod
    def typed(cls) -> "HandOverForm":
        """The form of this request.

        Raises:
            ProgramError: a tip that is not here, or too many.
        """
        tips = tips_of(request.form.get("tips", ""))
        fields = still_here("field", (one.tick for tip in tips for one in fields_of(home(), tip)))
        files = still_here("file", (one for tip in tips for one in file_ticks(home(), tip)))
        return cls(
            tips,
            fields.found,
            files.found,
            told=typed("told").strip(),
            key_file=typed("key_file").strip() or typed("place"),
            words=typed("words").strip(),
            out=typed("out").strip(),
            masks=typed_masks(),
            lost=fields.lost or files.lost,
            code=typed("code"),
        )

    def chosen(self) -> list[HandOverTip]:
        """The ticked tips."""
        return [
            HandOverTip(
                one,
                ticked_numbers(self.fields, [each.tick for each in fields_of(home(), one)]),
                ticked_numbers(self.files, file_ticks(home(), one)),
            )
            for one in self.tips
        ]


@dataclass(frozen=True, slots=True)
class CaseOffer:
    """One tip of the form: its fields and files, each with whether it was ticked."""

    submission: Submission
    fields: Sequence[tuple[FieldOffer, bool]]
    files: Sequence[tuple[LeavingFile, bool]]


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
        out = absolute(form.out)
        write_hand_over(
            home(),
            form.chosen(),
            out,
            to=party,
            typed_words=form.words,
            told=form.told,
            masks=form.masks,
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
        write_whole(absolute(path), hand_over_key(home(), today=today()).party().to_bytes(), mode=0o644)
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
        return read_hand_over(home(), path, typed_words=words, today=today())
    except OSError as error:
        raise _unreadable(error) from error


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


def _offer(form: HandOverForm, one: Submission) -> CaseOffer:
    return CaseOffer(
        one,
        [(each, each.tick in form.fields) for each in fields_of(home(), one)],
        [
            (each, each.tick in form.files)
            for each in leaving_files(home(), one, children=desk().desk_session.children, today=today())
        ],
    )


def _form(form: HandOverForm, *, problem: ProgramError | None = None) -> Response:
    offers = [_offer(form, one) for one in form.tips]
    home().casebook.log.add("hand-over preview", " ".join(one.short_id for one in form.tips), today=today())
    return page(
        "hand_over.html",
        422 if problem else 200,
        form=form,
        offers=offers,
        maskable=maskable_words("\n".join(each.value for offer in offers for each, _ticked in offer.fields)),
        told=TOLD,
        key_files=file_offers(home(), RoundStep.KEY_FILE, _KEY_FILE, chosen=form.key_file),
        problem=problem,
    )


def _preview(form: HandOverForm, party: HandOverParty, *, problem: ProgramError | None = None) -> Response:
    media = writable_media()
    return page(
        "hand_over_preview.html",
        422 if problem else 200,
        form=form,
        offers=[_offer(form, one) for one in form.tips],
        told=TOLD[form.told],
        mask=TextMask(form.masks),
        code=hand_over_code(home(), form.chosen(), to=party, told=form.told, masks=form.masks),
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
