"""Translations at the desk: beside each text, by staff.

A translation that is refused comes back in its form, with its author.
"""

from flask import Blueprint, Response

from reviewer.cases.translating import add_translation, destroy_translation
from reviewer.desk.page import home, typed
from reviewer.desk.views.session import to
from reviewer.desk.views.tip import find_tip, tip_page
from system.clock import today
from system.errors import ProgramError

views = Blueprint("translation", __name__, url_prefix="/tip/<short_id>/translation")


@views.post("", provide_automatic_options=False)
def add(short_id: str) -> Response:
    """Put a translation beside the text that the form names."""
    submission = find_tip(short_id)
    part, author, text = typed("part"), typed("by"), typed("text")
    try:
        add_translation(home(), submission, part, text, author=author, today=today())
    except ProgramError as error:
        key = translation_draft(part)
        return tip_page(submission, drafts={key: text, f"{key}-by": author}, problem=(key, error))
    return to("tip.show", short_id=submission.short_id)


@views.post("/<int(max=1000000000):number>/destroy", provide_automatic_options=False)
def destroy(short_id: str, number: int) -> Response:
    """Destroy one translation."""
    submission = find_tip(short_id)
    destroy_translation(home(), submission, number, today=today())
    return to("tip.show", short_id=submission.short_id)


def translation_draft(part: str) -> str:
    """The name under which the page of a tip shows what was typed into the form beside this text."""
    return f"translation-{part}"
