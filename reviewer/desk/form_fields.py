"""A hidden field in every form of the desk: the name of its press, and the page on which it stands.

It is put into the templates as these are read, so that no form lacks it. The forms that unlock, lock and stop the
desk do not carry it: they change nothing in the casebook.

The page of a tip has many forms, and a browser sends one of them. So each button there has a twin that opens a new
tab. The stylesheet shows the twin while an answer, a note or a translation stands in another form.
"""

import re
import secrets
from typing import Final

from flask import g, request, url_for
from jinja2.ext import Extension

from reviewer.desk.own_page import here, own_page, page_above

PRESS: Final = "press"
"""The hidden field: a random name, a blank, and an address. A page that is shown again has another name."""

_NAME_BYTES: Final = 12
_TEXT = re.compile(r"<textarea (?![^>]*\b(?:hidden|placeholder)\b)")
_FORM = re.compile(r"""<form method="post" action="{{ url_for\((?!'session\.).*?}}"[^>]*>""")
_BUTTON = re.compile(r"<button([^>]*)>.*?</button>", re.DOTALL)
_OF_A_TIP: Final = frozenset(
    {
        "tip.html",
        "_answer.html",
        "_crossing.html",
        "_inbox.html",
        "_letting_go.html",
        "_owner_form.html",
        "_saving.html",
        "_tip_factories.html",
        "_translations.html",
    }
)
"""The templates of the page of a tip that have forms."""

_LOSES_THE_DRAFT: Final = "answer.throw_draft_away"


class PressField(Extension):
    """Adds the hidden field to each form of a template, a placeholder to each text, and twins to buttons."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 -- jinja's
        """The template with the field, and with a blank in empty texts, by which the stylesheet tells them."""
        if name in _OF_A_TIP:
            source = _BUTTON.sub(_with_twin, source)
        source = _TEXT.sub('<textarea placeholder=" " ', source)
        return _FORM.sub(rf'\g<0><input type="hidden" name="{PRESS}" value="{{{{ press_of_page() }}}}">', source)


def _with_twin(button: re.Match[str]) -> str:
    before = button.string[: button.start()]
    if _LOSES_THE_DRAFT in before[before.rindex("<form") if "<form" in before else 0 :]:
        return button[0]
    return f'{button[0]}<button formtarget="_blank"{button[0].removeprefix("<button")}'


def press_of_page() -> str:
    """The value of the hidden field; it is the same for all forms of one page."""
    if PRESS not in g:
        setattr(g, PRESS, f"{secrets.token_urlsafe(_NAME_BYTES)} {form_page()}")
    return str(getattr(g, PRESS))


def form_page() -> str:
    """The address of the page on which the forms of this answer stand, or from which its press came.

    The answer to a press may be a page again. It has no address that can be asked for, so its forms name the page
    before it.
    """
    if request.method == "GET":
        return here()
    _name, _, untrusted_address = request.form.get(PRESS, "").partition(" ")
    return own_page(untrusted_address) or page_above(request.path) or url_for("listing.tips")
