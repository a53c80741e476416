"""Refuses cross-origin requests, and requests to another host name, before any view.

To a browser every port of this machine is one site, so a cookie alone proves nothing: a page of another local
program could send it along. And a foreign host name may resolve to 127.0.0.1.
"""

from collections.abc import Mapping
from typing import Any

_HARMLESS = frozenset({"GET", "HEAD"})
_TYPED = "none"  # typed into the address bar, or a bookmark
_OURS = "same-origin"


class CrossOriginRequest(Exception):
    """A request from another page, or to another address than the desk's."""


def require_own_page(environ: Mapping[str, Any], *, host: str) -> None:
    """Return when the request is to ``host`` (address and port) and was sent by a page of it, or typed.

    Raises:
        Foreign: it was not, or does not say.
    """
    if environ.get("HTTP_HOST") != host:
        raise CrossOriginRequest
    fetch_site = environ.get("HTTP_SEC_FETCH_SITE")
    if environ.get("REQUEST_METHOD") in _HARMLESS:
        if fetch_site not in (None, _TYPED, _OURS):
            raise CrossOriginRequest
    elif fetch_site not in (None, _OURS) or environ.get("HTTP_ORIGIN") != f"http://{host}":
        raise CrossOriginRequest
