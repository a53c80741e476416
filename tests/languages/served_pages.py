"""Every page in every language at addresses of their own, for a browser that looks at them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from tests.end_to_end import site_in_firefox
from tests.languages.every_page import EveryPage
from tests.tipline.pages.named_pages import PAGES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WIDTHS = (1280, 320)
HEIGHT = 700


def frames(pages: Iterable[tuple[str, str]]) -> bytes:
    """All pages at once in frames as wide as a desk: quicker than to go from one to the next.

    A frame of progress would load itself again every few seconds, and one that does so while the window goes on to
    the next language breaks that off. Sandboxed frames do not.
    """
    shown = [
        f'<iframe title="{name}" sandbox="allow-same-origin" width="{WIDTHS[0]}" height="{HEIGHT}"'
        f' src="{address}"></iframe>'
        for name, address in pages
    ]
    return f"<!doctype html><title>x</title><body>{''.join(shown)}</body>".encode()


def served(every_page: EveryPage) -> AbstractContextManager[str]:
    """``/all?lang=TAG`` has a frame for each page, at ``/PAGE?lang=TAG``; all else is the site's own."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        name, tag = environ["PATH_INFO"].strip("/"), environ["QUERY_STRING"].removeprefix("lang=")
        if name not in {"all", *PAGES}:
            return every_page.app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        if name == "all":
            return [frames((one, f"/{one}?lang={tag}") for one in PAGES)]
        return [every_page.page(name, tag)]

    return site_in_firefox.served(answer)
