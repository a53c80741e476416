"""What is refused before any view: a request that another site has made the browser send.

Sec-Fetch-Site decides where the browser sends it (to an onion over http only Tor Browser does), else Origin must be
ours. With neither, or ``Origin: null``, nothing is changed.
"""

from collections.abc import Mapping
from typing import Any

from tipline.refusals import Reason, Refused

HARMLESS = frozenset({"GET", "HEAD"})


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
