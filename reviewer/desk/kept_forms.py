"""Text that was typed into a form of a locked desk: kept sealed, and put back after unlocking.

One way for all forms of the desk. A form that is only a button carries no text, so nothing is kept of it.
"""

from typing import Final

from flask import Response, render_template, request, url_for

from reviewer.desk.drafts import FormDraft
from reviewer.desk.form_fields import PRESS, form_page
from reviewer.desk.refill import refill
from reviewer.desk.session import DeskSession

_NOT_KEPT: Final = frozenset({PRESS, "passphrase", "again", "sheets"})
_TICK: Final = "yes"
_MAIN: Final = '<main id="main">\n'
_SHOWN_AGAIN_BY: Final = {
    "answer.seal": "answer.preview",
    "leaving.write": "leaving.preview",
    "leaving.change": "leaving.preview",
    "referral.write": "referral.preview",
    "handing.write": "handing.preview",
    "handing.change": "handing.preview",
}
"""A page that is the answer to a press cannot be asked for again; the form before it gets the text."""


def keep_form(desk_session: DeskSession) -> None:
    """Keep the form of this request, if a person typed something into it."""
    fields = [
        (name, value.replace("\r\n", "\n"))
        for name, value in request.form.items(multi=True)
        if name not in _NOT_KEPT
    ]
    if request.endpoint is None or not any(value.strip() not in ("", _TICK) for _name, value in fields):
        return
    endpoint = _SHOWN_AGAIN_BY.get(request.endpoint, request.endpoint)
    action = url_for(endpoint, **(request.view_args or {}))
    desk_session.drafts.keep(FormDraft(form_page(), action, tuple(fields)))


def put_back(response: Response, desk_session: DeskSession) -> Response:
    """Fill the forms of a page with what was typed into them, and forget it."""
    if request.method != "GET" or response.status_code >= 400 or response.mimetype != "text/html":
        return response
    for draft in desk_session.drafts.on(request.path):
        shown = response.get_data(as_text=True)
        filled = refill(shown, draft.action, draft.fields)
        if filled is None:
            text = render_template("_kept_text.html", fields=draft.fields)
            filled = shown.replace(_MAIN, _MAIN + text, 1)
        response.set_data(filled)
        desk_session.drafts.forget(draft)
    return response
