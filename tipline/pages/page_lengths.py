"""Whether every page with words of the operator keeps the one length that all pages have, in every language.

A page that is longer would be sent at twice the length, and an onlooker on the wire would know it from the others.
"""

from collections.abc import Callable
from functools import partial

from flask import Flask, Response

from system.errors import ProgramError
from tipline.instance.forms import Doors
from tipline.languages.site_languages import SiteLanguages
from tipline.limits.upload_quota import SHORT_REQUEST_BYTES
from tipline.pages.padding import PAGE_BYTES
from tipline.pages.views.about import path
from tipline.pages.views.files import files_page
from tipline.pages.views.start import form_page


class PageTooLong(ProgramError):
    """A page does not fit; the message names it and the language."""


def require_one_length(app: Flask, languages: SiteLanguages, doors: Doors) -> None:
    """Render them all once.

    Raises:
        PageTooLong: for the first that does not fit.
    """
    pages: dict[str, Callable[[], Response]] = {
        "/": form_page,
        "/way": path,
        "/files": partial(files_page, "", SHORT_REQUEST_BYTES),
        **{f"/form/{door.number}": partial(form_page, door=door) for door in doors},
    }
    for spoken in languages.spoken:
        for address, render in pages.items():
            with app.test_request_context(f"{address}?lang={spoken.tag}"):
                length = len(render().get_data())
            if length != PAGE_BYTES:
                raise PageTooLong(
                    f"{address} in {spoken.tag} does not fit into the {PAGE_BYTES} bytes that all pages have",
                    hint="shorten the files in words/, the questionnaires in doors/ or the list emergency_numbers",
                )
