"""Access: only the browser that was let in, and only from a page of ours. The headers of every answer.

A duty machine is online: a page of a stranger in the same browser must neither read nor press anything here.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COOKIE = "duty"
_TOKEN_BYTES = 24
_HARMLESS = frozenset({"GET", "HEAD"})
_OF_A_VIEW = frozenset({"content-type", "content-length", "location", "set-cookie", "allow"})
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS = (
    (
        "Content-Security-Policy",
        "; ".join(_POLICY),
    ),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
    ("Cache-Control", "no-store"),
)


class DutyToken:
    """The secret in the address that opens the desk, and of the cookie that the browser then holds."""

    def __init__(self) -> None:
        self.of_address = secrets.token_urlsafe(_TOKEN_BYTES)
        self.of_cookie = secrets.token_urlsafe(_TOKEN_BYTES)

    def opens(self, untrusted_text: str) -> bool:
        """True for the secret of the address."""
        return hmac.compare_digest(untrusted_text.encode(), self.of_address.encode())

    def knows(self, untrusted_cookie: str | None) -> bool:
        """True for the cookie of a browser that was let in."""
        return untrusted_cookie is not None and hmac.compare_digest(
            untrusted_cookie.encode(), self.of_cookie.encode()
        )


def is_own_page(environ: Mapping[str, Any], *, host: str) -> bool:
    """True if the request is to ``host``, address and port, and comes from a page of it, or was typed."""
    if environ.get("HTTP_HOST") != host:
        return False
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if environ.get("REQUEST_METHOD") in _HARMLESS:
        return site in (None, "none", "same-origin")
    return site in (None, "same-origin") and environ.get("HTTP_ORIGIN") == f"http://{host}"


class DutyHeaders:
    """WSGI middleware: the fixed headers, and of a view's own only the short list."""

    def __init__(self, desk: "WSGIApplication") -> None:
        self._desk = desk

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            own = [(name, value) for name, value in headers if name.lower() in _OF_A_VIEW]
            return start_response(status, [*own, *HEADERS], *rest)

        return self._desk(environ, start)
