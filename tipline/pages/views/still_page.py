"""Pages that say the same to everybody: rendered once for each language and look.

What rendering takes differs from page to page, and would tell an onlooker which of them was asked for.
"""

from typing import Any

from flask import Response

from tipline.pages.views.display_settings import choice_key
from tipline.pages.views.page import HTML, page
from tipline.pages.views.services import services


def still_page(template: str, **context: Any) -> Response:
    """One of them; ``context`` is the same as long as the site runs. Bounded, as languages and looks are."""
    kept, key = services().still_pages, (template, *choice_key())
    if key not in kept:
        kept[key] = page(template, **context).get_data()
    return Response(kept[key], content_type=HTML)
