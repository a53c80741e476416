"""Refuses cross-site requests, and requests through a proxy that opens the onion to ordinary browsers.

Such a proxy reads along. A foreign Origin is refused first; else Sec-Fetch-Site decides where the browser sends it
(to an onion over http only Tor Browser does); else Origin must be ours. With neither, or ``Origin: null``, nothing
is changed.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from tipline.requests.refusals import Reason, Refused, UntrustedProxy

_OF_A_PROXY: Final = re.compile(
    r"HTTP_(?:X_TOR2WEB|X_FORWARDED|FORWARDED|X_ORIGINAL_|CF_|X_AMZ_|X_AZURE_|X_VERCEL_|X_AKAMAI_|X_ENVOY_).*"
    r"|HTTP_(?:\w+_)?(?:CLIENT|REAL|REMOTE|CONNECTING|ORIGINATING|PROXYUSER)_?(?:IP|ADDR)"
    r"|HTTP_(?:VIA|CDN_LOOP|X_VARNISH|X_PROXY_ID|X_ARR_SSL|X_CLOUD_TRACE_CONTEXT|X_REAL_HOST|X_SCHEME|X_URL_SCHEME)",
    re.ASCII,
)
"""Headers of gateways, content networks and their servers. Tor adds none of its own."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST: Final = re.compile(
    r"(?P<name>[\w-]{1,63}(?:\.[\w-]{1,63})*\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)
_ONION: Final = re.compile(r"(?P<letters>[a-z2-7]{56})\.onion")
HARMLESS = frozenset({"GET", "HEAD"})


class InvalidHost(Exception):
    """The Host header is neither a name nor an address."""


def require_host(environ: Mapping[str, Any]) -> None:
    """Require that the Host header is a name, or missing: with another one Flask can make no link.

    Raises:
        InvalidHost: it is neither a name nor an address, with a port perhaps.
    """
    host = str(environ.get("HTTP_HOST", ""))
    if host and _HOST.fullmatch(host) is None:
        raise InvalidHost


def is_ours(untrusted_host: str, addresses: Collection[str]) -> bool:
    """Return whether a host is one of ``addresses`` or this very computer; a port is ignored.

    Any host is ours while our addresses are not known.
    """
    found = _HOST.fullmatch(untrusted_host)
    name = found["name"].lower() if found else ""
    return not addresses or name in addresses or name in _LOOPBACK


def require_no_proxy(environ: Mapping[str, Any], addresses: Collection[str]) -> None:
    """Require that nothing shows a proxy between the browser and us.

    Tor adds no header and keeps our name. A link on another site is no proxy: a Referer counts only if its host
    contains our address and is not ours, as that of a gateway does (``ADDRESS.onion.ly``).

    Raises:
        UntrustedProxy: a proxy can read all that is typed.
    """
    if ".onion." in environ.get("HTTP_HOST", "") or any(map(_OF_A_PROXY.fullmatch, environ)):
        raise UntrustedProxy
    if _is_mangled(environ.get("HTTP_REFERER", ""), addresses or _asked_for(environ)):
        raise UntrustedProxy


def require_known_address(environ: Mapping[str, Any], addresses: Collection[str]) -> None:
    """Require that the browser asked for one of ``addresses``, or for this very computer.

    Any address will do while ours is not known.

    Raises:
        UntrustedProxy: it asked for another one, so a proxy that reads along passes this site off as its own.
    """
    if not is_ours(str(environ.get("HTTP_HOST", "")), addresses):
        raise UntrustedProxy


def require_own_site(environ: Mapping[str, Any], addresses: Collection[str]) -> None:
    """Return when the request may change something.

    Raises:
        StrangeProxy: the browser has our page under another name.
        Refused: another site sent it (``CROSS_SITE``), or it does not say who did (``UNKNOWN_SITE``).
    """
    if environ.get("REQUEST_METHOD") in HARMLESS:
        return
    host = environ.get("HTTP_HOST", "")
    fetch_site = environ.get("HTTP_SEC_FETCH_SITE")
    ours = f"{environ.get('wsgi.url_scheme', 'http')}://{host}"
    origin = environ.get("HTTP_ORIGIN")
    if origin == "null":
        origin = None  # the browser does not tell it
    if origin is not None and (not host or origin.lower() != ours.lower()):
        # Behind a gateway the browser takes the page for one of the gateway's own site, or says nothing of it.
        if fetch_site in (None, "same-origin") or _is_mangled(origin, addresses or _asked_for(environ)):
            raise UntrustedProxy
        raise Refused(Reason.CROSS_SITE)
    if fetch_site is not None:
        if fetch_site != "same-origin":
            raise Refused(Reason.CROSS_SITE)
    elif origin is None:
        raise Refused(Reason.UNKNOWN_SITE)


def _is_mangled(untrusted_url: str, addresses: Collection[str]) -> bool:
    """Return whether its host contains one of our addresses, or the letters of one, but is none of them."""
    try:
        name = urlsplit(untrusted_url).hostname or ""
    except ValueError:  # brackets that hold no address
        return False
    return name not in addresses and any(map(name.__contains__, map(_telling, addresses)))


def _telling(address: str) -> str:
    """Return the unique part of an address: the letters of an onion, not what is behind them."""
    found = _ONION.fullmatch(address)
    return found["letters"] if found else address


def _asked_for(environ: Mapping[str, Any]) -> Collection[str]:
    """The onion that the browser asked for, where ours is not known."""
    found = _HOST.fullmatch(str(environ.get("HTTP_HOST", "")))
    name = found["name"].lower() if found else ""
    return (name,) if name.endswith(".onion") else ()
