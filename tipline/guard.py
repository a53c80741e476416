"""What is refused before any view: a request that another site has made the browser send, or one that came through
a proxy which shows the onion to ordinary browsers and reads along.

Sec-Fetch-Site decides where the browser sends it (to an onion over http only Tor Browser does), else Origin must be
ours. With neither, or ``Origin: null``, nothing is changed.
"""

from collections.abc import Mapping
from typing import Any

from tipline.refusals import Reason, Refused

_PROXY_HEADERS = ("HTTP_X_TOR2WEB", "HTTP_X_TOR2WEB_ID", "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA")
HARMLESS = frozenset({"GET", "HEAD"})


def require_no_proxy(environ: Mapping[str, Any]) -> None:
    """Return when nothing speaks of a proxy between the browser and us: Tor adds no header and keeps our name.

    Raises:
        Refused: somebody stands between, who can read all that is typed.
    """
    if ".onion." in environ.get("HTTP_HOST", "") or any(header in environ for header in _PROXY_HEADERS):
        raise Refused(Reason.STRANGE_PROXY)


def require_own_site(environ: Mapping[str, Any]) -> None:
    """Return when the request may change something.

    Raises:
        Refused: another site sent it, or it does not say who did.
    """
    if environ.get("REQUEST_METHOD") in HARMLESS:
        return
    fetch_site = environ.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None:
        if fetch_site != "same-origin":
            raise Refused(Reason.CROSS_SITE)
        return
    ours = f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}"
    if not environ.get("HTTP_HOST") or environ.get("HTTP_ORIGIN") != ours:
        raise Refused(Reason.CROSS_SITE)
