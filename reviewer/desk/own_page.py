"""Addresses of pages of the desk: of this one, and of those that a form may name."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlencode

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_KEPT: Final = frozenset({"which", "page", "part", "tips", "see", "from", "for", "notes", "what", "week", "tip"})
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9 ,-]{1,400}")
_OWN_ADDRESS = re.compile(r"/(?:[\w.%-][\w.%/-]*)?(?:\?[\w=&+%,-]*)?", re.ASCII)


def here() -> str:
    """The address of this page, without what a person typed; empty for the answer to a press."""
    if request.method != "GET":
        return ""
    asked = {name: value for name, value in request.args.items() if name in _KEPT and _PLAIN_VALUE.fullmatch(value)}
    return f"{quote(request.path)}{'?' if asked else ''}{urlencode(asked)}"


def own_page(untrusted_address: str) -> str:
    """The address, if it is a page of the desk; else empty."""
    pages = current_app.create_url_adapter(request)
    if pages is None or not _OWN_ADDRESS.fullmatch(untrusted_address):
        return ""
    try:
        pages.match(unquote(untrusted_address.partition("?")[0]), method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return untrusted_address


def page_above(path: str) -> str:
    """The nearest page at or above the address of a button; empty if there is none."""
    while path.strip("/"):
        if address := own_page(quote(path)):
            return address
        path = path.rpartition("/")[0]
    return ""
