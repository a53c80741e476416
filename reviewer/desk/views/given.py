"""A member's desk: the tips that readers gave to this member.

No other page of the desk is open to a member.
"""

from flask import Blueprint, Response, request, url_for

from reviewer.cases.saving_place import proposed_folder
from reviewer.desk.page import absolute, desk, page, typed
from reviewer.desk.visible_text import part, parts
from reviewer.people.documents import ANSWER, NOTE
from reviewer.people.given import MESSAGE_NAME, GivenTips
from system.clock import today
from system.errors import ProgramError

FOLDER = "folder"
_BEGINNING_LETTERS = 200

views = Blueprint("given", __name__, url_prefix="/given")


@views.get("", provide_automatic_options=False)
def tips() -> Response:
    asked = request.args.get("words", "").strip()
    found = _given().search(asked) if asked else _given().all()
    beginnings = {
        tip.short_id: next((text for one in tip.messages for _name, text in one.texts), "")[:_BEGINNING_LETTERS]
        for tip in found
    }
    return page("given.html", tips=found, beginnings=beginnings, asked=asked, own_name=_given().name)


@views.get("/<short_id>", provide_automatic_options=False)
def show(short_id: str) -> Response:
    return _page(short_id, drafts={})


@views.post("/<short_id>/note", provide_automatic_options=False)
def note(short_id: str) -> Response:
    return _write(short_id, NOTE)


@views.post("/<short_id>/answer", provide_automatic_options=False)
def answer(short_id: str) -> Response:
    return _write(short_id, ANSWER)


@views.post("/<short_id>/save", provide_automatic_options=False)
def save(short_id: str) -> Response:
    """Write message and files to a folder; it is proposed in memory."""
    folder = typed("folder").strip()
    try:
        saved = _given().save(short_id, absolute(folder), today=today(), children=desk().desk_session.children)
    except ProgramError as error:
        return _page(short_id, drafts={FOLDER: folder}, problem=(FOLDER, error))
    return page("given_saved.html", short_id=short_id, folder=folder, saved=saved, message=MESSAGE_NAME)


def _write(short_id: str, kind: str) -> Response:
    text = typed("text")
    try:
        _given().write(kind, short_id, text, today=today())
    except ProgramError as error:
        return _page(short_id, drafts={kind: text}, problem=(kind, error))
    return Response(status=303, headers={"Location": url_for("given.show", short_id=short_id)})


def _page(short_id: str, *, drafts: dict[str, str], problem: tuple[str, ProgramError] | None = None) -> Response:
    tip = _given().show(short_id, today=today())
    number = max(1, request.args.get("part", 1, type=int))
    texts = [text for one in tip.messages for _name, text in one.texts]
    shown = [(one, [(name, part(text, number)) for name, text in one.texts]) for one in tip.messages]
    return page(
        "given_tip.html",
        200 if problem is None else 422,
        tip=tip,
        shown=shown,
        part_number=number,
        parts=max((parts(text) for text in texts), default=1),
        said=_given().said(tip),
        drafts={FOLDER: str(proposed_folder(tip.short_id) or "")} | drafts,
        problem_at=problem[0] if problem else "",
        problem=problem[1] if problem else None,
    )


def _given() -> GivenTips:
    return desk().desk_session.given
