"""What is refused before any view: requests that another page has made the browser send, and other names for us.

To a browser every port of this machine is one site, so a cookie alone proves nothing: a page of another local
program could send it along. And a name of somebody's own may lead to 127.0.0.1.
"""

from collections.abc import Mapping
from typing import Any

_HARMLESS = frozenset({"GET", "HEAD"})
_TYPED = "none"  # typed into the address bar, or a bookmark
_OURS = "same-origin"


class CrossOriginRequest(Exception):
    """Not from a page of the desk, or not to its address."""


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
