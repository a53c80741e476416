"""What is refused before any view: a request that another site has made the browser send, or one that came through
a proxy which shows the onion to ordinary browsers and reads along.

Sec-Fetch-Site decides where the browser sends it (to an onion over http only Tor Browser does), else Origin must be
ours. With neither, or ``Origin: null``, nothing is changed.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from werkzeug.exceptions import BadRequest

from tipline.refusals import Reason, Refused

_PROXY_HEADERS = ("HTTP_X_TOR2WEB", "HTTP_X_TOR2WEB_ID", "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST: Final = re.compile(
    r"(?P<name>[\w-]{1,63}(?:\.[\w-]{1,63})*\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)
HARMLESS = frozenset({"GET", "HEAD"})


def require_host(environ: Mapping[str, Any]) -> None:
    """Return when the Host header names somebody, or is missing: under another one Flask can make no link.

    Raises:
        BadRequest: it is neither a name nor an address, with a port perhaps.
    """
    host = str(environ.get("HTTP_HOST", ""))
    if host and _HOST.fullmatch(host) is None:
        raise BadRequest


def require_no_proxy(environ: Mapping[str, Any]) -> None:
    """Return when nothing speaks of a proxy between the browser and us: Tor adds no header and keeps our name.

    Raises:
        Refused: somebody stands between, who can read all that is typed.
    """
    if ".onion." in environ.get("HTTP_HOST", "") or any(header in environ for header in _PROXY_HEADERS):
        raise Refused(Reason.STRANGE_PROXY)


def require_known_address(environ: Mapping[str, Any], addresses: Collection[str]) -> None:
    """Return when the browser asked for one of ``addresses``, or for this very computer; any address will do when
    ours is not known.

    Raises:
        Refused: it asked for another one, so that somebody who reads along passes us off as theirs.
    """
    found = _HOST.fullmatch(str(environ.get("HTTP_HOST", "")))
    name = found["name"] if found else ""
    if addresses and name.lower() not in addresses and name not in _LOOPBACK:
        raise Refused(Reason.STRANGE_PROXY)


def require_own_site(environ: Mapping[str, Any]) -> None:
    """Return when the request may change something.

    Raises:
        Refused: another site sent it (``CROSS_SITE``), or it does not say who did (``UNKNOWN_SITE``).
    """
    if environ.get("REQUEST_METHOD") in HARMLESS:
        return
    fetch_site = environ.get("HTTP_SEC_FETCH_SITE")
    if fetch_site is not None:
        if fetch_site != "same-origin":
            raise Refused(Reason.CROSS_SITE)
        return
    ours = f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}"
    origin = environ.get("HTTP_ORIGIN")
    if origin is None or origin == "null":
        raise Refused(Reason.UNKNOWN_SITE)
    if not environ.get("HTTP_HOST") or origin != ours:
        raise Refused(Reason.CROSS_SITE)
